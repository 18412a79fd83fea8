import type { KubeClient } from '../../kube/client.ts';
import { isKubeError } from '../../kube/errors.ts';
import { UserError } from '../../lib/errors.ts';

/** A type of objects that the API server serves. */
export interface ResourceType {
  /** `apps/v1`. */
  readonly groupVersion: string;
  readonly kind: string;
  readonly plural: string;
  readonly namespaced: boolean;
  /** It has a scale subresource. */
  readonly isScalable: boolean;
}

interface ResourceList {
  readonly resources?: readonly {
    readonly name: string;
    readonly singularName?: string;
    readonly shortNames?: readonly string[] | null;
    readonly kind: string;
    readonly namespaced: boolean;
  }[];
}

interface GroupList {
  readonly groups?: readonly { readonly preferredVersion?: { readonly groupVersion: string } }[];
}

/** Nearly everything that is scaled is in these; they are asked before all others. */
const usualGroupVersions = ['apps/v1', 'v1'];

/** Finds types by the names that kubectl takes: `deploy`, `deployment`, `deployments`, `Deployment`, `deployments.apps`. */
export class ResourceTypes {
  readonly #client: KubeClient;
  readonly #signal: AbortSignal;
  readonly #lists = new Map<string, Promise<ResourceList>>();

  constructor(client: KubeClient, signal: AbortSignal) {
    this.#client = client;
    this.#signal = signal;
  }

  /** @throws UserError when the server has no such type; KubeError when it cannot be asked */
  async named(text: string): Promise<ResourceType> {
    const [name = '', ...group] = text.split('.');
    const fits = (type: ResourceType): boolean =>
      group.length === 0 ||
      [groupName(type), `${versionName(type)}.${groupName(type)}`].includes(group.join('.'));
    return this.#find(text, (entry, type) => namesOf(entry).includes(name.toLowerCase()) && fits(type));
  }

  async ofKind(groupVersion: string, kind: string): Promise<ResourceType> {
    return this.#find(
      `${groupVersion} ${kind}`,
      (entry, type) => entry.kind === kind && type.groupVersion === groupVersion,
      [groupVersion],
    );
  }

  async #find(
    text: string,
    fits: (entry: Entry, type: ResourceType) => boolean,
    first: readonly string[] = usualGroupVersions,
  ): Promise<ResourceType> {
    for (const groupVersions of [async () => Promise.resolve(first), async () => this.#others(first)])
      for (const groupVersion of await groupVersions()) {
        const types = await this.#typesOf(groupVersion);
        const found = types.find(([entry, type]) => fits(entry, type));
        if (found !== undefined) return found[1];
      }
    throw new UserError(`the server doesn't have a resource type "${text}"`);
  }

  async #others(known: readonly string[]): Promise<readonly string[]> {
    const { groups = [] } = (await this.#client.get('/apis', { signal: this.#signal })) as GroupList;
    const all = groups.flatMap(({ preferredVersion }) => preferredVersion?.groupVersion ?? []);
    return all.filter((groupVersion) => !known.includes(groupVersion));
  }

  async #typesOf(groupVersion: string): Promise<(readonly [Entry, ResourceType])[]> {
    const { resources = [] } = await this.#list(groupVersion);
    const names = new Set(resources.map(({ name }) => name));
    return resources
      .filter(({ name }) => !name.includes('/'))
      .map((entry) => [
        entry,
        {
          ...{ groupVersion, kind: entry.kind, plural: entry.name, namespaced: entry.namespaced },
          isScalable: names.has(`${entry.name}/scale`),
        },
      ]);
  }

  /** A group whose server is away has nothing to offer; another may have the type. */
  async #list(groupVersion: string): Promise<ResourceList> {
    const path = groupVersion.includes('/') ? `/apis/${groupVersion}` : `/api/${groupVersion}`;
    const list =
      this.#lists.get(groupVersion) ??
      this.#client.get(path, { signal: this.#signal }).then(
        (found) => found as ResourceList,
        (error: unknown) => {
          if (isKubeError(error, 'NotFound', 'ServerError', 'Forbidden')) return {};
          throw error;
        },
      );
    this.#lists.set(groupVersion, list);
    return list;
  }
}

type Entry = NonNullable<ResourceList['resources']>[number];

function namesOf({ name, singularName = '', shortNames, kind }: Entry): string[] {
  return [name, singularName, kind.toLowerCase(), ...(shortNames ?? [])];
}

function groupName({ groupVersion }: ResourceType): string {
  return groupVersion.includes('/') ? (groupVersion.split('/')[0] ?? '') : '';
}

function versionName({ groupVersion }: ResourceType): string {
  return groupVersion.split('/').at(-1) ?? '';
}
