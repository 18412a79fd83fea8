import { formatSpan } from '../lib/duration.ts';
import { createStyle, plain, visibleWidth } from './style.ts';
import type { Style, ViewOptions } from './style.ts';

/** A decision as the wire has it, as far as it is shown. Times are RFC 3339. */
export interface ShownDecision {
  readonly time: string;
  readonly from: number;
  readonly to: number;
  readonly reason?: string;
  readonly limits?: readonly { readonly limiter: string; readonly until?: string }[];
  /** When the first of several that came out alike was made. */
  readonly since?: string;
  readonly evaluations?: number;
  /** Why its scale could not be written. */
  readonly error?: string;
}

/** The headline of a reason, and what follows. */
const headline = /^(no decision|stays at \d+|\d+ -> \d+(?: \(dry run\))?): (.*)$/s;

const indent = '  ';

/**
 * A decision as a block of lines: what was decided and when, then each part of why, then what it waits for.
 * ```
 * 5 -> 8  2026-01-31 14:03:27 UTC, 12 s ago
 *   cpu at 95 % of request against 50 % asks for 9 (4 pods counted, 1 not ready counted as 0)
 *   8 instead of 9: scale-up limited to +4 in 15 s from 4, more in 2 s
 * ```
 */
export function decisionLines(
  decision: ShownDecision,
  nowMs: number,
  { width, color }: ViewOptions,
): string[] {
  const style = createStyle(color);
  const { reason = '', from, to } = decision;
  const [, title = '', why = reason] = headline.exec(plain(reason)) ?? [];
  const head = title === '' ? countsText(from, to) : title;
  const parts = [...splitParts(why), ...countdowns(decision, nowMs), ...errorParts(decision)];
  return [
    ...wrap(
      `${style(from === to ? 'strong' : 'accent', head)}  ${whenText(decision, nowMs, style)}`,
      width,
      indent,
    ),
    ...parts.flatMap((part) => wrap(`${indent}${part}`, width, indent.repeat(2))),
  ];
}

function countsText(from: number, to: number): string {
  return from === to ? `stays at ${from}` : `${from} -> ${to}`;
}

/** Each part of a reason has a line of its own; one in parentheses belongs to what is before it. */
function splitParts(why: string): string[] {
  return why.split(/; (?![^(]*\))/).filter((part) => part !== '');
}

function whenText(
  { time, since = time, evaluations = 1 }: ShownDecision,
  nowMs: number,
  style: Style,
): string {
  const ago = `${formatSpan(Math.max(0, nowMs - Date.parse(time)))} ago`;
  const when = `${timeText(time)}, ${ago}`;
  if (evaluations <= 1 || since === time) return style('dim', when);
  const sameDay = since.slice(0, 10) === time.slice(0, 10);
  const begin = sameDay ? clockText(since) : timeText(since);
  return style('dim', `${when}; the last of ${evaluations} alike since ${begin}`);
}

/** What has an end that is yet to come. */
function countdowns({ limits = [] }: ShownDecision, nowMs: number): string[] {
  return limits.flatMap(({ limiter, until }) => {
    const leftMs = until === undefined ? 0 : Date.parse(until) - nowMs;
    if (until === undefined || leftMs <= 0) return [];
    const words = limiter === 'rate' ? 'more is let through at' : 'held until';
    return [`${words} ${clockText(until)} UTC: ${formatSpan(leftMs)} left`];
  });
}

function errorParts({ error }: ShownDecision): string[] {
  return error === undefined ? [] : [`the scale was not written: ${plain(error)}`];
}

/** `2026-01-31 14:03:27 UTC` */
function timeText(time: string): string {
  return `${new Date(time).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** `14:03:27`, in UTC. */
function clockText(time: string): string {
  return new Date(time).toISOString().slice(11, 19);
}

/** Breaks a text at its spaces; lines after the first begin with `further`. Words that are too long stay whole. */
export function wrap(text: string, width: number, further: string): string[] {
  const lines: string[] = [];
  const begin = /^ */.exec(text)?.[0] ?? '';
  let line = begin;
  for (const word of text.slice(begin.length).split(' ')) {
    const isFirst = line.trim() === '';
    const longer = isFirst ? line + word : `${line} ${word}`;
    if (isFirst || visibleWidth(longer) <= width) line = longer;
    else {
      lines.push(line);
      line = further + word;
    }
  }
  return [...lines, line];
}
