import { expect } from 'chai';
import { ableToScale, isTrue, scalingActive, withFindings, without } from '../../src/decide/conditions.ts';
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
});
