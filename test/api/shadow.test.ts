import { expect } from 'chai';
import { readShadow, wireShadow } from '../../src/api/shadow.ts';
import type { Shadow } from '../../src/decide/shadow.ts';

const atMs = Date.UTC(2030, 0, 1);
const shadow: Shadow = {
  ...{ hpa: 'web', specs: '3-a1', sinceMs: atMs + 1, ticks: 2000, agreed: 1999 },
  firstDifference: { atMs, ours: 5, theirs: 6, reason: 'tolerance' },
};

describe('a shadow in the status', () => {
  it('is read as it was written', () => {
    expect(readShadow(wireShadow(shadow))).to.deep.equal(shadow);
    const fresh: Shadow = { hpa: 'web', specs: '3-a1', sinceMs: atMs, ticks: 0, agreed: 0 };
    expect(readShadow(wireShadow(fresh))).to.deep.equal(fresh);
  });

  it('is never whole while one tick differs, and has no share before anything was compared', () => {
    expect(wireShadow(shadow).agreementPercent).to.equal(99.9);
    expect(wireShadow({ ...shadow, agreed: 2000 }).agreementPercent).to.equal(100);
    expect(wireShadow({ ...shadow, ticks: 0, agreed: 0 })).not.to.have.property('agreementPercent');
  });

  it('has a reason of bounded length', () => {
    const long = { ...shadow, firstDifference: { atMs, ours: 5, theirs: 6, reason: 'x'.repeat(2000) } };
    expect(wireShadow(long).firstDifference?.reason).to.have.length(1024);
  });

  it('is none where it lacks what is to be known', () => {
    expect(readShadow(undefined)).to.equal(undefined);
    expect(readShadow({ hpa: 'web', ticks: 7 })).to.equal(undefined);
  });
});
