import { Option } from 'commander';
import { constants } from 'node:fs';
import { access, open, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errorMessage, UserError } from '../lib/errors.ts';
import { reportMark } from '../report/html/page.ts';

/** `--report FILE.html`. */
export function reportOption(): Option {
  return new Option(
    '--report <file>',
    'write the result as one HTML page, too; replaces only an earlier report',
  );
}

/**
 * To be asked before the run, so that its result is not lost for want of a place. Without a file there is nothing to check.
 * @throws UserError when the file could not be written, or is there and is not a report of ours, which would be lost
 */
export async function checkReport(file: string | undefined): Promise<void> {
  if (file === undefined) return;
  const found = await stat(file).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw unwritable(file, error);
  });
  if (found !== undefined && !found.isFile())
    throw new UserError(`--report ${file}: this is not a file; name one, such as ./report.html`);
  await access(found === undefined ? dirname(file) : file, constants.W_OK).catch((error: unknown) => {
    throw unwritable(file, error);
  });
  if (found !== undefined && found.size > 0 && !(await isReport(file)))
    throw new UserError(
      `--report ${file}: this file is not a report of plimsoll and would be lost; name another, or move it away`,
    );
}

/** Writes the page and says where it is. Without a file it does nothing. */
export async function writeReport(
  file: string | undefined,
  render: () => string,
  say: (line: string) => unknown,
): Promise<void> {
  if (file === undefined) return;
  try {
    await writeFile(file, render());
  } catch (error) {
    throw unwritable(file, error);
  }
  say(`report: ${file}\n`);
}

async function isReport(file: string): Promise<boolean> {
  await using handle = await open(file).catch((error: unknown) => {
    throw unwritable(file, error);
  });
  const { buffer, bytesRead } = await handle.read({ buffer: Buffer.alloc(reportMark.length), position: 0 });
  return buffer.toString('utf8', 0, bytesRead) === reportMark;
}

function unwritable(file: string, cause: unknown): UserError {
  return new UserError(
    `--report ${file}: cannot write there: ${errorMessage(cause)}; name a file in a folder that you may write to`,
    { cause },
  );
}
