import { expect } from 'chai';
import {
  ableToScale,
  isTrue,
  scalingActive,
  scalingLimited,
  stands,
  withFindings,
  without,
} from '../../src/decide/conditions.ts';
import { now } from './builders.ts';

describe('conditions', () => {
  it('are appended in the order in which they were first told', () => {
    const told = withFindings([], [ableToScale.gotScale, scalingActive.disabled], now);
    expect(told.map(({ type }) => type)).to.deep.equal(['AbleToScale', 'ScalingActive']);
    const again = withFindings(told, [scalingActive.validMetric('x'), ableToScale.ready], now);
    expect(again.map(({ type }) => type)).to.deep.equal(['AbleToScale', 'ScalingActive']);
  });

  it('keep their time while their status stays, whatever the reason', () => {
    const told = withFindings([], [ableToScale.gotScale], now);
    const later = withFindings(told, [ableToScale.ready], now + 5000);
    expect(later[0]).to.include({ reason: 'ReadyForNewScale', lastTransitionAtMs: now });
  });

  it('take the new time in whole seconds when their status changes', () => {
    const told = withFindings([], [ableToScale.gotScale], now);
    const later = withFindings(told, [ableToScale.failedGetScale('gone')], now + 5999);
    expect(later[0]).to.include({ status: 'False', lastTransitionAtMs: now + 5000 });
  });

  it('are never changed in place', () => {
    const told = withFindings([], [ableToScale.gotScale], now);
    withFindings(told, [ableToScale.ready], now);
    expect(told[0]?.reason).to.equal('SucceededGetScale');
  });

  it('can be taken away and asked for', () => {
    const told = withFindings([], [ableToScale.gotScale, scalingActive.disabled], now);
    expect(without(told, 'AbleToScale').map(({ type }) => type)).to.deep.equal(['ScalingActive']);
    expect(without(told, 'Other')).to.equal(told);
    expect(isTrue(told, 'AbleToScale')).to.equal(true);
    expect(isTrue(told, 'ScalingActive')).to.equal(false);
  });

  it('stand only in the same type, reason and words', () => {
    const finding = scalingActive.contested('by two');
    const told = withFindings([], [ableToScale.gotScale, finding], now);
    expect(stands(told, finding)).to.equal(true);
    expect(stands(told, { ...finding, type: 'AbleToScale' })).to.equal(false);
    expect(stands(told, { ...finding, reason: 'Other' })).to.equal(false);
    expect(stands(told, { ...finding, message: 'by three' })).to.equal(false);
  });

  it('say whether and why a count was limited', () => {
    expect(scalingLimited(true, 'ScaleUpLimit')).to.deep.equal({
      type: 'ScalingLimited',
      status: 'True',
      reason: 'ScaleUpLimit',
      message: 'the desired replica count is increasing faster than the maximum scale rate',
    });
    expect(scalingLimited(false, 'DesiredWithinRange')).to.deep.equal({
      type: 'ScalingLimited',
      status: 'False',
      reason: 'DesiredWithinRange',
      message: 'the desired count is within the acceptable range',
    });
  });
});
