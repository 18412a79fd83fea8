import { expect } from 'chai';
import { proposeExternal } from '../../../src/decide/metrics/external.ts';
import { proposeObject } from '../../../src/decide/metrics/object.ts';
import { proposePods } from '../../../src/decide/metrics/pods.ts';
import type { Tick } from '../../../src/decide/metrics/tick.ts';
import type { MetricTarget } from '../../../src/decide/policy.ts';
import type { Proposal } from '../../../src/decide/proposal.ts';
import * as given from '../builders.ts';

const tick = (replicas: number, changes: Partial<Tick> = {}): Tick => ({
  namespace: 'default',
  scale: given.scale(replicas),
  pods: given.pods(replicas),
  tolerance: { up: 0.1, down: 0.1 },
  options: given.options,
  nowMs: given.now,
  ...changes,
});
const value = (valueMilli: bigint): MetricTarget => ({ type: 'Value', valueMilli });
const average = (averageMilli: bigint): MetricTarget => ({ type: 'AverageValue', averageMilli });
const metric = { name: 'hits' };
const describedObject = { apiVersion: 'v1', kind: 'Service', name: 'front' };
const badSelector = { name: 'hits', selector: { matchLabels: { path: 'not a label' } } };
const maxInt64 = 2n ** 63n - 1n;

const external = (target: MetricTarget, series: readonly bigint[], on: Tick): Proposal =>
  proposeExternal({ type: 'External', metric, target }, { ok: true, value: series }, on);
const object = (target: MetricTarget, milli: bigint, on: Tick): Proposal =>
  proposeObject({ type: 'Object', metric, describedObject, target }, { ok: true, value: milli }, on);

const outcome = (proposal: Proposal) => (proposal.ok ? proposal.replicas : proposal.message);
const status = (proposal: Proposal) => (proposal.ok ? proposal.status : undefined);

const cases: Record<string, [() => Proposal, number | string]> = {
  'multiplies a value by the ready pods': [() => external(value(100n), [150n], tick(4)), 6],
  'counts only running and ready pods for a value': [
    () =>
      external(
        value(100n),
        [150n],
        tick(4, {
          pods: [
            ...given.pods(2),
            given.pod('p', { phase: 'Pending' }),
            given.pod('u', { ready: { status: 'Unknown', sinceMs: 0 } }),
          ],
        }),
      ),
    3,
  ],
  'does not count a pod without a Ready condition for a value': [
    () => external(value(100n), [150n], tick(4, { pods: [...given.pods(2), { ...given.bare, name: 'x' }] })),
    3,
  ],
  'keeps the current replicas within the tolerance': [() => external(value(100n), [110n], tick(4)), 4],
  'has no answer for a value without pods': [
    () => external(value(100n), [150n], tick(4, { pods: [] })),
    'unable to calculate ready pods: no pods returned by selector while calculating replica count',
  ],
  'asks for none when no pod is ready': [
    () => external(value(100n), [150n], tick(1, { pods: [given.pod('p', { phase: 'Pending' })] })),
    0,
  ],
  'takes the ratio itself from zero, without tolerance': [() => external(value(100n), [101n], tick(0)), 2],
  'divides a total by its target for each replica': [() => external(average(10n), [15n, 20n], tick(2)), 4],
  "holds an average against the target's own count of replicas": [
    () => external(average(10n), [30n], tick(5, { scale: given.scale(5, { statusReplicas: 3 }) })),
    3,
  ],
  'needs no pods for an average': [() => external(average(10n), [35n], tick(2, { pods: [] })), 4],
  'asks for as many as there can be beyond all bounds': [
    () => external(average(1n), [maxInt64], tick(2)),
    2 ** 31 - 1,
  ],
  'prefers an average where an external metric has both': [
    () => external({ ...value(1n), ...average(10n) }, [20n], tick(2)),
    2,
  ],
  'has no answer for an external metric without a target': [
    () => external({ type: 'Value' }, [1n], tick(1)),
    'invalid external metric source: neither a value target nor an average value target was set',
  ],
  'has no answer without series': [
    () => external(value(1n), [], tick(1)),
    'unable to get external metric default/hits/nil: no metrics returned from external metrics API',
  ],
  'multiplies the value of an object': [() => object(value(100n), 150n, tick(4)), 6],
  'divides the value of an object': [() => object(average(10n), 35n, tick(2)), 4],
  'goes by the type of an object target where both are set': [
    () => object({ type: 'Value', valueMilli: 100n, averageMilli: 1n }, 100n, tick(4)),
    4,
  ],
  'has no answer for an object whose target is not the one named': [
    () => object({ type: 'Value', averageMilli: 1n }, 1n, tick(1)),
    'invalid object metric source: neither a value target nor an average value target was set',
  ],
  'has no answer for an object without pods': [
    () => object(value(100n), 150n, tick(4, { pods: [] })),
    'unable to calculate ready pods: no pods returned by selector while calculating replica count',
  ],
};

describe('metrics of one number', () => {
  for (const [sentence, [proposal, expected]] of Object.entries(cases)) {
    it(sentence, () => {
      expect(outcome(proposal())).to.equal(expected);
    });
  }

  it('show an average rounded up', () => {
    expect(status(external(average(10n), [10n], tick(3)))).to.deep.include({ averageMilli: 4n });
  });

  it('show a value as the sum', () => {
    expect(status(external(value(10n), [10n, 5n], tick(3)))).to.deep.include({ valueMilli: 15n });
  });

  it('stop a sum at the largest quantity', () => {
    expect(status(external(value(10n), [maxInt64, 5n], tick(3)))).to.deep.include({ valueMilli: maxInt64 });
  });

  it('take a negative running sum for an overflow, as upstream does', () => {
    expect(status(external(average(10n), [-1n, 5n], tick(3)))).to.deep.include({ averageMilli: maxInt64 });
    expect(status(external(average(10n), [5n, -1n], tick(2)))).to.deep.include({ averageMilli: 2n });
  });

  it('show the smallest quantity for an average over no replicas', () => {
    expect(status(external(average(10n), [5n], tick(0)))).to.deep.include({ averageMilli: -(2n ** 63n) });
  });

  it('show a total beyond the largest quantity as that, for any number of replicas', () => {
    expect(status(external(average(10n), [maxInt64, 1n], tick(3)))).to.deep.include({
      averageMilli: maxInt64,
    });
    expect(status(external(average(10n), [maxInt64], tick(4)))).to.deep.include({ averageMilli: 2n ** 61n });
  });

  it('never show more than the largest quantity', () => {
    expect(status(external(average(10n), [maxInt64], tick(1)))).to.deep.include({ averageMilli: maxInt64 });
  });
});

describe('metrics that cannot be read', () => {
  const gone = { ok: false, message: 'gone' } as const;
  const objectSpec = { type: 'Object', metric, describedObject } as const;

  it('say so in the words of upstream', () => {
    const words = (proposal: Proposal) =>
      proposal.ok ? [] : [proposal.reason, proposal.message, proposal.error];
    const objectCause =
      'unable to get metric hits: Service on default front/unable to fetch metrics from custom metrics API: gone';
    expect(words(proposeObject({ ...objectSpec, target: value(1n) }, gone, tick(1)))).to.deep.equal([
      'FailedGetObjectMetric',
      objectCause,
      `failed to get object metric value: ${objectCause}`,
    ]);
    expect(words(proposeObject({ ...objectSpec, target: average(1n) }, gone, tick(1)))).to.deep.equal([
      'FailedGetObjectMetric',
      objectCause,
      `failed to get object metric value: failed to get hits object metric: ${objectCause}`,
    ]);
    const podsCause = 'unable to get metric hits: unable to fetch metrics from custom metrics API: gone';
    expect(words(proposePods({ type: 'Pods', metric, target: average(1n) }, gone, tick(1)))).to.deep.equal([
      'FailedGetPodsMetric',
      podsCause,
      `failed to get pods metric value: ${podsCause}`,
    ]);
  });

  it('fail where their selector has a value that no label can have', () => {
    const refused = /Invalid value: "not a label"/;
    const none = { ok: true, value: [] } as const;
    const zero = { ok: true, value: 0n } as const;
    const target = average(1n);
    expect(outcome(proposePods({ type: 'Pods', metric: badSelector, target }, none, tick(1)))).to.match(
      refused,
    );
    expect(outcome(proposeObject({ ...objectSpec, metric: badSelector, target }, zero, tick(1)))).to.match(
      refused,
    );
    expect(
      outcome(proposeExternal({ type: 'External', metric: badSelector, target }, none, tick(1))),
    ).to.match(refused);
  });

  it('show a selector as Go prints it', () => {
    const selector = {
      matchLabels: { b: '2', a: '1' },
      matchExpressions: [
        { key: 'c', operator: 'In', values: ['x', 'y'] },
        { key: 'd', operator: 'Exists' },
      ],
    };
    const spec = { type: 'External', metric: { name: 'hits', selector }, target: value(1n) } as const;
    const proposal = proposeExternal(spec, { ok: true, value: [1n] }, tick(1));
    expect(proposal.ok && proposal.description).to.equal(
      'external metric hits(&LabelSelector{MatchLabels:map[string]string{a: 1,b: 2,},MatchExpressions:[]LabelSelectorRequirement{LabelSelectorRequirement{Key:c,Operator:In,Values:[x y],},LabelSelectorRequirement{Key:d,Operator:Exists,Values:[],},},})',
    );
  });
});

describe('a Pods metric', () => {
  const sample = (podName: string, milli: bigint) => ({
    podName,
    milli,
    timestampMs: given.now,
    windowMs: 60_000,
  });
  const propose = (samples: readonly ReturnType<typeof sample>[], on: Tick) =>
    proposePods({ type: 'Pods', metric, target: average(1000n) }, { ok: true, value: samples }, on);

  it('averages over its samples', () => {
    const proposal = propose([sample('web-0', 1000n), sample('web-1', 2001n)], tick(2));
    expect(outcome(proposal)).to.equal(3);
    expect(status(proposal)).to.deep.equal({ type: 'Pods', metric, averageMilli: 1500n });
  });

  it('has no answer without samples', () => {
    expect(outcome(propose([], tick(2)))).to.equal(
      'unable to get metric hits: no metrics returned from custom metrics API',
    );
  });

  it('has no answer without pods', () => {
    expect(outcome(propose([sample('web-0', 1n)], tick(0)))).to.equal(
      'no pods returned by selector while calculating replica count',
    );
  });
});
