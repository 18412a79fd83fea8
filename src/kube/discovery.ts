import type { Clock } from '../lib/clock.ts';
import type { KubeClient } from './client.ts';
import { isKubeError } from './errors.ts';

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

interface Known {
  readonly atMs: number;
  readonly resources: Promise<readonly KindEntry[]>;
}

interface KindEntry extends ServedResource {
  readonly kind: string;
}

/** Finds out how kinds are served, and remembers it: one look at a group answers for all of its kinds. */
export class Discovery {
  readonly #options: DiscoveryOptions;
  readonly #groups = new Map<string, Known>();
  readonly #versions = new Map<string, { readonly atMs: number; readonly versions: readonly string[] }>();

  constructor(options: DiscoveryOptions) {
    this.#options = options;
  }

  /**
   * Every served version of a kind, the server's preferred one first; empty when it serves none.
   * As the HPA does, whatever version a reference names: group and kind decide.
   * @throws KubeError when the server cannot be asked
   */
  async resources(group: string, kind: string): Promise<readonly ServedResource[]> {
    const { clock, maxAgeMs = 600_000, missAgeMs = 10_000 } = this.#options;
    const known = this.#groups.get(group);
    const ageMs = known === undefined ? Infinity : clock.monotonicMs() - known.atMs;
    const found = known === undefined || ageMs > maxAgeMs ? [] : ofKind(await known.resources, kind);
    if (found.length > 0 || ageMs <= missAgeMs) return found;
    return ofKind(await this.#read(group), kind);
  }

  /** Versions of an API group, the preferred one first; empty when the group is not served. */
  async versions(group: string): Promise<readonly string[]> {
    const known = this.#versions.get(group);
    const ageMs = known === undefined ? Infinity : this.#options.clock.monotonicMs() - known.atMs;
    const { maxAgeMs = 600_000, missAgeMs = 10_000 } = this.#options;
    if (known !== undefined && ageMs <= (known.versions.length > 0 ? maxAgeMs : missAgeMs))
      return known.versions;
    const versions = await this.#readVersions(group);
    this.#versions.set(group, { atMs: this.#options.clock.monotonicMs(), versions });
    return versions;
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

  /** Reads a group; those who ask meanwhile share the answer. */
  async #read(group: string): Promise<readonly KindEntry[]> {
    const resources = this.#readGroup(group);
    const known = { atMs: this.#options.clock.monotonicMs(), resources };
    this.#groups.set(group, known);
    try {
      return await resources;
    } catch (error) {
      if (this.#groups.get(group) === known) this.#groups.delete(group);
      throw error;
    }
  }

  async #readGroup(group: string): Promise<readonly KindEntry[]> {
    const versions = await this.#readVersions(group);
    return (await Promise.all(versions.map((version) => this.#readVersion(group, version)))).flat();
  }

  async #readVersion(group: string, version: string): Promise<readonly KindEntry[]> {
    const path = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
    const list = (await this.#options.client.get(path)) as ApiResourceList;
    return (list.resources ?? [])
      .filter(({ name }) => !name.includes('/'))
      .map(({ name, kind, namespaced }) => ({ group, version, plural: name, kind, namespaced }));
  }
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
