import { expect } from 'chai';
import { eventually } from '../support/wait.ts';
import { Operators } from './support/operator.ts';
import { Place } from './support/place.ts';
import { sharedStage } from './support/shared-stage.ts';
import type { Stage } from './support/stage.ts';
import { scalers, Twin } from './support/twin.ts';
import type { Scaler, StepResult } from './support/twin.ts';
import { report } from './support/twin-report.ts';
import type { ReportRow } from './support/twin-report.ts';
import { scenarios } from './twin-scenarios.ts';
import type { Scenario } from './twin-scenarios.ts';

interface TwinStory {
  readonly scaler: string;
  readonly steps: Readonly<Record<string, StepResult>>;
  readonly events: readonly string[];
}

/** What must be the same of a step: all but the time that it took. */
const withoutTime = (result: StepResult): object => ({ ...result, tookMs: undefined });

/** Plimsoll may go by a list of the whole cluster's metrics that is half a sync period old: one from before there were pods. */
async function untilListsAreNew(): Promise<void> {
  const startedMs = performance.now();
  await eventually('the lists are new', () => performance.now() - startedMs > 1000);
}

async function createTwin(stage: Stage, scaler: Scaler, scenario: Scenario): Promise<Twin> {
  const place = new Place(stage, await stage.namespace('twin'));
  const twin = new Twin(scaler, place);
  const { kind, replicas, containers, rule, before, spec, steps } = scenario;
  await before?.(twin);
  const options = { name: 'web', replicas, ...(kind && { kind }), ...(containers && { containers }) };
  const workload = await place.run(options, rule);
  // The first step's world is there before the autoscaler is: nobody sees a tick without it.
  await Object.values(steps)[0]?.change(twin);
  await untilListsAreNew();
  await twin.scale(workload, spec);
  return twin;
}

/** Plays a scenario on both twins; each step begins when both have settled in the one before. */
async function play(stage: Stage, scenario: Scenario): Promise<[TwinStory, TwinStory]> {
  const twins = await Promise.all(scalers.map((scaler) => createTwin(stage, scaler, scenario)));
  const results: Record<string, StepResult>[] = twins.map(() => ({}));
  for (const [name, { change, ticks = 3 }] of Object.entries(scenario.steps)) {
    const ended = await Promise.all(twins.map((twin) => twin.step(change, ticks)));
    for (const [index, result] of ended.entries()) results[index]![name] = result;
  }
  const events = await settledEvents(twins);
  await Promise.all(twins.map((twin) => twin.stop()));
  return twins.map(({ scaler }, index) => ({
    scaler: scaler.name,
    steps: results[index]!,
    events: events[index]!,
  })) as [TwinStory, TwinStory];
}

/** Events are written a moment after what they tell of. */
async function settledEvents(twins: readonly Twin[]): Promise<(readonly string[])[]> {
  const read = async (): Promise<(readonly string[])[]> => Promise.all(twins.map((twin) => twin.events()));
  const areSame = async (): Promise<boolean> => {
    const [first, second] = await read();
    return JSON.stringify(first) === JSON.stringify(second);
  };
  await eventually('both have the same events', areSame, 5000).catch(() => undefined); // the test compares them
  return read();
}

/** The HPA learns of new kinds only each half minute. */
async function hpaKnowsWorkers(stage: Stage): Promise<void> {
  const [hpa] = scalers;
  const place = new Place(stage, await stage.namespace('probe'));
  const worker = await place.run({ kind: 'Worker', name: 'probe', replicas: 1 });
  const twin = new Twin(hpa, place);
  await twin.scale(worker, { maxReplicas: 2 });
  await twin.step(() => undefined, 2);
  await twin.stop();
}

describe('twins, one scaled by the HPA and one by Plimsoll', function () {
  this.timeout(420_000);
  const stories = new Map<string, Promise<[TwinStory, TwinStory]>>();
  const rows: ReportRow[] = [];
  let operators: Operators | undefined;
  let stage: Stage;

  before(async function () {
    stage = await sharedStage();
    if (!stage.cluster.runsHpa) return this.skip();
    operators = new Operators(stage);
    await operators.start();
    for (const [name, scenario] of Object.entries(scenarios)) {
      const ready = scenario.kind === 'Worker' ? hpaKnowsWorkers(stage) : Promise.resolve();
      const story = ready.then(() => play(stage, scenario));
      story.catch(() => undefined); // its own test tells
      stories.set(name, story);
    }
  });
  after(async () => {
    await operators?.stop();
    report(rows, (text) => process.stdout.write(text));
  });

  for (const [name, { steps }] of Object.entries(scenarios))
    it(`do the same: ${name}`, async () => {
      const [hpa, plimsoll] = (await stories.get(name))!;
      for (const step of Object.keys(steps)) {
        rows.push({ scenario: name, step, hpa: hpa.steps[step]!, plimsoll: plimsoll.steps[step]! });
        expect(withoutTime(plimsoll.steps[step]!), step).to.deep.equal(withoutTime(hpa.steps[step]!));
      }
      expect(plimsoll.events, 'events').to.deep.equal(hpa.events);
    });
});
