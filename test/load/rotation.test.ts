import { expect } from 'chai';
import fc from 'fast-check';
import {
  defaultRotation,
  drawLimit,
  formatRotation,
  parseRotation,
  type Rotation,
} from '../../src/load/rotation.ts';

const random = fc.double({ min: 0, max: 0.999999, noNaN: true });

describe('rotation of connections', () => {
  const texts: Record<string, Rotation> = {
    'requests=100': { type: 'requests', requests: 100 },
    'age=5s': { type: 'age', ageMs: 5000 },
    'age=1m30s': { type: 'age', ageMs: 90_000 },
    each: { type: 'each' },
    'on-scale': { type: 'on-scale' },
    off: { type: 'off' },
  };
  for (const [text, rotation] of Object.entries(texts)) {
    it(`reads ${text}, and writes it the same`, () => {
      expect(parseRotation(text)).to.deep.equal(rotation);
      expect(formatRotation(rotation)).to.equal(text);
    });
  }

  for (const text of [
    '',
    'requests',
    'requests=0',
    'requests=1.5',
    'requests=5s',
    'age=5',
    'age=0s',
    'age=-1s',
    'never',
    'EACH',
  ]) {
    it(`refuses "${text}" and says what is allowed`, () => {
      expect(() => parseRotation(text))
        .to.throw(/^--rotate .*: allowed is requests=N .*age=TIME.* each, on-scale or off$/)
        .with.property('exitCode', 2);
    });
  }

  it('draws from half to one and a half, so that connections are not replaced all at once', () => {
    const requests: Rotation = { type: 'requests', requests: 100 };
    expect([0, 0.5, 0.999999].map((value) => drawLimit(requests, () => value).requests)).to.deep.equal([
      50, 100, 150,
    ]);
    const age: Rotation = { type: 'age', ageMs: 5000 };
    expect([0, 0.5].map((value) => drawLimit(age, () => value).ageMs)).to.deep.equal([2500, 5000]);
  });

  it('keeps a connection for one request at least', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1000 }), random, (requests, value) => {
        expect(drawLimit({ type: 'requests', requests }, () => value).requests).to.be.at.least(1);
      }),
    );
    expect(drawLimit({ type: 'each' }, () => 0.9).requests).to.equal(1);
  });

  it('replaces all connections within 5 s unless told, whatever is drawn', () => {
    fc.assert(
      fc.property(random, (value) => {
        expect(drawLimit(defaultRotation, () => value).ageMs).to.be.below(5000);
      }),
    );
  });

  it('never replaces a connection of its own accord when off, or before anything scaled', () => {
    for (const type of ['off', 'on-scale'] as const)
      expect(drawLimit({ type }, () => 0)).to.deep.equal({ requests: Infinity, ageMs: Infinity });
  });
});
