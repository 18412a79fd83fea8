import { expect } from 'chai';
import fc from 'fast-check';
import { boundsAt } from '../../src/decide/schedules/bounds.ts';
import type { Policy } from '../../src/decide/policy.ts';
import { parseProfile } from '../../src/lib/load-profile-parse.ts';
import { defaultControllerOptions, defaultOperatorOptions } from '../../src/operator/options.ts';
import { simulate } from '../../src/replay/simulate.ts';
import type { Simulation } from '../../src/replay/simulate.ts';
import { defaultSimulationOptions, defaultSyncPeriodSeconds } from '../../src/replay/simulation/model.ts';
import type { SimulationInput } from '../../src/replay/simulation/model.ts';
import * as given from '../decide/builders.ts';
import { hour, schedule } from '../decide/schedules/builders.ts';

type Metric = Policy['metrics'][number];

const startMs = Date.parse('2027-01-04T00:00:00Z');
const cpu: Metric = {
  type: 'Resource',
  resource: 'cpu',
  target: { type: 'Utilization', averageUtilization: 60 },
};
const cpu60 = [cpu];

/** Pods that handle 10 requests/s, so that at 60 % each has 6. */
function run(load: string, policy: Partial<Policy> = {}, changes: Partial<SimulationInput> = {}): Simulation {
  return simulate({
    policy: given.policy({ metrics: cpu60, minReplicas: 1, maxReplicas: 30, ...policy }),
    profile: parseProfile(load),
    app: { capacityPerSecond: 10 },
    startMs,
    ...changes,
  });
}

const atSecond = ({ samples }: Simulation, second: number) =>
  samples.findLast(({ atMs }) => atMs <= second * 1000);

describe('simulate', () => {
  it('settles on a constant load, where every pod is within the tolerance, and changes nothing more', () => {
    const { samples, changes, totals } = run('60/s for 1h');
    expect(samples.at(-1)).to.include({ replicas: 10, readyReplicas: 10, loadPerSecond: 60 });
    expect(changes.every(({ atMs }) => atMs < 600_000)).to.equal(true);
    expect(totals).to.include({ flaps: 0, rescales: changes.length });
  });

  it('follows a step up once it is measured, and down once the window is over', () => {
    const result = run('12/s for 10m, 60/s for 10m, 12/s for 20m');
    expect(atSecond(result, 599)).to.include({ replicas: 2 });
    const up = result.changes.find(({ atMs }) => atMs >= 600_000);
    expect(up?.atMs).to.be.within(605_000, 635_000);
    expect(up?.words).to.match(/^2 -> 4: cpu at \d+ % of request against 60 % asks for \d/);
    expect(atSecond(result, 1199)).to.include({ replicas: 10, readyReplicas: 10 });
    const down = result.changes.find(({ from, to }) => to < from && from === 10);
    expect(down?.atMs).to.be.within(1_500_000, 1_560_000);
    expect(result.samples.at(-1)).to.include({ replicas: 2 });
  });

  it('is short of capacity from the step until the pods that were started are ready', () => {
    const slow = { capacityPerSecond: 10, start: { readySeconds: 90 } };
    const [fast, late] = [
      run('12/s for 5m, 60/s for 15m'),
      run('12/s for 5m, 60/s for 15m', {}, { app: slow }),
    ];
    expect(fast.totals.shortSeconds).to.be.within(60, 180);
    expect(late.totals.shortSeconds).to.be.greaterThan(fast.totals.shortSeconds + 60);
    const marked = late.samples.reduce((sum, { shortSeconds }) => sum + shortSeconds, 0);
    expect(marked).to.equal(late.totals.shortSeconds);
    expect(late.totals.served).to.be.lessThan(late.totals.offered);
  });

  it('counts replica-hours, steps and flaps', () => {
    const still = run('30/s for 2h', { minReplicas: 5, maxReplicas: 5 });
    expect(still.totals).to.deep.include({
      rescales: 0,
      flaps: 0,
      largestStep: 0,
      leastReplicas: 5,
      mostReplicas: 5,
    });
    expect(still.totals.replicaHours).to.be.closeTo(10, 1e-6);
    const behavior = given.behavior({}, { stabilizationWindowSeconds: 0 });
    const swinging = run('square from 6/s to 60/s every 4m for 40m', { behavior });
    expect(swinging.totals.flaps).to.be.greaterThan(10);
    expect(run('square from 6/s to 60/s every 4m for 40m').totals.flaps).to.equal(0);
  });

  it('offers the load that the profile has, and serves all of it with capacity to spare', () => {
    const { offered, served } = run('ramp from 0/s to 120/s over 10m', { minReplicas: 30 }).totals;
    expect(offered).to.be.closeTo(36_000, 0.01);
    expect(served).to.be.closeTo(36_000, 0.01);
  });

  it('is the same for the same seed, and another for another', () => {
    const noisy = (seed: number) =>
      run(
        'poisson arrivals, 40/s for 20m',
        {},
        {
          seed,
          app: { capacityPerSecond: 10, start: { readySeconds: 5, spreadSeconds: 30 } },
        },
      );
    expect(noisy(7)).to.deep.equal(noisy(7));
    expect(noisy(7).totals.offered).not.to.equal(noisy(8).totals.offered);
    expect(noisy(7).totals.offered).to.be.closeTo(48_000, 5 * Math.sqrt(48_000));
  });

  it('has the defaults of the operator', () => {
    expect(defaultSimulationOptions).to.deep.equal(defaultControllerOptions);
    expect(defaultSyncPeriodSeconds * 1000).to.equal(defaultOperatorOptions.syncPeriodMs);
  });

  it('decides at the policy’s own period', () => {
    const times = run('10/s for 1m', { syncPeriodSeconds: 5 }).samples.map(({ atMs }) => atMs);
    expect(times).to.deep.equal(Array.from({ length: 12 }, (_, index) => index * 5000));
  });

  it('reaches the floor of a schedule at the very second of its opening, and leaves it as it closes', () => {
    const early = schedule({ cron: '7 1 * * *', timeZone: 'Etc/UTC', durationMs: hour, minReplicas: 12 });
    const result = run('6/s for 4h', { schedules: [early] });
    const [up] = result.changes;
    expect(up).to.include({ atMs: 67 * 60_000, from: 1, to: 12 });
    expect(up?.words).to.equal('1 -> 12: 12 instead of 1: raised to the minimum of schedule office-hours');
    expect(atSecond(result, 127 * 60 - 1)).to.include({ replicas: 12 });
    expect(result.samples.at(-1)).to.include({ replicas: 1 });
  });
});

describe('simulate, by laws', () => {
  const loads = fc
    .array(fc.tuple(fc.integer({ min: 0, max: 400 }), fc.integer({ min: 1, max: 12 })), {
      minLength: 1,
      maxLength: 6,
    })
    .map((parts) => parts.map(([rate, minutes]) => `${rate}/s for ${minutes}m`).join(', '));
  const bounds = fc
    .tuple(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 0, max: 20 }))
    .map(([minReplicas, more]) => ({ minReplicas, maxReplicas: minReplicas + more }));
  const starts = fc.record({
    readySeconds: fc.integer({ min: 0, max: 120 }),
    spreadSeconds: fc.integer({ min: 0, max: 30 }),
    cpuMillis: fc.integer({ min: 0, max: 2000 }),
  });

  it('never leaves the bounds, whatever comes', () => {
    const counts = schedule({ cron: '5 0 * * *', timeZone: 'Etc/UTC', durationMs: hour / 6, minReplicas: 3 });
    fc.assert(
      fc.property(loads, bounds, starts, (load, { minReplicas, maxReplicas }, start) => {
        const policy = given.policy({
          metrics: cpu60,
          minReplicas,
          maxReplicas: Math.max(3, maxReplicas),
          schedules: [counts],
        });
        const { samples } = run(load, policy, { app: { capacityPerSecond: 10, start } });
        for (const { atMs, replicas } of samples) {
          const allowed = boundsAt(policy, startMs + atMs);
          expect(replicas).to.be.within(allowed.minReplicas, allowed.maxReplicas);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('serves no more than was offered, and all of it where it was never short', () => {
    fc.assert(
      fc.property(loads, starts, (load, start) => {
        const { totals, samples } = run(load, {}, { app: { capacityPerSecond: 10, start } });
        expect(totals.served).to.be.at.most(totals.offered + 1e-6);
        if (totals.shortSeconds === 0) expect(totals.served).to.be.closeTo(totals.offered, 1e-6);
        else expect(totals.served).to.be.lessThan(totals.offered);
        for (const { readyReplicas, replicas } of samples) expect(readyReplicas).to.be.at.most(replicas);
      }),
      { numRuns: 30 },
    );
  });

  it('handles all of a queue in the end, in order, and loses nothing', () => {
    fc.assert(
      fc.property(loads, (load) => {
        const queue = { capacityPerSecond: 10, queue: { patienceSeconds: 60 } };
        const { totals, samples } = run(`${load}, 0/s for 4h`, { maxReplicas: 30 }, { app: queue });
        expect(totals.served).to.be.closeTo(totals.offered, 1e-3);
        expect(samples.at(-1)).to.include({ backlog: 0 });
        expect(totals.shortSeconds > 0).to.equal(totals.longestWaitSeconds > 60);
      }),
      { numRuns: 15 },
    );
  });
});

describe('simulate, metric by metric', () => {
  const external: Metric = {
    type: 'External',
    metric: { name: 'requests' },
    target: { type: 'AverageValue', averageMilli: 6000n },
  };
  /** Each asks for one pod for 6 requests/s. */
  const byType: Record<string, Metric> = {
    'CPU of the request': cpu,
    'CPU of a container': {
      type: 'ContainerResource',
      resource: 'cpu',
      container: 'server',
      target: { type: 'Utilization', averageUtilization: 60 },
    },
    'a metric of pods': {
      type: 'Pods',
      metric: { name: 'requests' },
      target: { type: 'AverageValue', averageMilli: 6000n },
    },
    'the pods’ own endpoint': {
      type: 'PodScrape',
      port: 'http',
      path: '/metrics',
      metric: { name: 'requests_total' },
      target: { type: 'AverageValue', averageMilli: 6000n },
    },
    'an object': {
      type: 'Object',
      metric: { name: 'requests' },
      describedObject: { apiVersion: 'v1', kind: 'Service', name: 'web' },
      target: { type: 'AverageValue', averageMilli: 6000n },
    },
    'an external metric': external,
    'a query': {
      type: 'Prometheus',
      server: 'default',
      query: 'sum(rate(requests_total[1m]))',
      target: { type: 'AverageValue', averageMilli: 6000n },
    },
  };
  for (const [name, metric] of Object.entries(byType)) {
    it(`comes to ten pods for sixty requests a second by ${name}`, () => {
      expect(run('60/s for 20m', { metrics: [metric] }).samples.at(-1)).to.include({ replicas: 10 });
    });

    it(`holds what it has while ${name} cannot be read, and scales once it can be again`, () => {
      const outages = [{ metric: 0, reads: 'Error', fromSeconds: 0, toSeconds: 600 }] as const;
      const result = run('60/s for 20m', { metrics: [metric] }, { outages, startReplicas: 4 });
      expect(atSecond(result, 599)).to.include({ replicas: 4 });
      expect(result.samples.at(-1)).to.include({ replicas: 10 });
    });
  }

  it('reads memory, of which a pod keeps some when it is idle', () => {
    const metrics: Policy['metrics'] = [
      { type: 'Resource', resource: 'memory', target: { type: 'Utilization', averageUtilization: 50 } },
    ];
    // A quarter idle, half of it at half of the capacity: so ten pods for 50 requests/s.
    expect(run('50/s for 20m', { metrics }).samples.at(-1)?.replicas).to.be.within(9, 10);
  });

  it('reads zero where a source says so: scaled to the minimum, unless that is not believed', () => {
    const outages = [{ metric: 0, reads: 'Zero', fromSeconds: 600, toSeconds: 1500 }] as const;
    const believed = run('60/s for 40m', { metrics: [external] }, { outages });
    expect(atSecond(believed, 1400)).to.include({ replicas: 1 });
    const suspected = run(
      '60/s for 40m',
      { metrics: [{ ...external, suspectZeroMs: 1_800_000 }] },
      { outages },
    );
    expect(atSecond(suspected, 1400)).to.include({ replicas: 10 });
    const shortAfter = (from: number, { samples }: Simulation): number =>
      samples.reduce((sum, { atMs, shortSeconds }) => sum + (atMs < from * 1000 ? 0 : shortSeconds), 0);
    expect(shortAfter(600, suspected)).to.equal(0);
    expect(shortAfter(600, believed)).to.be.greaterThan(300);
  });

  it('counts strangers, unless only the target’s own pods count', () => {
    const strangers = [{ count: 4, cpuMillis: 900, fromSeconds: 600, toSeconds: 1800 }];
    const fooled = run('60/s for 40m', {}, { strangers });
    const owned = run('60/s for 40m', { podSelection: 'Owned' }, { strangers });
    // 3600 millicores more, of which each pod may use 600.
    expect(atSecond(fooled, 1700)).to.include({ replicas: 16 });
    expect(fooled.samples.at(-1)).to.include({ replicas: 10 });
    expect(owned.totals).to.include({ mostReplicas: 10 });
  });

  it('writes nothing for a dry run, and follows the HPA beside it', () => {
    const hpa = given.policy({ metrics: cpu60, maxReplicas: 30 });
    const result = run('60/s for 20m', { mode: 'DryRun', maxReplicas: 5 }, { beside: [hpa] });
    expect(result.samples.at(-1)).to.include({ replicas: 10, desiredReplicas: 5 });
    expect(result.changes.every(({ words }) => words.includes('(dry run)'))).to.equal(true);
    const alone = run('60/s for 20m', { mode: 'DryRun' });
    expect(alone.totals).to.include({ rescales: 0, mostReplicas: 1 });
  });

  it('counts the CPU of a start where a pod was ready for a moment and the period is over', () => {
    const start = { readySeconds: 600, firstReadySeconds: 60, cpuMillis: 2000 };
    const changes = { app: { capacityPerSecond: 10, start } };
    const load = '11/s for 10m, 16/s for 30m';
    const overshot = run(load, { minReplicas: 2 }, changes);
    const patient = run(load, { minReplicas: 2, initializationPeriodSeconds: 660 }, changes);
    expect(patient.totals.mostReplicas).to.equal(3);
    expect(overshot.totals.mostReplicas).to.be.greaterThan(patient.totals.mostReplicas);
  });
});
