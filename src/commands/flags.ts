import { InvalidArgumentError, Option } from 'commander';
import { formatDuration, parseDuration } from '../lib/duration.ts';

/** Parsers for flags: each throws InvalidArgumentError, which names what is allowed; the flag and value are added by commander. */

function duration(text: string): number {
  const ms = parseDuration(text);
  if (ms === undefined || ms < 0)
    throw new InvalidArgumentError('Allowed is a duration such as 15s, 1m30s or 250ms.');
  return ms;
}

export function positiveDuration(text: string): number {
  const ms = duration(text);
  if (ms === 0) throw new InvalidArgumentError('Allowed is a duration above 0, such as 15s or 5m.');
  return ms;
}

export function number(
  text: string,
  allowed: { min: number; max: number; whole?: boolean; what: string },
): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  const whole = allowed.whole !== true || Number.isInteger(value);
  if (!whole || !(value >= allowed.min && value <= allowed.max))
    throw new InvalidArgumentError(`Allowed is ${allowed.what}.`);
  return value;
}

export function port(text: string): number {
  return number(text, {
    min: 0,
    max: 65_535,
    whole: true,
    what: 'a port from 1 to 65535, or 0 for a free one',
  });
}

export function count(text: string): number {
  return number(text, { min: 1, max: 1_000_000, whole: true, what: 'a whole number from 1 to 1000000' });
}

/** RFC 1123 label: what a namespace may be called. */
export function namespaceName(text: string): string {
  if (text.length > 63 || !/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(text))
    throw new InvalidArgumentError(
      "Allowed are up to 63 lower-case letters, digits and '-', with a letter or digit at both ends.",
    );
  return text;
}

/** A flag that may stand alone, which means true, or bear a value, as those of Kubernetes' own components: `--flag=false`. */
export function trueOrFalse(text: string): boolean {
  if (text !== 'true' && text !== 'false') throw new InvalidArgumentError('Allowed are true and false.');
  return text === 'true';
}

/** `HOST:PORT`, `:PORT` (every address: an empty host) or `0` (off: false, since commander drops undefined). IPv6 hosts stand in brackets. */
export function bindAddress(text: string): { host: string; port: number } | false {
  if (text === '0') return false;
  const match = /^(?:\[([0-9a-fA-F:]+)\]|([^:]*)):(\d+)$/.exec(text);
  if (match === null)
    throw new InvalidArgumentError('Allowed is HOST:PORT, such as 127.0.0.1:8080, or 0 to serve nothing.');
  return { host: match[1] ?? match[2] ?? '', port: port(match[3] ?? '') };
}

/** Collects `NAME=COMMAND` flags that may be given several times. */
export function imageCommands(
  text: string,
  previous: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('Allowed is NAME=COMMAND, such as web=/usr/bin/web.');
  return { ...previous, [text.slice(0, at)]: text.slice(at + 1) };
}

/** `--output text|json`, the same on every command that prints results. */
export function outputOption(): Option {
  return new Option('-o, --output <format>', 'how results are printed on stdout')
    .choices(['text', 'json'])
    .default('text');
}

/** A flag in Go's durations; help shows its default as it would be typed. */
export function durationOption(
  flags: string,
  description: string,
  defaultMs: number,
  parse = duration,
): Option {
  return new Option(flags, description).argParser(parse).default(defaultMs, formatDuration(defaultMs));
}
