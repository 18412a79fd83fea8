import { expect } from 'chai';
import type { KubeClient } from '../../src/kube/client.ts';
import { parseSelector } from '../../src/lib/selector.ts';
import { isClusterWideCheaper } from '../../src/observe/list-scope.ts';
import { ResourceMetrics } from '../../src/observe/resource-metrics.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { clientOf, sendJson, startLocalApi, statusBody } from '../support/local-api.ts';
import type { LocalApi } from '../support/local-api.ts';

const root = '/apis/metrics.k8s.io/v1beta1';
const web = parseSelector('app=web');

const usage = (namespace: string, name: string, cpu = '100m') => ({
  metadata: { namespace, name, labels: { app: name } },
  timestamp: '2030-01-01T00:00:00Z',
  window: '15s',
  containers: [{ name: 'app', usage: { cpu } }],
});

describe('isClusterWideCheaper', () => {
  const counts = { namespaces: 300, podsThere: 600, podsInAll: 800, listsPerPeriod: 3 };
  const cases: Record<string, [Partial<typeof counts>, boolean]> = {
    'many namespaces with few pods each': [{}, true],
    'one namespace': [{ namespaces: 1, podsThere: 600 }, false],
    'few of the pods of the cluster': [{ namespaces: 20, podsThere: 40 }, false],
    'more pods than one answer should hold': [{ namespaces: 9000, podsThere: 9000, podsInAll: 9000 }, false],
  };
  for (const [title, [change, cheaper]] of Object.entries(cases))
    it(`says ${cheaper ? 'yes' : 'no'} for ${title}`, () => {
      expect(isClusterWideCheaper({ ...counts, ...change })).to.equal(cheaper);
    });
});

describe('ResourceMetrics', () => {
  const namespaces = Array.from({ length: 40 }, (_, index) => `team-${index}`);
  let api: LocalApi;
  let client: KubeClient;
  let clock: FakeClock;
  let refuses: boolean;

  beforeEach(async () => {
    refuses = false;
    api = await startLocalApi(({ path }, response) => {
      if (path !== `${root}/pods`) return { items: [usage(path.split('/')[5] ?? '', 'web', '1')] };
      if (!refuses) return { items: namespaces.map((namespace) => usage(namespace, 'web', '2')) };
      sendJson(response, 403, statusBody(403, 'Forbidden', 'pods is forbidden'));
      return undefined;
    });
    client = clientOf(api.url);
    clock = new FakeClock();
  });
  afterEach(async () => {
    await client.close();
    await api.close();
  });

  function create(mayListAll = true, podsInAll = 40): ResourceMetrics {
    return new ResourceMetrics({
      ...{ client, clock, mayListAll },
      limits: { timeoutMs: 5000 },
      syncPeriodMs: 10_000,
      pods: { size: podsInAll, sizeOf: () => 1 },
      signal: new AbortController().signal,
    });
  }

  async function readAll(metrics: ResourceMetrics): Promise<unknown[]> {
    const readings = await Promise.all(namespaces.map((namespace) => metrics.read(namespace, web, [])));
    return readings.map((reading) =>
      reading.ok ? reading.value[0]?.containers[0]?.usage.cpu : reading.message,
    );
  }
  const lists = (): string[] => api.requests.splice(0).map(({ path }) => path);

  it('lists the cluster at once when it has seen that many namespaces ask', async () => {
    const metrics = create();
    expect(new Set(await readAll(metrics))).to.deep.equal(new Set([1000]));
    expect(lists()).to.have.length(40);
    clock.advance(10_000);
    expect(new Set(await readAll(metrics))).to.deep.equal(new Set([2000]));
    expect(lists()).to.deep.equal([`${root}/pods`]);
  });

  it('shares a list of the cluster for half a period, and no longer', async () => {
    const metrics = create();
    await readAll(metrics);
    clock.advance(10_000);
    await readAll(metrics);
    lists();
    clock.advance(4999);
    await readAll(metrics);
    expect(lists()).to.deep.equal([]);
    clock.advance(1);
    await readAll(metrics);
    expect(lists()).to.deep.equal([`${root}/pods`]);
  });

  it('goes back to namespaces when the list of the cluster is refused, and asks again after ten minutes', async () => {
    refuses = true;
    const metrics = create();
    await readAll(metrics);
    clock.advance(10_000);
    expect(new Set(await readAll(metrics))).to.deep.equal(new Set([1000]));
    expect(lists().filter((path) => path === `${root}/pods`)).to.have.length(1);
    clock.advance(10_000);
    await readAll(metrics);
    expect(lists()).not.to.include(`${root}/pods`);
    refuses = false;
    clock.advance(600_000);
    await readAll(metrics); // the counts are of the last two periods: they are made anew
    clock.advance(10_000);
    lists();
    await readAll(metrics);
    expect(lists()).to.deep.equal([`${root}/pods`]);
  });

  for (const [title, metrics] of Object.entries({
    'it serves one namespace only': () => create(false),
    'the cluster has many more pods': () => create(true, 4000),
  }))
    it(`lists by namespace where ${title}`, async () => {
      const created = metrics();
      await readAll(created);
      clock.advance(10_000);
      lists();
      await readAll(created);
      expect(lists()).to.have.length(40).and.not.to.include(`${root}/pods`);
    });

  it('lets one PodMetrics that cannot be read concern only those who select its pod', async () => {
    const odd = await startLocalApi(() => ({
      items: [usage('shop', 'web'), usage('shop', 'db', 'a lot')],
    }));
    const other = clientOf(odd.url);
    client = other;
    const metrics = create();
    expect(await metrics.read('shop', web, [])).to.have.property('ok', true);
    const broken = await metrics.read('shop', parseSelector('app=db'), []);
    expect(broken).to.have.property('message').that.contains('metrics of pod db');
    await odd.close();
  });

  describe('for one with a period of its own', () => {
    const read = (metrics: ResourceMetrics, periodMs?: number) => metrics.read('team-0', web, [], periodMs);

    it('is a new list each second where that is its period, which others share', async () => {
      const metrics = create();
      await read(metrics);
      for (let second = 0; second < 4; second++) {
        clock.advance(1000);
        await read(metrics, 1000);
        await read(metrics);
      }
      expect(lists()).to.have.length(5);
    });

    it('is one list for all of one second', async () => {
      const metrics = create();
      await Promise.all([read(metrics, 1000), read(metrics, 1000), read(metrics, 1000), read(metrics)]);
      expect(lists()).to.have.length(1);
    });

    it('is shared for 5 s at most where its period is long', async () => {
      const metrics = create();
      await read(metrics, 300_000);
      clock.advance(4999);
      await read(metrics, 300_000);
      expect(lists()).to.have.length(1);
      clock.advance(1);
      await read(metrics, 300_000);
      expect(lists()).to.have.length(1);
    });

    it('is of its namespace alone where it is faster than the others', async () => {
      const metrics = create();
      await readAll(metrics);
      clock.advance(10_000);
      await readAll(metrics);
      lists();
      clock.advance(1000);
      await read(metrics, 1000);
      expect(lists()).to.deep.equal([`${root}/namespaces/team-0/pods`]);
    });
  });
});
