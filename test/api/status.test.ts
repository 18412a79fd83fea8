import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { expect } from 'chai';
import { readStatus, wireStatus } from '../../src/api/status.ts';
import type { WireStatus } from '../../src/api/status.ts';
import type { AutoscalerStatus, MetricStatus } from '../../src/decide/status.ts';

const spec = {
  scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
  maxReplicas: 5,
  metrics: [
    {
      type: 'Resource',
      resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } },
    } as const,
  ],
};

const atMs = Date.UTC(2026, 0, 2, 3, 4, 5);

const status: AutoscalerStatus = {
  currentReplicas: 3,
  desiredReplicas: 4,
  lastScaleAtMs: atMs + 999,
  currentMetrics: [
    { type: 'Resource', resource: 'cpu', averageMilli: 150n, averageUtilization: 73 },
    { type: 'Empty' },
  ],
  conditions: [
    {
      type: 'AbleToScale',
      status: 'True',
      reason: 'SucceededRescale',
      message: 'the HPA controller was able to update the target scale to 4',
      lastTransitionAtMs: atMs + 1,
    },
  ],
};

describe('wireStatus', () => {
  it('writes the fields of the HPA, and what kubectl prints', () => {
    expect(wireStatus(status, { spec, observedGeneration: 7 })).to.deep.equal({
      observedGeneration: 7,
      reference: 'Deployment/web',
      targets: 'cpu: 73%/50%',
      mode: 'Active',
      lastScaleTime: '2026-01-02T03:04:05Z',
      currentReplicas: 3,
      desiredReplicas: 4,
      currentMetrics: [
        {
          type: 'Resource',
          resource: { name: 'cpu', current: { averageUtilization: 73, averageValue: '150m' } },
        },
        { type: '' },
      ],
      conditions: [
        {
          type: 'AbleToScale',
          status: 'True',
          reason: 'SucceededRescale',
          message: 'the HPA controller was able to update the target scale to 4',
          lastTransitionTime: '2026-01-02T03:04:05Z',
        },
      ],
    });
  });

  it('leaves out what is not known, and says null where no metric was read', () => {
    expect(wireStatus({ desiredReplicas: 0, currentMetrics: null, conditions: [] }, { spec })).to.deep.equal({
      reference: 'Deployment/web',
      targets: 'cpu: <unknown>/50%',
      mode: 'Active',
      desiredReplicas: 0,
      currentMetrics: null,
      conditions: [],
    });
  });

  it('tells the mode, and what is to be remembered', () => {
    const history = { asOf: '2026-01-02T03:04:05.000Z', recommendations: [] };
    const written = wireStatus(status, { spec: { ...spec, mode: 'DryRun' }, history });
    expect(written).to.deep.include({ mode: 'DryRun', history });
  });

  const figures: Readonly<Record<string, readonly [resource: string, milli: bigint, text: string]>> = {
    'whole millicores': ['cpu', 250n, '250m'],
    'whole cores': ['cpu', 2_000n, '2'],
    thousands: ['cpu', 2_000_000n, '2k'],
    nothing: ['cpu', 0n, '0'],
    'memory in whole mebibytes': ['memory', 94_371_840_000n, '90Mi'],
    'memory in odd bytes': ['memory', 1_024_987_989_000n, '1024987989'],
    'memory in thousands of bytes': ['memory', 152_000_000_000n, '152M'],
    'memory in fractions of a byte': ['memory', 1_024_987_989_333n, '1024987989333m'],
    'memory below a kibibyte': ['memory', 500_000n, '500'],
    'other resources in decimal units': ['ephemeral-storage', 1_048_576_000n, '1048576'],
  };
  for (const [name, [resource, averageMilli, text]] of Object.entries(figures)) {
    it(`writes ${name} as ${text}`, () => {
      for (const type of ['Resource', 'ContainerResource'] as const) {
        const metric = { type, resource, container: 'app', averageMilli } as MetricStatus;
        const written = wireStatus({ ...status, currentMetrics: [metric] }, { spec }).currentMetrics?.[0];
        expect((written?.resource ?? written?.containerResource)?.current?.averageValue).to.equal(text);
      }
    });
  }
});

describe('wireStatus of our own fields', () => {
  it('tells the next transition, the fallback and the last cold start', () => {
    const nextTransition = { atMs, schedule: 'office-hours', type: 'Opens' } as const;
    const own = {
      ...status,
      fallback: { metric: 'Resource/cpu', replicas: 3, sinceMs: atMs + 9 },
      coldStart: { atMs, seconds: 2.5 },
    };
    const time = '2026-01-02T03:04:05Z';
    expect(wireStatus(own, { spec, nextTransition })).to.deep.include({
      nextTransition: { time, schedule: 'office-hours', type: 'Opens' },
      fallback: { metric: 'Resource/cpu', replicas: 3, since: '2026-01-02T03:04:05.009Z' },
      coldStart: { time, seconds: 2.5 },
    });
  });
});

describe('readStatus', () => {
  it('reads the absence of a status', () => {
    expect(readStatus(undefined)).to.deep.equal({ desiredReplicas: 0, currentMetrics: null, conditions: [] });
  });

  it('reads nulls as absent', () => {
    const empty = { desiredReplicas: 2, lastScaleTime: null, currentMetrics: null, conditions: null };
    expect(readStatus(empty)).to.deep.equal({ desiredReplicas: 2, currentMetrics: null, conditions: [] });
  });

  it('reads a metric of no known type, or without its field, as empty', () => {
    const currentMetrics = [{ type: 'Cheese' }, { type: 'Pods' }, {}, { type: 'Prometheus' }];
    expect(readStatus({ currentMetrics }).currentMetrics).to.deep.equal([
      { type: 'Empty' },
      { type: 'Empty' },
      { type: 'Empty' },
      { type: 'Empty' },
    ]);
  });

  it('gives back what wireStatus wrote, to the second', () => {
    const selector = { matchExpressions: [{ key: 'a', operator: 'In', values: ['b'] }] };
    const full: AutoscalerStatus = {
      ...status,
      currentMetrics: [
        { type: 'Empty' },
        { type: 'Resource', resource: 'memory', averageMilli: 1_001n },
        {
          type: 'ContainerResource',
          resource: 'cpu',
          container: 'app',
          averageMilli: 5n,
          averageUtilization: 0,
        },
        { type: 'Pods', metric: { name: 'rps', selector }, averageMilli: 12n },
        {
          type: 'Object',
          metric: { name: 'q' },
          describedObject: { apiVersion: '', kind: 'Service', name: 's' },
          valueMilli: 0n,
        },
        { type: 'External', metric: { name: 'q' }, averageMilli: -(2n ** 63n) },
        { type: 'PodScrape', metric: { name: 'hits', selector }, averageMilli: 12n },
        { type: 'Prometheus', server: 'main', query: 'up', valueMilli: 7n },
        { type: 'Prometheus', server: 'main', query: 'up', averageMilli: 7n },
      ],
      fallback: { metric: 'Resource/cpu', replicas: 3, sinceMs: atMs },
      coldStart: { atMs, seconds: 2.5 },
    };
    const whole = (ms: number) => Math.floor(ms / 1000) * 1000;
    expect(readStatus(wireStatus(full, { spec }))).to.deep.equal({
      ...full,
      lastScaleAtMs: whole(atMs),
      conditions: full.conditions.map((condition) => ({ ...condition, lastTransitionAtMs: whole(atMs) })),
    });
  });

  for (const file of ['random-1', 'random-zero', 'extras']) {
    it(`reads and writes every status of the real controller in ${file}`, () => {
      const statuses = expectedStatuses(file);
      expect(statuses.length).to.be.greaterThan(100);
      for (const recorded of statuses) {
        const written = wireStatus(readStatus(recorded), { spec });
        expect(comparable(written)).to.deep.equal(comparable(recorded));
      }
    });
  }
});

interface Scenario {
  readonly autoscaler: { readonly status?: WireStatus };
  readonly ticks: readonly { readonly expect: { readonly status: WireStatus } }[];
}

/** The statuses that a run of the Kubernetes 1.36.2 controller wrote; metrics that it only carried over are left out. */
function expectedStatuses(file: string): WireStatus[] {
  const url = new URL(`../fixtures/conformance/${file}.jsonl.gz`, import.meta.url);
  const lines = gunzipSync(readFileSync(url)).toString().trim().split('\n');
  return lines
    .map((line) => JSON.parse(line) as Scenario)
    .flatMap(({ autoscaler, ticks }) => {
      const given = JSON.stringify(autoscaler.status?.currentMetrics);
      return ticks
        .map((tick) => tick.expect.status)
        .filter(({ currentMetrics }) => JSON.stringify(currentMetrics) !== given);
    });
}

/** The recordings hold conditions without times and messages, and null for no time. */
function comparable({
  lastScaleTime,
  currentReplicas,
  desiredReplicas,
  currentMetrics,
  conditions,
}: WireStatus) {
  return {
    lastScaleTime: lastScaleTime ?? undefined,
    currentReplicas,
    desiredReplicas,
    currentMetrics,
    conditions: (conditions ?? []).map(({ type, status, reason }) => ({ type, status, reason })),
  };
}
