import { expect } from 'chai';
import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { startReflector } from '../../src/kube/reflector.ts';
import { systemClock } from '../../src/lib/clock.ts';
import type { Clock } from '../../src/lib/clock.ts';
import { silentLogger } from '../../src/lib/logger.ts';
import { clientOf, sendJson, startLocalApi, statusBody } from '../support/local-api.ts';
import type { Answer, LocalApi, ReceivedRequest } from '../support/local-api.ts';
import { eventually } from '../support/wait.ts';

interface Change {
  readonly version: number;
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly name: string;
}

const pod = (name: string, version: number) => ({ metadata: { name, resourceVersion: String(version) } });

const gone = statusBody(410, 'Expired', 'too old resource version');

/** The same chances each time (mulberry32). */
function chances(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * An API server with a memory: objects, a log of changes from which watches are served, and pages of lists that show the state in
 * which they were begun. What it forgets it answers with 410.
 */
class Server {
  readonly objects = new Map<string, number>();
  version = 1_000_000;
  #log: Change[] = [];
  #compacted = 0;
  #snapshots = new Map<string, { version: number; rest: [string, number][] }>();
  readonly #watches = new Set<ServerResponse>();

  readonly answer: Answer = (request, response) =>
    request.query.has('watch') ? this.#watch(request, response) : this.#list(request, response);

  change(type: 'write' | 'delete', name: string): void {
    if (type === 'delete' && !this.objects.has(name)) return;
    this.version += 1;
    const added = this.objects.has(name) ? 'MODIFIED' : 'ADDED';
    const change: Change = { version: this.version, type: type === 'delete' ? 'DELETED' : added, name };
    if (type === 'delete') this.objects.delete(name);
    else this.objects.set(name, this.version);
    this.#log.push(change);
    for (const watch of this.#watches) send(watch, change);
  }

  /** Forgets how it came to be what it is. */
  compact(): void {
    this.#compacted = this.version;
    this.#log = [];
    this.#snapshots.clear();
  }

  /** Goes back to a state of the past, as from a backup: the versions of what happened since are given again. */
  restore(): void {
    for (const name of [...this.objects.keys()].slice(0, 2)) this.objects.delete(name);
    this.version -= 10_000;
    for (const [name, version] of this.objects) this.objects.set(name, Math.min(version, this.version));
    this.compact();
    this.cut();
  }

  bookmark(): void {
    for (const watch of this.#watches)
      write(watch, 'BOOKMARK', { metadata: { resourceVersion: String(this.version) } });
  }

  /** Ends each watch, in order or not. */
  cut(how: 'end' | 'destroy' = 'destroy'): void {
    for (const watch of this.#watches) watch[how]();
    this.#watches.clear();
  }

  say(text: string): void {
    for (const watch of this.#watches) watch.write(text);
  }

  /** From now on nothing is heard on the watches that are open. */
  fallSilent(): void {
    this.#watches.clear();
  }

  #list({ query }: ReceivedRequest, response: ServerResponse): object | undefined {
    const token = query.get('continue');
    const begun =
      token === null ? { version: this.version, rest: [...this.objects] } : this.#snapshots.get(token);
    if (begun === undefined) {
      sendJson(response, 410, gone);
      return undefined;
    }
    const limit = Math.min(3, Number(query.get('limit')));
    const page = begun.rest.slice(0, limit);
    const rest = begun.rest.slice(limit);
    const next = rest.length === 0 ? '' : `${begun.version}-${rest.length}`;
    this.#snapshots.set(next, { version: begun.version, rest });
    return {
      metadata: { resourceVersion: String(begun.version), continue: next },
      items: page.map(([name, version]) => pod(name, version)),
    };
  }

  #watch({ query }: ReceivedRequest, response: ServerResponse): undefined {
    const from = Number(query.get('resourceVersion'));
    if (from < this.#compacted) {
      sendJson(response, 410, gone);
      return;
    }
    response.writeHead(200).flushHeaders();
    for (const change of this.#log) if (change.version > from) send(response, change);
    this.#watches.add(response);
    response.on('close', () => this.#watches.delete(response));
  }
}

function send(watch: ServerResponse, { type, name, version }: Change): void {
  write(watch, type, pod(name, version));
}

function write(watch: ServerResponse, type: string, object: object): void {
  watch.write(`${JSON.stringify({ type, object })}\n`);
}

/** What may go wrong while the server runs. */
const mishaps: Record<string, (server: Server) => void> = {
  'watches end in order': (server) => server.cut('end'),
  'watches break': (server) => server.cut(),
  'the history is compacted, and watches break': (server) => {
    server.change('write', 'during');
    server.compact();
    server.cut();
  },
  'the history is compacted in the middle of a list': (server) => server.compact(),
  'an ERROR event 410': (server) => server.say(`${JSON.stringify({ type: 'ERROR', object: gone })}\n`),
  'an ERROR event 500': (server) => {
    const object = statusBody(500, 'InternalError', 'etcd is away');
    server.say(`${JSON.stringify({ type: 'ERROR', object })}\n`);
  },
  'broken JSON': (server) => server.say('{"type":"MODIFIED","obj\n'),
  'half an event, then the end': (server) => {
    server.say('{"type":"MODIFIED","object":{"metadata"');
    server.cut('end');
  },
  'silence on a dead connection': (server) => server.fallSilent(),
  'a backup is restored': (server) => server.restore(),
  'a bookmark': (server) => server.bookmark(),
};

const refused =
  (code: number, reason: string, headers: Record<string, string> = {}): Answer =>
  (_, response) =>
    sendJson(response, code, statusBody(code, reason, reason), headers);

/** How a single request may fail. */
const failures: Record<string, Answer> = {
  '401': refused(401, 'Unauthorized'),
  '403': refused(403, 'Forbidden'),
  '404': refused(404, 'NotFound'),
  '410': refused(410, 'Expired'),
  '429': refused(429, 'TooManyRequests', { 'retry-after': '1' }),
  '500': refused(500, 'InternalError'),
  '503 with a time': refused(503, 'ServiceUnavailable', { 'retry-after': '1' }),
  'a page of HTML': (_, response) => void response.writeHead(200).end('<html>'),
  'a broken connection': (_, response) => void response.destroy(),
  'a body that is cut off': (_, response) => {
    response.writeHead(200, { 'content-length': '1000' }).write('{"items":[');
    setImmediate(() => response.destroy());
  },
};

/** Time that passes a thousand times as fast: the pauses and limits of minutes are over in milliseconds. */
const fastClock: Clock = {
  now: () => systemClock.now() * 1000,
  monotonicMs: () => systemClock.monotonicMs() * 1000,
  sleep: (ms, signal) => systemClock.sleep(ms / 1000, signal),
};

describe('Reflector, whatever goes wrong', () => {
  for (const seed of [1, 2, 3]) {
    it(`converges to the state of the server after 150 failures of all kinds (seed ${seed})`, async () => {
      const random = chances(seed);
      const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)]!;
      const server = new Server();
      let failure: Answer | undefined;
      const answer: Answer = (request, response) => {
        const now = failure ?? server.answer;
        failure = undefined;
        return now(request, response);
      };
      let api: LocalApi = await startLocalApi(answer);
      const client = clientOf(api.url, { clock: fastClock, random, qps: 0 });
      const controller = new AbortController();
      const table = new Map<string, string>();
      const reflector = startReflector<ReturnType<typeof pod>>({
        client,
        path: '/api/v1/pods',
        project: (object) => object as ReturnType<typeof pod>,
        handler: {
          replace: (items) => {
            table.clear();
            for (const { metadata } of items) table.set(metadata.name, metadata.resourceVersion);
          },
          upsert: ({ metadata }) => table.set(metadata.name, metadata.resourceVersion),
          remove: ({ metadata }) => table.delete(metadata.name),
        },
        clock: fastClock,
        random,
        logger: silentLogger,
        signal: controller.signal,
      });
      const steps: (() => Promise<void> | void)[] = [
        () => server.change('write', `pod-${Math.floor(random() * 12)}`),
        () => server.change('delete', `pod-${Math.floor(random() * 12)}`),
        () => pick(Object.values(mishaps))(server),
        () => void (failure = pick(Object.values(failures))),
        async () => {
          if (random() < 0.8) return;
          server.cut();
          await api.close();
          await sleep(10 * random());
          api = await startLocalApi(answer, api.port);
        },
      ];
      for (let step = 0; step < 300; step += 1) {
        await pick(steps)();
        await sleep(4 * random());
      }
      failure = undefined;
      const wanted = () => JSON.stringify([...server.objects].map(([n, v]) => [n, String(v)]).sort());
      await eventually('what is held is what is there', () => JSON.stringify([...table].sort()) === wanted());
      server.change('write', 'the-last');
      await eventually('it follows still', () => table.get('the-last') === String(server.version));
      expect(JSON.stringify([...table].sort())).to.equal(wanted());
      await eventually('it says that all is well', () => reflector.failure === undefined);
      controller.abort();
      await reflector.done;
      await client.close();
      await api.close();
    });
  }
});
