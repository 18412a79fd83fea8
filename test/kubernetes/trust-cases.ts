import { expect } from 'chai';
import { eventually } from '../support/wait.ts';
import { cpuMetric } from './support/place.ts';
import type { Place } from './support/place.ts';
import type { Operators } from './support/operator.ts';
import { before } from './support/pod-state.ts';

const ownOperator = { labels: { operator: 'own' } };

/** Of which each replica takes 10. */
function queue(options: object = {}): object {
  const external = { metric: { name: 'waiting' }, target: { type: 'AverageValue', averageValue: '10' } };
  return { type: 'External', external, ...options };
}

/** Metrics that fail, are late, or show a sudden zero. */
export const trustCases = {
  'holds, ignores or replaces a metric that fails, as it says': async (place: Place) => {
    const onErrors = {
      held: { type: 'Hold' },
      ignored: { type: 'Ignore' },
      replaced: { type: 'Fallback', afterSeconds: 2, replicas: 6 },
      kept: { type: 'Fallback', afterSeconds: 0, replicas: 9, behavior: 'CurrentReplicasIfLower' },
    };
    const run = async ([name, onError]: [string, object]) => {
      const workload = await place.run({ name, replicas: 4 });
      place.load(name, 90);
      await place.autoscale(workload, { metrics: [cpuMetric, queue({ onError })] });
      return [name, workload] as const;
    };
    const workloads = Object.fromEntries(await Promise.all(Object.entries(onErrors).map(run)));
    await place.scalesTo(workloads.ignored!, 2);
    await place.scalesTo(workloads.replaced!, 6);
    await place.has('held', 'MetricFailing=True Held');
    await place.has('ignored', 'MetricFailing=True Ignored');
    await place.has('replaced', 'MetricFailing=True Fallback');
    await place.has('kept', 'ScalingActive=True FallbackActive');
    expect((await place.status('replaced')).fallback).to.include({ replicas: 6 });
    await place.event('replaced', /^SuccessfulRescale New size: 6; reason: Fallback of external waiting$/);
    await place.stays(workloads.held!, 4);
    await place.stays(workloads.kept!, 4);
    place.external('waiting', 30);
    await Promise.all(Object.values(workloads).map((workload) => place.scalesTo(workload, 3)));
    await place.has('replaced', 'MetricFailing=False MetricsAnswer');
  },

  'counts the time of a failure on over a restart': async (place: Place, operators: Operators) => {
    const web = await place.run({ name: 'web', replicas: 2 });
    const own = { selector: 'operator=own', namespace: place.namespace };
    const first = await operators.start(own);
    const onError = { type: 'Fallback', afterSeconds: 8, replicas: 5 };
    await place.autoscale(web, { metrics: [queue({ onError })] }, ownOperator);
    await place.has('web', 'MetricFailing=True Held');
    const since = (await place.status('web')).history?.metrics?.[0]?.failingSince;
    expect(since).to.be.a('string');
    await first.stop('SIGKILL');
    await operators.start(own);
    await place.scalesTo(web, 5);
    expect((await place.status('web')).history?.metrics?.[0]?.failingSince).to.equal(since);
  },

  'takes no value that is older than it may be': async (place: Place) => {
    const web = await place.run({ name: 'web', replicas: 2 });
    place.external('waiting', 50, before(300));
    await place.autoscale(web, { metrics: [queue({ maxAgeSeconds: 120 })] });
    await place.has('web', 'MetricFailing=True Held');
    await place.stays(web, 2);
    place.external('waiting', 50);
    await place.scalesTo(web, 5);
  },

  'believes a sudden zero only when it has lasted': async (place: Place) => {
    const web = await place.run({ name: 'web', replicas: 2 });
    place.external('waiting', 40);
    await place.autoscale(web, { metrics: [queue({ suspectZeroSeconds: 8 })] });
    await place.scalesTo(web, 4);
    place.external('waiting', 0);
    await place.has('web', 'MetricFailing=True Held');
    expect(await place.replicas(web)).to.equal(4);
    await place.scalesTo(web, 1);
    await place.has('web', 'MetricFailing=False MetricsAnswer');
  },

  'wakes a target only above the activation, and measures its cold start': async (place: Place) => {
    const justNow = { phase: 'Running', ready: true, startedAgoSeconds: 0, changedAgoSeconds: 0 } as const;
    const web = await place.run({ name: 'web', replicas: 1 }, () => justNow);
    place.external('waiting', 0);
    await place.autoscale(web, { minReplicas: 0, metrics: [queue({ activation: '5' })] });
    await place.scalesTo(web, 0);
    await place.has('web', 'ScaledToZero=True ScaledToZero');
    place.external('waiting', 5);
    await place.stays(web, 0);
    place.external('waiting', 20);
    await place.scalesTo(web, 2);
    const coldStart = await eventually('a cold start', async () => (await place.status('web')).coldStart);
    expect(coldStart.seconds).to.be.at.least(0);
  },

  'acts once on each sample with requireFreshSamples': async (place: Place) => {
    const web = await place.run({ name: 'web', replicas: 1 });
    place.external('waiting', 90, before(60));
    const scaleUp = { policies: [{ type: 'Pods', value: 1, periodSeconds: 1 }] };
    const spec = { requireFreshSamples: true, behavior: { scaleUp }, metrics: [queue()] };
    await place.autoscale(web, spec);
    await place.decides('web', /has led to a rescale already/);
    await place.stays(web, 2);
    place.external('waiting', 90, before(0));
    await place.scalesTo(web, 3);
    await place.stays(web, 3);
  },

  'decides as often as it says': async (place: Place) => {
    const web = await place.run({ name: 'web', replicas: 2 });
    const readMs: number[] = [];
    place.stage.metrics.externalMetric(place.namespace, 'waiting', () => {
      readMs.push(performance.now());
      return [{ labels: {}, milli: 20_000 }];
    });
    const fromMs = performance.now();
    await place.autoscale(web, { syncPeriodSeconds: 5, metrics: [queue()] });
    await eventually('four decisions', () => readMs.length >= 4);
    // The first is of the new object, and the three others have two periods between them.
    expect(readMs[3]! - fromMs, 'two periods of 5 s').to.be.above(9800);
  },
};
