import { expect } from 'chai';
import { AutoscalerTable } from '../../src/operator/autoscaler-table.ts';
import type { ServedObject } from '../../src/operator/autoscaler-table.ts';

function object(
  name: string,
  facts: { uid?: string; generation?: number; resourceVersion?: string; namespace?: string } = {},
): ServedObject {
  return {
    metadata: { name, namespace: 'shop', uid: `uid-${name}`, generation: 1, resourceVersion: '1', ...facts },
  };
}

describe('AutoscalerTable', () => {
  let changed: string[];
  let gone: string[];
  let table: AutoscalerTable;
  beforeEach(() => {
    changed = [];
    gone = [];
    table = new AutoscalerTable({
      onChanged: ({ key }) => changed.push(key),
      onGone: ({ key }) => gone.push(key),
    });
  });

  it('wakes an autoscaler when it is first seen and when its spec changes, not when its status does', () => {
    table.replace([object('web')]);
    table.upsert(object('web', { resourceVersion: '2' }));
    expect(changed).to.deep.equal(['shop/web']);
    table.upsert(object('web', { resourceVersion: '3', generation: 2 }));
    expect(changed).to.deep.equal(['shop/web', 'shop/web']);
  });

  it('does not wake again for a list that brings nothing new', () => {
    table.replace([object('web')]);
    table.replace([object('web')]);
    expect(changed).to.deep.equal(['shop/web']);
  });

  it('drops what a new list does not hold', () => {
    table.replace([object('web'), object('api')]);
    table.replace([object('api')]);
    expect(gone).to.deep.equal(['shop/web']);
    expect(table.size).to.equal(1);
  });

  it('remembers nothing of a deleted one when another takes its name', () => {
    table.replace([object('web')]);
    table.get('shop/web')!.history = { recommendations: [], scaleUps: [], scaleDowns: [] };
    table.upsert(object('web', { uid: 'another' }));
    expect(table.get('shop/web')!.history).to.equal(undefined);
    expect(gone).to.deep.equal(['shop/web']);
  });

  it('keeps what it remembers over changes of the spec', () => {
    table.replace([object('web')]);
    const history = { recommendations: [], scaleUps: [], scaleDowns: [] };
    table.get('shop/web')!.history = history;
    table.upsert(object('web', { resourceVersion: '2', generation: 2 }));
    expect(table.get('shop/web')!.history).to.equal(history);
  });

  it('does not go back to an event from before its own last write', () => {
    table.replace([object('web', { resourceVersion: '10' })]);
    table.upsert(object('web', { resourceVersion: '9' }));
    expect(table.get('shop/web')!.object.metadata.resourceVersion).to.equal('10');
  });

  it('goes back with a list, which is the truth after a restore', () => {
    table.replace([object('web', { resourceVersion: '10' })]);
    table.replace([object('web', { resourceVersion: '9' })]);
    expect(table.get('shop/web')!.object.metadata.resourceVersion).to.equal('9');
  });

  const pod = (labels: Record<string, string>) => ({ labels });
  const learn = (selectors: Record<string, string>): void => {
    for (const [key, selector] of Object.entries(selectors)) table.learnSelector(table.get(key)!, selector);
  };
  const namesOfOthers = (...pods: { labels: Record<string, string> }[]): string[] =>
    table.others(table.get('shop/web')!, pods).map(({ name }) => name);

  it('names the others of the same namespace once their selectors are known', () => {
    table.replace([object('web'), object('api'), object('new'), object('far', { namespace: 'else' })]);
    learn({ 'shop/web': 'app=web', 'shop/api': 'app=web,tier=front', 'else/far': 'app=web' });
    expect(table.others(table.get('shop/web')!, [pod({ app: 'web', tier: 'front' })])).to.deep.equal([
      { namespace: 'shop', name: 'api', selector: 'app=web,tier=front' },
    ]);
  });

  it('names of thousands only those that could select one of the pods', () => {
    const names = Array.from({ length: 3000 }, (_, index) => `app${index}`);
    table.replace(['web', 'twin', 'loose', 'broken', ...names].map((name) => object(name)));
    learn(Object.fromEntries(names.map((name) => [`shop/${name}`, `app=${name},a-part-of=shop`])));
    learn({
      'shop/web': 'app=web',
      'shop/twin': 'tier=back,app=web',
      'shop/loose': 'app in (web,api),!legacy',
      'shop/broken': 'app in (',
    });
    const pods = Array.from({ length: 10 }, () => pod({ app: 'web', tier: 'back', 'a-part-of': 'shop' }));
    expect(namesOfOthers(...pods))
      .to.include.members(['twin', 'loose', 'broken'])
      .and.to.have.length.below(6);
  });

  it('follows a selector that changes, and forgets that of a deleted one', () => {
    table.replace([object('web'), object('api')]);
    learn({ 'shop/api': 'app=web' });
    learn({ 'shop/api': 'app=api' });
    expect(namesOfOthers(pod({ app: 'web' }))).to.deep.equal([]);
    expect(namesOfOthers(pod({ app: 'api' }))).to.deep.equal(['api']);
    table.remove(object('api'));
    table.upsert(object('api', { uid: 'another' }));
    expect(namesOfOthers(pod({ app: 'api' }))).to.deep.equal([]);
  });

  it('forgets a deleted one', () => {
    table.replace([object('web')]);
    table.remove(object('web'));
    expect(table.get('shop/web')).to.equal(undefined);
    expect(gone).to.deep.equal(['shop/web']);
  });
});
