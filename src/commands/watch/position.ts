import type { WatchPanel } from '../../report/watch-view.ts';

export type Key =
  | ('up' | 'down' | 'left' | 'right' | 'home' | 'end' | 'enter' | 'escape')
  | ('quit' | 'pause' | 'events' | 'reasons' | 'help');

/** Where the person who watches is. */
export interface Position {
  /** The autoscaler that is shown; absent: the table of all. */
  readonly opened?: string;
  /** The one that is chosen in the table. */
  readonly chosen?: string;
  /** The moment that is shown; absent: now. */
  readonly atMs?: number;
  readonly panel: WatchPanel;
}

/** What a key may depend on. */
export interface Surroundings {
  readonly nowMs: number;
  /** The oldest moment that is kept. */
  readonly oldestMs: number;
  /** What is in the table, in its order. */
  readonly keys: readonly string[];
  /** The watch was started for one autoscaler: there is no table. */
  readonly isSingle: boolean;
}

const stepMs = 5000;

/** Where a key leads to; `quit` ends the watch. */
export function press(position: Position, key: Key, around: Surroundings): Position | 'quit' {
  return key === 'quit' ? 'quit' : moves[key](position, around);
}

type Move = (position: Position, around: Surroundings) => Position;

const moves: Readonly<Record<Exclude<Key, 'quit'>, Move>> = {
  up: (position, around) => choose(position, around, -1),
  down: (position, around) => choose(position, around, 1),
  left: (position, { nowMs, oldestMs }) => ({
    ...position,
    atMs: Math.max(oldestMs, (position.atMs ?? nowMs) - stepMs),
  }),
  right: (position, { nowMs }) => {
    const atMs = (position.atMs ?? nowMs) + stepMs;
    return atMs >= nowMs ? live(position) : { ...position, atMs };
  },
  home: (position, { oldestMs }) => ({ ...position, atMs: oldestMs }),
  end: live,
  pause: (position, { nowMs }) =>
    position.atMs === undefined ? { ...position, atMs: nowMs } : live(position),
  enter: (position, { keys }) => {
    const opened = position.opened ?? chosenOf(position, keys);
    return opened === undefined ? position : { ...position, opened, panel: 'main' };
  },
  escape: (position, { isSingle }) => {
    if (position.panel !== 'main') return { ...position, panel: 'main' };
    if (isSingle || position.opened === undefined) return position;
    const { opened, ...rest } = position;
    return { ...rest, chosen: opened };
  },
  events: (position) => toggle(position, 'events'),
  reasons: (position) => toggle(position, 'reasons'),
  help: (position) => toggle(position, 'help'),
};

function live({ opened, chosen, panel }: Position): Position {
  return { panel, ...(opened === undefined ? {} : { opened }), ...(chosen === undefined ? {} : { chosen }) };
}

function toggle(position: Position, panel: WatchPanel): Position {
  return { ...position, panel: position.panel === panel ? 'main' : panel };
}

/** The chosen one, or the first when it is gone. */
export function chosenOf({ chosen }: Position, keys: readonly string[]): string | undefined {
  return chosen !== undefined && keys.includes(chosen) ? chosen : keys[0];
}

function choose(position: Position, { keys }: Surroundings, by: number): Position {
  const now = chosenOf(position, keys);
  if (position.opened !== undefined || now === undefined) return position;
  const next = keys[Math.min(Math.max(keys.indexOf(now) + by, 0), keys.length - 1)];
  return next === undefined ? position : { ...position, chosen: next };
}

const keyOfText: Readonly<Record<string, Key>> = {
  ...{ '\u001b[A': 'up', '\u001b[B': 'down', '\u001b[C': 'right', '\u001b[D': 'left' },
  ...{ '\u001bOA': 'up', '\u001bOB': 'down', '\u001bOC': 'right', '\u001bOD': 'left' },
  ...{ '\u001b[H': 'home', '\u001b[F': 'end', '\u001bOH': 'home', '\u001bOF': 'end' },
  ...{ '\u001b[1~': 'home', '\u001b[4~': 'end', '\u001b': 'escape', '\u007f': 'escape', '\b': 'escape' },
  ...{ '\r': 'enter', '\n': 'enter', q: 'quit', '\u0003': 'quit', '\u0004': 'quit' },
  ...{ p: 'pause', ' ': 'pause', e: 'events', r: 'reasons', '?': 'help', k: 'up', j: 'down' },
  ...{ h: 'left', l: 'right' },
};

/** The keys in what a terminal sent; others mean nothing. */
export function parseKeys(text: string): Key[] {
  const tokens = text.match(/\u001b(?:\[[\d;]*[A-Za-z~]|O[A-Za-z])?|[^]/gu) ?? [];
  return tokens.flatMap((token) => keyOfText[token] ?? []);
}
