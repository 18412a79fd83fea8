import { expect } from 'chai';
import { isWithin, toleranceOf } from '../../src/decide/tolerance.ts';
import * as given from './builders.ts';

const own = given.policy({ behavior: given.behavior({ tolerance: 0.3 }, { tolerance: 0 }) });

describe('the tolerance', () => {
  it("is each direction's own where behavior gives one, even none at all", () => {
    expect(toleranceOf(own, given.options)).to.deep.equal({ up: 0.3, down: 0 });
  });

  it("is the controller's where behavior gives none, or there is none", () => {
    const silent = given.policy({ behavior: given.behavior() });
    expect(toleranceOf(silent, given.options)).to.deep.equal({ up: 0.1, down: 0.1 });
    expect(toleranceOf(given.policy(), given.options)).to.deep.equal({ up: 0.1, down: 0.1 });
  });

  it("is the controller's where the feature is off", () => {
    const featureGates = { ...given.options.featureGates, HPAConfigurableTolerance: false };
    expect(toleranceOf(own, { ...given.options, featureGates })).to.deep.equal({ up: 0.1, down: 0.1 });
  });

  it('holds both of its ends, and nothing beyond', () => {
    const tolerance = { up: 0.5, down: 0.25 };
    expect([0.74, 0.75, 1, 1.5, 1.51].map((ratio) => isWithin(tolerance, ratio))).to.deep.equal([
      false,
      true,
      true,
      true,
      false,
    ]);
  });

  it('never holds what is no number', () => {
    expect(isWithin({ up: 1, down: 1 }, NaN)).to.equal(false);
  });
});
