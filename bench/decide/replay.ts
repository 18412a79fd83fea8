import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { checkScenario } from '../../src/replay/check-scenario.ts';
import { differencesOf } from '../../src/replay/compare.ts';
import { run } from '../../src/replay/run.ts';
import type { Scenario } from '../../src/replay/scenario.ts';
import { cpuMicros, rounded } from '../support.ts';
import type { Effort } from '../support.ts';

/** The recorded ticks of the conformance tests, all of them. */
const files = ['upstream-tables', 'calculator', 'extras', 'random-zero', 'random-1', 'random-2'];

const steps = ['parse', 'check', 'replay', 'compare'] as const;
type Spent = Record<(typeof steps)[number], number>;

/** All recorded ticks, as `plimsoll replay --check` goes through them; each step by itself, and parsing apart. */
export function timeReplay({ rounds }: Effort) {
  const lines = files.flatMap(linesOf);
  once(lines);
  const passes = Array.from({ length: rounds }, () => once(lines));
  const sorted = passes.toSorted((a, b) => besideParsing(a.spent) - besideParsing(b.spent));
  const { spent, ticks, differences } = sorted[Math.floor(rounds / 2)] ?? once(lines);
  return {
    scenarios: lines.length,
    ticks,
    differences,
    ticksPerSecond: rounded((ticks * 1000) / besideParsing(spent)),
    ticksPerSecondWithParsing: rounded((ticks * 1000) / (besideParsing(spent) + spent.parse)),
    ms: Object.fromEntries(steps.map((step) => [step, rounded(spent[step])])),
  };
}

function linesOf(name: string): string[] {
  const file = new URL(`../../test/fixtures/conformance/${name}.jsonl.gz`, import.meta.url);
  return gunzipSync(readFileSync(file)).toString().trim().split('\n');
}

function besideParsing({ check, replay, compare }: Spent): number {
  return check + replay + compare;
}

/** So many scenarios are in memory at a time, and between two looks at the clock. */
const scenariosAtOnce = 25;

function once(lines: readonly string[]): { spent: Spent; ticks: number; differences: number } {
  const spent: Spent = { parse: 0, check: 0, replay: 0, compare: 0 };
  const timed = <T>(step: keyof Spent, work: () => T): T => {
    const start = cpuMicros();
    const result = work();
    spent[step] += (cpuMicros() - start) / 1000;
    return result;
  };
  let ticks = 0;
  let differences = 0;
  for (let start = 0; start < lines.length; start += scenariosAtOnce) {
    const some = lines.slice(start, start + scenariosAtOnce);
    const parsed = timed('parse', () => some.map((line) => JSON.parse(line) as unknown));
    const scenarios = timed('check', () => parsed.map(scenarioIn));
    const results = timed('replay', () => scenarios.flatMap((scenario) => [...run(scenario)]));
    differences += timed('compare', () => results.flatMap((result) => differencesOf(result) ?? [])).length;
    ticks += results.length;
  }
  return { spent, ticks, differences };
}

function scenarioIn(parsed: unknown): Scenario {
  const checked = checkScenario(parsed);
  if (!checked.ok)
    throw new Error(`Cannot replay as ${checked.problem.path} is not ${checked.problem.expected}`);
  return checked.scenario;
}
