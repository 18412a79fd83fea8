import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { errorMessage, UserError } from '../lib/errors.ts';
import { fileTrouble } from '../lib/file-trouble.ts';
import type { Profile } from '../lib/load-profile.ts';
import { parseProfile, profileFromData } from '../lib/load-profile-parse.ts';

/** What `--profile` takes, for help. */
export const profileFlagHelp =
  "the load over time, such as '50/s for 30s, to 400/s over 1m, 400/s for 2m', or @FILE with one, a CSV or a result";

/**
 * A profile in the language of load profiles, or `@FILE`: a file in that language, a CSV of times and rates (`.csv`), or
 * JSON that holds a profile, as a load result does. Files that a profile names are looked for beside it.
 * @throws UserError
 */
export function readProfile(text: string): Profile {
  if (!text.startsWith('@')) return parseProfile(text, { name: '--profile', readFile: reader('.') });
  const name = text.slice(1);
  if (/\.csv$/i.test(name))
    return parseProfile(`replay "${name}"`, { name: '--profile', readFile: reader('.') });
  const content = readText(name);
  if (content.trimStart().startsWith('{')) return profileFromData(profileIn(parseJson(content, name)), name);
  return parseProfile(content, { name, readFile: reader(dirname(name)) });
}

function reader(folder: string): (name: string) => string {
  return (name) => readText(resolve(folder, name));
}

/** @throws UserError */
export function readText(name: string): string {
  try {
    return readFileSync(name, 'utf8');
  } catch (cause) {
    throw new UserError(`cannot read ${name === '' ? '""' : name}: ${fileTrouble(cause)}`, { cause });
  }
}

function parseJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new UserError(`${name}: not JSON: ${errorMessage(cause)}`, { cause });
  }
}

/** A profile as it is, in a load result, or in the result of the demo. */
function profileIn(data: unknown): unknown {
  const found = ['load', 'run', 'profile'].reduce((value, key) => memberOf(value, key) ?? value, data);
  return found;
}

function memberOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null
    ? (value as Readonly<Record<string, unknown>>)[key]
    : undefined;
}
