import { expect } from 'chai';
import { advise } from '../../../src/decide/advice.ts';
import { scaledToZero, withFindings } from '../../../src/decide/conditions.ts';
import { decide } from '../../../src/decide/decide.ts';
import type { Decision } from '../../../src/decide/decision.ts';
import { explain } from '../../../src/decide/explain.ts';
import { plan, withoutWrite } from '../../../src/decide/plan.ts';
import type { ControllerOptions, Policy, ScheduleSpec } from '../../../src/decide/policy.ts';
import { settle } from '../../../src/decide/settle.ts';
import type { MetricReading, Snapshot } from '../../../src/decide/snapshot.ts';
import type { AutoscalerStatus } from '../../../src/decide/status.ts';
import * as given from '../builders.ts';
import { at, hour, schedule } from './builders.ts';

/** A Monday in Berlin. */
const on = (time: string): number => at(`2027-01-04T${time}+01:00`);

const office = schedule({ name: 'office', minReplicas: 8 });
const asleep = schedule({ name: 'night', cron: '0 22 * * *', durationMs: 8 * hour, replicas: 0 });

/** One autoscaler and its target, tick after tick; the status survives what the operator forgets. */
class World {
  replicas: number;
  status: AutoscalerStatus = given.noStatus;
  policy: Policy;
  readonly options: ControllerOptions;
  #history: Decision['history'];

  constructor(replicas: number, policy: Policy, options = given.options) {
    this.replicas = replicas;
    this.policy = policy;
    this.options = options;
  }

  restart(): void {
    this.#history = undefined;
  }

  /** @returns the decision in words */
  tick(nowMs: number, { cpu = 500, statusFails = false } = {}): string {
    const decision = this.decide(nowMs, given.usages(...Array.from({ length: this.replicas }, () => cpu)));
    const snapshot = this.#snapshot([]);
    const [action] = plan(decision, snapshot);
    const outcome = action === undefined ? withoutWrite(decision) : ({ type: 'Scaled' } as const);
    if (action !== undefined) this.replicas = action.replicas;
    const settled = settle(decision, snapshot, outcome);
    this.#history = settled.history;
    const status = advise(settled.status, {
      policy: this.policy,
      snapshot,
      decision,
      options: this.options,
    });
    if (!statusFails) this.status = status;
    return explain(decision);
  }

  decide(nowMs: number, reading: MetricReading): Decision {
    return decide({
      policy: this.policy,
      snapshot: this.#snapshot([reading]),
      history: this.#history,
      options: this.options,
      nowMs,
    });
  }

  #snapshot(metrics: readonly MetricReading[]): Snapshot {
    return given.snapshot(this.replicas, metrics, { status: this.status });
  }

  condition(type: string): string | undefined {
    const found = this.status.conditions.find((condition) => condition.type === type);
    return found && `${found.status} ${found.reason}: ${found.message}`;
  }
}

const world = (replicas: number, ...schedules: ScheduleSpec[]): World =>
  new World(replicas, given.policy({ schedules }));

describe('a decision within schedules', () => {
  it('reaches the minimum of a window at once, whatever holds metrics back', () => {
    const behavior = given.behavior({
      stabilizationWindowSeconds: 3600,
      policies: [{ type: 'Pods', value: 1, periodSeconds: 600 }],
    });
    const subject = new World(7, given.policy({ schedules: [office], behavior }));
    expect(subject.tick(on('08:00'))).to.equal(
      '7 -> 8: 8 instead of 7: raised to the minimum of schedule office',
    );
    expect(subject.status.conditions.map(({ reason }) => reason)).to.include('SucceededRescale');
  });

  it('reaches it without any metric', () => {
    const subject = world(3, office);
    const failed = { type: 'Resource', usage: { ok: false, message: 'gone' } } as const;
    expect(subject.decide(on('08:00'), failed)).to.include({
      desiredReplicas: 8,
      reason: 'Current number of replicas below the minimum of schedule office',
    });
  });

  it('stays at the minimum while metrics ask for less, and says whose it is', () => {
    const subject = world(8, office);
    subject.tick(on('08:00'), { cpu: 100 });
    const late = subject.tick(on('09:00'), { cpu: 100 });
    expect(late).to.match(
      /^stays at 8: .* asks for 2 .*; 8 instead of 2: raised to the minimum of schedule office$/,
    );
  });

  it('follows the metrics once the window has closed', () => {
    const subject = world(8, office);
    subject.tick(on('17:59'), { cpu: 100 });
    expect(subject.tick(on('18:05'), { cpu: 100 })).to.match(/^8 -> 2: /);
  });

  it('goes down to a maximum at once, and says in the condition whose it is', () => {
    const cheap = schedule({ name: 'cheap', maxReplicas: 4 });
    const subject = world(6, cheap);
    expect(subject.tick(on('08:00'))).to.equal(
      '6 -> 4: 4 instead of 6: limited by the maximum of schedule cheap',
    );
    subject.tick(on('08:01'), { cpu: 900 });
    expect(subject.condition('MaxReplicasReached')).to.equal(
      'True TooManyReplicas: the metrics ask for more than the 4 replicas of schedule cheap',
    );
  });

  it('says when a schedule opens or closes next', () => {
    const { nextTransition } = world(3, office).decide(on('12:00'), given.usages(500, 500, 500));
    expect(nextTransition).to.deep.equal({ atMs: on('18:00'), schedule: 'office', type: 'Closes' });
  });

  it('knows the bounds after it was down over a boundary', () => {
    const subject = world(3, office);
    subject.tick(on('07:59'));
    subject.restart();
    expect(subject.tick(on('11:00'))).to.match(/^3 -> 8: /);
    subject.tick(on('17:00'), { cpu: 100 });
    subject.restart();
    subject.tick(on('19:00'), { cpu: 100 });
    expect(subject.tick(on('19:06'), { cpu: 100 })).to.match(/^8 -> 2: /);
  });

  it('writes nothing in a dry run', () => {
    const subject = new World(3, given.policy({ schedules: [office], mode: 'DryRun' }));
    expect(subject.tick(on('08:00'))).to.match(/^3 -> 8 \(dry run\): /);
    expect(subject.replicas).to.equal(3);
  });

  it('names schedules that conflict for as long as they do', () => {
    const budget = schedule({ name: 'budget', cron: '0 12 * * *', durationMs: hour, maxReplicas: 4 });
    const subject = world(8, office, budget);
    subject.tick(on('11:59'));
    expect(subject.condition('SchedulesConflict')).to.equal(undefined);
    subject.tick(on('12:00'));
    expect(subject.condition('SchedulesConflict')).to.equal(
      'True MinimumAboveMaximum: the minimum of schedule office is above the maximum of schedule budget; the minimum counts',
    );
    expect(subject.replicas).to.equal(8);
    subject.tick(on('13:00'));
    expect(subject.condition('SchedulesConflict')).to.equal(
      'False BoundsAgree: no open schedule asks for a minimum above the maximum of another',
    );
  });

  it('is the decision without schedules while none is open', () => {
    const reading = given.usages(900, 900, 900);
    const { nextTransition, ...decision } = world(3, office).decide(on('20:00'), reading);
    expect(nextTransition).not.to.equal(undefined);
    expect(decision).to.deep.equal(world(3).decide(on('20:00'), reading));
  });

  it('tells of several schedules by all their names', () => {
    const names = ['a', 'b', 'c'].map((name) => schedule({ name, minReplicas: 8 }));
    expect(world(3, ...names).tick(on('08:00'))).to.match(/the minimum of schedules a, b and c$/);
  });
});

describe('a target that a schedule scales to zero', () => {
  /** Scaled to zero at ten in the evening. */
  const sleeping = (changes: Partial<Policy> = {}): World => {
    const subject = new World(3, given.policy({ minReplicas: 2, schedules: [asleep], ...changes }));
    subject.tick(on('21:59'));
    expect(subject.tick(on('22:00'))).to.match(
      /^3 -> 0: 0 instead of 3: limited by the maximum of schedule night$/,
    );
    return subject;
  };
  const morning = on('06:00') + 24 * hour;

  it('is marked, and rests until the window closes', () => {
    const subject = sleeping();
    expect(subject.condition('ScaledToZero')).to.equal(
      'True ScheduledToZero: the workload was scaled to zero by schedule night',
    );
    expect(subject.tick(on('23:00'))).to.equal('stays at 0: kept at 0 replicas by schedule night');
    expect(subject.condition('ScalingActive')).to.equal(
      'False ScalingDisabled: scaling is disabled while the target is kept at zero by schedule night',
    );
    const before = subject.status;
    subject.tick(on('23:30'));
    expect(subject.status).to.deep.equal(before);
  });

  it('comes back to the minimum as the window closes, without a feature gate', () => {
    const subject = sleeping();
    subject.tick(on('23:00'));
    expect(subject.tick(morning)).to.equal('0 -> 2: 2 instead of 0: raised to minReplicas');
    expect(subject.condition('ScaledToZero')).to.equal(undefined);
  });

  it('is not told to be kept at zero by a schedule that has closed, while a pause holds it there', () => {
    const subject = sleeping();
    subject.tick(on('23:00'));
    subject.policy = { ...subject.policy, mode: 'Paused', suspend: { scaleUp: true, scaleDown: true } };
    expect(subject.tick(morning)).to.match(
      /^stays at 0: 2 instead of 0: raised to minReplicas; 0 instead of 2: /,
    );
    expect(subject.condition('ScalingActive')).to.equal(undefined);
    subject.policy = { ...subject.policy, mode: 'Active' };
    Reflect.deleteProperty(subject.policy, 'suspend');
    expect(subject.tick(morning + hour)).to.match(/^0 -> 2: /);
    expect(subject.condition('ScalingActive')).to.equal(undefined);
  });

  it('comes back with the feature gate, too', () => {
    const subject = new World(3, given.policy({ schedules: [asleep] }), given.scaleToZero);
    subject.tick(on('22:00'));
    subject.tick(on('23:00'));
    expect(subject.tick(morning)).to.match(/^0 -> 1: /);
    expect(subject.condition('ScaledToZero')).to.match(/^False NotScaledToZero/);
  });

  it('comes back after a restart while it slept', () => {
    const subject = sleeping();
    subject.restart();
    expect(subject.tick(morning)).to.match(/^0 -> 2: /);
  });

  it('comes back where its status could not be written as it was scaled', () => {
    const subject = new World(3, given.policy({ schedules: [asleep] }));
    subject.tick(on('21:59'));
    subject.tick(on('22:00'), { statusFails: true });
    expect(subject.replicas).to.equal(0);
    subject.restart();
    subject.tick(on('22:01'));
    expect(subject.condition('ScaledToZero')).to.match(/^True ScheduledToZero/);
    expect(subject.tick(morning)).to.match(/^0 -> 1: /);
  });

  it('comes back where the schedule is taken out of the spec', () => {
    const subject = sleeping();
    subject.policy = given.policy({ minReplicas: 2 });
    expect(subject.tick(on('23:00'))).to.match(/^0 -> 2: /);
  });

  it('comes back by its metrics where the minimum is zero', () => {
    const subject = sleeping();
    subject.policy = given.policy({ minReplicas: 0, metrics: [given.queueOf10], schedules: [asleep] });
    expect(subject.decide(morning, given.queue(25)).desiredReplicas).to.equal(3);
    expect(subject.decide(morning, given.queue(0)).desiredReplicas).to.equal(0);
  });

  it('goes back to zero where somebody scales it up meanwhile', () => {
    const subject = sleeping();
    subject.replicas = 4;
    expect(subject.tick(on('23:00'))).to.match(/^4 -> 0: /);
    expect(subject.tick(morning)).to.match(/^0 -> 2: /);
  });

  it('goes straight to the minimum of another schedule', () => {
    const early = schedule({ name: 'early', cron: '0 6 * * *', durationMs: hour, minReplicas: 6 });
    const subject = sleeping({ schedules: [asleep, early] });
    expect(subject.tick(morning)).to.equal('0 -> 6: 6 instead of 0: raised to the minimum of schedule early');
  });
});

describe('a target that somebody switched off at zero', () => {
  const off = 'stays at 0: autoscaling is switched off while the target is at 0 replicas';

  for (const [title, options] of Object.entries({ without: given.options, with: given.scaleToZero })) {
    it(`stays off through windows and after them, ${title} the feature gate`, () => {
      const subject = new World(0, given.policy({ schedules: [office, asleep] }), options);
      for (const time of ['07:00', '08:00', '12:00', '22:00', '23:00'])
        expect(subject.tick(on(time))).to.include(off);
      subject.restart();
      expect(subject.tick(on('08:00') + 24 * hour)).to.include(off);
    });

    it(`stays off where a schedule had scaled it to zero before, and somebody up, ${title} the feature gate`, () => {
      const subject = new World(3, given.policy({ schedules: [asleep] }), options);
      subject.tick(on('22:00'));
      subject.replicas = 3;
      subject.tick(on('06:01') + 24 * hour);
      subject.replicas = 0;
      expect(subject.tick(on('12:00') + 24 * hour)).to.include(off);
    });
  }
});

describe('a target at zero that metrics brought there', () => {
  it('goes straight to the minimum of a window that opens', () => {
    const policy = given.policy({ minReplicas: 0, metrics: [given.queueOf10], schedules: [office] });
    const subject = new World(0, policy, given.scaleToZero);
    const conditions = withFindings([], [scaledToZero(true)], on('07:00'));
    subject.status = { ...given.noStatus, conditions };
    const failed = { type: 'External', milli: { ok: false, message: 'gone' } } as const;
    expect(subject.decide(on('07:30'), failed).desiredReplicas).to.equal(0);
    expect(subject.decide(on('08:00'), failed).desiredReplicas).to.equal(8);
  });
});
