import { readFile, rename, writeFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { kubeconfigName } from '../devcluster/kubeconfig.ts';
import { errorMessage, UserError } from '../lib/errors.ts';

/**
 * Refuses a file that holds the way to other clusters: it would be lost.
 * @throws UserError when the file exists and is not a kubeconfig of an earlier dev cluster
 */
export async function checkReplaceable(file: string): Promise<void> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return '';
    throw unwritable(file, error);
  });
  if (text.trim() === '' || isOurs(text)) return;
  throw new UserError(
    `--kubeconfig ${file}: this file was not written by plimsoll and would be lost; name another, such as ./plimsoll.kubeconfig`,
  );
}

/** Every context of an earlier file is the dev cluster's. */
function isOurs(text: string): boolean {
  try {
    const { contexts } = parse(text) as { contexts?: readonly { name?: string }[] };
    return contexts?.length === 1 && contexts[0]?.name === kubeconfigName;
  } catch {
    return false; // Not even YAML: certainly not ours.
  }
}

/**
 * Writes a kubeconfig that only its owner can read, all at once, so that kubectl never reads half of it.
 * @throws UserError when the folder does not exist or cannot be written to
 */
export async function writeKubeconfig(file: string, text: string): Promise<void> {
  const draft = `${file}.${process.pid}`;
  try {
    await writeFile(draft, text, { mode: 0o600 });
    await rename(draft, file);
  } catch (error) {
    throw unwritable(file, error);
  }
}

function unwritable(file: string, error: unknown): UserError {
  return new UserError(
    `cannot write the kubeconfig to ${file}: ${errorMessage(error)}; name another file with --kubeconfig`,
  );
}
