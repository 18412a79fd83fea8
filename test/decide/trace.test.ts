import { expect } from 'chai';
import { decide } from '../../src/decide/decide.ts';
import type { DecideInput } from '../../src/decide/decide-input.ts';
import type { LimiterMark } from '../../src/decide/limiter-marks.ts';
import type { ScalingPolicy } from '../../src/decide/policy.ts';
import type { PodFacts } from '../../src/decide/snapshot.ts';
import { changedBy } from '../../src/decide/trace.ts';
import * as given from './builders.ts';

const { now, seconds, minutes } = given;

const traced = (changes: Partial<DecideInput>) => decide(given.input(changes)).trace;

const mark = (changes: Partial<DecideInput>, limiter: LimiterMark['limiter']) =>
  traced(changes).limiters.find((one) => one.limiter === limiter);

/** A target that runs so many pods, each at so many percent of its request. */
const loaded = (replicas: number, percent: number) =>
  given.snapshot(replicas, [given.usages(...Array.from({ length: replicas }, () => percent * 10))]);

describe('the trace of a tolerance', () => {
  it('tells what its metric would ask for, and how far usage may be off', () => {
    const behavior = given.behavior({ tolerance: 0.2 }, { tolerance: 0.05 });
    expect(traced({ policy: given.policy({ behavior }), snapshot: loaded(3, 55) }).limiters[0]).to.deep.equal(
      {
        limiter: 'tolerance',
        from: 4,
        to: 3,
        reason: 'WithinTolerance',
        metric: 0,
        tolerance: { up: 0.2, down: 0.05 },
      },
    );
  });

  it('is there where it changes nothing, too', () => {
    expect(mark({}, 'tolerance')).to.include({ from: 1, to: 1 });
  });

  it('names the metric that it held, and no other', () => {
    const policy = given.policy({ metrics: [given.cpuAt50Percent, given.queueOf10] });
    const snapshot = given.snapshot(1, [given.usages(1000), given.queue(10)]);
    const marks = traced({ policy, snapshot }).limiters.filter(({ limiter }) => limiter === 'tolerance');
    expect(marks).to.have.length(1);
    expect(marks[0]).to.include({ metric: 1 });
  });

  it('is there of the metrics that could be read, when others fail', () => {
    const policy = given.policy({ metrics: [given.cpuAt50Percent, { type: 'Unknown', given: 'X' }] });
    const snapshot = given.snapshot(3, [given.usages(100, 100, 100), { type: 'Unknown' }]);
    expect(traced({ policy, snapshot }).limiters).to.deep.equal([]);
    const calm = given.snapshot(2, [given.usages(500, 500), { type: 'Unknown' }]);
    expect(mark({ policy, snapshot: calm }, 'tolerance')).to.include({ metric: 0 });
  });
});

describe('the trace of caution', () => {
  it('tells what the pods with usage alone ask for', () => {
    const snapshot = given.snapshot(2, [given.usages(200)], { pods: given.pods(2) });
    expect(mark({ snapshot }, 'caution')).to.deep.include({
      from: 1,
      to: 2,
      reason: 'PodsWithoutUsage',
      metric: 0,
    });
  });

  it('is absent where what was assumed changes the count but not its direction', () => {
    const snapshot = given.snapshot(4, [given.usages(2000, 2000, 2000)], { pods: given.pods(4) });
    const { limiters, proposals } = traced({ snapshot, policy: given.policy({ maxReplicas: 100 }) });
    expect(limiters.map(({ limiter }) => limiter)).to.deep.equal(['stabilization', 'rate']);
    expect(proposals[0]?.ok === true && proposals[0].inputs).to.include({ askedReplicas: 12 });
  });
});

describe('the trace of stabilization', () => {
  const remembered = (...entries: [ago: number, replicas: number][]) =>
    given.history({ recommendations: entries.map(([ago, replicas]) => ({ atMs: now - ago, replicas })) });

  it('names the recommendation that holds, and when it goes', () => {
    const history = remembered([2 * minutes, 4], [minutes, 2]);
    expect(mark({ snapshot: loaded(4, 10), history }, 'stabilization')).to.deep.equal({
      limiter: 'stabilization',
      from: 1,
      to: 4,
      reason: 'ScaleDownStabilized',
      by: { atMs: now - 2 * minutes, replicas: 4, expiresAtMs: now + 3 * minutes },
    });
  });

  it('names the newest of several equal ones, as it goes last', () => {
    const history = remembered([2 * minutes, 4], [minutes, 4], [3 * minutes, 4]);
    expect(mark({ snapshot: loaded(4, 10), history }, 'stabilization')).to.have.deep.property('by', {
      atMs: now - minutes,
      replicas: 4,
      expiresAtMs: now + 4 * minutes,
    });
  });

  it('with behavior names the one that goes last of those that hold the current count', () => {
    const behavior = given.behavior({ stabilizationWindowSeconds: 120 });
    const history = remembered([30 * seconds, 2], [60 * seconds, 1], [10 * seconds, 3]);
    const changes = { policy: given.policy({ behavior }), snapshot: loaded(2, 100), history };
    expect(mark(changes, 'stabilization')).to.deep.equal({
      limiter: 'stabilization',
      from: 4,
      to: 2,
      reason: 'ScaleUpStabilized',
      by: { atMs: now - 30 * seconds, replicas: 2, expiresAtMs: now + 90 * seconds },
    });
  });

  it('with behavior names what holds a scale-down', () => {
    const behavior = given.behavior({}, { stabilizationWindowSeconds: 60 });
    const history = remembered([61 * seconds, 9], [59 * seconds, 3], [10 * seconds, 2]);
    const changes = { policy: given.policy({ behavior }), snapshot: loaded(5, 10), history };
    expect(mark(changes, 'stabilization')).to.deep.include({
      from: 1,
      to: 3,
      by: { atMs: now - 59 * seconds, replicas: 3, expiresAtMs: now + seconds },
    });
  });

  it('is there without a recommendation where nothing was held', () => {
    expect(mark({}, 'stabilization')).to.deep.equal({
      limiter: 'stabilization',
      from: 1,
      to: 1,
      reason: 'ReadyForNewScale',
    });
  });

  it('says when the count will be free: it is held at that time only at an edge that counts', () => {
    const history = remembered([2 * minutes, 4]);
    const [edge, after] = [0, 1].map((afterMs) =>
      mark({ snapshot: loaded(4, 10), history, nowMs: now + 3 * minutes + afterMs }, 'stabilization'),
    );
    expect(edge).to.include({ to: 4 });
    expect(after).to.include({ to: 1 });
  });
});

describe('the trace of a rate', () => {
  const pods = (value: number, periodSeconds: number): ScalingPolicy => ({
    type: 'Pods',
    value,
    periodSeconds,
  });
  const percent = (value: number, periodSeconds: number): ScalingPolicy => ({
    type: 'Percent',
    value,
    periodSeconds,
  });
  const event = (ago: number, change: number) => ({ atMs: now - ago, change, outdated: false });
  const rate = (changes: Partial<DecideInput>) => mark(changes, 'rate');
  const up = (...policies: ScalingPolicy[]) =>
    given.policy({ maxReplicas: 100, behavior: given.behavior({ policies }) });
  const down = (...policies: ScalingPolicy[]) =>
    given.policy({ behavior: given.behavior({}, { stabilizationWindowSeconds: 0, policies }) });

  it('without behavior is the doubling', () => {
    expect(rate({ policy: given.policy({ maxReplicas: 100 }), snapshot: loaded(5, 200) })).to.deep.equal({
      limiter: 'rate',
      from: 20,
      to: 10,
      reason: 'ScaleUpLimit',
      by: { type: 'Doubling' },
    });
  });

  it('names the policy that went furthest, its whole budget, and that it comes back a period from now', () => {
    expect(rate({ policy: up(pods(1, 60), percent(100, 30)), snapshot: loaded(5, 200) })).to.deep.equal({
      limiter: 'rate',
      from: 20,
      to: 10,
      reason: 'ScaleUpLimit',
      by: { ...percent(100, 30), startReplicas: 5, leftPods: 5, backAtMs: now + 30 * seconds },
    });
  });

  it('names the policy that went least far with Min', () => {
    const behavior = given.behavior({ selectPolicy: 'Min', policies: [percent(100, 30), pods(1, 60)] });
    const policy = given.policy({ maxReplicas: 100, behavior });
    expect(rate({ policy, snapshot: loaded(5, 200) })).to.deep.include({
      to: 6,
      by: { ...pods(1, 60), startReplicas: 5, leftPods: 1, backAtMs: now + 60 * seconds },
    });
  });

  it('tells what is left, and that the oldest use comes back first', () => {
    const history = given.history({
      scaleUps: [event(61 * seconds, 9), event(20 * seconds, 1), event(50 * seconds, 2)],
      scaleDowns: [event(55 * seconds, 1)],
    });
    expect(rate({ policy: up(pods(4, 60)), snapshot: loaded(5, 200), history })).to.deep.include({
      to: 7,
      by: { ...pods(4, 60), startReplicas: 3, leftPods: 2, backAtMs: now + 10 * seconds },
    });
  });

  it('tells that nothing is left', () => {
    const history = given.history({ scaleUps: [event(20 * seconds, 6)] });
    expect(rate({ policy: up(pods(4, 60)), snapshot: loaded(5, 200), history })).to.deep.include({
      to: 5,
      by: { ...pods(4, 60), startReplicas: -1, leftPods: 0, backAtMs: now + 40 * seconds },
    });
  });

  it('gives more once its budget is back', () => {
    const history = given.history({ scaleUps: [event(20 * seconds, 4)] });
    const changes = { policy: up(pods(4, 60)), snapshot: loaded(5, 200), history };
    expect(rate({ ...changes, nowMs: now + 39_999 })).to.include({ to: 5 });
    expect(rate({ ...changes, nowMs: now + 40_000 })).to.include({ to: 9 });
  });

  it('of a scale-down has a budget of its own', () => {
    const history = given.history({ scaleDowns: [event(5 * seconds, 1)] });
    expect(rate({ policy: down(pods(3, 15)), snapshot: loaded(10, 10), history })).to.deep.equal({
      limiter: 'rate',
      from: 2,
      to: 8,
      reason: 'ScaleDownLimit',
      by: { ...pods(3, 15), startReplicas: 11, leftPods: 2, backAtMs: now + 10 * seconds },
    });
  });

  it('says that a direction is disabled', () => {
    const behavior = given.behavior({ selectPolicy: 'Disabled' });
    expect(rate({ policy: given.policy({ behavior }), snapshot: loaded(1, 100) })).to.deep.include({
      from: 2,
      to: 1,
      by: { type: 'Disabled' },
    });
  });
});

describe('the trace of bounds', () => {
  it('tells them', () => {
    const policy = given.policy({ minReplicas: 2, maxReplicas: 7 });
    const bounds = { limiter: 'bounds', minReplicas: 2, maxReplicas: 7 } as const;
    expect(mark({ policy, snapshot: loaded(5, 100) }, 'bounds')).to.deep.equal({
      ...bounds,
      from: 10,
      to: 7,
      reason: 'TooManyReplicas',
    });
    expect(mark({ policy, snapshot: loaded(5, 1) }, 'bounds')).to.deep.equal({
      ...bounds,
      from: 1,
      to: 2,
      reason: 'TooFewReplicas',
    });
    expect(mark({ policy, snapshot: loaded(5, 50) }, 'bounds')).to.deep.equal({
      ...bounds,
      from: 5,
      to: 5,
      reason: 'DesiredWithinRange',
    });
  });

  it('is a range where no metric was asked', () => {
    expect(traced({ snapshot: loaded(12, 50) })).to.deep.equal({
      proposals: [],
      limiters: [
        { limiter: 'range', from: 12, to: 10, reason: 'TooManyReplicas', minReplicas: 1, maxReplicas: 10 },
      ],
    });
  });
});

describe('the inputs of a metric', () => {
  const inputsOf = (changes: Partial<DecideInput>) => {
    const [proposal] = traced(changes).proposals;
    return proposal?.ok === true ? proposal.inputs : undefined;
  };

  it('tell the age of the oldest sample that counted', () => {
    const value = [5, 25, 95].map((ago, index) =>
      given.usage(`web-${index}`, 500, { timestampMs: now - ago * seconds }),
    );
    const pods = [...given.pods(2), given.pod('web-2', { deleting: true })];
    const metrics = [{ type: 'Resource', usage: { ok: true, value } }] as const;
    expect(inputsOf({ snapshot: given.snapshot(2, metrics, { pods }) })).to.include({
      sampleAgeMs: 25 * seconds,
    });
  });

  it('tell the age of a value that belongs to no pod', () => {
    const policy = given.policy({ metrics: [given.queueOf10] });
    const milli = { ok: true, value: [30_000n] } as const;
    const reading = { type: 'External', milli, timestampMs: now - 2 * minutes } as const;
    expect(inputsOf({ policy, snapshot: given.snapshot(1, [reading]) })).to.include({
      sampleAgeMs: 2 * minutes,
    });
  });

  it('tell no age and no pods where the source gives none', () => {
    const policy = given.policy({ metrics: [given.queueOf10] });
    const inputs = inputsOf({ policy, snapshot: given.snapshot(1, [given.queue(30)]) });
    expect(inputs).not.to.have.any.keys('sampleAgeMs', 'pods');
  });

  it('name ten pods of a group, and count them all', () => {
    const pods: PodFacts[] = [
      ...given.pods(15),
      ...Array.from({ length: 12 }, (_, index) => given.pod(`late-${index}`, { phase: 'Pending' })),
    ];
    const snapshot = given.snapshot(27, [given.usages(...pods.map(() => 600))], { pods });
    const counted = inputsOf({ snapshot, policy: given.policy({ maxReplicas: 100 }) })?.pods;
    expect(counted?.ready).to.deep.equal({
      count: 15,
      names: Array.from({ length: 10 }, (_, index) => `web-${index}`),
    });
    expect(counted?.unready).to.deep.include({ count: 12, countedAs: 'Idle' });
    expect(counted?.unready.names).to.have.length(10);
    expect(counted?.missing).to.deep.equal({ count: 0, names: [] });
  });

  it('of a value tell the pods that it was multiplied by', () => {
    const metrics = [
      { type: 'External', metric: { name: 'queue' }, target: { type: 'Value', valueMilli: 10_000n } },
    ] as const;
    const pods = [given.pod('web-0'), given.pod('web-1', { phase: 'Pending' })];
    const snapshot = given.snapshot(2, [given.queue(30)], { pods });
    expect(inputsOf({ policy: given.policy({ metrics }), snapshot })?.pods).to.deep.include({
      ready: { count: 1, names: ['web-0'] },
      unready: { count: 1, names: ['web-1'] },
    });
  });
});

describe('the size of a trace', () => {
  const size = (changes: Partial<DecideInput>) =>
    JSON.stringify(traced(changes), (_, value: unknown) =>
      typeof value === 'bigint' ? String(value) : value,
    ).length;
  const names = (count: number) =>
    Array.from({ length: count }, (_, index) => given.pod(`a-rather-long-name-of-a-pod-${index}`));

  const of = (pods: number, metrics: number) => ({
    policy: given.policy({
      maxReplicas: 5000,
      metrics: Array.from({ length: metrics }, () => given.cpuAt50Percent),
    }),
    snapshot: given.snapshot(
      pods,
      Array.from({ length: metrics }, () => ({
        type: 'Resource' as const,
        usage: { ok: true as const, value: names(pods).map(({ name }) => given.usage(name, 500)) },
      })),
      { pods: names(pods) },
    ),
  });

  it('does not grow with pods, but for their numbers', () => {
    expect(size(of(1000, 1)) - size(of(10, 1))).to.be.below(20);
  });

  it('stays below 100 kB with as many metrics as there may be', () => {
    expect(size(of(200, 100))).to.be.below(100_000);
  });

  it('is not that of what a server answered', () => {
    const page = { type: 'Resource', usage: { ok: false, message: 'x'.repeat(100_000) } } as const;
    expect(size({ snapshot: given.snapshot(1, [page]) })).to.be.below(2000);
    expect(traced({ snapshot: given.snapshot(1, [page]) }).proposals[0])
      .to.have.property('message')
      .that.matches(/x…$/);
  });
});

describe('what changed the count', () => {
  const held = {
    limiter: 'tolerance',
    from: 3,
    to: 2,
    reason: 'WithinTolerance',
    metric: 0,
    tolerance: { up: 0.1, down: 0.1 },
  } as const;
  const bounds = { limiter: 'bounds', reason: 'TooManyReplicas', minReplicas: 1, maxReplicas: 5 } as const;
  const ready = { limiter: 'stabilization', from: 9, to: 9, reason: 'ReadyForNewScale' } as const;

  it('is a limiter of the whole decision, where it changed something', () => {
    const limited = { ...bounds, from: 9, to: 5 };
    expect(changedBy({ proposals: [], limiters: [held, ready, limited] })).to.deep.equal([limited]);
  });
});
