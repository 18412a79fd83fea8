import { expect } from 'chai';
import { eventually } from '../support/wait.ts';
import { autoscalers } from './support/api.ts';
import type { Operators } from './support/operator.ts';
import type { Place } from './support/place.ts';
import type { Workload } from './support/workloads.ts';

type Mode = 'Active' | 'DryRun' | 'Paused';

const ownOperator = { labels: { operator: 'own' } };
const reasons = {
  DryRun: { up: 'DryRun', down: 'DryRun' },
  Paused: { up: 'ScaleUpSuspended', down: 'ScaleDownSuspended' },
} as const;

/** Every change between two modes once. */
const walk: readonly Mode[] = ['DryRun', 'Paused', 'Active', 'Paused', 'DryRun', 'Active', 'DryRun'];

/** Its pods have work for `wanted`: what becomes of that in a mode. */
async function becomes(place: Place, web: Workload, mode: Mode, wanted: number): Promise<void> {
  const before = await place.replicas(web);
  place.load('web', wanted * 50 - 10);
  if (mode === 'Active') {
    await place.scalesTo(web, wanted);
    await place.hasPods(web, wanted);
    return;
  }
  await place.has('web', `AbleToScale=True ${reasons[mode][wanted > before ? 'up' : 'down']}`);
  await place.reads(2);
  expect(await place.replicas(web), mode).to.equal(before);
}

async function modeOf(place: Place): Promise<unknown> {
  const { status } = await place.stage.api.get(autoscalers(place.namespace, 'web'));
  return (status as { mode?: string } | undefined)?.mode;
}

async function goThrough(place: Place, web: Workload, between: () => Promise<unknown>): Promise<void> {
  let wanted = 4;
  for (const mode of walk) {
    await place.edit('web', { mode });
    await between();
    wanted = wanted === 4 ? 6 : 4;
    // What was withheld before is done at once: so that there is something to do, it is another count each time.
    await becomes(place, web, mode, (await place.replicas(web)) === wanted ? wanted + 3 : wanted);
    await eventually(`the mode is ${mode}`, async () => (await modeOf(place)) === mode);
  }
}

/** The modes of an autoscaler, on every kind of cluster; a row a case of integration-suite.ts. */
export const modeCases: Readonly<Record<string, (place: Place, operators: Operators) => Promise<void>>> = {
  'goes from each mode to each other one': async (place) => {
    const web = await place.run({ name: 'web', replicas: 4 });
    place.load('web', 190);
    await place.autoscale(web, { maxReplicas: 12 });
    await place.has('web', 'ScalingActive=True ValidMetricFound');
    await goThrough(place, web, () => Promise.resolve());
    await place.event('web', /^Paused /);
    await place.event('web', /^Resumed /);
  },

  'goes from each mode to each other one, with another operator each time': async (place, operators) => {
    const own = { selector: 'operator=own', namespace: place.namespace };
    let running = await operators.start(own);
    const web = await place.run({ name: 'web', replicas: 4 });
    place.load('web', 190);
    await place.autoscale(web, { maxReplicas: 12 }, ownOperator);
    await place.has('web', 'ScalingActive=True ValidMetricFound');
    await goThrough(place, web, async () => {
      await running.stop('SIGKILL');
      running = await operators.start(own);
    });
  },

  'says what it would do in a dry run, and does it once that is over': async (place) => {
    const web = await place.run({ name: 'web', replicas: 2 });
    place.load('web', 290);
    await place.autoscale(web, { mode: 'DryRun' });
    await place.has('web', 'AbleToScale=True DryRun');
    await place.event('web', /^DryRun /);
    await place.reads(3);
    expect(await place.replicas(web)).to.equal(2);
    await place.edit('web', { mode: 'Active' });
    await place.scalesTo(web, 6);
  },

  'holds back only the direction that a pause names': async (place) => {
    const web = await place.run({ name: 'web', replicas: 4 });
    place.load('web', 190);
    await place.autoscale(web, { mode: 'Paused', suspend: { scaleDown: true, reason: 'the sale' } });
    await place.has('web', 'Suspended=True Paused');
    place.load('web', 290);
    await place.scalesTo(web, 6);
    await place.hasPods(web, 6);
    place.load('web', 90);
    await place.has('web', 'AbleToScale=True ScaleDownSuspended');
    await place.edit('web', { suspend: { scaleDown: null, scaleUp: true } });
    await place.scalesTo(web, 2);
    await place.hasPods(web, 2);
    place.load('web', 290);
    await place.has('web', 'AbleToScale=True ScaleUpSuspended');
    await place.reads(2);
    expect(await place.replicas(web)).to.equal(2);
  },

  'resumes by itself as a pause ends': async (place) => {
    const web = await place.run({ name: 'web', replicas: 2 });
    place.load('web', 290);
    const until = new Date(Date.now() + 8000).toISOString();
    await place.autoscale(web, { mode: 'Paused', suspend: { until, reason: 'the sale' } });
    await place.has('web', 'AbleToScale=True ScaleUpSuspended');
    await place.scalesTo(web, 6);
    expect(Date.now()).to.be.at.least(Date.parse(until));
    await place.has('web', 'Suspended=False PauseEnded');
    await eventually('it is active', async () => (await modeOf(place)) === 'Active');
  },
};
