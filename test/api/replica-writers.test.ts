import { expect } from 'chai';
import { replicaWriters } from '../../src/api/replica-writers.ts';

const time = '2030-01-01T00:00:00Z';
const replicas = { 'f:spec': { 'f:replicas': {}, 'f:template': {} } };

describe('replicaWriters', () => {
  it('names who owns the count, how and since when', () => {
    expect(
      replicaWriters([
        { manager: 'argocd', operation: 'Apply', time, fieldsV1: replicas },
        { manager: 'kubectl', operation: 'Update', subresource: 'scale', time, fieldsV1: replicas },
        {
          manager: 'kube-controller-manager',
          operation: 'Update',
          subresource: 'status',
          time,
          fieldsV1: {},
        },
        { manager: 'odd', fieldsV1: replicas },
      ]),
    ).to.deep.equal([
      { manager: 'argocd', operation: 'Apply', atMs: Date.parse(time) },
      { manager: 'kubectl', operation: 'Update', subresource: 'scale', atMs: Date.parse(time) },
      { manager: 'odd', operation: 'Update' },
    ]);
  });

  it('leaves out the operator itself', () => {
    expect(replicaWriters([{ manager: 'plimsoll', operation: 'Update', fieldsV1: replicas }])).to.deep.equal(
      [],
    );
  });
});
