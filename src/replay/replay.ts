import { missingAbilities } from './abilities.ts';
import { checkScenario } from './check-scenario.ts';
import type { CheckedScenario } from './check-scenario.ts';
import { inputError } from './input-error.ts';
import { readLines } from './read-lines.ts';
import type { Input, Line } from './read-lines.ts';
import { run } from './run.ts';
import type { TickResult } from './run.ts';
import type { Scenario } from './scenario.ts';

/** One scenario of an input, replayed as its results are asked for. */
export interface Replayed {
  readonly input: string;
  /** The line that the scenario stands on, counted from 1. */
  readonly line: number;
  readonly scenario: Scenario;
  /** What the scenario asks for and is not modelled: then there are no results. */
  readonly missing: readonly string[];
  readonly results: Iterable<TickResult>;
}

/**
 * Replays the scenarios of the inputs in their order, one at a time, so that memory does not grow with the input.
 * @throws UserError for an input that is not in the replay format, once all before it was handed out
 */
export async function* replay(inputs: Iterable<Input>): AsyncGenerator<Replayed> {
  for (const input of inputs) {
    let empty = true;
    for await (const line of readLines(input)) {
      empty = false;
      const scenario = scenarioOf(line, input.name);
      const missing = missingAbilities(scenario.requires);
      const results = missing.length === 0 ? run(scenario) : [];
      yield { input: input.name, line: line.number, scenario, missing, results };
    }
    if (empty) {
      throw inputError({ input: input.name }, { expected: 'one scenario a line', found: 'no scenario' });
    }
  }
}

function scenarioOf({ number, text }: Line, input: string): Scenario {
  const checked = checkedScenario({ number, text }, input);
  if (checked.ok) return checked.scenario;
  const { path, expected, found } = checked.problem;
  throw inputError({ input, line: number, path }, { expected, found });
}

/** What is nested too deep to be gone through is no scenario either. */
function checkedScenario(line: Line, input: string): CheckedScenario {
  const parsed = parseLine(line, input);
  try {
    return checkScenario(parsed);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    const expected = 'a scenario (an object)';
    throw inputError(
      { input, line: line.number },
      { expected, found: 'JSON that is nested too deep', cause },
    );
  }
}

function parseLine({ number, text }: Line, input: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    const expected = 'a scenario in JSON on one line';
    throw inputError({ input, line: number }, { expected, found: brokenText(text, cause), cause });
  }
}

/** The parser's own words, and what to do about JSON that is spread over lines. */
function brokenText(text: string, cause: unknown): string {
  if (/^\s*[{[]\s*$/.test(text)) return `only ${text.trim()}: jq -c . puts JSON of many lines on one`;
  const words = cause instanceof Error ? cause.message : String(cause);
  return `no JSON: ${words.replace(/ \(line 1 column \d+\)$/, '')}`; // Which is always 1, and not the input's.
}
