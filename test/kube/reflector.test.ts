import { expect } from 'chai';
import type { ServerResponse } from 'node:http';
import type { KubeClient } from '../../src/kube/client.ts';
import { startReflector } from '../../src/kube/reflector.ts';
import type { Reflector } from '../../src/kube/reflector.ts';
import { systemClock } from '../../src/lib/clock.ts';
import type { Clock } from '../../src/lib/clock.ts';
import { silentLogger } from '../../src/lib/logger.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { clientOf, pageNotFound, sendJson, startLocalApi, statusBody } from '../support/local-api.ts';
import type { Answer, LocalApi, ReceivedRequest } from '../support/local-api.ts';
import { eventually } from '../support/wait.ts';

interface Item {
  readonly name: string;
  readonly value: number;
}

const pod = (name: string, resourceVersion: number, value = 0) => ({
  metadata: { name, resourceVersion: String(resourceVersion) },
  value,
  large: 'left out',
});

function list(resourceVersion: number, ...items: object[]): object {
  return { metadata: { resourceVersion: String(resourceVersion) }, items };
}

/** A table that a reflector fills, against a server whose lists and watches the test answers. */
class Bench {
  readonly table = new Map<string, number>();
  readonly controller = new AbortController();
  readonly watches: { request: ReceivedRequest; response: ServerResponse }[] = [];
  readonly lists: ReceivedRequest[] = [];
  lister: Answer = () => list(1);
  watcher: Answer = (_, response) => {
    response.writeHead(200).flushHeaders();
  };
  api!: LocalApi;
  client!: KubeClient;
  reflector!: Reflector;

  async start(
    options: { watchMs?: number; labelSelector?: string; clock?: Clock; random?: () => number } = {},
  ): Promise<this> {
    await this.serve();
    this.client = clientOf(this.api.url);
    this.reflector = startReflector<Item>({
      client: this.client,
      path: '/api/v1/pods',
      project: (object) => {
        const { metadata, value } = object as ReturnType<typeof pod>;
        if (metadata.name === 'unreadable') throw new Error('no quantity');
        return { name: metadata.name, value };
      },
      handler: {
        replace: (items) => {
          this.table.clear();
          for (const { name, value } of items) this.table.set(name, value);
        },
        upsert: ({ name, value }) => this.table.set(name, value),
        remove: ({ name }) => this.table.delete(name),
      },
      clock: systemClock,
      random: () => 0,
      logger: silentLogger,
      signal: this.controller.signal,
      ...options,
    });
    return this;
  }

  async serve(port = 0): Promise<void> {
    this.api = await startLocalApi((request, response) => {
      if (!request.query.has('watch')) {
        this.lists.push(request);
        return this.lister(request, response);
      }
      this.watches.push({ request, response });
      return this.watcher(request, response);
    }, port);
  }

  send(type: string, object: object, watch = -1): void {
    this.watches.at(watch)!.response.write(`${JSON.stringify({ type, object })}\n`);
  }

  async watching(count: number): Promise<void> {
    await eventually(`watch ${count}`, () => this.watches.length >= count);
  }

  async holds(entries: Record<string, number>): Promise<void> {
    const wanted = JSON.stringify(entries);
    await eventually(
      `the table holds ${wanted}`,
      () => JSON.stringify(Object.fromEntries([...this.table].sort())) === wanted,
    );
  }

  async stop(): Promise<void> {
    this.controller.abort();
    await this.reflector.done;
    await this.client.close();
    await this.api.close();
  }
}

/** A clock whose sleepers wake at once, after their time was written down; but those who wait for silence sleep. */
class RecordingClock extends FakeClock {
  readonly waits: number[] = [];
  onSleep: () => unknown = () => undefined;

  override sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (ms > 60_000) return super.sleep(ms, signal);
    this.waits.push(ms);
    this.onSleep();
    return Promise.resolve();
  }
}

describe('Reflector', () => {
  let bench: Bench;
  beforeEach(() => (bench = new Bench()));
  afterEach(() => bench.stop());

  it('lists page by page, keeps what the projection makes, leaves out what it cannot read, and watches from there', async () => {
    bench.lister = ({ query }) =>
      query.get('continue') === 'more'
        ? list(5, pod('b', 3, 2), pod('unreadable', 4))
        : { metadata: { resourceVersion: '5', continue: 'more' }, items: [pod('a', 2, 1)] };
    await bench.start({ labelSelector: 'app=web' });
    await bench.holds({ a: 1, b: 2 });
    await bench.watching(1);
    expect(bench.reflector.synced).to.equal(true);
    expect(bench.lists[0]!.query.get('limit')).to.equal('100');
    const { query } = bench.watches[0]!.request;
    expect(Object.fromEntries(query)).to.include({
      resourceVersion: '5',
      allowWatchBookmarks: 'true',
      labelSelector: 'app=web',
    });
  });

  it('follows what is added, changed and deleted', async () => {
    bench.lister = () => list(1, pod('a', 1, 1));
    await bench.start();
    await bench.watching(1);
    bench.send('ADDED', pod('b', 2, 2));
    bench.send('MODIFIED', pod('a', 3, 10));
    await bench.holds({ a: 10, b: 2 });
    bench.send('DELETED', pod('b', 4));
    await bench.holds({ a: 10 });
  });

  it('asks the server to end a watch in time, and resumes after the last bookmark without a new list', async () => {
    bench.watcher = ({ query }, response) => {
      response.writeHead(200).flushHeaders();
      if (bench.watches.length > 1) return;
      setTimeout(
        () => {
          response.end(
            `${JSON.stringify({ type: 'BOOKMARK', object: { metadata: { resourceVersion: '42' } } })}\n`,
          );
        },
        Number(query.get('timeoutSeconds')) * 1000,
      );
    };
    await bench.start({ watchMs: 1000 });
    await bench.watching(2);
    expect(bench.watches[0]!.request.query.get('timeoutSeconds')).to.equal('1');
    expect(bench.watches[1]!.request.query.get('resourceVersion')).to.equal('42');
    expect(bench.lists).to.have.length(1);
  });

  it('lists again at once when its resourceVersion is too old', async () => {
    await bench.start();
    await bench.watching(1);
    bench.lister = () => list(100, pod('new', 99, 7));
    bench.send('ERROR', statusBody(410, 'Expired', 'too old resource version'));
    await bench.holds({ new: 7 });
    await bench.watching(2);
    expect(bench.watches[1]!.request.query.get('resourceVersion')).to.equal('100');
  });

  it('forgets what was deleted before a new list', async () => {
    bench.lister = () => list(1, pod('gone', 1, 1), pod('stays', 1, 1));
    await bench.start();
    await bench.watching(1);
    bench.lister = () => list(9, pod('stays', 1, 1));
    bench.send('ERROR', statusBody(410, 'Expired', 'too old resource version'));
    await bench.holds({ stays: 1 });
  });

  it('shows nothing of a list whose continue token expires halfway, and lists again at once', async () => {
    let lists = 0;
    bench.lister = ({ query }, response) => {
      if (query.has('continue') && lists === 1) {
        sendJson(response, 410, statusBody(410, 'Expired', 'too old'));
        return;
      }
      if (query.has('continue')) return list(8, pod('b', 2, 2));
      lists += 1;
      return { metadata: { resourceVersion: '7', continue: 'more' }, items: [pod(`a${lists}`, 1, 1)] };
    };
    await bench.start({ clock: new FakeClock() }); // nobody wakes who sleeps: at once means without a pause
    await bench.holds({ a2: 1, b: 2 });
    await bench.watching(1);
    expect(bench.watches[0]!.request.query.get('resourceVersion')).to.equal('7');
  });

  it('asks for watches of five to ten minutes', async () => {
    const asked: number[] = [];
    for (const random of [0, 0.999]) {
      const one = new Bench();
      await one.start({ random: () => random });
      await one.watching(1);
      asked.push(Number(one.watches[0]!.request.query.get('timeoutSeconds')));
      await one.stop();
    }
    expect(asked).to.deep.equal([300, 600]);
    await bench.start();
  });

  it('resumes a watch whose connection broke, after asking where the server is', async () => {
    bench.lister = () => list(1, pod('a', 1, 1));
    const clock = new RecordingClock();
    await bench.start({ clock });
    await bench.watching(1);
    bench.send('MODIFIED', pod('a', 5, 2));
    await bench.holds({ a: 2 });
    clock.advance(1000);
    bench.lister = () => list(6);
    bench.watches[0]!.response.destroy();
    await bench.watching(2);
    expect(bench.watches[1]!.request.query.get('resourceVersion')).to.equal('5');
    expect(bench.lists.map(({ query }) => query.get('limit'))).to.deep.equal(['100', '1']);
  });

  const busy: Record<string, Answer> = {
    'too many requests': (_, response) => sendJson(response, 429, {}, { 'retry-after': '7' }),
    'an internal error': (_, response) => sendJson(response, 500, statusBody(500, 'InternalError', 'etcd')),
    'an error event': (_, response) => {
      const object = statusBody(500, 'InternalError', 'etcd');
      response.writeHead(200).end(`${JSON.stringify({ type: 'ERROR', object })}\n`);
    },
  };
  for (const [title, watcher] of Object.entries(busy)) {
    it(`resumes a watch that was answered with ${title} after a pause, without a whole list`, async () => {
      const clock = new RecordingClock();
      bench.lister = () => list(3);
      bench.watcher = watcher;
      clock.onSleep = () => (bench.watcher = new Bench().watcher);
      await bench.start({ clock, random: () => 0.5 });
      await bench.watching(2);
      expect(bench.watches[1]!.request.query.get('resourceVersion')).to.equal('3');
      expect(bench.lists.filter(({ query }) => query.get('limit') !== '1')).to.have.length(1);
      expect(clock.waits).to.deep.equal([title === 'too many requests' ? 7000 : 250]);
    });
  }

  it('notices a connection that is dead without a sign, and goes on with another one', async () => {
    const clock = new FakeClock();
    await bench.start({ clock });
    await bench.watching(1);
    bench.send('BOOKMARK', { metadata: { resourceVersion: '8' } });
    await eventually('the bookmark counts', () => bench.reflector.lastSyncMs === 0 && clock.sleeping === 1);
    clock.advance(149_999);
    bench.send('BOOKMARK', { metadata: { resourceVersion: '9' } });
    await eventually('it is alive', () => bench.reflector.lastSyncMs === 149_999);
    clock.advance(149_999);
    await eventually('the guard looks again', () => clock.sleeping === 1);
    expect(bench.watches).to.have.length(1);
    bench.lister = () => list(9);
    clock.advance(1);
    await bench.watching(2);
    expect(bench.watches[1]!.request.query.get('resourceVersion')).to.equal('9');
    expect(bench.watches[0]!.response.destroyed).to.equal(true);
  });

  it('lists again when the server has come back with an older state', async () => {
    bench.lister = () => list(500, pod('old', 1, 1));
    const clock = new RecordingClock();
    await bench.start({ clock });
    await bench.watching(1);
    clock.advance(1000); // a watch that ends within a second is a failure anyway
    bench.lister = () => list(3, pod('restored', 2, 2));
    bench.watches[0]!.response.end();
    await bench.holds({ restored: 2 });
    await bench.watching(2);
    expect(bench.watches[1]!.request.query.get('resourceVersion')).to.equal('3');
  });

  const failures: Record<string, Answer> = {
    'a missing kind': (_, response) => pageNotFound(response),
    'missing rights': (_, response) => sendJson(response, 403, statusBody(403, 'Forbidden', 'no')),
    'an internal error': (_, response) =>
      sendJson(response, 500, statusBody(500, 'InternalError', 'etcd is away')),
    'an answer that is not JSON': (_, response) => {
      response.writeHead(200).end('<html>');
    },
  };
  for (const [title, lister] of Object.entries(failures)) {
    it(`keeps trying after ${title}, and says that it fails`, async () => {
      bench.lister = lister;
      await bench.start();
      await eventually('three tries', () => bench.lists.length >= 3);
      expect(bench.reflector.synced).to.equal(false);
      await eventually('it says so', () => (bench.reflector.failure ?? '') !== '');
      bench.lister = () => list(1, pod('a', 1, 1));
      await bench.holds({ a: 1 });
      await eventually('it says that all is well', () => bench.reflector.failure === undefined);
    });
  }

  const expired = statusBody(410, 'Expired', 'too old resource version');
  const refusals: Record<string, { watcher: Answer; waits: number[] }> = {
    'is refused each watch': {
      watcher: (_, response) => sendJson(response, 403, statusBody(403, 'Forbidden', 'no')),
      waits: [250, 500, 1000, 2000, 4000, 8000, 10_000, 10_000],
    },
    'finds each resourceVersion too old, but for the first time': {
      watcher: (_, response) => sendJson(response, 410, expired),
      waits: [500, 1000, 2000, 4000, 8000, 10_000, 10_000, 10_000],
    },
    'is told so by an event': {
      watcher: (_, response) => {
        response.writeHead(200).end(`${JSON.stringify({ type: 'ERROR', object: expired })}\n`);
      },
      waits: [500, 1000, 2000, 4000, 8000, 10_000, 10_000, 10_000],
    },
  };
  for (const [title, { watcher, waits }] of Object.entries(refusals)) {
    it(`waits longer each time before it lists again when it ${title}`, async () => {
      bench.watcher = watcher;
      const clock = new RecordingClock();
      await bench.start({ clock, random: () => 0.5 });
      await eventually('eight pauses', () => clock.waits.length >= 8);
      expect(clock.waits.slice(0, 8)).to.deep.equal(waits);
    });
  }

  it('begins with short pauses again after a watch that stayed open for a while', async () => {
    const clock = new RecordingClock();
    let open = false;
    bench.watcher = (_, response) => {
      response.writeHead(open ? 200 : 403).flushHeaders();
      if (!open) response.end();
    };
    clock.onSleep = () => (open = clock.waits.length >= 3);
    await bench.start({ clock, random: () => 0.5 });
    await bench.watching(4);
    await eventually('the watch is open', () => bench.reflector.failure === undefined);
    clock.advance(5000);
    open = false;
    bench.watches.at(-1)!.response.destroy();
    await eventually('another pause', () => clock.waits.length >= 4);
    expect(clock.waits.slice(0, 4)).to.deep.equal([250, 500, 1000, 250]);
  });

  it('keeps trying after broken JSON in a watch', async () => {
    await bench.start();
    await bench.watching(1);
    bench.watches[0]!.response.write('{"type":"ADDED","obj\n');
    await bench.watching(2);
  });

  it('keeps what it knows while the server is down, and heals when it is back', async () => {
    bench.lister = () => list(1, pod('a', 1, 1));
    await bench.start();
    await bench.watching(1);
    await bench.api.close();
    await eventually('the failure is noticed', () => bench.reflector.failure !== undefined);
    expect(Object.fromEntries(bench.table)).to.deep.equal({ a: 1 });
    bench.lister = () => list(2, pod('b', 2, 2));
    await bench.serve(bench.api.port);
    await bench.holds({ b: 2 });
    await eventually('all is well', () => bench.reflector.failure === undefined);
  });

  it('knows when the server last said something', async () => {
    const clock = new FakeClock();
    await bench.start({ clock });
    await bench.watching(1);
    const listedMs = clock.monotonicMs();
    expect(bench.reflector.lastSyncMs).to.equal(listedMs);
    clock.advance(1000);
    bench.send('BOOKMARK', { metadata: { resourceVersion: '8' } });
    await eventually('the bookmark counts', () => bench.reflector.lastSyncMs === listedMs + 1000);
  });

  it('ends only when its signal aborts', async () => {
    await bench.start();
    await bench.watching(1);
    bench.controller.abort();
    await bench.reflector.done;
    const lists = bench.lists.length;
    await new Promise((resolve) => setImmediate(resolve));
    expect(bench.lists).to.have.length(lists);
  });
});
