import { expect } from 'chai';
import { ScaleRotation } from '../../src/load/scale-rotation.ts';

const state = {
  desiredReplicas: 4,
  readyReplicas: 4,
  readyPods: ['a', 'b', 'c', 'd'],
  sessionAffinity: false,
};
const cluster = { state, readyAtMs: (pod: string) => (state.readyPods.includes(pod) ? 0 : undefined) };

describe('connections replaced as pods are added', () => {
  const due = (rotation: ScaleRotation, atMs: number, ...answering: string[]): number =>
    rotation.dueRatio(atMs, () => new Set(answering));

  it('are replaced again every 5 s, for the pods that have not answered', () => {
    const rotation = new ScaleRotation(cluster);
    rotation.added(10_000);
    expect(due(rotation, 14_999, 'a')).to.equal(0);
    expect(due(rotation, 15_000, 'a')).to.equal(0.75);
    expect(due(rotation, 15_020, 'a')).to.equal(0);
    expect(due(rotation, 20_000, 'a', 'b', 'c')).to.equal(0.25);
    expect(due(rotation, 25_000, 'a', 'b', 'c', 'd')).to.equal(0);
    expect(due(rotation, 90_000, 'a'), 'until pods are added again').to.equal(0);
  });

  it('are left alone when no pods were added, or no answer names one', () => {
    expect(due(new ScaleRotation(cluster), 60_000, 'a')).to.equal(0);
    for (const names of [[], ['node-7']]) {
      const rotation = new ScaleRotation(cluster);
      rotation.added(0);
      expect(due(rotation, 5000, ...names)).to.equal(0);
    }
  });
});
