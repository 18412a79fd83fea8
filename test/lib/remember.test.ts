import { expect } from 'chai';
import { remember, rememberEach } from '../../src/lib/remember.ts';

describe('a function that remembers', () => {
  function counted(bound: number) {
    const asked: string[] = [];
    const length = remember((text) => {
      asked.push(text);
      if (text === '') throw new Error('empty');
      return text.length;
    }, bound);
    return { asked, length };
  }

  it('works out once what it is asked again', () => {
    const { asked, length } = counted(10);
    expect(['a', 'bb', 'a', 'bb'].map(length)).to.deep.equal([1, 2, 1, 2]);
    expect(asked).to.deep.equal(['a', 'bb']);
  });

  it('forgets all once it knows as many texts as it may', () => {
    const { asked, length } = counted(2);
    expect(['a', 'bb', 'ccc', 'ccc', 'a'].map(length)).to.deep.equal([1, 2, 3, 3, 1]);
    expect(asked).to.deep.equal(['a', 'bb', 'ccc', 'a']);
  });

  it('remembers nothing of what throws', () => {
    const { asked, length } = counted(2);
    expect(() => length('')).to.throw('empty');
    expect(() => length('')).to.throw('empty');
    expect(asked).to.deep.equal(['', '']);
  });
});

describe('a function of objects that remembers', () => {
  it('works out once what it is asked of the same object again, even where that is nothing', () => {
    const asked: object[] = [];
    const nothing = rememberEach((object: object) => void asked.push(object));
    const [a, b] = [{}, {}];
    for (const object of [a, b, a, b]) nothing(object);
    expect(asked).to.deep.equal([a, b]);
    expect(asked[1]).to.equal(b);
  });
});
