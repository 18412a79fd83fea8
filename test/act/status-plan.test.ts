import { expect } from 'chai';
import { historyLagMs, planStatus } from '../../src/act/status-plan.ts';
import type { StatusPlanInput } from '../../src/act/status-plan.ts';
import type { WireStatus } from '../../src/api/status.ts';

const time = (second: number): string => new Date(Date.UTC(2026, 0, 1, 12, 0, second)).toISOString();
const recommended = (...entries: readonly [second: number, replicas: number][]) =>
  entries.map(([second, replicas]) => ({ time: time(second), replicas }));

const cpu = (utilization: number) => ({
  type: 'Resource',
  resource: { name: 'cpu', current: { averageUtilization: utilization, averageValue: `${utilization}m` } },
});
const condition = { type: 'AbleToScale', status: 'True', reason: 'ReadyForNewScale', message: 'so it is' };

const before: WireStatus = {
  observedGeneration: 1,
  reference: 'Deployment/web',
  targets: 'cpu: 40%/50%',
  mode: 'Active',
  currentReplicas: 4,
  desiredReplicas: 4,
  currentMetrics: [cpu(40)],
  conditions: [condition],
  history: { asOf: time(30), recommendations: recommended([15, 9], [30, 4]) },
};

const drift: Partial<WireStatus> = { targets: 'cpu: 41%/50%', currentMetrics: [cpu(41)] };
const older: Partial<WireStatus> = {
  history: { asOf: time(45), recommendations: recommended([15, 9], [45, 4]) },
};

/** What is remembered of a metric that was good. */
const remembered = (nonZero: boolean, second = 30) => ({
  asOf: time(second),
  metrics: [{ metric: 'Resource/cpu', lastGood: { time: time(second), replicas: 4, nonZero } }],
});

interface Row {
  readonly after: Partial<WireStatus>;
  readonly input?: Partial<StatusPlanInput>;
  /** The fields that are written; none: nothing is. */
  readonly written: readonly string[];
}

const decided = (second: number, to: number) => ({
  decision: { time: time(second), from: 4, to, reason: `${second}` },
});

const shadowed = (ticks: number, others = {}): Partial<WireStatus> => ({
  shadow: { hpa: 'web', specs: '1-a1', ticks, agreedTicks: ticks, ...others },
});

const day = 86_400_000;
const rows: Record<string, Row> = {
  'nothing differs': { after: {}, input: { sinceLastWriteMs: day, rescaled: true }, written: [] },
  'a condition differs': {
    after: { conditions: [{ ...condition, message: 'no longer' }] },
    written: ['conditions'],
  },
  'a condition differs that upstream does not have': {
    after: { conditions: [condition, { type: 'PodsPending', status: 'True' }] },
    input: { statusChanged: false },
    written: ['conditions'],
  },
  'the generation differs': { after: { observedGeneration: 2 }, written: ['observedGeneration'] },
  'the mode differs': { after: { mode: 'DryRun' }, written: ['mode'] },
  'the count differs': { after: { currentReplicas: 5 }, written: ['currentReplicas'] },
  'a metric left zero, as the suspicion of a later zero hangs on it': {
    after: { history: { ...older.history, ...remembered(true) } },
    input: { before: { ...before, history: { ...before.history, ...remembered(false) } } },
    written: ['history'],
  },
  'a metric was good once more': {
    after: { history: { ...older.history, ...remembered(true, 45) } },
    input: { before: { ...before, history: { ...before.history, ...remembered(true) } } },
    written: [],
  },
  'the scale was written': {
    after: drift,
    input: { rescaled: true },
    written: ['targets', 'currentMetrics'],
  },
  'only values of metrics differ': { after: drift, written: [] },
  'only values of metrics differ, and the interval is over': {
    after: drift,
    input: { sinceLastWriteMs: 60_000 },
    written: ['targets', 'currentMetrics'],
  },
  'only values of metrics differ, and this operator has never written': {
    after: drift,
    input: { sinceLastWriteMs: undefined },
    written: ['targets', 'currentMetrics'],
  },
  'only values of metrics differ, written as upstream does': {
    after: drift,
    input: { statusMetricsIntervalMs: 0, sinceLastWriteMs: 0 },
    written: ['targets', 'currentMetrics'],
  },
  'only the text of a value differs, written as upstream does': {
    after: drift,
    input: { statusMetricsIntervalMs: 0, statusChanged: false },
    written: [],
  },
  'a metric ceases to answer': {
    after: { targets: 'cpu: <unknown>/50%', currentMetrics: [{ type: '' }] },
    written: ['targets', 'currentMetrics'],
  },
  'no metric was read': { after: { currentMetrics: null }, written: ['currentMetrics'] },
  'another metric is in its place': {
    after: { currentMetrics: [{ type: 'Resource', resource: { name: 'memory' } }] },
    written: ['currentMetrics'],
  },
  'what drifts is written with what does not': {
    after: { ...drift, ...older, desiredReplicas: 5 },
    written: ['targets', 'currentMetrics', 'desiredReplicas', 'history'],
  },
  'only the counts of a shadow differ': {
    after: shadowed(2),
    input: { before: { ...before, ...shadowed(1) } },
    written: [],
  },
  'only the counts of a shadow differ, and the interval is over': {
    after: shadowed(2),
    input: { before: { ...before, ...shadowed(1) }, sinceLastWriteMs: 60_000 },
    written: ['shadow'],
  },
  'a shadow finds its first difference': {
    after: shadowed(2, { firstDifference: { time: time(45), ours: 4, theirs: 5 } }),
    input: { before: { ...before, ...shadowed(1) } },
    written: ['shadow'],
  },
  'a shadow begins anew': {
    after: shadowed(1, { specs: '2-a1' }),
    input: { before: { ...before, ...shadowed(9) } },
    written: ['shadow'],
  },
  'a decision comes out otherwise': {
    after: decided(45, 6),
    input: { before: { ...before, ...decided(30, 4) } },
    written: ['decision'],
  },
  'there is a first decision': { after: decided(45, 4), written: ['decision'] },
  'only the numbers of a decision differ, for however long': {
    after: decided(45, 4),
    input: { before: { ...before, ...decided(30, 4) }, sinceLastWriteMs: day },
    written: [],
  },
  'the numbers of a decision and values of metrics differ': {
    after: { ...drift, ...decided(45, 4) },
    input: { before: { ...before, ...decided(30, 4) } },
    written: [],
  },
  'a decision is written with what is due': {
    after: { ...drift, ...decided(45, 4) },
    input: { before: { ...before, ...decided(30, 4) }, sinceLastWriteMs: 60_000 },
    written: ['targets', 'currentMetrics', 'decision'],
  },
  'only the history differs': { after: older, written: [] },
  'only the history differs, and the interval is over': {
    after: older,
    input: { sinceLastWriteMs: 60_000 },
    written: ['history'],
  },
  'only the history differs, where metrics are written each tick': {
    after: older,
    input: { statusMetricsIntervalMs: 0, sinceLastWriteMs: 59_999 },
    written: [],
  },
  'only the history differs, where metrics are written each tick, after a minute': {
    after: older,
    input: { statusMetricsIntervalMs: 0, sinceLastWriteMs: 60_000, statusChanged: false },
    written: ['history'],
  },
  'more is recommended than a restart would assume': {
    after: { history: { asOf: time(45), recommendations: recommended([15, 9], [45, 5]) } },
    input: { statusChanged: false },
    written: ['history'],
  },
  'the higher recommendation is stored already': {
    after: { history: { asOf: time(45), recommendations: recommended([15, 9], [45, 4]) } },
    written: [],
  },
  'the present count was recommended again': {
    after: { history: undefined } as object,
    input: { statusChanged: false },
    written: ['history'],
  },
};

const sample: Omit<StatusPlanInput, 'after'> = {
  before,
  statusChanged: true,
  rescaled: false,
  sinceLastWriteMs: 59_999,
  statusMetricsIntervalMs: 60_000,
};

describe('planStatus', () => {
  for (const [title, { after, input, written }] of Object.entries(rows)) {
    it(`writes ${written.length === 0 ? 'nothing' : written.join(' and ')} when ${title}`, () => {
      const patch = planStatus({ ...sample, ...input, after: { ...before, ...after } });
      expect(Object.keys(patch?.status ?? {})).to.have.members([...written]);
    });
  }

  it('lets a first history wait: without one, the present count counts', () => {
    const { history, ...rest } = before;
    expect(planStatus({ ...sample, before: rest, after: before })).to.equal(undefined);
    expect(planStatus({ ...sample, before: rest, after: before, sinceLastWriteMs: 60_000 })).to.deep.equal({
      status: { history },
    });
  });

  it('writes a first status whole', () => {
    expect(planStatus({ ...sample, before: undefined, after: before })).to.deep.equal({ status: before });
  });
});

describe('historyLagMs', () => {
  it('is the interval and the tick at which it is over', () => {
    expect(historyLagMs({ statusMetricsIntervalMs: 30_000, syncPeriodMs: 15_000 })).to.equal(45_000);
  });

  it('is that of a minute where metrics are written each tick', () => {
    expect(historyLagMs({ statusMetricsIntervalMs: 0, syncPeriodMs: 15_000 })).to.equal(75_000);
  });
});
