import { expect } from 'chai';
import { replicaSet, workload, WorkloadTable } from '../../src/observe/workload-table.ts';
import type { Workload } from '../../src/observe/workload-table.ts';

function deployment(
  name: string,
  resourceVersion: string,
  facts: object = {},
  metadata: object = {},
): unknown {
  return {
    metadata: { namespace: 'shop', name, resourceVersion, ...metadata },
    spec: { replicas: 3, selector: { matchLabels: { tier: 'front', app: name } } },
    status: { replicas: 2 },
    ...facts,
  };
}

describe('workload', () => {
  it('is the Scale that the API server would make of it', () => {
    expect(workload(deployment('web', '7'))).to.deep.equal({
      key: 'shop/web',
      scale: { specReplicas: 3, statusReplicas: 2, selector: 'app=web,tier=front', resourceVersion: '7' },
    });
  });

  it('counts 0 where a count is not printed', () => {
    const selector = { matchExpressions: [{ key: 'app', operator: 'In', values: ['b', 'a'] }] };
    const { scale } = workload(deployment('web', '7', { spec: { replicas: 0, selector }, status: {} }));
    expect(scale).to.include({ specReplicas: 0, statusReplicas: 0, selector: 'app in (a,b)' });
  });

  it('is one of a Deployment that has a controller of its own, too', () => {
    const ownerReferences = [{ kind: 'Database', name: 'orders', controller: true }];
    expect(workload(deployment('web', '7', {}, { ownerReferences })).scale).to.include({ specReplicas: 3 });
  });
});

describe('the writers of a workload', () => {
  const time = '2030-01-01T00:00:00Z';
  const fieldsV1 = { 'f:spec': { 'f:replicas': {}, 'f:template': { 'f:metadata': {} } } };

  it('are all that is kept of its managedFields', () => {
    const managedFields = [{ manager: 'argocd', operation: 'Apply', time, fieldsV1 }];
    const { scale } = workload(deployment('web', '7', {}, { managedFields, creationTimestamp: time }));
    expect(scale?.createdAtMs).to.equal(Date.parse(time));
    expect(scale?.replicaWriters).to.deep.equal([
      { manager: 'argocd', operation: 'Apply', atMs: Date.parse(time) },
    ]);
  });

  it('are not known where the server tells none', () => {
    expect(workload(deployment('web', '7')).scale).not.to.have.property('replicaWriters');
  });
});

describe('replicaSet', () => {
  it('keeps nothing of one that its Deployment scales', () => {
    const ownerReferences = [{ kind: 'Deployment', name: 'web', controller: true }];
    expect(replicaSet(deployment('web-1', '7', {}, { ownerReferences }))).to.deep.equal({
      key: 'shop/web-1',
    });
  });

  it('keeps whose it is, and whether it has pods', () => {
    const ownerReferences = [
      { kind: 'Team', uid: 'shop' },
      { kind: 'Deployment', uid: 'web', controller: true },
    ];
    const annotations = { 'deployment.kubernetes.io/revision': '12' };
    const creationTimestamp = '2030-01-01T00:00:00Z';
    const metadata = { uid: 'web-1', ownerReferences, annotations, creationTimestamp };
    const owned = {
      uid: 'web-1',
      ownerUid: 'web',
      revision: 12,
      createdAtMs: Date.UTC(2030, 0, 1),
    };
    expect(replicaSet(deployment('web-1', '7', {}, metadata))).to.deep.equal({ key: 'shop/web-1', owned });
    const idle = { spec: { replicas: 0 }, status: {} };
    expect(replicaSet(deployment('web-1', '7', idle, metadata))).to.deep.equal({
      ...{ key: 'shop/web-1', owned },
      idle: true,
    });
  });

  it('is a workload where nobody controls it', () => {
    const alone = deployment('web', '7');
    expect(replicaSet(alone)).to.deep.equal(workload(alone));
  });
});

describe('WorkloadTable', () => {
  let current: boolean;
  let table: WorkloadTable;
  beforeEach(() => {
    current = true;
    table = new WorkloadTable(() => current);
    table.replace([workload(deployment('web', '10')), workload(deployment('api', '11'))]);
  });
  const version = (name = 'web'): string | undefined => table.find('shop', name)?.resourceVersion;

  it('knows what the watch has told', () => {
    expect(version()).to.equal('10');
    table.upsert(workload(deployment('web', '12')));
    expect(version()).to.equal('12');
    table.remove({ key: 'shop/web' });
    expect(version()).to.equal(undefined);
    expect(table.size).to.equal(1);
  });

  it('knows nothing while the watch cannot be relied on', () => {
    current = false;
    expect(version()).to.equal(undefined);
  });

  it('does not know what it had before our own write, until the watch has come that far', () => {
    table.wrote('shop', 'web', '20');
    expect(version()).to.equal(undefined);
    expect(version('api')).to.equal('11');
    table.upsert(workload(deployment('web', '19')));
    expect(version()).to.equal(undefined);
    table.upsert(workload(deployment('web', '100')));
    expect(version()).to.equal('100');
  });

  it('takes the very version that was written, also where versions cannot be compared', () => {
    table.wrote('shop', 'web', 'abc');
    expect(version()).to.equal(undefined);
    table.upsert(workload(deployment('web', 'abc')));
    expect(version()).to.equal('abc');
  });

  it('expects nothing more of one that is deleted and made anew', () => {
    table.wrote('shop', 'web', '20');
    table.remove({ key: 'shop/web' });
    table.upsert(workload(deployment('web', '5')));
    expect(version()).to.equal('5');
  });

  const owned = (uid: string, revision: number, idle = false): Workload => ({
    key: `shop/${uid}`,
    owned: { uid, ownerUid: 'web', revision, createdAtMs: 1000 * revision },
    ...(idle && { idle: true }),
  });

  it('tells what an object controls, newest first', () => {
    for (const [uid, revision] of Object.entries({ b: 2, c: 10, a: 1 })) table.upsert(owned(uid, revision));
    expect(table.ownedBy('web')).to.deep.equal(['c', 'b', 'a']);
    expect(table.ownedBy('other')).to.deep.equal([]);
    table.upsert(owned('a', 11));
    expect(table.ownedBy('web')).to.deep.equal(['a', 'c', 'b']);
    table.remove({ key: 'shop/c' });
    expect(table.ownedBy('web')).to.deep.equal(['a', 'b']);
    current = false;
    expect(table.ownedBy('web')).to.equal(undefined);
  });

  it('keeps none that has no pods, unless it had some', () => {
    table.upsert(owned('never', 1, true));
    table.upsert(owned('once', 2));
    table.upsert(owned('once', 2, true));
    expect(table.ownedBy('web')).to.deep.equal(['once']);
    table.replace([owned('once', 2, true), owned('never', 1, true)]);
    expect(table.ownedBy('web')).to.deep.equal(['once']);
    table.replace([]);
    expect(table.ownedBy('web')).to.deep.equal([]);
  });

  it('drops what a list does not hold', () => {
    table.wrote('shop', 'web', '20');
    table.replace([workload(deployment('api', '12'))]);
    expect(table.size).to.equal(1);
    table.replace([workload(deployment('web', '13'))]);
    expect(version()).to.equal('13');
  });
});
