import { expect } from 'chai';
import { conditionEvents } from '../../src/decide/condition-events.ts';
import { workload } from '../../src/observe/workload-table.ts';
import * as given from '../decide/builders.ts';
import { Autoscaler } from './tick.ts';

/**
 * kubernetes#25238, argo-cd#1603, #5105: a manifest with `replicas` that is applied again resets the scale, and nobody says who did it:
 * GitOps and the autoscaler fight.
 */
describe('thread 18: a manifest that resets the scale', () => {
  const { now, seconds } = given;
  const timeText = (ms: number): string => new Date(ms).toISOString();
  const owning = { 'f:spec': { 'f:replicas': {} } };

  /** A Deployment as the API server tells it. */
  function deployment(replicas: number, manager: string, operation: string, atMs: number) {
    const managedFields = [{ manager, operation, time: timeText(atMs), fieldsV1: owning }];
    const { scale } = workload({
      metadata: { name: 'web', creationTimestamp: timeText(now - 3600 * seconds), managedFields },
      spec: { replicas, selector: { matchLabels: { app: 'web' } } },
      status: { replicas },
    });
    if (scale === undefined) throw new Error('a Deployment has a scale');
    return given.snapshot(replicas, [given.usages(...Array<number>(replicas).fill(1000))], {
      target: { ok: true, value: scale },
    });
  }

  it('is told of once, by the name of who applied it, with what to do', () => {
    const subject = new Autoscaler({});
    const created = now - 3600 * seconds;
    subject.tick(deployment(2, 'kubectl-client-side-apply', 'Update', created));
    expect(subject.outcome).to.deep.equal({ type: 'Scaled' });
    expect(subject.condition('ForeignWriter'), 'the count that it was created with').to.equal(undefined);

    subject.tick(deployment(4, 'plimsoll', 'Update', now), now + 15 * seconds);
    expect(subject.condition('ForeignWriter')).to.equal(undefined);

    const events: string[] = [];
    for (const [manager, afterSeconds] of [
      ['kubectl-client-side-apply', 30],
      ['plimsoll', 45],
      ['kubectl-client-side-apply', 60],
    ] as const) {
      const before = subject.status.conditions;
      const atMs = now + afterSeconds * seconds;
      subject.tick(deployment(2, manager, 'Update', atMs), atMs);
      events.push(...conditionEvents(before, subject.status.conditions).map(({ message }) => message));
    }
    expect(events).to.deep.equal([
      'Spec.replicas of Deployment web is also written by kubectl-client-side-apply (Update at 2000-01-01T12:00:30Z); leave replicas out of what is applied, or it is reset each time',
    ]);
    expect(subject.condition('ForeignWriter')?.status).to.equal('True');
  });

  it('is told of before it happens where it is applied on the server', () => {
    const subject = new Autoscaler({});
    subject.tick(deployment(2, 'argocd-controller', 'Apply', now - 60 * seconds));
    expect(subject.condition('ForeignWriter')?.message).to.match(/argocd-controller \(Apply at /);
  });
});
