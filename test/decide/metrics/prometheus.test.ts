import { expect } from 'chai';
import { decide } from '../../../src/decide/decide.ts';
import type { Decision } from '../../../src/decide/decision.ts';
import { explain } from '../../../src/decide/explain.ts';
import type { MetricSpec, MetricTarget } from '../../../src/decide/policy.ts';
import type { MetricReading, Reading } from '../../../src/decide/snapshot.ts';
import { input, now, options, policy, scale, scaleToZero, seconds, snapshot } from '../builders.ts';

const of10: MetricTarget = { type: 'AverageValue', averageMilli: 10_000n };
const query = 'sum(rate(http_requests_total[1m]))';

function metric(target = of10, changes: Partial<MetricSpec> = {}): MetricSpec {
  return { type: 'Prometheus', server: 'main', query, target, ...changes } as MetricSpec;
}

const reading = (milli: Reading<bigint>): MetricReading => ({
  type: 'Prometheus',
  milli,
  timestampMs: now - 5 * seconds,
});
const value = (milli: bigint): MetricReading => reading({ ok: true, value: milli });

interface Given {
  readonly replicas?: number;
  readonly read: MetricReading;
  readonly spec?: MetricSpec;
}

function decided({ replicas = 4, read, spec = metric() }: Given): Decision {
  return decide(
    input({
      policy: policy({ metrics: [spec], minReplicas: 0 }),
      snapshot: snapshot(replicas, [read], {
        target: { ok: true, value: scale(replicas) },
        status: {
          desiredReplicas: replicas,
          currentMetrics: null,
          conditions: [
            { type: 'ScaledToZero', status: 'True', reason: 'x', message: '', lastTransitionAtMs: now },
          ],
        },
      }),
      options: scaleToZero,
    }),
  );
}

describe('a Prometheus metric', () => {
  const counts: Record<string, [given: Given, replicas: number]> = {
    'is shared by all replicas, rounded up': [{ read: value(45_000n) }, 5],
    'within the tolerance changes nothing': [{ read: value(41_000n) }, 4],
    'of a Value target multiplies the ready pods': [
      { read: value(15_000n), spec: metric({ type: 'Value', valueMilli: 10_000n }) },
      6,
    ],
    'takes the average where both targets are set': [
      { read: value(30_000n), spec: metric({ ...of10, valueMilli: 1n }) },
      3,
    ],
    'beyond all numbers doubles the replicas, the most in a step': [{ read: value(10n ** 30n) }, 8],
    'brings a target back from zero': [{ replicas: 0, read: value(1n) }, 1],
    'brings as many back from zero as it needs': [{ replicas: 0, read: value(35_000n) }, 4],
    'brings a target back from zero by a Value': [
      { replicas: 0, read: value(35_000n), spec: metric({ type: 'Value', valueMilli: 10_000n }) },
      4,
    ],
    'of zero leaves a target at zero': [{ replicas: 0, read: value(0n) }, 0],
    'at its activation leaves a target at zero': [
      { replicas: 0, read: value(5000n), spec: metric(of10, { activationMilli: 5000n }) },
      0,
    ],
    'above its activation brings a target back': [
      { replicas: 0, read: value(5001n), spec: metric(of10, { activationMilli: 5000n }) },
      1,
    ],
    'that failed leaves a target at zero': [
      { replicas: 0, read: reading({ ok: false, message: 'connection refused' }) },
      0,
    ],
    'that failed leaves all as it is': [{ read: reading({ ok: false, message: 'connection refused' }) }, 4],
  };
  for (const [title, [given, replicas]] of Object.entries(counts))
    it(title, () => {
      expect(decided(given).desiredReplicas).to.equal(replicas);
    });

  it('of zero asks for none, which is more than an error does', () => {
    const decision = decided({ read: value(0n) });
    expect(decision.trace.proposals[0]).to.include({ ok: true, replicas: 0 });
  });

  it('shows its value in the status', () => {
    const shown = (read: MetricReading, spec: MetricSpec) => decided({ read, spec }).trace.proposals[0];
    expect(shown(value(45_000n), metric())).to.have.deep.property('status', {
      ...{ type: 'Prometheus', server: 'main', query },
      averageMilli: 11_250n,
    });
    expect(shown(value(45_000n), metric({ type: 'Value', valueMilli: 9n }))).to.have.deep.property('status', {
      ...{ type: 'Prometheus', server: 'main', query },
      valueMilli: 45_000n,
    });
  });

  it('that failed names the query, the server and the cause', () => {
    const { conditions, events } = decided({ read: reading({ ok: false, message: 'answered 503' }) });
    const message = `Prometheus query ${query} of server main: answered 503`;
    const active = conditions.find(({ type }) => type === 'ScalingActive');
    expect(active).to.include({ status: 'False', reason: 'FailedGetPrometheusMetric' });
    expect(active?.message).to.contain(message);
    expect(events[0]).to.include({ reason: 'FailedGetPrometheusMetric', message });
  });

  it('with neither target is a failure, as of an External metric', () => {
    const { conditions } = decided({ read: value(1n), spec: metric({ type: 'Value' }) });
    expect(conditions.find(({ type }) => type === 'ScalingActive')?.message).to.contain(
      'neither a value target',
    );
  });

  it('is told in words', () => {
    expect(explain(decided({ read: value(45_000n) }))).to.equal(
      `4 -> 5: Prometheus query ${query} at 11.3 on average against 10 asks for 5`,
    );
  });

  it('that is too old has failed', () => {
    const { desiredReplicas, trace } = decided({
      read: value(99_000n),
      spec: metric(of10, { maxAgeMs: 4 * seconds }),
    });
    expect(desiredReplicas).to.equal(4);
    expect(trace.proposals[0]).to.have.property('ok', false);
  });

  it('does not let replicas go when it failed beside another that asks for fewer', () => {
    const both = policy({ metrics: [metric(), metric(of10, { query: 'other' })] });
    const reads = [reading({ ok: false, message: 'gone' }), value(10_000n)];
    const decision = decide(input({ policy: both, snapshot: snapshot(4, reads), options }));
    expect(decision.desiredReplicas).to.equal(4);
  });
});
