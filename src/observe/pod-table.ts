import { podFacts } from '../api/pod.ts';
import type { PodJson } from '../api/types.ts';
import type { PodFacts } from '../decide/snapshot.ts';
import type { ReflectorHandler } from '../kube/reflector.ts';
import type { Selector } from '../lib/selector.ts';

/** A pod and where it is. */
export interface PodEntry {
  readonly namespace: string;
  readonly facts: PodFacts;
}

/** Projects a v1 Pod as the reflector reads it. @throws for what is no pod */
export function podEntry(object: unknown): PodEntry {
  const pod = object as PodJson;
  return { namespace: pod.metadata?.namespace ?? '', facts: podFacts(pod) };
}

/** Every pod that is watched, by namespace and name. A reflector keeps it up to date. */
export class PodTable implements ReflectorHandler<PodEntry> {
  #namespaces = new Map<string, Map<string, PodFacts>>();

  /** The pods of a namespace that a selector matches, by name. */
  select(namespace: string, selector: Selector): PodFacts[] {
    const pods = [...(this.#namespaces.get(namespace)?.values() ?? [])];
    return pods.filter(({ labels }) => selector.matches(labels)).sort(byName);
  }

  get size(): number {
    let size = 0;
    for (const pods of this.#namespaces.values()) size += pods.size;
    return size;
  }

  replace(entries: readonly PodEntry[]): void {
    this.#namespaces = new Map();
    for (const entry of entries) this.upsert(entry);
  }

  upsert({ namespace, facts }: PodEntry): void {
    const pods = this.#namespaces.get(namespace) ?? new Map<string, PodFacts>();
    this.#namespaces.set(namespace, pods.set(facts.name, facts));
  }

  remove({ namespace, facts }: PodEntry): void {
    const pods = this.#namespaces.get(namespace);
    pods?.delete(facts.name);
    if (pods?.size === 0) this.#namespaces.delete(namespace);
  }
}

function byName(a: PodFacts, b: PodFacts): number {
  return a.name < b.name ? -1 : 1;
}
