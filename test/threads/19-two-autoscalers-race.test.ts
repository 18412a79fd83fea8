import { expect } from 'chai';
import type { Mode } from '../../src/decide/policy.ts';
import type { Rival } from '../../src/decide/snapshot.ts';
import * as given from '../decide/builders.ts';
import { Autoscaler } from './tick.ts';

/** kubernetes#101648; keda#3087, #3755: two autoscalers write one target in turn, and whoever wrote last wins. */
describe('thread 19: two autoscalers of one target', () => {
  const rivals: Readonly<Record<string, Rival>> = {
    'an HPA': { apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', name: 'web' },
    'the HPA of a ScaledObject': {
      ...{ apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', name: 'keda-hpa-web' },
      owner: 'ScaledObject web',
    },
    'another CustomAutoscaler': { apiVersion: 'plimsoll.dev/v1', kind: 'CustomAutoscaler', name: 'second' },
  };
  const busy = (rival: Rival[]) => given.snapshot(2, [given.usages(1500, 1500)], { rivals: rival });

  for (const [sentence, rival] of Object.entries(rivals))
    it(`writes nothing while there is ${sentence}, says so, and goes on when it is gone`, () => {
      const subject = new Autoscaler({});
      for (let tick = 0; tick < 3; tick++) {
        expect(subject.tick(busy([rival])).verdict).to.equal('Contested');
        expect(subject.outcome).to.deep.equal({ type: 'NotNeeded' });
      }
      expect(subject.condition('ScalingActive')?.message).to.contain(`${rival.kind} ${rival.name}`);
      subject.tick(busy([]));
      expect(subject.outcome).to.deep.equal({ type: 'Scaled' });
    });

  const modes: Readonly<Record<Mode, string>> = {
    Active: 'NotNeeded',
    DryRun: 'DryRun',
    Paused: 'NotNeeded',
  };
  for (const [mode, outcome] of Object.entries(modes) as [Mode, string][])
    it(`never writes beside an HPA in mode ${mode}`, () => {
      const suspend = mode === 'Paused' ? { suspend: { scaleUp: false, scaleDown: true } } : {};
      const subject = new Autoscaler({ mode, ...suspend });
      subject.tick(busy([rivals['an HPA']!]));
      expect(subject.outcome.type).to.equal(outcome);
    });
});
