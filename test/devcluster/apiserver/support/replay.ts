import { readFileSync } from 'node:fs';
import type { Answer, Sent, TestServer } from './client.ts';
import { likeRecorded, normalise } from './normalise.ts';

/** Labels of resourceVersions: equal labels are equal versions, and higher ones are later. */
type Labels = Readonly<Record<string, string | undefined>>;

export interface Step {
  readonly step: string;
  readonly note?: string;
  readonly request: Sent;
  readonly response: { status: number; headers: Record<string, string>; body?: unknown };
  readonly rv?: Labels;
}

export interface Replayed {
  readonly expected: { status: number; contentType: string; warning: string; body: unknown };
  readonly actual: { status: number; contentType: string; warning: string; body: unknown };
}

export function loadSteps<T = Step>(suite: string): T[] {
  const file = new URL(`../../../fixtures/kubernetes/${suite}.jsonl`, import.meta.url);
  return readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as T);
}

/** A recorded watch: what was requested while it was open, and what came. */
export interface WatchStep {
  readonly step: string;
  readonly watch: { path: string; accept: string };
  readonly response: { status: number; headers: Record<string, string>; body?: unknown };
  readonly during: readonly (Partial<Step> & Pick<Step, 'request'>)[];
  readonly events: readonly unknown[];
  readonly closedBy: 'client' | 'server';
  readonly rv?: { query?: string; events?: readonly (string | null)[] };
}

export function isWatch(line: object): line is WatchStep {
  return 'watch' in line;
}

/** What the recorder did between two steps without recording it. */
export interface Setup {
  readonly setup: Sent;
}

export function isSetup(line: object): line is Setup {
  return 'setup' in line;
}

/** A version that the cluster will not reach: the recorder's `99999999`. */
const future = '99999999';

/** Sends recorded requests to a server, with the versions, uids and tokens that this server gave. */
export class Replay {
  readonly #server: TestServer;
  readonly #versions = new Map<string, string>();
  #token = '';
  readonly #names = new Map<string, string>();

  constructor(server: TestServer) {
    this.#server = server;
  }

  async run(step: Step): Promise<Replayed> {
    const answer = await this.#server.send(this.#fill(step));
    this.#remember(step, answer);
    const recorded = step.response.body;
    const body =
      step.response.body === undefined ? undefined : likeRecorded(normalise(answer.body), recorded);
    return {
      expected: {
        status: step.response.status,
        contentType: step.response.headers['content-type'] ?? '',
        warning: step.response.headers.warning ?? '',
        body: recorded,
      },
      actual: {
        status: answer.status,
        contentType: String(answer.headers['content-type'] ?? ''),
        warning: [answer.headers.warning ?? ''].flat().join(', '),
        body,
      },
    };
  }

  /** The version of a label; of one that nothing here had, the latest before it. */
  #version(label: string | undefined, step = ''): string {
    if (label === undefined || step.includes('future')) return future;
    if (label === 'r1') return '1';
    const rank = Number(label.slice(1));
    const known = [...this.#versions].map(([key, version]) => ({ rank: Number(key.slice(1)), version }));
    const latest = known.filter((each) => each.rank <= rank).sort((a, b) => b.rank - a.rank)[0];
    return latest?.version ?? '1';
  }

  async setUp({ setup }: Setup): Promise<void> {
    const answer = await this.#server.send(setup);
    const { status } = answer;
    if (status >= 300) throw new Error(`${setup.method} ${setup.path}: ${JSON.stringify(answer.body)}`);
  }

  /** Opens the watch, sends the requests, and reads as many events as were recorded. */
  async watch(line: WatchStep): Promise<{ expected: unknown; actual: unknown }> {
    const { step, watch, response, events, rv = {} } = line;
    const path = watch.path.replaceAll('<rv>', this.#version(rv.query, step));
    const stream = await this.#server.open(path, { accept: watch.accept });
    for (const request of line.during) await this.#server.send(this.#fill(request));
    const seen: unknown[] = [];
    while (seen.length < Math.max(events.length, response.body === undefined ? 0 : 1)) {
      const event = await stream.next();
      if (event === undefined) break;
      const label = rv.events?.[seen.length];
      const version = (event.object as { metadata?: { resourceVersion?: string } } | undefined)?.metadata
        ?.resourceVersion;
      if (typeof label === 'string' && version !== undefined) this.#versions.set(label, version);
      seen.push(event);
    }
    const isEnded = line.closedBy === 'server' && response.status === 200 ? await stream.next() : undefined;
    stream.close();
    const expected = response.body === undefined ? events : [response.body];
    return {
      expected: { status: response.status, events: expected, isEnded: undefined },
      actual: { status: stream.status, events: likeRecorded(normalise(seen), expected), isEnded },
    };
  }

  /** The actual request: placeholders of the recorder filled in. */
  #fill({ step = '', request, rv = {} }: Partial<Step> & Pick<Step, 'request'>): Sent {
    const path = request.path
      .replaceAll('<rv>', this.#version(rv.query, step))
      .replaceAll('<continue>', step.includes('malformed') ? btoa('invalid') : this.#token)
      .replaceAll(/([a-z0-9]+-)<rand>/g, (_all, prefix: string) => this.#names.get(prefix) ?? prefix);
    if (request.body === undefined) return { ...request, path };
    const isText = typeof request.body === 'string';
    const text = isText ? request.body : JSON.stringify(request.body);
    const isWrong = /wrong uid|uid mismatch|changing metadata.uid/.test(step);
    const uid = isWrong ? '11111111-1111-1111-1111-111111111111' : this.#uidAt(path);
    const filled = text.replaceAll('<rv>', this.#version(rv.request, step)).replaceAll('<uid>', uid);
    return { ...request, path, body: isText ? filled : (JSON.parse(filled) as unknown) };
  }

  #uidAt(path: string): string {
    const { pathname } = new URL(path, 'http://localhost');
    const parts = pathname.split('/').filter((part) => part !== '' && part !== 'status' && part !== 'scale');
    const name = parts.at(-1) ?? '';
    const kinds = this.#server.registry.kinds();
    const kind = kinds.find((each) => each.plural === parts.at(-2) && pathname.includes(`/${each.version}/`));
    if (kind === undefined) return '';
    const namespace = kind.namespaced ? parts.at(-3) : undefined;
    return this.#server.registry.collection(kind).get(namespace, name)?.metadata.uid ?? '';
  }

  #remember({ rv }: Step, { body }: Answer): void {
    const { kind, metadata } = (body ?? {}) as { kind?: string; metadata?: Record<string, string> };
    const { resourceVersion, continue: token, name, generateName } = metadata ?? {};
    const label = rv?.response;
    const isObject = name !== undefined && kind !== 'Status';
    if (label !== undefined && resourceVersion !== undefined && isObject)
      this.#checkVersion(label, resourceVersion);
    if (token !== undefined && token !== '') this.#token = token;
    if (name !== undefined && generateName !== undefined) this.#names.set(generateName, name);
  }

  /** @throws when versions are not equal where they were, or not ordered as they were */
  #checkVersion(label: string, version: string): void {
    const rank = (text: string): number => Number(text.slice(1));
    for (const [other, known] of this.#versions) {
      const order = Math.sign(rank(label) - rank(other));
      const actual = Math.sign(Number(version) - Number(known));
      if (order !== actual) {
        this.#versions.set(label, version);
        throw new Error(`resourceVersion ${version} (${label}) stands wrong to ${known} (${other})`);
      }
    }
    this.#versions.set(label, version);
  }
}
