import { expect } from 'chai';
import { differencesOf, run } from './run.ts';
import { readLines, scenariosOf } from './scenario.ts';
import type { Scenario } from './scenario.ts';

/** Scenarios and ticks of each file: a file that was cut short must not pass. */
const files: Record<string, [scenarios: number, ticks: number]> = {
  'upstream-tables': [162, 189],
  calculator: [1022, 1098],
  extras: [140, 196],
  'random-zero': [71, 860],
  'random-1': [500, 6299],
  'random-2': [500, 6239],
};

const text = (value: unknown) =>
  JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? String(inner) : inner));

function* differencesIn(scenario: Scenario): Generator<string> {
  let index = 0;
  for (const result of run(scenario)) {
    for (const { path, expected, got } of differencesOf(result)) {
      yield `${scenario.name} tick ${index}${path}: ${text(expected)}, got ${text(got)}`;
    }
    index += 1;
  }
}

describe('decisions, against those of the Kubernetes 1.36.2 controller', () => {
  for (const [file, [scenarios, ticks]] of Object.entries(files)) {
    it(`are the same in all ${ticks} ticks of ${file}`, () => {
      const all = [...scenariosOf(file)];
      const differences = all.flatMap((scenario) => [...differencesIn(scenario)]);
      expect(differences.slice(0, 20)).to.deep.equal([]);
      expect(all.length).to.equal(scenarios);
      expect(all.reduce((sum, scenario) => sum + scenario.ticks.length, 0)).to.equal(ticks);
    });
  }
});

interface Recorded {
  name: string;
  ticks: {
    conditions:
      | {
          type: string;
          status: string;
          reason: string;
          message: string;
          lastTransitionTime: string;
        }[]
      | null;
    events: { type: string; reason: string; message: string }[];
  }[];
}

describe('messages, against those of the Kubernetes 1.36.2 controller', () => {
  const recorded = new Map(
    readLines('messages')
      .map((line) => JSON.parse(line) as Recorded)
      .map((one) => [one.name, one]),
  );
  const scenarios = Object.keys(files)
    .flatMap((file) => [...scenariosOf(file)])
    .filter(({ name }) => recorded.has(name));

  it('are there for scenarios that we have', () => {
    expect(scenarios.length).to.equal(17);
  });

  for (const scenario of scenarios) {
    it(`are the same, with their times, in ${scenario.name}`, () => {
      for (const [index, { status, events }] of [...run(scenario)].entries()) {
        const expected = recorded.get(scenario.name)!.ticks[index]!;
        const conditions = status.conditions.map(
          ({ type, status: state, reason, message, lastTransitionAtMs }) => ({
            type,
            status: state,
            lastTransitionTime: new Date(lastTransitionAtMs).toISOString().replace('.000Z', 'Z'),
            reason,
            message,
          }),
        );
        expect(conditions).to.deep.equal(expected.conditions ?? []);
        expect(events).to.deep.equal(expected.events);
      }
    });
  }
});
