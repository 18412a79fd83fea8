import { plain } from '../report/style.ts';
import { UserError } from '../lib/errors.ts';

/** Where in the input something stands. */
export interface InputPlace {
  /** The file as it was given, or `standard input`. */
  readonly input: string;
  /** Counted from 1; absent when it is about the file as a whole. */
  readonly line?: number;
  /** `ticks[3].scale.spec.replicas`; absent when it is about the line as a whole. */
  readonly path?: string;
}

/** The one line that says what is wrong with an input: where, what was expected, what was found. */
export function inputError(
  { input, line, path }: InputPlace,
  { expected, found, cause }: { expected: string; found: string; cause?: unknown },
): UserError {
  const where = [input, ...(line === undefined ? [] : [`line ${line}`])].join(', ');
  const at = path === undefined || path === '' ? where : `${where}: ${path}`;
  return new UserError(plain(`${at}: expected ${expected}, found ${found}`), { cause });
}
