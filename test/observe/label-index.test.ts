import { expect } from 'chai';
import fc from 'fast-check';
import { parseSelector } from '../../src/lib/selector.ts';
import type { Selector } from '../../src/lib/selector.ts';
import { LabelIndex } from '../../src/observe/label-index.ts';

interface Item {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** A selector that counts at how many labels it looks. */
function counting(text: string): { selector: Selector; looks: () => number } {
  const selector = parseSelector(text);
  let looks = 0;
  const matches: Selector['matches'] = (labels) => {
    looks += 1;
    return selector.matches(labels);
  };
  return { selector: { ...selector, matches }, looks: () => looks };
}

const item = (name: string, labels: Item['labels']): Item => ({ name, labels });
const names = (items: readonly Item[]): string[] => items.map(({ name }) => name).sort();

describe('LabelIndex', () => {
  it('looks at the few of thousands that could match, by the label that tells most', () => {
    const items = Array.from({ length: 5000 }, (_, index) =>
      item(`pod-${index}`, { 'part-of': 'shop', app: `app-${index % 1000}` }),
    );
    const index = new LabelIndex(items);
    const { selector, looks } = counting('part-of=shop,app=app-7');
    expect(index.select(selector)).to.have.length(5);
    expect(looks()).to.equal(5);
  });

  it('looks at none for a value that nobody has', () => {
    const index = new LabelIndex([item('a', { app: 'web' })]);
    const { selector, looks } = counting('app=db');
    expect(index.select(selector)).to.deep.equal([]);
    expect(looks()).to.equal(0);
  });

  it('finds by selectors without an equality too', () => {
    const index = new LabelIndex([item('a', { app: 'web' }), item('b', { app: 'db' }), item('c', {})]);
    expect(names(index.select(parseSelector('app in (web,db)')))).to.deep.equal(['a', 'b']);
    expect(names(index.select(parseSelector('!app')))).to.deep.equal(['c']);
    expect(names(index.select(parseSelector('')))).to.deep.equal(['a', 'b', 'c']);
  });

  it('finds what a look at all would find, whatever came, went and was asked before', () => {
    const value = fc.constantFrom('x', 'y', 'z');
    const labels = fc.dictionary(fc.constantFrom('a', 'b'), value, { maxKeys: 2 });
    const selector = fc.constantFrom('a=x', 'b=y', 'a=x,b=y', 'a=z,!b', 'a!=x', 'b in (x,y)', '');
    const step = fc.oneof(
      fc.record({ add: labels }),
      fc.record({ delete: fc.nat({ max: 30 }) }),
      fc.record({ ask: selector }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const index = new LabelIndex<Item>();
        const items: Item[] = [];
        for (const [at, each] of steps.entries()) {
          if ('add' in each) {
            items.push(item(`i${at}`, each.add));
            index.add(items.at(-1)!);
          } else if ('delete' in each) {
            for (const gone of items.splice(each.delete, 1)) index.delete(gone);
          } else {
            const asked = parseSelector(each.ask);
            const expected = items.filter((one) => asked.matches(one.labels));
            expect(names(index.select(asked))).to.deep.equal(names(expected));
          }
        }
        expect(index.size).to.equal(items.length);
      }),
    );
  });
});
