import { expect } from 'chai';
import { isSwitchedOff, markScaledToZero } from '../../src/decide/scale-to-zero.ts';
import type { MetricSpec } from '../../src/decide/policy.ts';
import type { Condition } from '../../src/decide/status.ts';
import * as given from './builders.ts';

const objectMetric: MetricSpec = {
  type: 'Object',
  metric: { name: 'hits' },
  describedObject: { apiVersion: 'v1', kind: 'Service', name: 'front' },
  target: { type: 'Value', valueMilli: 1n },
};
const byItself = (): readonly Condition[] =>
  markScaledToZero(
    given.policy({ minReplicas: 0, metrics: [given.queueOf10] }),
    [],
    { from: 2, to: 0 },
    given.scaleToZero,
    given.now,
  );
const toZero = (minReplicas: number, ...metrics: MetricSpec[]) => given.policy({ minReplicas, metrics });

describe('a target at zero', () => {
  const cases: Record<string, [boolean, () => Parameters<typeof isSwitchedOff>]> = {
    'is left alone where the feature is off': [
      true,
      () => [toZero(0, given.queueOf10), byItself(), given.options],
    ],
    'is left alone when a person scaled it there': [
      true,
      () => [toZero(0, given.queueOf10), [], given.scaleToZero],
    ],
    'is watched when the autoscaler scaled it there by an external metric': [
      false,
      () => [toZero(0, given.queueOf10), byItself(), given.scaleToZero],
    ],
    "is watched when the autoscaler scaled it there by an object's metric": [
      false,
      () => [toZero(0, objectMetric), byItself(), given.scaleToZero],
    ],
    'is watched when one of several metrics can ask for the first pod': [
      false,
      () => [toZero(0, given.cpuAt50Percent, given.queueOf10), byItself(), given.scaleToZero],
    ],
    'is left alone when no metric can ask for the first pod': [
      true,
      () => [toZero(0, given.cpuAt50Percent), byItself(), given.scaleToZero],
    ],
    'is watched when the minimum was raised since, whatever the metrics': [
      false,
      () => [toZero(1, given.cpuAt50Percent), byItself(), given.scaleToZero],
    ],
  };
  for (const [sentence, [expected, args]] of Object.entries(cases)) {
    it(sentence, () => {
      expect(isSwitchedOff(...args())).to.equal(expected);
    });
  }
});

describe('the mark of who scaled to zero', () => {
  const marked = (
    rescale: { from: number; to: number },
    policy = toZero(0, given.queueOf10),
  ): string | undefined => markScaledToZero(policy, [], rescale, given.scaleToZero, given.now).at(-1)?.reason;

  it('is set by the step from some to none, in words', () => {
    expect(byItself()).to.deep.equal([
      {
        type: 'ScaledToZero',
        status: 'True',
        reason: 'ScaledToZero',
        message: 'the HPA controller scaled the workload to zero',
        lastTransitionAtMs: given.now,
      },
    ]);
  });

  it('is lifted by any other step, in words', () => {
    const [lifted] = markScaledToZero(
      toZero(0, given.queueOf10),
      byItself(),
      { from: 0, to: 2 },
      given.scaleToZero,
      given.now,
    );
    expect(lifted).to.include({
      status: 'False',
      reason: 'NotScaledToZero',
      message: 'the HPA controller did not scale the workload to zero',
    });
  });

  it('is not set by a step that ends above zero, or starts at it', () => {
    expect(marked({ from: 3, to: 1 })).to.equal('NotScaledToZero');
    expect(marked({ from: 0, to: 0 })).to.equal('NotScaledToZero');
  });

  it('is not set where the minimum or the metrics would not let it come back', () => {
    expect(marked({ from: 3, to: 0 }, toZero(1, given.queueOf10))).to.equal('NotScaledToZero');
    expect(marked({ from: 3, to: 0 }, toZero(0, given.cpuAt50Percent))).to.equal('NotScaledToZero');
  });

  it('is taken away where the feature is off', () => {
    const off = markScaledToZero(
      toZero(0, given.queueOf10),
      byItself(),
      { from: 2, to: 0 },
      given.options,
      given.now,
    );
    expect(off).to.deep.equal([]);
  });
});
