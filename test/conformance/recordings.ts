import { createReadStream } from 'node:fs';
import { readLines } from '../../src/replay/read-lines.ts';
import type { Scenario } from '../../src/replay/scenario.ts';

/** The recorded files, with their scenarios and ticks: a file that was cut short must not pass. */
export const recordings: Readonly<Record<string, readonly [scenarios: number, ticks: number]>> = {
  'upstream-tables': [162, 189],
  calculator: [1022, 1098],
  'random-1': [500, 6299],
  'random-2': [500, 6239],
  'random-zero': [71, 860],
  extras: [140, 196],
};

export function recordingPath(name: string): string {
  return `test/fixtures/conformance/${name}.jsonl.gz`;
}

export async function* scenariosOf(name: string): AsyncGenerator<Scenario> {
  for await (const { text } of linesOf(name)) yield JSON.parse(text) as Scenario;
}

export function linesOf(name: string): ReturnType<typeof readLines> {
  const path = recordingPath(name);
  return readLines({ name: path, chunks: createReadStream(path) });
}
