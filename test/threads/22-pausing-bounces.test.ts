import { expect } from 'chai';
import type { CustomAutoscaler } from '../../src/api/generated/custom-autoscaler.ts';
import { parseAutoscaler } from '../../src/api/parse.ts';
import type { Policy } from '../../src/decide/policy.ts';
import * as given from '../decide/builders.ts';
import { Autoscaler } from './tick.ts';

/**
 * keda#944, #5165, #5215, #4733, #6062, #7848: a pause is an annotation. It bounced between 0 and 1, `paused: "false"` paused it, and
 * what it should go on with was lost.
 */
describe('thread 22: a pause', () => {
  const { now, seconds, minutes } = given;
  const both = { scaleUp: true, scaleDown: true };
  const queue: Partial<Policy> = { minReplicas: 0, metrics: [given.queueOf10] };
  const paused: Partial<Policy> = { ...queue, mode: 'Paused', suspend: both };
  const waiting = (replicas: number, length: number) => given.snapshot(replicas, [given.queue(length)]);

  for (const replicas of [0, 1, 3])
    it(`stays at ${replicas} while a queue fills and empties`, () => {
      const subject = new Autoscaler(paused, given.scaleToZero);
      for (let tick = 0; tick < 40; tick++) {
        const length = tick % 2 === 0 ? 200 : 0;
        subject.tick(waiting(replicas, length), now + tick * 15 * seconds);
        expect(subject.outcome.type, `tick ${tick}`).not.to.equal('Scaled');
      }
    });

  it('goes on where the metrics are as it ends, and not where they were as it began', () => {
    const subject = new Autoscaler(queue, given.scaleToZero);
    subject.tick(waiting(2, 20));
    subject.edit(paused);
    subject.tick(waiting(2, 90), now + minutes);
    subject.edit(queue);
    expect(subject.tick(waiting(2, 40), now + 2 * minutes)).to.include({ desiredReplicas: 4 });
    expect(subject.outcome).to.deep.equal({ type: 'Scaled' });
  });

  it('that it brought to zero itself comes back after it', () => {
    const behavior = given.behavior({}, { stabilizationWindowSeconds: 0 });
    const subject = new Autoscaler({ ...queue, behavior }, given.scaleToZero);
    subject.tick(waiting(1, 0));
    expect(subject.outcome).to.deep.equal({ type: 'Scaled' });
    subject.edit({ ...paused, behavior });
    subject.tick(waiting(0, 40), now + minutes);
    expect(subject.outcome).to.deep.equal({ type: 'Suspended' });
    subject.edit({ ...queue, behavior });
    expect(subject.tick(waiting(0, 40), now + 2 * minutes)).to.include({ desiredReplicas: 4 });
  });

  const object = (spec: object, annotations = {}): CustomAutoscaler => ({
    apiVersion: 'plimsoll.dev/v1',
    kind: 'CustomAutoscaler',
    metadata: { name: 'web', namespace: 'default', annotations },
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
      maxReplicas: 10,
      ...spec,
    },
  });

  const refused: Readonly<Record<string, object>> = {
    'a mode that is a text of false': { mode: 'false' },
    'a mode that is false': { mode: false },
    'a suspend that is a text': { mode: 'Paused', suspend: 'false' },
    'a direction that is a text': { mode: 'Paused', suspend: { scaleUp: 'false' } },
    'a suspend without a pause': { suspend: { scaleUp: true } },
    'a pause that holds nothing back': { mode: 'Paused', suspend: { scaleUp: false, scaleDown: false } },
  };
  for (const [sentence, spec] of Object.entries(refused))
    it(`is typed: it refuses ${sentence}`, () => {
      expect(parseAutoscaler(object(spec)).ok).to.equal(false);
    });

  it('is no annotation', () => {
    const parsed = parseAutoscaler(object({}, { 'autoscaling.keda.sh/paused': 'false' }));
    expect(parsed.ok && parsed.policy).to.not.have.property('suspend');
  });
});
