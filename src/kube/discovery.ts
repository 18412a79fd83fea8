import type { Clock } from '../lib/clock.ts';
import type { KubeClient } from './client.ts';
import { isKubeError, KubeError } from './errors.ts';

/** A kind as the API server serves it in one version. */
export interface ServedResource {
  readonly group: string;
  readonly version: string;
  /** `deployments` */
  readonly plural: string;
  readonly namespaced: boolean;
}

export interface DiscoveryOptions {
  readonly client: KubeClient;
  readonly clock: Clock;
  /** What was learnt is believed for this long, in milliseconds. Default 600,000. */
  readonly maxAgeMs?: number;
  /** A kind that was not found is looked for again after this long, in milliseconds. Default 10,000. */
  readonly missAgeMs?: number;
}

interface ApiGroup {
  readonly versions?: readonly { readonly version: string }[];
  readonly preferredVersion?: { readonly version: string };
}

interface ApiResourceList {
  readonly resources?: readonly {
    readonly name: string;
    readonly kind: string;
    readonly namespaced: boolean;
  }[];
}

interface KindEntry extends ServedResource {
  readonly kind: string;
}

/** What is known of a group. */
interface Group {
  readonly entries: readonly KindEntry[];
  /** Why not all of it could be read, or read again; what stands in `entries` is good all the same. */
  readonly failure?: KubeError;
}

/**
 * Finds out how kinds are served, and remembers it: one look at a group answers for all of its kinds, and those who ask meanwhile
 * share it. A group that cannot be read spoils no other, nor a version the rest of its group: what was known of it is used on,
 * and it is read again as soon as what is missing would be.
 */
export class Discovery {
  readonly #options: DiscoveryOptions;
  readonly #groups = new Map<string, Remembered<Group>>();
  readonly #versions = new Map<string, Remembered<readonly string[]>>();

  constructor(options: DiscoveryOptions) {
    this.#options = options;
  }

  /**
   * Every served version of a kind, the server's preferred one first; empty when it serves none.
   * As the HPA does, whatever version a reference names: group and kind decide.
   * @throws KubeError when the server cannot be asked, and is not known to have served the kind
   */
  async resources(group: string, kind: string): Promise<readonly ServedResource[]> {
    const { maxAgeMs = 600_000, missAgeMs = 10_000 } = this.#options;
    const known = remembered(this.#groups, group, this.#options.clock);
    const isComplete = ({ entries, failure }: Group): boolean =>
      failure === undefined && ofKind(entries, kind).length > 0;
    const { entries, failure } = await known.get(
      (value) => (isComplete(value) ? maxAgeMs : missAgeMs),
      (before) => this.#readGroup(group, before),
    );
    const found = ofKind(entries, kind);
    if (found.length === 0 && failure !== undefined) throw failure;
    return found;
  }

  /** Versions of an API group, the preferred one first; empty when the group is not served. */
  async versions(group: string): Promise<readonly string[]> {
    const { maxAgeMs = 600_000, missAgeMs = 10_000 } = this.#options;
    return remembered(this.#versions, group, this.#options.clock).get(
      (versions) => (versions.length > 0 ? maxAgeMs : missAgeMs),
      () => this.#readVersions(group),
    );
  }

  async #readVersions(group: string): Promise<readonly string[]> {
    if (group === '') return ['v1'];
    try {
      const found = (await this.#options.client.get(`/apis/${encodeURIComponent(group)}`)) as ApiGroup;
      const preferred = found.preferredVersion?.version;
      const all = (found.versions ?? []).map(({ version }) => version);
      return preferred === undefined ? all : [preferred, ...all.filter((version) => version !== preferred)];
    } catch (error) {
      if (isKubeError(error, 'NotFound')) return [];
      throw error;
    }
  }

  async #readGroup(group: string, before: Group | undefined): Promise<Group> {
    try {
      const versions = await this.#readVersions(group);
      return merged(await Promise.all(versions.map((version) => this.#tryVersion(group, version, before))));
    } catch (error) {
      if (before === undefined || !(error instanceof KubeError)) throw error;
      return { ...before, failure: error };
    }
  }

  /** A version whose server does not answer is what it was. */
  async #tryVersion(group: string, version: string, before: Group | undefined): Promise<Group> {
    try {
      return { entries: await this.#readVersion(group, version) };
    } catch (error) {
      if (!(error instanceof KubeError)) throw error;
      const entries = before?.entries.filter((entry) => entry.version === version) ?? [];
      return isKubeError(error, 'NotFound') ? { entries: [] } : { entries, failure: error };
    }
  }

  async #readVersion(group: string, version: string): Promise<readonly KindEntry[]> {
    const path = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
    const list = (await this.#options.client.get(path)) as ApiResourceList;
    return (list.resources ?? [])
      .filter(({ name }) => !name.includes('/'))
      .map(({ name, kind, namespaced }) => ({ group, version, plural: name, kind, namespaced }));
  }
}

/** A value that is read when it is asked for and too old, by one at a time. */
class Remembered<T> {
  readonly #clock: Clock;
  #known: { readonly value: T; readonly atMs: number } | undefined;
  #reading: Promise<T> | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @param goodForMs how long a value is believed @param read is told the value that is too old */
  async get(goodForMs: (value: T) => number, read: (before: T | undefined) => Promise<T>): Promise<T> {
    const known = this.#known;
    if (known !== undefined && this.#clock.monotonicMs() - known.atMs <= goodForMs(known.value))
      return known.value;
    this.#reading ??= this.#read(read).finally(() => (this.#reading = undefined));
    return this.#reading;
  }

  async #read(read: (before: T | undefined) => Promise<T>): Promise<T> {
    const atMs = this.#clock.monotonicMs();
    const value = await read(this.#known?.value);
    this.#known = { value, atMs };
    return value;
  }
}

function remembered<T>(all: Map<string, Remembered<T>>, key: string, clock: Clock): Remembered<T> {
  const found = all.get(key) ?? new Remembered<T>(clock);
  all.set(key, found);
  return found;
}

/** @throws what failed when there is nothing else */
function merged(parts: readonly Group[]): Group {
  const entries = parts.flatMap((part) => part.entries);
  const failure = parts.find((part) => part.failure !== undefined)?.failure;
  if (failure === undefined) return { entries };
  if (entries.length === 0) throw failure;
  return { entries, failure };
}

function ofKind(entries: readonly KindEntry[], kind: string): readonly ServedResource[] {
  return entries.filter((entry) => entry.kind === kind);
}

/** The path of one object, or of all of a namespace when no name is given. */
export function resourcePath(resource: ServedResource, namespace?: string, name?: string): string {
  const root =
    resource.group === '' ? `/api/${resource.version}` : `/apis/${resource.group}/${resource.version}`;
  const place =
    resource.namespaced && namespace !== undefined ? `/namespaces/${encodeURIComponent(namespace)}` : '';
  return `${root}${place}/${resource.plural}${name === undefined ? '' : `/${encodeURIComponent(name)}`}`;
}

/** The group of an `apiVersion`: `apps` of `apps/v1`, empty for `v1`. Undefined when it is none (`a/b/c`). */
export function groupOf(apiVersion: string): string | undefined {
  const parts = apiVersion.split('/');
  if (parts.length > 2) return undefined;
  return parts.length === 2 ? (parts[0] ?? '') : '';
}
