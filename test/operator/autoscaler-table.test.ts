import { expect } from 'chai';
import { AutoscalerTable } from '../../src/operator/autoscaler-table.ts';
import type { AutoscalerObject } from '../../src/operator/autoscaler-table.ts';

function object(
  name: string,
  facts: { uid?: string; generation?: number; resourceVersion?: string; namespace?: string } = {},
): AutoscalerObject {
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

  it('names the others of the same namespace once their selectors are known', () => {
    table.replace([object('web'), object('api'), object('new'), object('far', { namespace: 'else' })]);
    for (const key of ['shop/web', 'shop/api', 'else/far']) table.get(key)!.selector = `of=${key}`;
    expect(table.others(table.get('shop/web')!)).to.deep.equal([
      { namespace: 'shop', name: 'api', selector: 'of=shop/api' },
    ]);
  });

  it('forgets a deleted one', () => {
    table.replace([object('web')]);
    table.remove(object('web'));
    expect(table.get('shop/web')).to.equal(undefined);
    expect(gone).to.deep.equal(['shop/web']);
  });
});
