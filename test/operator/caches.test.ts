import { expect } from 'chai';
import type { KubeClient } from '../../src/kube/client.ts';
import { silentLogger } from '../../src/lib/logger.ts';
import { AutoscalerTable } from '../../src/operator/autoscaler-table.ts';
import { Caches } from '../../src/operator/caches.ts';
import { TargetIndex } from '../../src/operator/target-index.ts';
import { TestCluster } from '../support/cluster.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { clientOf, pageNotFound, sendJson, startLocalApi, statusBody } from '../support/local-api.ts';
import type { LocalApi } from '../support/local-api.ts';
import { startProxy } from '../support/proxy.ts';
import type { Proxy } from '../support/proxy.ts';
import { eventually } from '../support/wait.ts';

const hpas = 'horizontalpodautoscalers';
const target = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' };
const minuteMs = 60_000;

describe('Caches of a server that does not serve HorizontalPodAutoscalers', () => {
  const clock = new FakeClock();
  let cluster: TestCluster;
  let other: LocalApi;
  let proxy: Proxy;
  let client: KubeClient;
  let caches: Caches;
  let targets: TargetIndex;
  let end: AbortController;
  let answer: 'not served' | 'forbidden' | 'served';
  let asked: number;

  beforeEach(async () => {
    [answer, asked, end] = ['not served', 0, new AbortController()];
    cluster = await TestCluster.start();
    cluster.api.create(`${hpas}.autoscaling`, {
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: { name: 'rival', namespace: 'default' },
      spec: { scaleTargetRef: target, maxReplicas: 3 },
    });
    other = await startLocalApi((_, response) =>
      answer === 'forbidden'
        ? sendJson(response, 403, statusBody(403, 'Forbidden', 'it is forbidden'))
        : pageNotFound(response),
    );
    proxy = await startProxy(
      (path) => (path.includes(hpas) && answer !== 'served' ? other.url : cluster.server.url),
      (_, path) => void (asked += path.includes(hpas) ? 1 : 0),
    );
    client = clientOf(proxy.url);
    targets = new TargetIndex(() => undefined);
    const table = new AutoscalerTable({ onChanged: () => undefined, onGone: () => undefined });
    const scope = { namespace: undefined, selector: undefined };
    caches = new Caches({
      client,
      clock,
      logger: silentLogger,
      signal: end.signal,
      table,
      targets,
      ...scope,
    });
    await caches.fill(new Set([hpas]));
  });
  afterEach(async () => {
    end.abort();
    await caches.done();
    await client.close();
    await proxy.close();
    await other.close();
    await cluster.close();
  });

  const rivals = () => targets.rivalsOf('me', { namespace: 'default', target });

  /** Lets time go by until it looks. */
  async function look(): Promise<void> {
    const before = asked;
    await eventually('it looks', () => {
      if (asked === before) clock.advance(minuteMs);
      return asked > before;
    });
  }

  it('look again every ten minutes or so, and go on without until then', async () => {
    clock.advance(8 * minuteMs);
    expect(asked).to.equal(0);
    for (let looks = 1; looks <= 3; looks++) {
      await look();
      expect(asked).to.equal(looks);
      expect(caches.trouble(hpas)).to.equal(undefined);
    }
    expect(rivals()).to.deep.equal([]);
  });

  it('watch them from when they are served', async () => {
    answer = 'served';
    await look();
    await eventually('the rival is seen', () => rivals().length === 1);
    expect(Object.keys(caches.watches)).to.include(hpas);
  });

  it('know of no rivals no more when they are served and forbidden', async () => {
    answer = 'forbidden';
    await look();
    await eventually('the watch is forbidden', () => caches.trouble(hpas) === 'it is forbidden');
    expect(caches.rivalsUnseen()).to.equal(
      'cannot see HorizontalPodAutoscalers (it is forbidden): another autoscaler may scale the target',
    );
  });

  it('say so when nothing was heard of a rival kind for three minutes, until something is', async () => {
    expect(caches.rivalsUnseen()).to.equal(undefined);
    clock.advance(3 * minuteMs);
    expect(caches.rivalsUnseen()).to.equal(
      'cannot see CustomAutoscalers (nothing was heard for 180 s): another autoscaler may scale the target',
    );
    await eventually('the watch is resumed', () => {
      if (caches.rivalsUnseen() === undefined) return true;
      clock.advance(500);
      return false;
    });
  });
});
