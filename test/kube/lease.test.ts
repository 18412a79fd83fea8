import { expect } from 'chai';
import { startElector } from '../../src/kube/lease.ts';
import type { Elector, ElectorOptions } from '../../src/kube/lease.ts';
import type { KubeClient } from '../../src/kube/client.ts';
import type { KubeError } from '../../src/kube/errors.ts';
import { silentLogger } from '../../src/lib/logger.ts';
import { TestCluster } from '../support/cluster.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { clientOf } from '../support/local-api.ts';
import { startProxy } from '../support/proxy.ts';
import type { Proxy } from '../support/proxy.ts';
import { eventually } from '../support/wait.ts';

interface Spec {
  holderIdentity?: string;
  leaseDurationSeconds?: number;
  acquireTime?: string;
  renewTime?: string;
  leaseTransitions?: number;
}

/** Each candidate has a clock and a connection of its own, as on its own machine. */
interface Candidate {
  readonly elector: Elector;
  readonly clock: FakeClock;
  readonly controller: AbortController;
  readonly told: string[];
}

const leases = '/apis/coordination.k8s.io/v1/namespaces/default/leases';

describe('Elector', () => {
  let cluster: TestCluster;
  let proxy: Proxy;
  let client: KubeClient;
  let candidates: Candidate[];
  /** Does something with the next write: `lose` its answer, `drop` the request, or let it `pass`. */
  let before: (method: string, path: string) => Promise<void> | undefined;

  beforeEach(async () => {
    candidates = [];
    before = () => undefined;
    cluster = await TestCluster.start(0, { crds: false });
    proxy = await startProxy(cluster.server.url, (method, path) => before(method, path));
    client = clientOf(proxy.url);
  });
  afterEach(async () => {
    for (const { controller } of candidates) controller.abort();
    await Promise.all(candidates.map(({ elector }) => elector.done));
    await client.close();
    await proxy.close();
    await cluster.server.close();
  });

  function candidate(identity: string, options: Partial<ElectorOptions> = {}): Candidate {
    const clock = new FakeClock();
    const controller = new AbortController();
    const told: string[] = [];
    const elector = startElector({
      client,
      namespace: 'default',
      name: 'plimsoll',
      identity,
      clock,
      random: () => 0,
      logger: silentLogger,
      signal: controller.signal,
      onStartedLeading: () => told.push('started'),
      onStoppedLeading: (reason) => void told.push(`stopped: ${reason}`),
      onNewLeader: (leader) => told.push(`leader ${leader}`),
      ...options,
    });
    const one = { elector, clock, controller, told };
    candidates.push(one);
    return one;
  }

  async function asleep({ clock }: Candidate): Promise<void> {
    await eventually('it waits for its next try', () => clock.sleeping === 1);
  }

  /** Lets time pass for one candidate, try by try. */
  async function pass(one: Candidate, ms: number, stepMs = 2000): Promise<void> {
    for (let gone = 0; gone < ms; gone += stepMs) {
      await asleep(one);
      one.clock.advance(Math.min(stepMs, ms - gone));
    }
    await asleep(one);
  }

  async function leading(identity: string): Promise<Candidate> {
    const one = candidate(identity);
    await eventually(`${identity} leads`, () => one.elector.held());
    await asleep(one);
    return one;
  }

  async function lease(): Promise<Spec & { resourceVersion: string }> {
    const found = (await client.get(`${leases}/plimsoll`)) as {
      spec: Spec;
      metadata: { resourceVersion: string };
    };
    return { ...found.spec, resourceVersion: found.metadata.resourceVersion };
  }

  async function write(change: Spec): Promise<void> {
    await client.patch(`${leases}/plimsoll`, { spec: change }, 'application/merge-patch+json');
  }

  function fenced({ elector }: Candidate): boolean {
    try {
      elector.assertHeld();
      return false;
    } catch (error) {
      expect((error as KubeError).type).to.equal('Fenced');
      return true;
    }
  }

  it('makes the lease and holds it, in the record of client-go', async () => {
    const one = await leading('a');
    expect(await lease()).to.deep.include({
      holderIdentity: 'a',
      leaseDurationSeconds: 15,
      acquireTime: '2030-01-01T00:00:00.000000Z',
      renewTime: '2030-01-01T00:00:00.000000Z',
      leaseTransitions: 0,
    });
    expect(one.told).to.deep.equal(['leader a', 'started']);
    expect(fenced(one)).to.equal(false);
  });

  it('renews it each two seconds, without a look before', async () => {
    const one = await leading('a');
    const requests: string[] = [];
    before = (method) => void requests.push(method);
    await pass(one, 20_000);
    expect(one.elector.held()).to.equal(true);
    expect(requests).to.deep.equal(Array.from({ length: 10 }, () => 'PUT'));
    expect(await lease()).to.deep.include({
      acquireTime: '2030-01-01T00:00:00.000000Z',
      renewTime: '2030-01-01T00:00:20.000000Z',
      leaseTransitions: 0,
    });
  });

  it('leaves it to a holder that lives, however its clock is set', async () => {
    const one = await leading('a');
    const other = candidate('b');
    other.clock.set(Date.parse('2040-01-01T00:00:00Z'));
    for (let round = 0; round < 15; round += 1) {
      await pass(one, 2000);
      await pass(other, 2000);
    }
    expect(other.elector.held()).to.equal(false);
    expect(fenced(other)).to.equal(true);
    expect(other.elector.leader).to.equal('a');
    expect(other.told).to.deep.equal(['leader a']);
  });

  it('takes it over when no sign of life was seen for its duration, counted from when it was first seen', async () => {
    const one = await leading('a');
    const other = candidate('b');
    await asleep(other);
    await pass(other, 14_000);
    expect(other.elector.held()).to.equal(false);
    await pass(other, 2000);
    expect(other.elector.held()).to.equal(true);
    expect(await lease()).to.include({ holderIdentity: 'b', leaseTransitions: 1 });
    expect(other.told).to.deep.equal(['leader a', 'leader b', 'started']);
    one.clock.advance(2000);
    await eventually('the old one learns of it', () => one.told.length === 4);
    expect(one.told.slice(2)).to.deep.equal(['leader b', 'stopped: b holds the lease']);
    expect(fenced(one)).to.equal(true);
  });

  it('lets only one of two win that come at the same moment', async () => {
    const both = [candidate('a'), candidate('b')];
    await Promise.all(both.map(asleep));
    expect(both.filter(({ elector }) => elector.held())).to.have.length(1);
    const holder = both.find(({ elector }) => elector.held())!;
    expect((await lease()).holderIdentity).to.equal(holder.elector.leader);
  });

  it('hears false at once after its process was stopped for longer than the deadline', async () => {
    const one = await leading('a');
    before = () => new Promise(() => undefined); // the renewal that follows never arrives
    one.clock.advance(10_000); // not a turn of the event loop since
    expect(one.elector.held()).to.equal(false);
    expect(fenced(one)).to.equal(true);
  });

  it('may write until the deadline after its last renewal was sent, not after it was answered', async () => {
    const one = await leading('a');
    let arrive: (() => void) | undefined;
    before = (method) => (method === 'PUT' ? new Promise((resolve) => (arrive = resolve)) : undefined);
    one.clock.advance(2000);
    await eventually('the renewal is under way', () => arrive !== undefined);
    one.clock.advance(3000);
    before = () => undefined;
    arrive?.();
    await asleep(one);
    one.clock.advance(6999);
    expect(one.elector.held()).to.equal(true);
    one.clock.advance(1); // 10 s after it was sent, 7 s after it was answered
    expect(one.elector.held()).to.equal(false);
  });

  it('gives up when it cannot renew within the deadline, and comes back when it can', async () => {
    const one = await leading('a');
    before = () => Promise.reject(new Error('the network is away'));
    await pass(one, 8000);
    expect(one.elector.held()).to.equal(true);
    one.clock.advance(2000);
    await eventually('it gives up', () => one.told.length === 3);
    expect(one.told[2]).to.equal('stopped: the lease was not renewed within 10000 ms');
    before = () => undefined;
    await pass(one, 2000);
    expect(one.elector.held()).to.equal(true);
    expect((await lease()).leaseTransitions).to.equal(0);
  });

  it('is not moved by a wall clock that is set back or forth', async () => {
    const one = await leading('a');
    one.clock.set(Date.parse('2031-01-01T00:00:00Z'));
    await pass(one, 2000);
    expect(one.elector.held()).to.equal(true);
    one.clock.set(Date.parse('2020-01-01T00:00:00Z'));
    await pass(one, 2000);
    expect(one.elector.held()).to.equal(true);
    expect((await lease()).renewTime).to.equal('2020-01-01T00:00:02.000000Z');
  });

  it('goes on when the answer to a renewal was lost: the conflict that follows is with itself', async () => {
    const one = await leading('a');
    before = (method) => {
      if (method !== 'PUT') return undefined;
      before = () => undefined;
      return write({ renewTime: '2030-01-01T00:00:02.000000Z' }); // what was sent is carried out...
    };
    await pass(one, 2000); // ...and then refused, since the resourceVersion has moved on
    expect(one.elector.held()).to.equal(true);
    await pass(one, 20_000);
    expect(one.told).to.deep.equal(['leader a', 'started']);
  });

  it('stops at once when another has taken the lease by force', async () => {
    const one = await leading('a');
    await write({ holderIdentity: 'thief', renewTime: '2030-01-01T00:00:01.000000Z' });
    one.clock.advance(2000);
    await eventually('it stops', () => one.told.length === 4);
    expect(one.told.slice(2)).to.deep.equal(['leader thief', 'stopped: thief holds the lease']);
    expect(fenced(one)).to.equal(true);
    expect((await lease()).holderIdentity).to.equal('thief');
  });

  it('makes a deleted lease again and leads on', async () => {
    const one = await leading('a');
    cluster.api.delete('leases.coordination.k8s.io', 'default', 'plimsoll');
    await pass(one, 2000);
    expect(one.elector.held()).to.equal(true);
    expect((await lease()).holderIdentity).to.equal('a');
    expect(one.told).to.deep.equal(['leader a', 'started']);
  });

  it('waits as long as the record of a foreign holder says', async () => {
    const spec = { holderIdentity: 'old', leaseDurationSeconds: 60, leaseTransitions: 4 };
    await client.create(leases, {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { name: 'plimsoll', annotations: { 'kept/as': 'it is' } },
      spec,
    });
    const one = candidate('a');
    await asleep(one);
    await pass(one, 58_000);
    expect(one.elector.held()).to.equal(false);
    await pass(one, 2000);
    expect(one.elector.held()).to.equal(true);
    expect(await lease()).to.include({ leaseTransitions: 5, leaseDurationSeconds: 15 });
    expect(await client.get(`${leases}/plimsoll`)).to.have.nested.property('metadata.annotations');
  });

  it('gives the lease back on a clean stop, after what was under way has ended', async () => {
    let finish: (() => void) | undefined;
    const one = candidate('a', { onStoppedLeading: () => new Promise((resolve) => (finish = resolve)) });
    await eventually('it leads', () => one.elector.held());
    await asleep(one);
    one.controller.abort();
    await eventually('it waits for its writes', () => finish !== undefined);
    expect(one.elector.held()).to.equal(true);
    expect((await lease()).holderIdentity).to.equal('a');
    finish?.();
    await one.elector.done;
    expect(one.elector.held()).to.equal(false);
    const given = await lease();
    expect(given).to.include({ leaseDurationSeconds: 1, leaseTransitions: 0 });
    expect(given.holderIdentity ?? '').to.equal('');
    await leading('b');
    expect(await lease()).to.include({ holderIdentity: 'b', leaseTransitions: 1 });
  });

  it('gives back a lease that it won in the very moment of its stop, and never leads', async () => {
    let arrive: (() => void) | undefined;
    before = (method) => (method === 'POST' ? new Promise((resolve) => (arrive = resolve)) : undefined);
    const one = candidate('a');
    await eventually('it asks for the lease', () => arrive !== undefined);
    one.controller.abort();
    arrive?.();
    await one.elector.done;
    expect((await lease()).holderIdentity ?? '').to.equal('');
    expect(one.told).to.deep.equal(['leader a']);
    expect(fenced(one)).to.equal(true);
  });

  it('says when the term is over before it says that it has stopped', async () => {
    let term: AbortSignal | undefined;
    const order: string[] = [];
    const one = candidate('a', {
      onStartedLeading: (signal) => {
        term = signal;
        signal.addEventListener('abort', () => order.push('term'));
      },
      onStoppedLeading: () => void order.push('stopped'),
    });
    await eventually('it leads', () => one.elector.held());
    expect(term!.aborted).to.equal(false);
    await asleep(one);
    one.controller.abort();
    await one.elector.done;
    expect(order).to.deep.equal(['term', 'stopped']);
  });

  it('keeps candidates apart: each waits for a time of its own', async () => {
    const one = await leading('a');
    const other = candidate('b', { random: () => 0.5 });
    await asleep(other);
    const requests: string[] = [];
    before = (method) => void requests.push(method);
    other.clock.advance(3199);
    await asleep(other);
    expect(requests).to.deep.equal([]);
    other.clock.advance(1);
    await eventually('it looks', () => requests.length === 1);
    expect(one.elector.held()).to.equal(true);
  });

  it('refuses durations that do not fit together', () => {
    const wrong = { renewDeadlineMs: 15_000 };
    expect(() => candidate('a', wrong)).to.throw(RangeError, 'current values are 15000, 15000, 2000');
  });
});
