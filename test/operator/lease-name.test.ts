import { expect } from 'chai';
import { leaseName } from '../../src/operator/lease-name.ts';

describe('leaseName', () => {
  const leaseNamespace = 'plimsoll-system';

  it('is plain where all of the cluster is served, or the namespace of the Lease', () => {
    expect(leaseName({ leaseNamespace })).to.equal('plimsoll');
    expect(leaseName({ namespace: leaseNamespace, leaseNamespace })).to.equal('plimsoll');
  });

  it('differs between shards, is the same for the same, and is a name that Kubernetes takes', () => {
    const shards = [
      { namespace: 'shop' },
      { namespace: 'bank' },
      { selector: 'team=shop' },
      { namespace: 'shop', selector: 'team=shop' },
      { namespace: leaseNamespace, selector: 'team=bank' },
    ];
    const names = shards.map((shard) => leaseName({ ...shard, leaseNamespace }));
    expect(new Set(names).size).to.equal(shards.length);
    expect(shards.map((shard) => leaseName({ ...shard, leaseNamespace }))).to.deep.equal(names);
    for (const name of names) expect(name).to.match(/^plimsoll-[0-9a-f]{10}$/);
  });
});
