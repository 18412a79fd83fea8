import { expect } from 'chai';
import { decide } from '../../src/decide/decide.ts';
import { effectiveOptions } from '../../src/decide/effective-options.ts';
import * as given from './builders.ts';

describe('effectiveOptions', () => {
  it('are the very same without times of the object’s own', () => {
    expect(effectiveOptions(given.policy(), given.options)).to.equal(given.options);
  });

  it('have the object’s own times in place of the flags’', () => {
    const policy = given.policy({ initializationPeriodSeconds: 0 });
    expect(effectiveOptions(policy, given.options)).to.deep.equal({
      ...given.options,
      cpuInitializationPeriodMs: 0,
    });
    const both = given.policy({ initializationPeriodSeconds: 90, readinessDelaySeconds: 5 });
    expect(effectiveOptions(both, given.options)).to.deep.include({
      cpuInitializationPeriodMs: 90_000,
      initialReadinessDelayMs: 5000,
    });
  });

  it('are in the trace, both of them, where the object sets one', () => {
    expect(decide(given.input()).trace).not.to.have.property('startup');
    const policy = given.policy({ readinessDelaySeconds: 5 });
    expect(decide(given.input({ policy })).trace.startup).to.deep.equal({
      initializationPeriodMs: 300_000,
      readinessDelayMs: 5000,
    });
  });
});
