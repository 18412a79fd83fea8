import { expect } from 'chai';
import type { KubeObject } from '../../../src/devcluster/cluster-api.ts';
import { Store } from '../../../src/devcluster/apiserver/store.ts';
import type { Change } from '../../../src/devcluster/apiserver/store.ts';

function configMap(name: string, value: string, namespace = 'default'): KubeObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace }, data: { value } };
}

const names = (objects: readonly KubeObject[]): string[] => objects.map(({ metadata }) => metadata.name);

describe('Store', () => {
  it('counts versions over all collections', () => {
    const store = new Store();
    const first = store.put('configmaps', configMap('a', '1'));
    const second = store.put('pods', configMap('b', '1'));
    expect([first.metadata.resourceVersion, second.metadata.resourceVersion]).to.deep.equal(['1', '2']);
  });

  it('lists in key order', () => {
    const store = new Store();
    for (const name of ['b', 'c', 'a']) store.put('configmaps', configMap(name, '1'));
    store.put('configmaps', configMap('z', '1', 'another'));
    expect(names(store.collection('configmaps').list())).to.deep.equal(['z', 'a', 'b', 'c']);
    expect(names(store.collection('configmaps').list('default'))).to.deep.equal(['a', 'b', 'c']);
  });

  it('shows what there was at an earlier version', () => {
    const store = new Store();
    store.put('configmaps', configMap('a', '1'));
    store.put('configmaps', configMap('b', '1'));
    const then = store.version;
    store.put('configmaps', configMap('a', '2'));
    store.remove('configmaps', configMap('b', '1'));
    store.put('configmaps', configMap('c', '1'));
    const objects = store.collection('configmaps').listAt(then);
    expect(
      objects.map(({ metadata, data }) => [metadata.name, (data as { value: string }).value]),
    ).to.deep.equal([
      ['a', '1'],
      ['b', '1'],
    ]);
  });

  it('gives a deletion a version of its own', () => {
    const store = new Store();
    const changes: Change[] = [];
    store.collection('configmaps').subscribe((change) => changes.push(change));
    store.put('configmaps', configMap('a', '1'));
    store.remove('configmaps', configMap('a', '1'));
    expect(changes.map(({ type, object }) => [type, object.metadata.resourceVersion])).to.deep.equal([
      ['ADDED', '1'],
      ['DELETED', '2'],
    ]);
  });

  it('forgets the oldest changes beyond its limit', () => {
    const store = new Store(4);
    for (let count = 0; count < 6; count += 1) store.put('configmaps', configMap('a', String(count)));
    const collection = store.collection('configmaps');
    expect(collection.floor).to.equal(2);
    expect(collection.changesAfter(0).map(({ version }) => version)).to.deep.equal([3, 4, 5, 6]);
  });

  it('ends subscriptions when a collection goes away', () => {
    const store = new Store();
    let isEnded = false;
    store.collection('configmaps').subscribe(
      () => undefined,
      () => (isEnded = true),
    );
    store.drop('configmaps');
    expect(isEnded).to.equal(true);
  });
});
