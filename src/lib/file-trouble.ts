import { errorMessage } from './errors.ts';

/** What the common errors of reading a file mean; all others stay in the system's own words. */
const meanings: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  EISDIR: 'a directory',
  ENOTDIR: 'a file where a directory belongs in the path',
  EACCES: 'a file without permission to read it',
};

/** Why a file could not be read, in a few words. */
export function fileTrouble(cause: unknown): string {
  const { code = '' } = cause as NodeJS.ErrnoException;
  return meanings[code] ?? errorMessage(cause);
}
