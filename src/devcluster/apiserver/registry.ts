import type { KubeObject, ServiceNetwork } from '../cluster-api.ts';
import type { Kind, KindContext } from './kind.ts';
import { groupResource } from './kind.ts';
import { defaultServiceNetwork } from './kinds/services.ts';
import { Store } from './store.ts';
import type { Collection } from './store.ts';

export interface RegistryOptions {
  /** The built-in rows of the table of kinds, preferred versions first. */
  readonly kinds: readonly Kind[];
  /** Default: the system's clock. */
  readonly now?: () => Date;
  /** Changes that each collection keeps for watches. Default 2000. */
  readonly historyLimit?: number;
  /** Where cluster IPs come from. Default: 10.96.0.0/16, where nothing listens. */
  readonly serviceNetwork?: ServiceNetwork;
}

/** The kinds that are served now, and their objects. */
export class Registry {
  readonly store: Store;
  readonly now: () => Date;
  readonly context: KindContext;
  readonly #builtIn: readonly Kind[];
  readonly #custom = new Map<string, readonly Kind[]>();
  readonly #views = new WeakMap<Kind, WeakMap<KubeObject, KubeObject>>();

  constructor(options: RegistryOptions) {
    this.store = new Store(options.historyLimit);
    this.now = options.now ?? (() => new Date());
    this.#builtIn = options.kinds;
    this.context = {
      now: this.now,
      all: (storage) => this.store.collection(storage).list(),
      serviceNetwork: options.serviceNetwork ?? defaultServiceNetwork,
    };
    for (const kind of options.kinds) this.store.collection(kind.storage);
  }

  /** Every kind that is served, custom ones last. */
  kinds(): readonly Kind[] {
    return [...this.#builtIn, ...[...this.#custom.values()].flat()];
  }

  /** Serves the versions of a CustomResourceDefinition, in place of those it had. */
  setCustomKinds(crd: string, kinds: readonly Kind[]): void {
    if (kinds.length === 0) this.#custom.delete(crd);
    else this.#custom.set(crd, kinds);
  }

  find(group: string, version: string, plural: string): Kind | undefined {
    return this.kinds().find(
      (kind) => kind.plural === plural && kind.group === group && kind.version === version,
    );
  }

  /** @param resource `pods` or `deployments.apps`; the preferred version */
  byResource(resource: string): Kind | undefined {
    return this.kinds().find((kind) => groupResource(kind) === resource);
  }

  collection(kind: Kind): Collection {
    return this.store.collection(kind.storage);
  }

  /** A stored object as a version shows it. The same object is given for the same stored one. */
  view(kind: Kind, stored: KubeObject): KubeObject {
    if (kind.convert === undefined && kind.custom === undefined) return stored;
    let views = this.#views.get(kind);
    if (views === undefined) this.#views.set(kind, (views = new WeakMap()));
    let view = views.get(stored);
    if (view === undefined) views.set(stored, (view = present(kind, stored)));
    return view;
  }
}

/** Defaults of a custom resource apply to reads too: its schema may be newer than the object. */
function present(kind: Kind, stored: KubeObject): KubeObject {
  if (kind.custom === undefined) return kind.convert?.fromStorage(stored) ?? stored;
  const apiVersion = `${kind.group}/${kind.version}`;
  return kind.custom.schema.applyDefaults({ ...stored, apiVersion });
}

/** The form in which an object of this version is stored. */
export function toStorage(kind: Kind, object: KubeObject): KubeObject {
  return kind.convert?.toStorage(object) ?? object;
}
