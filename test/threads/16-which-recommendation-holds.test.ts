import { expect } from 'chai';
import { explain } from '../../src/decide/explain.ts';
import type { Decision } from '../../src/decide/decision.ts';
import type { Autoscaler as Operated } from '../../src/operator/autoscaler-table.ts';
import { Telemetry } from '../../src/operator/telemetry.ts';
import { tellDecision } from '../../src/operator/tell-decision.ts';
import { decisionLines } from '../../src/report/decision-view.ts';
import * as given from '../decide/builders.ts';
import { Autoscaler } from './tick.ts';

/**
 * kubernetes#98174, #101371: scaled up while load fell, or kept for five minutes, and the window's old value that did it is nowhere to be
 * seen. Here the recommendation that holds is named, with its time and its end.
 */
describe('thread 16: an old recommendation that nobody sees', () => {
  const evenly = (replicas: number, cpu: number) =>
    given.snapshot(replicas, [given.usages(...Array.from({ length: replicas }, () => cpu))]);

  /** Nine are right at noon, and two from then on. */
  function afterPeak(secondsLater: number) {
    const subject = new Autoscaler({ maxReplicas: 20 });
    subject.tick(evenly(9, 500));
    return subject.tick(evenly(9, 100), given.now + secondsLater * given.seconds);
  }

  it('is named with its value, its age and what is left of it', () => {
    const decision = afterPeak(60);
    expect(decision.desiredReplicas).to.equal(9);
    expect(explain(decision)).to.match(
      /^stays at 9: .* asks for 2 .*; 9 instead of 2: scale-down held for 4 m more by the recommendation of 9 from 1 m ago$/,
    );
  });

  it('is counted down from one decision to the next', () => {
    const left = [60, 120, 285].map((later) => /held for (.*) more/.exec(explain(afterPeak(later)))?.[1]);
    expect(left).to.deep.equal(['4 m', '3 m', '15 s']);
  });

  it('holds no longer than it says', () => {
    const end = Date.parse(tellDecision(afterPeak(60), given.policy()).limits?.[0]?.until ?? '');
    const later = (end - given.now) / given.seconds;
    expect(later).to.equal(300);
    expect(afterPeak(later - 1).desiredReplicas).to.equal(9);
    expect(afterPeak(later + 1).desiredReplicas).to.equal(2);
  });

  it('is told too where it scales up while load falls: the count fell below it by other hands', () => {
    const subject = new Autoscaler({ maxReplicas: 20 });
    subject.tick(evenly(9, 500));
    const decision = subject.tick(evenly(5, 300), given.now + 60 * given.seconds);
    expect(explain(decision)).to.match(
      /^5 -> 9: .* asks for 3 .*; 9 instead of 3: scale-down held for 4 m more by the recommendation of 9 from 1 m ago$/,
    );
  });

  it('is counted down for whoever reads the status later', () => {
    const told = tellDecision(afterPeak(60), given.policy());
    const lines = decisionLines(told, given.now + 90 * given.seconds, { width: 200, color: false });
    expect(lines.at(-1)).to.equal('  held until 12:05:00 UTC: 3 m 30 s left');
    const after = decisionLines(told, given.now + 400 * given.seconds, { width: 200, color: false });
    expect(after.join('\n')).to.not.contain('left');
  });

  it('is counted down in a metric, which is gone once nothing holds a scale-down back', async () => {
    const telemetry = new Telemetry();
    const autoscaler = { namespace: 'shop', name: 'web', object: {} } as unknown as Operated;
    const series = /^plimsoll_scale_down_held_until_timestamp_seconds\{.*$/m;
    const shown = async (decision: Decision): Promise<string | undefined> => {
      const told = tellDecision(decision, given.policy());
      const result = {
        type: 'Decided',
        decision,
        told,
        outcome: { type: 'NotNeeded' },
        mode: 'Active',
      } as const;
      const snapshot = { ...evenly(9, 100), status: given.noStatus };
      telemetry.reconciled(autoscaler, { ...result, snapshot, metricMs: [1], conditions: [] }, 1);
      return series.exec(await telemetry.text())?.[0];
    };
    expect(await shown(afterPeak(60))).to.equal(
      `plimsoll_scale_down_held_until_timestamp_seconds{namespace="shop",name="web"} ${given.now / 1000 + 300}`,
    );
    expect(await shown(afterPeak(301))).to.equal(undefined);
    await shown(afterPeak(60));
    telemetry.reconciled(autoscaler, { type: 'Invalid' }, 1);
    expect(await telemetry.text()).to.not.match(series);
  });
});
