import { expect } from 'chai';
import { evaluate } from '../../../src/decide/metrics/evaluate.ts';
import type { Tick } from '../../../src/decide/metrics/tick.ts';
import type { MetricSpec, MetricTarget } from '../../../src/decide/policy.ts';
import type { Proposal } from '../../../src/decide/proposal.ts';
import type { MetricReading } from '../../../src/decide/snapshot.ts';
import * as given from '../builders.ts';

const tick: Tick = {
  namespace: 'default',
  scale: given.scale(2),
  pods: given.pods(2),
  tolerance: { up: 0.1, down: 0.1 },
  options: given.options,
  nowMs: given.now,
};
const value: MetricTarget = { type: 'Value', valueMilli: 1000n };
const average: MetricTarget = { type: 'AverageValue', averageMilli: 1000n };
const metric = { name: 'hits' };
const badSelector = { name: 'hits', selector: { matchLabels: { path: 'not a label' } } };
const describedObject = { apiVersion: 'v1', kind: 'Service', name: 'front' };

const container = (target: MetricTarget): MetricSpec => ({
  type: 'ContainerResource',
  resource: 'cpu',
  container: 'app',
  target,
});
const resource = (target: MetricTarget, name = 'cpu'): MetricSpec => ({
  type: 'Resource',
  resource: name,
  target,
});
const pods = (changes = {}): MetricSpec => ({ type: 'Pods', metric, target: average, ...changes });
const object = (target: MetricTarget, changes = {}): MetricSpec => ({
  type: 'Object',
  metric,
  describedObject,
  target,
  ...changes,
});
const external = (target: MetricTarget, changes = {}): MetricSpec => ({
  type: 'External',
  metric,
  target,
  ...changes,
});

const usage = given.usages(500, 500);
const containerUsage: MetricReading = { ...usage, type: 'ContainerResource' } as MetricReading;
const samples: MetricReading = {
  type: 'Pods',
  samples: {
    ok: true,
    value: [{ podName: 'web-0', timestampMs: given.now, windowMs: 60_000, milli: 1000n }],
  },
};
const one: MetricReading = { type: 'Object', milli: { ok: true, value: 1000n } };
const series: MetricReading = { type: 'External', milli: { ok: true, value: [1000n] } };

const lost = { ok: false, message: 'gone' } as const;
const percent: MetricTarget = { type: 'Utilization', averageUtilization: 50 };

const evaluated = (spec: MetricSpec, reading: MetricReading, changes: Partial<Tick> = {}): Proposal =>
  evaluate(spec, reading, { ...tick, ...changes });

describe("a metric's name in messages", () => {
  const names: Record<string, [MetricSpec, MetricReading]> = {
    'cpu resource utilization (percentage of request)': [resource(percent), usage],
    'cpu resource': [resource(average), usage],
    'cpu container resource utilization (percentage of request)': [container(percent), containerUsage],
    'pods metric hits': [pods(), samples],
    'Service metric hits': [object(value), one],
    'external metric hits(nil)': [object(average), one],
  };
  for (const [name, [spec, reading]] of Object.entries(names)) {
    it(`is "${name}"`, () => {
      const proposal = evaluated(spec, reading);
      expect(proposal.ok && proposal.description).to.equal(name);
    });
  }

  it('is the same for a value and an average from outside the cluster', () => {
    for (const target of [value, average]) {
      const proposal = evaluated(external(target), series);
      expect(proposal.ok && proposal.description).to.equal('external metric hits(nil)');
    }
  });

  it('prints an empty selector as Go does', () => {
    const proposal = evaluated(external(value, { metric: { name: 'hits', selector: {} } }), series);
    expect(proposal.ok && proposal.description).to.equal(
      'external metric hits(&LabelSelector{MatchLabels:map[string]string{},MatchExpressions:[]LabelSelectorRequirement{},})',
    );
  });
});

interface Failure {
  readonly given: [MetricSpec, MetricReading, Partial<Tick>?];
  readonly reason: string;
  readonly message: string;
  readonly error: string;
}

const noPods = 'no pods returned by selector while calculating replica count';

const failures: Record<string, Failure> = {
  'of which no pod can be counted': {
    given: [resource(average), usage, { pods: [] }],
    reason: 'FailedGetResourceMetric',
    message: `failed to get cpu usage: ${noPods}`,
    error: `failed to get cpu resource metric value: failed to get cpu usage: ${noPods}`,
  },
  'of pods that could not be fetched': {
    given: [pods(), { type: 'Pods', samples: lost }],
    reason: 'FailedGetPodsMetric',
    message: 'unable to get metric hits: unable to fetch metrics from custom metrics API: gone',
    error:
      'failed to get pods metric value: unable to get metric hits: unable to fetch metrics from custom metrics API: gone',
  },
  'of an object, for a value, that could not be fetched': {
    given: [object(value), { type: 'Object', milli: lost }],
    reason: 'FailedGetObjectMetric',
    message:
      'unable to get metric hits: Service on default front/unable to fetch metrics from custom metrics API: gone',
    error:
      'failed to get object metric value: unable to get metric hits: Service on default front/unable to fetch metrics from custom metrics API: gone',
  },
  'of an object, for an average, that could not be fetched': {
    given: [object(average), { type: 'Object', milli: lost }],
    reason: 'FailedGetObjectMetric',
    message:
      'unable to get metric hits: Service on default front/unable to fetch metrics from custom metrics API: gone',
    error:
      'failed to get object metric value: failed to get hits object metric: unable to get metric hits: Service on default front/unable to fetch metrics from custom metrics API: gone',
  },
  'of an object without a target': {
    given: [object({ type: 'AverageValue', valueMilli: 1n }), one],
    reason: 'FailedGetObjectMetric',
    message: 'invalid object metric source: neither a value target nor an average value target was set',
    error:
      'failed to get object metric value: invalid object metric source: neither a value target nor an average value target was set',
  },
  'of an object whose value is not for the type of its target': {
    given: [object({ type: 'Utilization', valueMilli: 1n, averageMilli: 1n }), one],
    reason: 'FailedGetObjectMetric',
    message: 'invalid object metric source: neither a value target nor an average value target was set',
    error:
      'failed to get object metric value: invalid object metric source: neither a value target nor an average value target was set',
  },
  'from outside, for a value, that has no pods': {
    given: [external(value), { type: 'External', milli: { ok: true, value: [9000n] } }, { pods: [] }],
    reason: 'FailedGetExternalMetric',
    message: `unable to calculate ready pods: ${noPods}`,
    error: `failed to get hits external metric value: failed to get hits external metric: unable to calculate ready pods: ${noPods}`,
  },
  'from outside without a target': {
    given: [external({ type: 'Value' }), series],
    reason: 'FailedGetExternalMetric',
    message: 'invalid external metric source: neither a value target nor an average value target was set',
    error:
      'failed to get hits external metric value: invalid external metric source: neither a value target nor an average value target was set',
  },
};

describe('a metric that failed', () => {
  for (const [sentence, { given: args, reason, message, error }] of Object.entries(failures)) {
    it(`${sentence} says so in upstream's words`, () => {
      expect(evaluated(...args)).to.deep.equal({ ok: false, reason, message, error });
    });
  }

  it('of an object says so when its selector is refused', () => {
    const proposal = evaluated(object(value, { metric: badSelector }), one);
    expect(proposal.ok ? '' : proposal.error).to.equal(
      `failed to get object metric value: ${proposal.ok ? '' : proposal.message}`,
    );
    expect(proposal.ok ? '' : proposal.message).to.match(/not a label/);
  });
});

describe("a metric's figures for people", () => {
  const format = (spec: MetricSpec) => {
    const proposal = evaluated(spec, usage);
    return proposal.ok && proposal.inputs.compared.of !== 'utilization' && proposal.inputs.compared.format;
  };

  it('are in powers of two for memory alone', () => {
    expect(format(resource(average, 'memory'))).to.equal('BinarySI');
    expect(format(resource(average, 'cpu'))).to.equal('DecimalSI');
    const proposal = evaluated(pods(), samples);
    expect(proposal.ok && proposal.inputs.compared).to.deep.equal({
      of: 'average',
      milli: 1000n,
      targetMilli: 1000n,
      format: 'DecimalSI',
    });
  });

  it('show the average of an object for each replica, rounded up', () => {
    const proposal = evaluated(object(average), { type: 'Object', milli: { ok: true, value: 1001n } });
    expect(proposal.ok && proposal.status).to.deep.equal({
      type: 'Object',
      metric,
      describedObject,
      averageMilli: 501n,
    });
    expect(proposal.ok && proposal.inputs).to.deep.include({ usageRatio: 0.5005, decidingRatio: 0.5005 });
  });

  it('tell what the ratio asks for, and that the tolerance held it', () => {
    const many = { scale: given.scale(20), pods: given.pods(20) };
    const outside = (milli: bigint): MetricReading => ({
      type: 'External',
      milli: { ok: true, value: [milli] },
    });
    const byValue = evaluated(external(value), outside(1080n), many);
    expect(byValue.ok && byValue.replicas).to.equal(20);
    expect(byValue.ok && byValue.inputs).to.deep.include({ askedReplicas: 22, held: 'WithinTolerance' });
    const byAverage = evaluated(external(average), outside(21_500n), many);
    expect(byAverage.ok && byAverage.replicas).to.equal(20);
    expect(byAverage.ok && byAverage.inputs).to.deep.include({ askedReplicas: 22, held: 'WithinTolerance' });
    const beyond = evaluated(external(value), outside(1500n), many);
    expect(beyond.ok && beyond.inputs).to.deep.include({ usageRatio: 1.5, askedReplicas: 30 });
    expect(beyond.ok && beyond.inputs).not.to.have.property('held');
  });

  it('tell the ratio alone where there is no replica to multiply it by', () => {
    const none = { scale: given.scale(0), pods: [] };
    const reading: MetricReading = { type: 'External', milli: { ok: true, value: [2500n] } };
    const proposal = evaluated(external(value), reading, none);
    expect(proposal.ok && proposal.inputs).to.deep.include({
      compared: { of: 'value', milli: 2500n, targetMilli: 1000n, format: 'DecimalSI' },
      usageRatio: 2.5,
      decidingRatio: 2.5,
      askedReplicas: 3,
    });
  });

  it('hold no utilization for a plain average', () => {
    const proposal = evaluated(resource(average), usage);
    expect(proposal.ok && proposal.status).to.deep.equal({
      type: 'Resource',
      resource: 'cpu',
      averageMilli: 500n,
    });
  });
});

describe('a pod that is starting', () => {
  const starting = given.pods(2, { ready: { status: 'False', sinceMs: given.now }, startedAtMs: given.now });
  const groups = (proposal: Proposal) => (proposal.ok ? proposal.inputs.pods?.ready.count : proposal.message);

  it('does not count for cpu, as its usage is that of a start', () => {
    expect(groups(evaluated(resource(average), usage, { pods: starting }))).to.match(
      /did not receive metrics/,
    );
  });

  it('counts for memory, and for metrics of its own', () => {
    expect(groups(evaluated(resource(average, 'memory'), usage, { pods: starting }))).to.equal(2);
    expect(groups(evaluated(pods(), samples, { pods: starting }))).to.equal(1);
  });
});
