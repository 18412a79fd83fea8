import { podFacts } from '../api/pod.ts';
import type { PodJson } from '../api/types.ts';
import type { PodFacts } from '../decide/snapshot.ts';
import type { ReflectorHandler } from '../kube/reflector.ts';
import type { Selector } from '../lib/selector.ts';
import { LabelIndex } from './label-index.ts';
import { SharedParts } from './shared-parts.ts';

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

interface Pods {
  readonly byName: Map<string, PodFacts>;
  readonly byLabel: LabelIndex<PodFacts>;
}

/** Every pod that is watched, by namespace and name. A reflector keeps it up to date. */
export class PodTable implements ReflectorHandler<PodEntry> {
  #namespaces = new Map<string, Pods>();
  #size = 0;
  readonly #shared = new SharedParts();

  /** Projects a v1 Pod as the reflector reads it, what other pods have too shared with them. @throws for what is no pod */
  readonly project = (object: unknown): PodEntry => {
    const { namespace, facts } = podEntry(object);
    const { labels, containers, initContainers } = facts;
    const shared = {
      labels: this.#shared.share(labels),
      containers: this.#shared.share(containers),
      initContainers: this.#shared.share(initContainers),
    };
    const { ownerUid, ports } = facts;
    const owner = ownerUid === undefined ? {} : { ownerUid: this.#shared.share(ownerUid) };
    const named = ports === undefined ? {} : { ports: this.#shared.share(ports) };
    return { namespace, facts: Object.assign(facts, shared, owner, named) };
  };

  /** The pods of a namespace that a selector matches, by name. */
  select(namespace: string, selector: Selector): PodFacts[] {
    return this.#namespaces.get(namespace)?.byLabel.select(selector).sort(byName) ?? [];
  }

  get size(): number {
    return this.#size;
  }

  /** How many pods a namespace has. */
  sizeOf(namespace: string): number {
    return this.#namespaces.get(namespace)?.byName.size ?? 0;
  }

  replace(entries: readonly PodEntry[]): void {
    this.#namespaces = new Map();
    this.#size = 0;
    for (const entry of entries) this.upsert(entry);
  }

  upsert({ namespace, facts }: PodEntry): void {
    const pods = this.#namespaces.get(namespace) ?? { byName: new Map(), byLabel: new LabelIndex() };
    this.#namespaces.set(namespace, pods);
    this.#drop(pods, facts.name);
    pods.byName.set(facts.name, facts);
    pods.byLabel.add(facts);
    this.#size += 1;
  }

  remove({ namespace, facts }: PodEntry): void {
    const pods = this.#namespaces.get(namespace);
    if (pods === undefined) return;
    this.#drop(pods, facts.name);
    if (pods.byName.size === 0) this.#namespaces.delete(namespace);
  }

  #drop({ byName: names, byLabel }: Pods, name: string): void {
    const known = names.get(name);
    if (known === undefined) return;
    names.delete(name);
    byLabel.delete(known);
    this.#size -= 1;
  }
}

function byName(a: PodFacts, b: PodFacts): number {
  return a.name < b.name ? -1 : 1;
}
