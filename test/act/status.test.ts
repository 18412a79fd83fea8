import { expect } from 'chai';
import { statusPatch, writeStatus } from '../../src/act/status.ts';
import { clientOf } from '../support/local-api.ts';
import { TestCluster } from '../support/cluster.ts';

const rows: Record<string, { before: object | undefined; after: object; patch: object | undefined }> = {
  'a first status is written whole': { before: undefined, after: { a: 1 }, patch: { status: { a: 1 } } },
  'an equal status is not written': { before: { a: [{ b: 1 }] }, after: { a: [{ b: 1 }] }, patch: undefined },
  'null and absent are equal': { before: { a: 1 }, after: { a: 1, metrics: null }, patch: undefined },
  'only what differs is written': {
    before: { a: 1, b: 1 },
    after: { a: 1, b: 2 },
    patch: { status: { b: 2 } },
  },
  'what is gone is removed': { before: { a: 1, b: 1 }, after: { a: 1 }, patch: { status: { b: null } } },
  'a list is written whole': {
    before: { a: [1, 2] },
    after: { a: [1, 3] },
    patch: { status: { a: [1, 3] } },
  },
};

describe('statusPatch', () => {
  for (const [title, { before, after, patch }] of Object.entries(rows)) {
    it(title, () => {
      expect(statusPatch(before, after)).to.deep.equal(patch);
    });
  }
});

describe('writeStatus', () => {
  it('writes the status alone, and answers with the object as it is then', async () => {
    const cluster = await TestCluster.start();
    const client = clientOf(cluster.server.url);
    cluster.autoscale('web');
    const path = '/apis/plimsoll.dev/v1/namespaces/default/customautoscalers/web';
    const patch = { status: { desiredReplicas: 3, conditions: [] } };
    const object = await writeStatus(client, path, patch, new AbortController().signal);
    expect(object).to.have.nested.property('status.desiredReplicas', 3);
    expect(object).to.have.nested.property('metadata.generation', 1);
    expect(cluster.status('web')).to.deep.include({ desiredReplicas: 3 });
    await client.close();
    await cluster.close();
  });
});
