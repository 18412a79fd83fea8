import { expect } from 'chai';
import type { CustomAutoscalerSpec, MetricSpec } from '../../src/api/generated/custom-autoscaler.ts';
import { toPolicy } from '../../src/api/to-policy.ts';
import type { MetricOptions, Policy } from '../../src/decide/policy.ts';
import { UserError } from '../../src/lib/errors.ts';

function policyOf(spec: Partial<CustomAutoscalerSpec>): Policy {
  const full = { scaleTargetRef: { kind: 'Deployment', name: 'web' }, maxReplicas: 5, ...spec };
  return toPolicy({ metadata: { name: 'web' }, spec: full });
}

const cpu = {
  type: 'Resource',
  resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } },
} as const;

const everyHour = Array.from({ length: 24 }, (_, hour) => hour);
const everyMonth = everyHour.slice(1, 13);
const everyDay = [...everyHour.slice(1), 24, 25, 26, 27, 28, 29, 30, 31];
const noon = { name: 'noon', start: '0 12 * * *', duration: '1h', minReplicas: 2 };

describe('the fields of a policy that autoscaling/v2 does not have', () => {
  it('are absent where the spec has none of them', () => {
    expect(Object.keys(policyOf({}))).to.have.members([
      'namespace',
      'name',
      'target',
      'minReplicas',
      'maxReplicas',
      'metrics',
    ]);
  });

  it('are passed on as they are', () => {
    const fields = {
      podSelection: 'Owned',
      syncPeriodSeconds: 5,
      initializationPeriodSeconds: 0,
      readinessDelaySeconds: 10,
      onAllPodsUnready: 'StepUp',
      requireFreshSamples: true,
    } as const;
    expect(policyOf(fields)).to.deep.include(fields);
  });

  describe('of a schedule', () => {
    it('hold its start as lists, and times in milliseconds', () => {
      const schedule = {
        name: 'office-hours',
        start: '*/30 8 * jan,feb mon-fri',
        timeZone: 'Europe/Berlin',
        duration: '10h30m',
        minReplicas: 2,
        maxReplicas: 4,
        rampUp: '15m',
        rampDown: '1.5h',
        excludeDates: ['2026-12-25'],
      };
      expect(policyOf({ schedules: [schedule] }).schedules).to.deep.equal([
        {
          name: 'office-hours',
          start: {
            minute: [0, 30],
            hour: [8],
            dayOfMonth: everyDay,
            month: [1, 2],
            dayOfWeek: [1, 2, 3, 4, 5],
          },
          timeZone: 'Europe/Berlin',
          durationMs: 37_800_000,
          minReplicas: 2,
          maxReplicas: 4,
          rampUpMs: 900_000,
          rampDownMs: 5_400_000,
          excludeDates: ['2026-12-25'],
        },
      ]);
    });

    it('are in UTC by default, and nothing that is not there', () => {
      expect(policyOf({ schedules: [{ name: 'off', start: '0 * L * fri#2', duration: '1s', replicas: 0 }] }))
        .to.have.property('schedules')
        .that.deep.equals([
          {
            name: 'off',
            start: { minute: [0], hour: everyHour, dayOfMonth: ['L'], month: everyMonth, dayOfWeek: ['5#2'] },
            timeZone: 'Etc/UTC',
            durationMs: 1000,
            replicas: 0,
          },
        ]);
    });

    const wrong = {
      'a start that is none': { start: '99 * * * *' },
      'a duration that is none': { duration: 'long' },
      'a ramp that is none': { rampUp: '5 minutes' },
    };
    for (const [name, change] of Object.entries(wrong))
      it(`cannot be made of ${name}, which validation refuses before`, () => {
        expect(() => policyOf({ schedules: [{ ...noon, ...change }] })).to.throw(UserError, /schedule noon/);
      });
  });

  describe('of a pause', () => {
    const untilMs = Date.UTC(2026, 11, 24, 17);
    const pauses: Readonly<Record<string, readonly [CustomAutoscalerSpec['suspend'], Policy['suspend']]>> = {
      'without suspend: both directions': [undefined, { scaleUp: true, scaleDown: true }],
      'with an empty suspend: both directions': [{}, { scaleUp: true, scaleDown: true }],
      'with only words and a time: both directions': [
        { until: '2026-12-24T18:00:00+01:00', reason: 'the sale' },
        { scaleUp: true, scaleDown: true, untilMs, reason: 'the sale' },
      ],
      'of one direction: not of the other': [{ scaleDown: true }, { scaleUp: false, scaleDown: true }],
      'of one direction, with the other denied': [
        { scaleUp: true, scaleDown: false },
        { scaleUp: true, scaleDown: false },
      ],
      'with a time in small letters': [
        { until: '2026-12-24t17:00:00z' },
        { scaleUp: true, scaleDown: true, untilMs },
      ],
    };
    for (const [name, [suspend, expected]] of Object.entries(pauses))
      it(name, () => {
        const spec = { mode: 'Paused' as const, ...(suspend && { suspend }) };
        expect(policyOf(spec).suspend).to.deep.equal(expected);
      });

    it('are there only while the mode is Paused', () => {
      expect(policyOf({ mode: 'DryRun' })).to.not.have.property('suspend');
    });
  });

  describe('of a metric', () => {
    const options: Readonly<Record<string, readonly [Partial<MetricSpec>, MetricOptions]>> = {
      'nothing said': [{}, {}],
      'held on errors': [{ onError: { type: 'Hold' } }, { onError: { type: 'Hold' } }],
      'ignored at once by default': [
        { onError: { type: 'Ignore' } },
        { onError: { type: 'Ignore', afterMs: 0 } },
      ],
      'ignored after a while': [
        { onError: { type: 'Ignore', afterSeconds: 60 } },
        { onError: { type: 'Ignore', afterMs: 60_000 } },
      ],
      'a fallback after three minutes by default': [
        { onError: { type: 'Fallback', replicas: 3 } },
        { onError: { type: 'Fallback', afterMs: 180_000, replicas: 3, behavior: 'Static' } },
      ],
      'a fallback with everything': [
        { onError: { type: 'Fallback', replicas: 3, afterSeconds: 0, behavior: 'CurrentReplicasIfLower' } },
        { onError: { type: 'Fallback', afterMs: 0, replicas: 3, behavior: 'CurrentReplicasIfLower' } },
      ],
      'limits of age and zeros': [
        { maxAgeSeconds: 90, suspectZeroSeconds: 1 },
        { maxAgeMs: 90_000, suspectZeroMs: 1000 },
      ],
      'an activation, in thousandths': [{ activation: 0.5 }, { activationMilli: 500n }],
    };
    for (const [name, [given, expected]] of Object.entries(options))
      it(`are options: ${name}`, () => {
        const target = { type: 'Utilization', averageUtilization: 50 };
        expect(policyOf({ metrics: [{ ...cpu, ...given }] }).metrics).to.deep.equal([
          { type: 'Resource', resource: 'cpu', target, ...expected },
        ]);
      });

    it('are those of PodScrape, with its defaults', () => {
      const target = { type: 'AverageValue', averageValue: 10 } as const;
      const podScrape = { port: 'metrics', metric: { name: 'hits' }, target };
      const selector = { matchLabels: { code: '200' } };
      const full = { ...podScrape, port: 80, path: '/m', rate: false, metric: { name: 'hits', selector } };
      const { metrics } = policyOf({
        metrics: [
          { type: 'PodScrape', podScrape },
          { type: 'PodScrape', podScrape: full },
        ],
      });
      const read = { type: 'AverageValue', averageMilli: 10_000n };
      expect(metrics).to.deep.equal([
        { type: 'PodScrape', port: 'metrics', path: '/metrics', metric: { name: 'hits' }, target: read },
        {
          type: 'PodScrape',
          port: 80,
          path: '/m',
          rate: false,
          metric: { name: 'hits', selector },
          target: read,
        },
      ]);
    });

    it('are those of Prometheus, of the default server by default', () => {
      const prometheus = { query: 'up', target: { type: 'Value', value: '5' } } as const;
      const { metrics } = policyOf({
        metrics: [
          { type: 'Prometheus', prometheus },
          { type: 'Prometheus', prometheus: { ...prometheus, server: 'main' } },
        ],
      });
      const target = { type: 'Value', valueMilli: 5000n };
      expect(metrics).to.deep.equal([
        { type: 'Prometheus', server: 'default', query: 'up', target },
        { type: 'Prometheus', server: 'main', query: 'up', target },
      ]);
    });
  });
});
