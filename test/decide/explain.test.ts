import { expect } from 'chai';
import { decide } from '../../src/decide/decide.ts';
import type { DecideInput } from '../../src/decide/decide-input.ts';
import { explain } from '../../src/decide/explain.ts';
import { limiterText } from '../../src/decide/explain-limiters.ts';
import type { MetricSpec } from '../../src/decide/policy.ts';
import type { MetricReading } from '../../src/decide/snapshot.ts';
import * as given from './builders.ts';

const explained = (changes: Partial<DecideInput>) => explain(decide(given.input(changes)));

const by = (metric: MetricSpec, reading: MetricReading): Partial<DecideInput> => ({
  policy: given.policy({ metrics: [metric] }),
  snapshot: given.snapshot(2, [reading]),
});

const hits = { name: 'hits' };
const ingress = { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', name: 'front' };

const cases: Record<string, [Partial<DecideInput>, string]> = {
  'says what one metric asks for': [
    { snapshot: given.snapshot(1, [given.usages(1830)]) },
    '1 -> 4: cpu at 183 % of request against 50 % asks for 4 (1 pod counted)',
  ],
  'says why nothing happens': [
    {},
    'stays at 1: cpu at 50 % of request against 50 % asks for 1 (no change: ratio 1 within 0.9-1.1, 1 pod counted)',
  ],
  'tells which pods did not count': [
    {
      snapshot: given.snapshot(2, [given.usages(200, 200)], {
        pods: [
          given.pod('web-0'),
          given.pod('web-1', { phase: 'Pending' }),
          given.pod('web-2'),
          given.pod('web-3', { deleting: true }),
        ],
      }),
    },
    'stays at 2: cpu at 20 % of request against 50 % asks for 2 (2 instead of 1: pods without usable metrics could turn it round, 1 pod counted, 1 not ready, 1 without metrics counted at 100 %, 1 ignored)',
  ],
  'names each limiter with from and to': [
    {
      snapshot: given.snapshot(1, [given.usages(100)]),
      history: given.history({ recommendations: [{ atMs: given.now - given.minutes, replicas: 9 }] }),
    },
    '1 -> 4: cpu at 10 % of request against 50 % asks for 1 (1 pod counted); 9 instead of 1: scale-down held for 4 m more by the recommendation of 9 from 1 m ago; 4 instead of 9: scale-up limited to twice the replicas, or 4, in one step',
  ],
  'tells what idle pods make of a rise': [
    {
      snapshot: given.snapshot(5, [given.usages(950, 950, 950, 950)], {
        pods: [...given.pods(4), given.pod('web-4', { phase: 'Pending' })],
      }),
    },
    '5 -> 8: cpu at 95 % of request against 50 % asks for 8 (4 pods counted, 1 not ready counted as 0)',
  ],
  'tells what is left of a rate, and until when': [
    {
      policy: given.policy({
        maxReplicas: 100,
        behavior: given.behavior({ policies: [{ type: 'Pods', value: 4, periodSeconds: 15 }] }),
      }),
      snapshot: given.snapshot(5, [given.usages(900, 900, 900, 900, 900)]),
      history: given.history({
        scaleUps: [{ atMs: given.now - 13 * given.seconds, change: 1, outdated: false }],
      }),
    },
    '5 -> 8: cpu at 90 % of request against 50 % asks for 9 (5 pods counted); 8 instead of 9: scale-up limited to +4 in 15 s from 4, more in 2 s',
  ],
  'tells a rate in percent': [
    {
      policy: given.policy({
        behavior: given.behavior(
          {},
          {
            stabilizationWindowSeconds: 0,
            policies: [{ type: 'Percent', value: 10, periodSeconds: 60 }],
          },
        ),
      }),
      snapshot: given.snapshot(10, [given.usages(...Array.from({ length: 10 }, () => 100))]),
    },
    '10 -> 9: cpu at 10 % of request against 50 % asks for 2 (10 pods counted); 9 instead of 2: scale-down limited to -10 % in 1 m from 10, more in 1 m',
  ],
  'says that a direction is disabled': [
    {
      policy: given.policy({ behavior: given.behavior({ selectPolicy: 'Disabled' }) }),
      snapshot: given.snapshot(1, [given.usages(1000)]),
    },
    'stays at 1: cpu at 100 % of request against 50 % asks for 2 (1 pod counted); 1 instead of 2: scale-up is disabled',
  ],
  'says how long a rise is held, and by what': [
    {
      policy: given.policy({ behavior: given.behavior({ stabilizationWindowSeconds: 300 }) }),
      snapshot: given.snapshot(2, [given.usages(1000, 1000)]),
      history: given.history({
        recommendations: [{ atMs: given.now - 30 * given.seconds, replicas: 1 }],
      }),
    },
    'stays at 2: cpu at 100 % of request against 50 % asks for 4 (2 pods counted); 2 instead of 4: scale-up held for 4 m 30 s more by the recommendation of 1 from 30 s ago',
  ],
  'says what the tolerance is worth': [
    { snapshot: given.snapshot(3, [given.usages(540, 540, 540)]) },
    'stays at 3: cpu at 54 % of request against 50 % asks for 3 (3 instead of 4: ratio 1.08 within 0.9-1.1, 3 pods counted)',
  ],
  'tells a tolerance that is not the same both ways': [
    {
      policy: given.policy({ behavior: given.behavior({ tolerance: 0.2 }, { tolerance: 0.05 }) }),
      snapshot: given.snapshot(1, [given.usages(580)]),
    },
    'stays at 1: cpu at 58 % of request against 50 % asks for 1 (1 instead of 2: ratio 1.16 within 0.95-1.2, 1 pod counted)',
  ],
  'says that the minimum is kept': [
    {
      policy: given.policy({ minReplicas: 2 }),
      snapshot: given.snapshot(3, [given.usages(10, 10, 10)]),
    },
    '3 -> 2: cpu at 1 % of request against 50 % asks for 1 (3 pods counted); 2 instead of 1: raised to minReplicas',
  ],
  'says how old a sample is once that matters': [
    {
      snapshot: given.snapshot(1, [
        {
          type: 'Resource',
          usage: { ok: true, value: [given.usage('web-0', 500, { timestampMs: given.now - 90_000 })] },
        },
      ]),
    },
    'stays at 1: cpu at 50 % of request against 50 % asks for 1 (no change: ratio 1 within 0.9-1.1, 1 pod counted, oldest sample 1 m 30 s old)',
  ],
  'has no word for a sample of just a minute ago': [
    {
      snapshot: given.snapshot(1, [
        {
          type: 'Resource',
          usage: { ok: true, value: [given.usage('web-0', 500, { timestampMs: given.now - 60_000 })] },
        },
      ]),
    },
    'stays at 1: cpu at 50 % of request against 50 % asks for 1 (no change: ratio 1 within 0.9-1.1, 1 pod counted)',
  ],
  'says that a metric was held beside that metric only': [
    {
      policy: given.policy({ metrics: [given.cpuAt50Percent, given.queueOf10] }),
      snapshot: given.snapshot(1, [given.usages(500), given.queue(30)]),
    },
    '1 -> 3: cpu at 50 % of request against 50 % asks for 1 (no change: ratio 1 within 0.9-1.1, 1 pod counted); external queue at 30 on average against 10 asks for 3 and wins',
  ],
  'says that a count is held until now, at the edge of the window': [
    {
      snapshot: given.snapshot(2, [given.usages(100, 100)]),
      history: given.history({ recommendations: [{ atMs: given.now - 5 * given.minutes, replicas: 2 }] }),
    },
    'stays at 2: cpu at 10 % of request against 50 % asks for 1 (2 pods counted); 2 instead of 1: scale-down held until now by the recommendation of 2 from 5 m ago',
  ],
  'says what pods without a sample count as on average': [
    {
      policy: given.policy({
        metrics: [
          { type: 'Resource', resource: 'cpu', target: { type: 'AverageValue', averageMilli: 500n } },
        ],
      }),
      snapshot: given.snapshot(3, [given.usages(100, 100)]),
    },
    '3 -> 2: cpu at 100m on average against 500m asks for 2 (2 pods counted, 1 without metrics counted at the target)',
  ],
  'says which of several metrics wins': [
    {
      policy: given.policy({ metrics: [given.cpuAt50Percent, given.queueOf10] }),
      snapshot: given.snapshot(1, [given.usages(1000), given.queue(30)]),
    },
    '1 -> 3: cpu at 100 % of request against 50 % asks for 2 (1 pod counted); external queue at 30 on average against 10 asks for 3 and wins',
  ],
  'writes memory in binary units': [
    by(
      {
        type: 'Resource',
        resource: 'memory',
        target: { type: 'AverageValue', averageMilli: 2n ** 30n * 1000n },
      },
      {
        type: 'Resource',
        usage: {
          ok: true,
          value: [0, 1].map((index) =>
            given.usage(`web-${index}`, 0, {
              containers: [{ name: 'app', usage: { memory: 2 ** 29 * 1000 } }],
            }),
          ),
        },
      },
    ),
    '2 -> 1: memory at 512Mi on average against 1Gi asks for 1 (2 pods counted)',
  ],
  'rounds what would be many digits': [
    by(
      {
        type: 'Resource',
        resource: 'memory',
        target: { type: 'AverageValue', averageMilli: 100n * 2n ** 20n * 1000n },
      },
      {
        type: 'Resource',
        usage: {
          ok: true,
          value: [0, 1].map((index) =>
            given.usage(`web-${index}`, 0, {
              containers: [{ name: 'app', usage: { memory: 32_968_617 * 1000 } }],
            }),
          ),
        },
      },
    ),
    '2 -> 1: memory at 31.4Mi on average against 100Mi asks for 1 (2 pods counted)',
  ],
  'names the container of a container metric': [
    by(
      {
        type: 'ContainerResource',
        resource: 'cpu',
        container: 'app',
        target: { type: 'Utilization', averageUtilization: 50 },
      },
      {
        type: 'ContainerResource',
        usage: { ok: true, value: [given.usage('web-0', 500), given.usage('web-1', 500)] },
      },
    ),
    'stays at 2: cpu of container app at 50 % of request against 50 % asks for 2 (no change: ratio 1 within 0.9-1.1, 2 pods counted)',
  ],
  'names a metric of pods': [
    by(
      { type: 'Pods', metric: hits, target: { type: 'AverageValue', averageMilli: 1000n } },
      {
        type: 'Pods',
        samples: {
          ok: true,
          value: [0, 1].map((index) => ({
            podName: `web-${index}`,
            timestampMs: given.now,
            windowMs: 60_000,
            milli: 1500n,
          })),
        },
      },
    ),
    '2 -> 3: hits of pods at 1500m on average against 1 asks for 3 (2 pods counted)',
  ],
  'names the object that a metric describes': [
    by(
      {
        type: 'Object',
        metric: hits,
        describedObject: ingress,
        target: { type: 'Value', valueMilli: 100_000n },
      },
      { type: 'Object', milli: { ok: true, value: 200_000n } },
    ),
    '2 -> 4: hits of Ingress front at 200 against 100 asks for 4 (2 pods counted)',
  ],
  'tells the whole of a metric where there are no replicas to share it': [
    {
      policy: given.policy({ metrics: [given.queueOf10], minReplicas: 0 }),
      snapshot: given.snapshot(0, [given.queue(25)], {
        status: {
          ...given.noStatus,
          conditions: [
            {
              type: 'ScaledToZero',
              status: 'True',
              reason: 'ScaledToZero',
              message: '',
              lastTransitionAtMs: given.now,
            },
          ],
        },
      }),
      options: given.scaleToZero,
    },
    '0 -> 3: external queue at 25 in all against 10 for each replica asks for 3',
  ],
  'names an external metric': [
    by(given.queueOf10, given.queue(30)),
    '2 -> 3: external queue at 15 on average against 10 asks for 3',
  ],
  'says why there is no answer': [
    { snapshot: given.snapshot(1, [given.usages()]) },
    'stays at 1: no answer from a metric (failed to get cpu utilization: unable to get metrics for resource cpu: no metrics returned from resource metrics API)',
  ],
  'says that a part of the metrics takes nothing away': [
    {
      policy: given.policy({ metrics: [given.cpuAt50Percent, { type: 'Unknown', given: 'X' }] }),
      snapshot: given.snapshot(2, [given.usages(100, 100), { type: 'Unknown' }]),
    },
    'stays at 2: cpu at 10 % of request against 50 % asks for 1 (2 pods counted); no answer from a metric (unknown metric source type "X"); no scale-down while a metric has no answer',
  ],
  'stays on one line whatever a server answered': [
    {
      policy: given.policy({ metrics: [given.queueOf10] }),
      snapshot: given.snapshot(1, [
        { type: 'External', milli: { ok: false, message: 'bad\ngateway \n\n  try later' } },
      ]),
    },
    'stays at 1: no answer from a metric (unable to get external metric default/queue/nil: unable to fetch metrics from external metrics API: bad gateway try later)',
  ],
  'says that the pods cannot be told': [
    { snapshot: given.snapshot(1, [], { target: { ok: true, value: given.scale(1, { selector: '' }) } }) },
    'stays at 1: selector is required',
  ],
  'tells of a failed metric beside a good one': [
    {
      policy: given.policy({ metrics: [given.cpuAt50Percent, { type: 'Unknown', given: 'X' }] }),
      snapshot: given.snapshot(1, [given.usages(1000), { type: 'Unknown' }]),
    },
    '1 -> 2: cpu at 100 % of request against 50 % asks for 2 and wins (1 pod counted); no answer from a metric (unknown metric source type "X")',
  ],
  'says that the range was left': [
    { snapshot: given.snapshot(12, [given.usages()]) },
    '12 -> 10: 10 instead of 12: limited by maxReplicas',
  ],
  'says that a target at zero is left alone': [
    { snapshot: given.snapshot(0, [given.usages()]) },
    'stays at 0: autoscaling is switched off while the target is at 0 replicas',
  ],
  'says that the target cannot be read': [
    { snapshot: given.snapshot(1, [], { target: { ok: false, message: 'not found' } }) },
    "no decision: the target's scale cannot be read (not found)",
  ],
};

describe('a decision in words', () => {
  for (const [sentence, [changes, words]] of Object.entries(cases)) {
    it(sentence, () => {
      expect(explained(changes)).to.equal(words);
    });
  }
});

describe('a limiter in words', () => {
  it('is held by recent recommendations when its mark names none', () => {
    const mark = { limiter: 'stabilization', from: 1, to: 9, reason: 'ScaleDownStabilized' } as const;
    expect(limiterText(mark, given.now)).to.equal('9 instead of 1: held by recent recommendations');
  });
});
