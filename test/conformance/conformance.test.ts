import { expect } from 'chai';
import { run } from '../../src/replay/run.ts';
import type { Scenario } from '../../src/replay/scenario.ts';
import { runInProcess } from '../support/in-process.ts';
import { plimsoll } from '../support/processes.ts';
import { linesOf, recordingPath, recordings, scenariosOf } from './recordings.ts';

describe('decisions, against those of the Kubernetes 1.36.2 controller', () => {
  for (const [file, [scenarios, ticks]] of Object.entries(recordings)) {
    it(`are the same in all ${ticks} ticks of ${file}`, async () => {
      const { code, stdout, stderr } = await runInProcess(['replay', '--check', recordingPath(file)]);
      expect(stdout).to.equal(`${scenarios} scenarios, ${ticks} ticks, 0 differences, 0 skipped\n`);
      expect(stderr).to.equal('');
      expect(code).to.equal(0);
    });
  }

  it('are the same in all files together, as a user repeats it', async () => {
    const { code, stdout, stderr } = await plimsoll([
      'replay',
      '--check',
      ...Object.keys(recordings).map(recordingPath),
    ]);
    expect(stdout).to.equal('2395 scenarios, 14881 ticks, 0 differences, 0 skipped\n');
    expect(stderr).to.equal('');
    expect(code).to.equal(0);
  });
});

interface Recorded {
  name: string;
  ticks: {
    conditions:
      { type: string; status: string; reason: string; message: string; lastTransitionTime: string }[] | null;
    events: { type: string; reason: string; message: string }[];
  }[];
}

describe('messages, against those of the Kubernetes 1.36.2 controller', () => {
  const recorded = new Map<string, Recorded>();
  const scenarios: Scenario[] = [];

  before(async () => {
    for await (const { text } of linesOf('messages')) {
      const one = JSON.parse(text) as Recorded;
      recorded.set(one.name, one);
    }
    for (const file of Object.keys(recordings)) {
      for await (const scenario of scenariosOf(file))
        if (recorded.has(scenario.name)) scenarios.push(scenario);
    }
  });

  it('are the same, with their times, in each scenario that has them recorded', () => {
    expect(scenarios).to.have.length(17);
    for (const scenario of scenarios) {
      for (const { index, status, events } of run(scenario)) {
        const expected = recorded.get(scenario.name)!.ticks[index]!;
        const conditions = status.conditions.map(({ lastTransitionAtMs, ...condition }) => ({
          ...condition,
          lastTransitionTime: new Date(lastTransitionAtMs).toISOString().replace('.000Z', 'Z'),
        }));
        const place = `${scenario.name}, tick ${index}`;
        expect(conditions, place).to.deep.equal(expected.conditions ?? []);
        expect(events, place).to.deep.equal(expected.events);
      }
    }
  });
});
