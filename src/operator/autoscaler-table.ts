import type { CustomAutoscaler } from '../api/generated/custom-autoscaler.ts';
import { parseAutoscaler } from '../api/parse.ts';
import type { ParsedAutoscaler } from '../api/parse.ts';
import type { ObjectMeta } from '../api/types.ts';
import type { History } from '../decide/history.ts';
import type { Shadow } from '../decide/shadow.ts';
import type { OtherAutoscaler, PodFacts } from '../decide/snapshot.ts';
import type { ReflectorHandler } from '../kube/reflector.ts';
import { SelectorIndex } from './selector-index.ts';

/** The object as the server sent it; unchecked beyond its name. */
export type ServedObject = Partial<Pick<CustomAutoscaler, 'spec' | 'status'>> & {
  readonly metadata: ObjectMeta & { readonly name: string; readonly namespace: string };
};

/** One autoscaler, and what the operator remembers of it between ticks. */
export interface Autoscaler {
  /** `namespace/name` */
  readonly key: string;
  readonly namespace: string;
  readonly name: string;
  object: ServedObject;
  /** `object` parsed: once a generation, not once a tick. */
  readonly parsed: ParsedAutoscaler;
  /** Undefined before the first decision. */
  history: History | undefined;
  /** Of a dry run; undefined before the first decision and where there is none. */
  shadow: Shadow | undefined;
  /** The target's selector as of the last reconcile. */
  selector: string | undefined;
  /** When this process last wrote the status, as the clock's `monotonicMs`. */
  statusWrittenMs: number | undefined;
  /** What an event last said is wrong with the object: it is not said again. */
  toldProblem: string | undefined;
}

/** What is remembered of one that is new, or when this process begins to lead. */
const nothing = { history: undefined, shadow: undefined, statusWrittenMs: undefined, toldProblem: undefined };

class TableEntry implements Autoscaler {
  readonly key: string;
  readonly namespace: string;
  readonly name: string;
  object: ServedObject;
  history: History | undefined;
  shadow: Shadow | undefined;
  selector: string | undefined;
  statusWrittenMs: number | undefined;
  toldProblem: string | undefined;
  #parsed: { readonly generation: number | undefined; readonly result: ParsedAutoscaler } | undefined;

  constructor(object: ServedObject) {
    this.key = keyOf(object);
    this.namespace = object.metadata.namespace;
    this.name = object.metadata.name;
    this.object = object;
  }

  get parsed(): ParsedAutoscaler {
    const { generation } = this.object.metadata;
    if (generation === undefined || this.#parsed?.generation !== generation)
      this.#parsed = { generation, result: parseAutoscaler(this.object) };
    return this.#parsed.result;
  }
}

export interface AutoscalerTableListener {
  /** It is new, or its spec has changed. */
  onChanged(autoscaler: Autoscaler): void;
  onGone(autoscaler: Autoscaler): void;
}

/** Projects a CustomAutoscaler as the reflector reads it. @throws for an object without a name */
export function autoscalerObject(object: unknown): ServedObject {
  const { metadata, ...rest } = object as Partial<ServedObject>;
  if (metadata?.name === undefined) throw new Error('an object without a name');
  const kept: ServedObject['metadata'] & { managedFields?: unknown } = { ...metadata };
  delete kept.managedFields; // large, and of no use here
  return { ...rest, metadata: kept };
}

/** Every autoscaler that is served. What is remembered of one goes when it is deleted, also when another takes its name. */
export class AutoscalerTable implements ReflectorHandler<ServedObject> {
  readonly #listener: AutoscalerTableListener;
  readonly #autoscalers = new Map<string, Autoscaler>();
  readonly #selectors = new SelectorIndex();

  constructor(listener: AutoscalerTableListener) {
    this.#listener = listener;
  }

  get(key: string): Autoscaler | undefined {
    return this.#autoscalers.get(key);
  }

  get size(): number {
    return this.#autoscalers.size;
  }

  keys(): string[] {
    return [...this.#autoscalers.keys()];
  }

  /** What was remembered may be of another time: what is in the status counts. Selectors stay, targets seldom change them. */
  forgetPast(): void {
    for (const autoscaler of this.#autoscalers.values()) Object.assign(autoscaler, nothing);
  }

  /** Takes what a list shows of those that are known, where it is newer: whether others exist is for the watch to say. */
  refresh(object: ServedObject): void {
    const known = this.#autoscalers.get(keyOf(object));
    if (known?.object.metadata.uid === object.metadata.uid) this.upsert(object);
  }

  /** Learns the selector of an autoscaler's target. */
  learnSelector(autoscaler: Autoscaler, selector: string): void {
    if (this.#autoscalers.get(autoscaler.key) !== autoscaler) return; // deleted meanwhile
    autoscaler.selector = selector;
    this.#selectors.set(autoscaler.key, autoscaler.namespace, selector);
  }

  /** The other autoscalers of a namespace that could select one of the pods, as far as their selectors are known. */
  others({ key, namespace }: Autoscaler, pods: readonly Pick<PodFacts, 'labels'>[]): OtherAutoscaler[] {
    const labels = pods.map((pod) => pod.labels);
    return [...this.#selectors.candidates(namespace, labels)].flatMap((owner) => {
      const other = this.#autoscalers.get(owner);
      return other === undefined || owner === key || other.selector === undefined
        ? []
        : [{ namespace, name: other.name, selector: other.selector }];
    });
  }

  replace(objects: readonly ServedObject[]): void {
    const listed = new Set(objects.map(keyOf));
    for (const [key, autoscaler] of this.#autoscalers) if (!listed.has(key)) this.#drop(autoscaler);
    for (const object of objects) this.#take(object);
  }

  upsert(object: ServedObject): void {
    const known = this.#autoscalers.get(keyOf(object));
    if (known === undefined || !isOlder(object, known.object)) this.#take(object);
  }

  remove(object: ServedObject): void {
    const known = this.#autoscalers.get(keyOf(object));
    if (known !== undefined) this.#drop(known);
  }

  #take(object: ServedObject): void {
    const key = keyOf(object);
    const known = this.#autoscalers.get(key);
    if (known !== undefined && known.object.metadata.uid === object.metadata.uid) {
      const changed = known.object.metadata.generation !== object.metadata.generation;
      known.object = object;
      if (changed) this.#listener.onChanged(known);
      return;
    }
    if (known !== undefined) this.#drop(known);
    const added = new TableEntry(object);
    this.#autoscalers.set(key, added);
    this.#listener.onChanged(added);
  }

  #drop(autoscaler: Autoscaler): void {
    this.#autoscalers.delete(autoscaler.key);
    this.#selectors.set(autoscaler.key, autoscaler.namespace, undefined);
    this.#listener.onGone(autoscaler);
  }
}

function keyOf({ metadata }: ServedObject): string {
  return `${metadata.namespace}/${metadata.name}`;
}

/** An event that was under way when our own write was answered must not bring back the status from before it. */
function isOlder(object: ServedObject, known: ServedObject): boolean {
  const [a = '', b = ''] = [object, known].map(({ metadata }) => metadata.resourceVersion);
  const sameObject = object.metadata.uid === known.metadata.uid;
  return sameObject && /^\d+$/.test(a) && /^\d+$/.test(b) && BigInt(a) < BigInt(b);
}
