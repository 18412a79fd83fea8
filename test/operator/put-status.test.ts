import { expect } from 'chai';
import type { KubeClient } from '../../src/kube/client.ts';
import { KubeError } from '../../src/kube/errors.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { AutoscalerTable, autoscalerObject } from '../../src/operator/autoscaler-table.ts';
import type { Autoscaler } from '../../src/operator/autoscaler-table.ts';
import { putStatus } from '../../src/operator/put-status.ts';
import type { Tools } from '../../src/operator/tools.ts';
import { TestCluster } from '../support/cluster.ts';
import { clientOf } from '../support/local-api.ts';
import { startProxy } from '../support/proxy.ts';
import type { Proxy } from '../support/proxy.ts';

const autoscalers = 'customautoscalers.plimsoll.dev';
const patch = { status: { desiredReplicas: 3, conditions: [] } };

describe('putStatus', () => {
  const { signal } = new AbortController();
  let cluster: TestCluster;
  let proxy: Proxy;
  let client: KubeClient;
  let table: AutoscalerTable;
  /** Called before each write arrives. */
  let beforeWrite: (count: number) => void;
  let writes: number;

  beforeEach(async () => {
    cluster = await TestCluster.start();
    cluster.autoscale('web');
    [writes, beforeWrite] = [0, () => undefined];
    proxy = await startProxy(cluster.server.url, (method) => {
      if (method === 'PATCH') beforeWrite((writes += 1));
      return undefined;
    });
    client = clientOf(proxy.url);
    table = new AutoscalerTable({ onChanged: () => undefined, onGone: () => undefined });
    table.replace([autoscalerObject(cluster.api.get(autoscalers, 'default', 'web'))]);
  });
  afterEach(async () => {
    await client.close();
    await proxy.close();
    await cluster.close();
  });

  const autoscaler = (): Autoscaler => table.get('default/web')!;
  const put = async (entry = autoscaler(), fence?: () => void): Promise<void> => {
    const write = fence === undefined ? { signal } : { signal, fence };
    await putStatus(entry, patch, { client, table, clock: systemClock, write } as unknown as Tools);
  };
  const annotate = (value: string): unknown =>
    cluster.api.patch(autoscalers, 'default', 'web', 'merge', { metadata: { annotations: { value } } });
  const thrown = async (promise: Promise<void>): Promise<unknown> =>
    promise.then(
      () => undefined,
      (error: unknown) => error,
    );

  it('takes the answer into the table', async () => {
    await put();
    expect(autoscaler().object.status).to.deep.include({ desiredReplicas: 3 });
    expect(autoscaler().statusWrittenMs).to.be.a('number');
  });

  it('writes once more, over what it has read, when somebody wrote the object meanwhile', async () => {
    beforeWrite = (count) => count === 1 && annotate('new');
    await put();
    expect(writes).to.equal(2);
    expect(cluster.status('web')).to.deep.include({ desiredReplicas: 3 });
    expect(autoscaler().object.metadata).to.have.nested.property('annotations.value', 'new');
  });

  it('gives up when somebody writes the object again and again', async () => {
    beforeWrite = (count) => annotate(String(count));
    expect(await thrown(put())).to.include({ name: 'KubeError', type: 'Conflict' });
    expect(writes).to.equal(5);
  });

  it('leaves what another leader wrote when this one has lost the lease by then', async () => {
    const next = { status: { desiredReplicas: 7, conditions: [] } };
    beforeWrite = () => cluster.api.patch(autoscalers, 'default', 'web', 'merge', next, 'status');
    const fence = (): void => {
      if (writes > 0) throw new KubeError('the lease is lost', { type: 'Fenced' });
    };
    expect(await thrown(put(autoscaler(), fence))).to.include({ name: 'KubeError', type: 'Fenced' });
    expect(cluster.status('web')).to.deep.include({ desiredReplicas: 7 });
  });

  it('lets one go that another has taken the name of', async () => {
    beforeWrite = () => {
      cluster.api.delete(autoscalers, 'default', 'web');
      cluster.autoscale('web');
    };
    await put();
    expect(writes).to.equal(1);
    expect(cluster.status('web')).to.equal(undefined);
  });

  it('does not bring back one that the watch has said to be gone', async () => {
    const entry = autoscaler();
    table.remove(entry.object);
    await put(entry);
    expect(table.size).to.equal(0);
  });
});
