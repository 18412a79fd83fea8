import { hash } from 'node:crypto';
import type { MetricIdentifier } from '../../decide/references.ts';
import { parseSample } from './exposition.ts';
import { ScrapeError } from './scrape-error.ts';
import { seriesSelector } from './series-selector.ts';
import type { Labels } from './series-selector.ts';

/** What one exposition says of one metric. */
export interface Family {
  /** A counter, or what of a histogram or summary only grows; false also where no TYPE is told. */
  readonly isCumulative: boolean;
  /** The series that match, by a hash of their labels: no text of a pod is kept. Empty when none matches. */
  readonly series: ReadonlyMap<number, number>;
}

const maxLineBytes = 65_536;
/** Matching series of one pod; of a counter a number for each is kept until the next scrape. */
const maxSeries = 1000;
const newline = 0x0a;
const hashBytes = 6;

/** By TYPE, what the name of a series that only grows may have behind the family's. OpenMetrics tells the family without `_total`. */
const growing: Readonly<Record<string, readonly string[]>> = {
  counter: ['', '_total'],
  histogram: ['_count', '_sum', '_bucket'],
  summary: ['_count', '_sum'],
};
const typeLine = /^#[ \t]+TYPE[ \t]+(\S+)[ \t]+(\S+)$/;

/**
 * Reads one metric out of an exposition that comes in pieces. Its lines are found by their name in the bytes, and nothing but those is
 * decoded and parsed: a body with thousands of other series costs next to nothing. Whether those are well formed is not looked at.
 */
export class FamilyReader {
  readonly #name: string;
  /** What the name and the family's TYPE line have in common. */
  readonly #stem: Buffer;
  readonly #matches: (labels: Labels) => boolean;
  /** What stands in each line that can match: telling so is cheaper than parsing it. */
  readonly #quoted: readonly string[];
  readonly #series = new Map<number, number>();
  #isCumulative = false;
  /** A line whose end has not come. */
  #rest: Buffer = Buffer.alloc(0);

  constructor({ name, selector = {} }: MetricIdentifier) {
    this.#name = name;
    this.#stem = Buffer.from(name.replace(/_(total|count|sum|bucket)$/, '') || name);
    this.#matches = seriesSelector(selector);
    this.#quoted = Object.values(selector.matchLabels ?? {}).flatMap((value) =>
      value === '' || /[\\"\n]/.test(value) ? [] : [`"${value}"`],
    );
  }

  /** @throws ScrapeError for what is malformed, or more than is read of a pod */
  add(piece: Uint8Array): void {
    const { buffer, byteOffset, length } = piece;
    const bytes =
      this.#rest.length === 0 ? Buffer.from(buffer, byteOffset, length) : Buffer.concat([this.#rest, piece]);
    const end = bytes.lastIndexOf(newline) + 1;
    this.#scan(bytes.subarray(0, end));
    this.#rest = bytes.subarray(end);
    if (this.#rest.length > maxLineBytes)
      throw new ScrapeError('TooLarge', `a line of more than ${maxLineBytes / 1024} KiB`);
  }

  /** @throws ScrapeError as `add` */
  end(): Family {
    this.#scan(this.#rest);
    return { isCumulative: this.#isCumulative, series: this.#series };
  }

  #scan(lines: Buffer): void {
    for (let at = lines.indexOf(this.#stem); at >= 0;) {
      const from = lines.lastIndexOf(newline, at) + 1;
      const next = lines.indexOf(newline, at);
      const to = next < 0 ? lines.length : next;
      this.#line(lines.toString('utf8', from, to).trim());
      at = lines.indexOf(this.#stem, to);
    }
  }

  #line(text: string): void {
    if (text.startsWith('#')) this.#learnType(text);
    else if (text.startsWith(this.#name) && /^[{ \t]/.test(text.slice(this.#name.length)))
      this.#addSample(text.slice(this.#name.length), text);
  }

  #learnType(comment: string): void {
    const [, family = '', type = ''] = typeLine.exec(comment) ?? [];
    if (growing[type]?.some((end) => `${family}${end}` === this.#name) === true) this.#isCumulative = true;
  }

  #addSample(rest: string, line: string): void {
    if (!this.#quoted.every((text) => rest.includes(text))) return;
    const sample = parseSample(rest);
    if (sample === undefined) throw new ScrapeError('Malformed', line.slice(0, 80));
    if (!this.#matches(sample.labels)) return;
    const key = keyOf(sample.labels);
    if (this.#series.has(key)) throw new ScrapeError('Malformed', `a series twice: ${line.slice(0, 80)}`);
    if (this.#series.size === maxSeries) throw new ScrapeError('TooLarge', `more than ${maxSeries} series`);
    this.#series.set(key, sample.value);
  }
}

/** 48 bits of a hash: of a thousand series two are the same once in half a billion scrapes. */
function keyOf(labels: Labels): number {
  const sorted = [...labels].sort(([a], [b]) => (a < b ? -1 : 1));
  return hash('sha1', JSON.stringify(sorted), 'buffer').readUIntBE(0, hashBytes);
}
