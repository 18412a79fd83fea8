import { expect } from 'chai';
import { replicaSet, workload, WorkloadTable } from '../../src/observe/workload-table.ts';

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

describe('replicaSet', () => {
  it('keeps nothing of one that its Deployment scales', () => {
    const ownerReferences = [{ kind: 'Deployment', name: 'web', controller: true }];
    expect(replicaSet(deployment('web-1', '7', {}, { ownerReferences }))).to.deep.equal({
      key: 'shop/web-1',
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

  it('drops what a list does not hold', () => {
    table.wrote('shop', 'web', '20');
    table.replace([workload(deployment('api', '12'))]);
    expect(table.size).to.equal(1);
    table.replace([workload(deployment('web', '13'))]);
    expect(version()).to.equal('13');
  });
});
