import { expect } from 'chai';
import * as given from '../decide/builders.ts';
import { Autoscaler } from './tick.ts';

/**
 * kubernetes#87070, #28603, enhancements#3433: an HPA can only be suspended by setting the replicas to 0 (an outage) or by deleting it;
 * nothing says until when, or why.
 */
describe('thread 7: an autoscaler that is suspended', () => {
  const { now, minutes } = given;
  const loaded = (replicas: number, cpu: number) =>
    given.snapshot(replicas, [given.usages(...Array<number>(replicas).fill(cpu))]);
  const sale = { untilMs: now + 60 * minutes, reason: 'the sale' };

  it('keeps its replicas, whatever the metrics say, and says until when and why', () => {
    const subject = new Autoscaler({ mode: 'Paused', suspend: { scaleUp: true, scaleDown: true, ...sale } });
    for (const cpu of [1500, 10]) {
      subject.tick(loaded(3, cpu));
      expect(subject.outcome).to.deep.equal({ type: 'Suspended' });
    }
    expect(subject.condition('Suspended')?.message).to.equal(
      'scaling up and down is suspended until 2000-01-01T13:00:00Z: the sale',
    );
  });

  it('may go up while it must not go down', () => {
    const subject = new Autoscaler({ mode: 'Paused', suspend: { scaleUp: false, scaleDown: true, ...sale } });
    subject.tick(loaded(3, 1000));
    expect(subject.outcome).to.deep.equal({ type: 'Scaled' });
    subject.tick(loaded(6, 10), now + 10 * minutes);
    expect(subject.outcome).to.deep.equal({ type: 'Suspended' });
    expect(subject.condition('AbleToScale')?.reason).to.equal('ScaleDownSuspended');
  });

  it('goes on by itself as the time is over', () => {
    const subject = new Autoscaler({ mode: 'Paused', suspend: { scaleUp: true, scaleDown: true, ...sale } });
    subject.tick(loaded(3, 1000), sale.untilMs - 1);
    expect(subject.outcome).to.deep.equal({ type: 'Suspended' });
    subject.tick(loaded(3, 1000), sale.untilMs);
    expect(subject.outcome).to.deep.equal({ type: 'Scaled' });
    expect(subject.condition('Suspended')).to.include({ status: 'False', reason: 'PauseEnded' });
  });

  it('does not drop at once to what one quiet moment asks for, as it has looked on meanwhile', () => {
    const subject = new Autoscaler({ mode: 'Paused', suspend: { scaleUp: true, scaleDown: true, ...sale } });
    subject.tick(loaded(6, 500), sale.untilMs - minutes);
    expect(subject.tick(loaded(6, 10), sale.untilMs).desiredReplicas).to.equal(6);
  });
});
