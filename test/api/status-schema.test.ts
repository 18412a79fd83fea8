import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { parse } from 'yaml';
import type { CustomAutoscalerStatus } from '../../src/api/generated/custom-autoscaler.ts';
import { wireHistory } from '../../src/api/history.ts';
import { wireStatus } from '../../src/api/status.ts';
import type { AutoscalerStatus } from '../../src/decide/status.ts';
import { compileSchema } from '../../src/devcluster/apiserver/schema/structural.ts';

const file = new URL('../../crds/customautoscalers.plimsoll.dev.yaml', import.meta.url);
const crd = parse(readFileSync(file, 'utf8')) as {
  spec: { versions: [{ schema: { openAPIV3Schema: Parameters<typeof compileSchema>[0] } }] };
};
const schema = compileSchema(crd.spec.versions[0].schema.openAPIV3Schema);

const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' };
const atMs = Date.UTC(2026, 0, 2, 3, 4, 5, 678);
const time = '2026-01-02T03:04:05Z';

const status: AutoscalerStatus = {
  currentReplicas: 0,
  desiredReplicas: 2,
  currentMetrics: [
    { type: 'PodScrape', metric: { name: 'hits', selector: { matchLabels: { a: 'b' } } }, averageMilli: 1n },
    { type: 'Prometheus', server: 'main', query: 'up', valueMilli: 2n },
    { type: 'Prometheus', server: 'main', query: 'up', averageMilli: 3n },
  ],
  conditions: [],
  fallback: { metric: 'Resource/cpu', replicas: 3, sinceMs: atMs },
  coldStart: { atMs, seconds: 2.5 },
};

const history = wireHistory(
  {
    recommendations: [{ atMs, replicas: 1 }],
    scaleUps: [{ atMs, change: 1, outdated: false }],
    scaleDowns: [],
    metrics: {
      'Resource/cpu': {
        failingSinceMs: atMs,
        zeroSinceMs: atMs,
        actedSampleAtMs: atMs,
        lastGood: { atMs, replicas: 0, aboveTarget: false, nonZero: true },
      },
      'External/queue': {},
    },
    steppedUpAtMs: atMs,
    wokeAtMs: atMs,
  },
  atMs,
);

/** What the definition has room for beyond what this version writes. */
const told: CustomAutoscalerStatus = {
  suspended: { scaleUp: true, scaleDown: false, until: time, reason: 'the sale' },
  decision: {
    time,
    from: 5,
    to: 8,
    reason: 'cpu at 83 % of request against 50 % asks for 9',
    metrics: [
      {
        metric: 'Resource/cpu',
        current: '83%',
        target: '50%',
        proposedReplicas: 9,
        pods: { counted: 4, assumed: 1, leftOut: 0 },
      },
      { metric: 'External/queue', message: 'no metrics returned' },
    ],
    limits: [{ limiter: 'rate', reason: 'ScaleUpLimit', from: 9, to: 8, message: '+4 in 15 s' }],
  },
  shadow: {
    hpa: 'web',
    specs: '3-5f2a91c0',
    since: time,
    agreementPercent: 99.5,
    ticks: 200,
    agreedTicks: 199,
    firstDifference: { time, ours: 5, theirs: 6, reason: 'tolerance' },
  },
};

describe('the schema of a status', () => {
  const spec = { scaleTargetRef, maxReplicas: 5 };
  const transition = { atMs, schedule: 'office-hours', type: 'Opens' } as const;
  const written = wireStatus(status, { spec, observedGeneration: 7, history, nextTransition: transition });
  const object = {
    apiVersion: 'plimsoll.dev/v1',
    kind: 'CustomAutoscaler',
    metadata: { name: 'web' },
    spec,
    status: JSON.parse(JSON.stringify({ ...written, ...told })) as object,
  };

  it('keeps every field that is written', () => {
    expect(schema.prune(structuredClone(object)).object).to.deep.equal(object);
  });

  it('finds nothing wrong with what is written', () => {
    expect(schema.validate(object)).to.deep.equal([]);
  });

  it('bounds every list and text of a decision', () => {
    const many = Array.from({ length: 21 }, () => ({ metric: 'Resource/cpu' }));
    const decision = { time, from: 1, to: 2, reason: 'x'.repeat(1025), metrics: many };
    const fields = schema.validate({ ...object, status: { decision } }).map(({ field }) => field);
    expect(fields).to.include.members(['status.decision.reason', 'status.decision.metrics']);
  });
});
