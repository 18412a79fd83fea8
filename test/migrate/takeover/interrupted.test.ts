import { expect } from 'chai';
import type { KubeClient } from '../../../src/kube/client.ts';
import { isKubeError } from '../../../src/kube/errors.ts';
import type { TestCluster } from '../../support/cluster.ts';
import { clientOf } from '../../support/local-api.ts';
import { startProxy } from '../../support/proxy.ts';
import {
  autoscalerResource,
  hpaOf,
  hpaResource,
  hpaWants,
  playHandback,
  playTakeover,
  TakeoverStage,
} from '../../support/takeover-stage.ts';
import { eventually } from '../../support/wait.ts';

describe('a takeover and a handback that break off', function () {
  this.timeout(240_000);
  let stage: TakeoverStage;
  let cluster: TestCluster;
  let whole: KubeClient;
  let names = 0;

  before(async () => {
    stage = await TakeoverStage.start();
    ({ cluster, client: whole } = stage);
  });
  after(() => stage.close());

  /** A Deployment of 2, busy enough for 4, with an HPA whose controller does not come to writing it: who writes 4 is Plimsoll. */
  function pair(): string {
    names += 1;
    const name = `web-${names}`;
    stage.place(name, { replicas: 2, cpuMillis: 100, wants: 4 });
    return name;
  }

  const hpa = (name: string) => cluster.api.get(hpaResource, 'default', name);
  const autoscaler = (name: string) => cluster.api.get(autoscalerResource, 'default', name);
  const mode = (name: string) => (autoscaler(name)?.spec as { mode?: string } | undefined)?.mode;

  /** Runs with a client whose requests fail from the `at`th on, as if its process had been killed. @returns whether it came to its end */
  async function broken(at: number, run: (client: KubeClient) => Promise<unknown>): Promise<boolean> {
    let seen = 0;
    const proxy = await startProxy(cluster.server.url, () => {
      seen += 1;
      return seen < at ? undefined : Promise.reject(new Error('killed'));
    });
    const client = clientOf(proxy.url);
    try {
      await run(client);
      return true;
    } catch (error) {
      if (!isKubeError(error, 'Unreachable')) throw error;
      return false;
    } finally {
      await client.close();
      await proxy.close();
    }
  }

  /** Fails when the replicas were changed while the HPA was there. */
  function watchFor(name: string): { readonly stop: () => void; readonly faults: readonly string[] } {
    const faults: string[] = [];
    let last = cluster.replicas(name);
    const watched = cluster.api.watch('deployments.apps', ({ object }) => {
      if (object.metadata.name !== name) return;
      const { replicas } = object.spec as { replicas: number };
      if (replicas !== last && hpa(name) !== undefined) faults.push(`${last} -> ${replicas} beside the HPA`);
      last = replicas;
    });
    return { stop: () => watched.stop(), faults };
  }

  async function isTakenOver(name: string): Promise<void> {
    expect(hpa(name)).to.equal(undefined);
    expect(mode(name)).to.equal('Active');
    await eventually(`${name} is scaled`, () => cluster.replicas(name) === 4);
  }

  function isHandedBack(name: string): void {
    expect(autoscaler(name)).to.equal(undefined);
    expect(hpa(name)?.spec).to.deep.equal(hpaOf(name).spec);
  }

  const takeover = (name: string) => (client: KubeClient) => playTakeover({ client, name });
  const handback = (name: string) => (client: KubeClient) => playHandback({ client, name });

  /** Breaks it off at each of its requests, each time with a pair of its own. */
  async function atEach(
    prepare: (name: string) => Promise<unknown>,
    run: (name: string) => (client: KubeClient) => Promise<unknown>,
    then: (name: string) => Promise<void>,
  ): Promise<number> {
    for (let at = 1; ; at += 1) {
      const name = pair();
      await prepare(name);
      const watch = watchFor(name);
      if (await broken(at, run(name))) {
        watch.stop();
        return at;
      }
      await then(name);
      watch.stop();
      expect(watch.faults, `broken at request ${at}`).to.deep.equal([]);
    }
  }

  const nothing = (): Promise<void> => Promise.resolve();

  it('ends taken over when the takeover is run again, wherever it broke off', async () => {
    const requests = await atEach(nothing, takeover, async (name) => {
      await playTakeover({ client: whole, name });
      await isTakenOver(name);
    });
    expect(requests).to.be.greaterThan(10);
  });

  it('ends with the HPA as it was when handed back, wherever the takeover broke off', async () => {
    await atEach(nothing, takeover, async (name) => {
      if (autoscaler(name) === undefined) return; // it has not begun
      await playHandback({ client: whole, name });
      isHandedBack(name);
    });
  });

  const takenOver = (name: string) => playTakeover({ client: whole, name });

  it('ends with the HPA as it was when the handback is run again, wherever it broke off', async () => {
    const requests = await atEach(takenOver, handback, async (name) => {
      await playHandback({ client: whole, name });
      isHandedBack(name);
    });
    expect(requests).to.be.greaterThan(6);
  });

  it('ends taken over when the handback is undone, wherever it broke off', async () => {
    await atEach(takenOver, handback, async (name) => {
      if (hpa(name) !== undefined) hpaWants(cluster, name, 4);
      await playTakeover({ client: whole, name });
      await isTakenOver(name);
    });
  });

  it('leaves everything as it is when only the shadow was made, and again, and handed back', async () => {
    const name = pair();
    const before = hpa(name);
    expect(await playTakeover({ client: whole, name }, false)).to.deep.equal(['CreateShadow']);
    expect(await playTakeover({ client: whole, name }, false)).to.deep.equal([]);
    expect(mode(name)).to.equal('DryRun');
    expect(await playHandback({ client: whole, name })).to.deep.equal(['RemoveAutoscaler']);
    expect(hpa(name)).to.deep.equal(before);
    expect(cluster.api.get('deployments.apps', 'default', name)?.metadata.generation).to.equal(1);
  });
});
