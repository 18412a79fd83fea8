import { expect } from 'chai';
import { SharedParts } from '../../src/observe/shared-parts.ts';

describe('SharedParts', () => {
  it('keeps one of equal parts', () => {
    const parts = new SharedParts();
    const first = { app: 'web' };
    expect(parts.share(first)).to.equal(first);
    expect(parts.share({ app: 'web' })).to.equal(first);
    expect(parts.share({ app: 'api' })).to.deep.equal({ app: 'api' });
  });

  it('tells a list from an object, and a number from its text', () => {
    const parts = new SharedParts();
    for (const part of [[], {}, [1], ['1'], { cpu: 1 }, { cpu: '1' }])
      expect(parts.share(part)).to.deep.equal(part);
    expect(parts.size).to.equal(6);
  });

  it('remembers no more than it may', () => {
    const parts = new SharedParts(3);
    for (let each = 0; each < 100; each += 1) {
      expect(parts.share({ each })).to.deep.equal({ each });
      expect(parts.size).to.be.at.most(3);
    }
  });
});
