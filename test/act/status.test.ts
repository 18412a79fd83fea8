import { expect } from 'chai';
import { statusPatch, writeStatus } from '../../src/act/status.ts';
import type { KubeClient } from '../../src/kube/client.ts';
import { KubeError } from '../../src/kube/errors.ts';
import { clientOf } from '../support/local-api.ts';
import { TestCluster } from '../support/cluster.ts';

const rows: Record<string, { before: object | undefined; after: object; patch: object | undefined }> = {
  'a first status is written whole': { before: undefined, after: { a: 1 }, patch: { status: { a: 1 } } },
  'an equal status is not written': { before: { a: [{ b: 1 }] }, after: { a: [{ b: 1 }] }, patch: undefined },
  'null and absent are equal': { before: { a: 1 }, after: { a: 1, metrics: null }, patch: undefined },
  'a field that is gone from an object within is removed': {
    before: { history: { a: 1, woke: 2, deep: { b: 1, c: 2 } } },
    after: { history: { a: 1, deep: { b: 1 } } },
    patch: { status: { history: { a: 1, woke: null, deep: { b: 1, c: null } } } },
  },
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
  const path = '/apis/plimsoll.dev/v1/namespaces/default/customautoscalers/web';
  const { signal } = new AbortController();
  const patch = { status: { desiredReplicas: 3, conditions: [] } };
  let cluster: TestCluster;
  let client: KubeClient;
  beforeEach(async () => {
    cluster = await TestCluster.start();
    client = clientOf(cluster.server.url);
    cluster.autoscale('web');
  });
  afterEach(async () => {
    await client.close();
    await cluster.close();
  });
  const place = () => {
    const { uid, resourceVersion } = cluster.api.get(
      'customautoscalers.plimsoll.dev',
      'default',
      'web',
    )!.metadata;
    return { path, uid, resourceVersion };
  };

  it('writes the status alone, and answers with the object as it is then', async () => {
    const written = await writeStatus(client, place(), patch, { signal });
    expect(written.type).to.equal('Written');
    expect(written).to.have.nested.property('object.status.desiredReplicas', 3);
    expect(written).to.have.nested.property('object.metadata.generation', 1);
    expect(cluster.status('web')).to.deep.include({ desiredReplicas: 3 });
  });

  it('leaves a namesake alone that was created meanwhile', async () => {
    const before = place();
    cluster.api.delete('customautoscalers.plimsoll.dev', 'default', 'web');
    cluster.autoscale('web');
    const written = await writeStatus(client, before, patch, { signal });
    expect(written).to.deep.equal({ type: 'Gone' });
    expect(cluster.status('web')).to.equal(undefined);
  });

  it('writes nothing over what somebody wrote since', async () => {
    const before = place();
    await writeStatus(client, place(), { status: { desiredReplicas: 7, conditions: [] } }, { signal });
    expect((await writeStatus(client, before, patch, { signal })).type).to.equal('Conflict');
    expect(cluster.status('web')).to.deep.include({ desiredReplicas: 7 });
  });

  it('says that the object is gone', async () => {
    const before = place();
    cluster.api.delete('customautoscalers.plimsoll.dev', 'default', 'web');
    expect(await writeStatus(client, before, patch, { signal })).to.deep.equal({
      type: 'Gone',
    });
  });

  it('writes nothing once its fence is down', async () => {
    const fence = () => {
      throw new KubeError('the lease is lost', { type: 'Fenced' });
    };
    const error: unknown = await writeStatus(client, place(), patch, { signal, fence }).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).to.include({ name: 'KubeError', type: 'Fenced' });
    expect(cluster.status('web')).to.equal(undefined);
  });

  it('throws when the status itself is refused', async () => {
    const wrong = { status: { desiredReplicas: 'many' } };
    const error: unknown = await writeStatus(client, place(), wrong, { signal }).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).to.include({ name: 'KubeError', type: 'Invalid' });
  });
});
