import { expect } from 'chai';
import type { MetricSpec } from '../../src/decide/policy.ts';
import * as given from '../decide/builders.ts';
import { hour, schedule } from '../decide/schedules/builders.ts';
import { Autoscaler } from './tick.ts';

/**
 * keda#7900, #5263, #6709, #6665, #5688, #6898; crane#836; cronhpa#87: a schedule that is a metric passes through the tolerance, the
 * stabilization and the rates, and never reaches its count: 22 of 24.
 */
describe('thread 21: a schedule that is never reached', () => {
  /** Noon of the tests, in the middle of the window. */
  const window = (counts: { minReplicas?: number; replicas?: number }) => ({
    schedules: [schedule({ cron: '0 8 * * *', timeZone: 'Etc/UTC', ...counts })],
    maxReplicas: 50,
  });
  const onTarget = (replicas: number) => [given.usages(...Array.from({ length: replicas }, () => 500))];
  const idle = (replicas: number) => [given.usages(...Array.from({ length: replicas }, () => 10))];
  const slowly = given.behavior(
    { stabilizationWindowSeconds: 600, policies: [{ type: 'Pods', value: 1, periodSeconds: 60 }] },
    { stabilizationWindowSeconds: 600, policies: [{ type: 'Pods', value: 1, periodSeconds: 60 }] },
  );

  it('as a metric that asks for 24 stays at 22: the complaint', () => {
    const cron: MetricSpec = {
      type: 'External',
      metric: { name: 'cron' },
      target: { type: 'AverageValue', averageMilli: 1000n },
    };
    const subject = new Autoscaler({ metrics: [cron], maxReplicas: 50 });
    const reading = { type: 'External', milli: { ok: true, value: [24_000n] } } as const;
    expect(subject.tick(given.snapshot(22, [reading])).desiredReplicas).to.equal(22);
  });

  it('reaches 24 from 22, within every tolerance', () => {
    const subject = new Autoscaler(window({ minReplicas: 24 }));
    expect(subject.tick(given.snapshot(22, onTarget(22))).desiredReplicas).to.equal(24);
  });

  it('reaches 24 from 2 in one step, whatever the behavior allows', () => {
    const subject = new Autoscaler({ ...window({ minReplicas: 24 }), behavior: slowly });
    expect(subject.tick(given.snapshot(2, idle(2))).desiredReplicas).to.equal(24);
  });

  it('reaches an exact count from above, and holds it against busy metrics', () => {
    const subject = new Autoscaler({ ...window({ replicas: 24 }), behavior: slowly });
    expect(subject.tick(given.snapshot(30, onTarget(30))).desiredReplicas).to.equal(24);
    const busy = [given.usages(...Array.from({ length: 24 }, () => 900))];
    expect(subject.tick(given.snapshot(24, busy), given.now + hour).desiredReplicas).to.equal(24);
  });

  it('holds a minimum for the whole of the window, and follows the metrics above it', () => {
    const subject = new Autoscaler(window({ minReplicas: 24 }));
    for (let minutes = 0; minutes < 360; minutes += 10) {
      const nowMs = given.now + minutes * given.minutes;
      expect(subject.tick(given.snapshot(24, idle(24)), nowMs).desiredReplicas, `${minutes} min`).to.equal(
        24,
      );
    }
    const busy = [given.usages(...Array.from({ length: 24 }, () => 750))];
    expect(subject.tick(given.snapshot(24, busy)).desiredReplicas).to.equal(36);
  });
});
