import type { WireDecision } from '../api/decision-status.ts';
import { outcomeOf } from '../api/decision-status.ts';
import type { Decision, Outcome } from '../decide/decision.ts';

/** What one evaluation came to. */
export interface Told {
  readonly decision: Pick<Decision, 'atMs' | 'verdict'>;
  readonly told: WireDecision;
  readonly outcome: Outcome;
}

/** Evaluations in a row that came out alike, told by the last of them, whose `time` is the decision's. */
interface DecisionRun extends WireDecision {
  /** When the first of them was. */
  readonly since: string;
  readonly evaluations: number;
  /** What became of it: the scale was written, refused, not to be changed, or not to be written. */
  readonly outcome: Outcome['type'];
  /** Why the scale could not be written. */
  readonly error?: string;
}

/** Which of an autoscaler's decisions: the last so many, those at and before a time. */
export interface DecisionQuery {
  /** Default 1. */
  readonly last?: number;
  /** Milliseconds since 1970. Default: now. */
  readonly atMs?: number;
}

export interface DecisionAnswer {
  /** The newest first; none when all that is kept is later than the time asked for. */
  readonly decisions: readonly DecisionRun[];
  /** When the oldest one that is kept began. */
  readonly oldest: string;
}

export interface RingLimits {
  /** Decisions of each autoscaler. */
  readonly each: number;
  /** Memory of all together, in bytes. */
  readonly bytes: number;
}

/**
 * 50 decisions of each autoscaler, and 32 MiB in all: at 1.2 KiB for a decision with one metric, 27,000 decisions. Of 5,000
 * autoscalers that is their last five on average; the oldest of all goes first.
 */
export const defaultRingLimits: RingLimits = { each: 50, bytes: 32 * 1024 * 1024 };

/** What an entry takes beside its text, in bytes: rounded up. */
const overheadBytes = 512;

interface Entry {
  readonly key: string;
  readonly sinceMs: number;
  readonly outcome: string;
  /** A run as JSON: a fraction of the memory that its objects take. */
  text: string;
  evaluations: number;
}

/** The last decisions of each autoscaler, in memory: those of this process since it began to lead. */
export class DecisionRing {
  readonly #limits: RingLimits;
  readonly #rings = new Map<string, Entry[]>();
  /** Of all autoscalers, those first whose last evaluation is the oldest. */
  readonly #entries = new Set<Entry>();
  #bytes = 0;

  constructor(limits: RingLimits = defaultRingLimits) {
    this.#limits = limits;
  }

  /** Memory taken, in bytes; never more than the limit. */
  get bytes(): number {
    return this.#bytes;
  }

  /** One that comes out like the last one takes its place. */
  record(key: string, evaluation: Told): void {
    const { decision, told, outcome } = evaluation;
    const sameAs = `${decision.verdict} ${outcome.type} ${outcomeOf(told)}`;
    const last = this.#rings.get(key)?.at(-1);
    if (last?.outcome === sameAs) {
      last.evaluations += 1;
      // It has just held: of all entries it is the newest again, however long ago it began.
      this.#entries.delete(last);
      this.#entries.add(last);
      this.#write(last, evaluation);
    } else {
      this.#add(
        { key, sinceMs: wholeSecond(decision.atMs), outcome: sameAs, text: '', evaluations: 1 },
        evaluation,
      );
    }
    this.#trim();
  }

  /** It was deleted. */
  forget(key: string): void {
    for (const entry of this.#rings.get(key) ?? []) this.#drop(entry);
    this.#rings.delete(key);
  }

  /** @returns undefined when nothing is kept of it */
  read(key: string, { last = 1, atMs = Infinity }: DecisionQuery = {}): DecisionAnswer | undefined {
    const ring = this.#rings.get(key) ?? [];
    const [oldest] = ring;
    if (oldest === undefined) return undefined;
    const asked = ring.filter(({ sinceMs }) => sinceMs <= atMs).slice(-last);
    const decisions = asked.toReversed().map(({ text }) => JSON.parse(text) as DecisionRun);
    return { decisions, oldest: timeText(oldest.sinceMs) };
  }

  #add(entry: Entry, evaluation: Told): void {
    const ring = this.#rings.get(entry.key) ?? [];
    this.#rings.set(entry.key, ring);
    if (ring.length >= this.#limits.each) this.#dropFirst(ring);
    ring.push(entry);
    this.#entries.add(entry);
    this.#bytes += overheadBytes;
    this.#write(entry, evaluation);
  }

  #write(entry: Entry, { told, outcome }: Told): void {
    const { sinceMs, evaluations } = entry;
    const error = outcome.type === 'Refused' ? { error: outcome.message.slice(0, 512) } : {};
    const run: DecisionRun = {
      ...told,
      since: timeText(sinceMs),
      evaluations,
      outcome: outcome.type,
      ...error,
    };
    this.#bytes -= bytesOf(entry.text);
    entry.text = JSON.stringify(run);
    this.#bytes += bytesOf(entry.text);
  }

  /** The oldest of all is the first of its own ring. */
  #trim(): void {
    for (const { key } of this.#entries) {
      if (this.#bytes <= this.#limits.bytes) return;
      const ring = this.#rings.get(key) ?? [];
      this.#dropFirst(ring);
      if (ring.length === 0) this.#rings.delete(key);
    }
  }

  #dropFirst(ring: Entry[]): void {
    const first = ring.shift();
    if (first !== undefined) this.#drop(first);
  }

  #drop(entry: Entry): void {
    this.#entries.delete(entry);
    this.#bytes -= overheadBytes + bytesOf(entry.text);
  }
}

/** As engines keep a text that has a character beyond Latin-1. */
function bytesOf(text: string): number {
  return 2 * text.length;
}

/** As times are on the wire. */
function wholeSecond(ms: number): number {
  return Math.floor(ms / 1000) * 1000;
}

function timeText(ms: number): string {
  return new Date(ms).toISOString().replace('.000Z', 'Z');
}
