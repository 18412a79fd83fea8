import { expect } from 'chai';
import { writeScale } from '../../src/act/scale.ts';
import { clientOf, startLocalApi } from '../support/local-api.ts';
import { TestCluster } from '../support/cluster.ts';
import type { KubeClient } from '../../src/kube/client.ts';
import { KubeError } from '../../src/kube/errors.ts';

const path = '/apis/apps/v1/namespaces/default/deployments/web/scale';
const { signal } = new AbortController();

describe('writeScale', () => {
  let cluster: TestCluster;
  let client: KubeClient;
  beforeEach(async () => {
    cluster = await TestCluster.start();
    cluster.deploy('web', 2);
    client = clientOf(cluster.server.url);
  });
  afterEach(async () => {
    await client.close();
    await cluster.close();
  });

  const version = async (): Promise<string> =>
    ((await client.get(path)) as { metadata: { resourceVersion: string } }).metadata.resourceVersion;

  it('writes the replicas when nobody else wrote since they were read', async () => {
    const written = await writeScale(
      client,
      path,
      { type: 'Scale', replicas: 5, resourceVersion: await version() },
      { signal },
    );
    expect(written).to.deep.equal({ type: 'Scaled', resourceVersion: await version() });
    expect(cluster.replicas('web')).to.equal(5);
  });

  it('reports a conflict, and leaves what somebody else has written', async () => {
    const resourceVersion = await version();
    cluster.api.patch('deployments.apps', 'default', 'web', 'merge', { spec: { replicas: 7 } });
    const written = await writeScale(
      client,
      path,
      { type: 'Scale', replicas: 5, resourceVersion },
      { signal },
    );
    expect(written).to.have.property('type', 'Conflict');
    expect(cluster.replicas('web')).to.equal(7);
  });

  it('takes the resourceVersion of the object itself, as a watch gives it', async () => {
    const { resourceVersion } = cluster.api.get('deployments.apps', 'default', 'web')!.metadata;
    const action = { type: 'Scale', replicas: 5, resourceVersion: resourceVersion! } as const;
    expect(await writeScale(client, path, action, { signal })).to.have.property('type', 'Scaled');
    expect(await writeScale(client, path, action, { signal })).to.have.property('type', 'Conflict');
    expect(cluster.replicas('web')).to.equal(5);
  });

  it('writes nothing once its fence is down', async () => {
    const fence = () => {
      throw new KubeError('the lease is lost', { type: 'Fenced' });
    };
    const error: unknown = await writeScale(
      client,
      path,
      { type: 'Scale', replicas: 5 },
      { signal, fence },
    ).catch((thrown: unknown) => thrown);
    expect(error).to.include({ name: 'KubeError', type: 'Fenced' });
    expect(cluster.replicas('web')).to.equal(2);
  });

  it('reports what the server says when it refuses', async () => {
    const written = await writeScale(
      client,
      path.replace('web', 'gone'),
      { type: 'Scale', replicas: 5 },
      { signal },
    );
    expect(written).to.deep.equal({ type: 'Refused', message: 'deployments.apps "gone" not found' });
  });

  it('reports a server that is away', async () => {
    await cluster.close();
    const written = await writeScale(client, path, { type: 'Scale', replicas: 5 }, { signal });
    expect(written).to.have.property('type', 'Refused');
    cluster = await TestCluster.start();
  });

  it('writes under its own name, which managedFields show', async () => {
    const api = await startLocalApi(() => ({}));
    const other = clientOf(api.url);
    await writeScale(other, path, { type: 'Scale', replicas: 5, resourceVersion: '7' }, { signal });
    const [request] = api.requests;
    expect(request!.query.get('fieldManager')).to.equal('plimsoll');
    expect(JSON.parse(request!.body)).to.deep.equal({
      metadata: { resourceVersion: '7' },
      spec: { replicas: 5 },
    });
    await other.close();
    await api.close();
  });
});
