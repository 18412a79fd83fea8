import type { CustomAutoscaler } from '../api/generated/custom-autoscaler.ts';
import type { ObjectMeta } from '../api/types.ts';
import type { History } from '../decide/decision.ts';
import type { OtherAutoscaler } from '../decide/snapshot.ts';
import type { ReflectorHandler } from '../kube/reflector.ts';

/** The object as the server sent it; unchecked beyond its name. */
export type AutoscalerObject = Partial<Pick<CustomAutoscaler, 'spec' | 'status'>> & {
  readonly metadata: ObjectMeta & { readonly name: string; readonly namespace: string };
};

/** One autoscaler, and what the operator remembers of it between ticks. */
export interface Autoscaler {
  /** `namespace/name` */
  readonly key: string;
  readonly namespace: string;
  readonly name: string;
  object: AutoscalerObject;
  /** Undefined before the first decision. */
  history: History | undefined;
  /** The target's selector as of the last reconcile. */
  selector: string | undefined;
}

export interface AutoscalerTableListener {
  /** It is new, or its spec has changed. */
  onChanged(autoscaler: Autoscaler): void;
  onGone(autoscaler: Autoscaler): void;
}

/** Projects a CustomAutoscaler as the reflector reads it. @throws for an object without a name */
export function autoscalerObject(object: unknown): AutoscalerObject {
  const { metadata, ...rest } = object as Partial<AutoscalerObject>;
  if (metadata?.name === undefined) throw new Error('an object without a name');
  const kept: AutoscalerObject['metadata'] & { managedFields?: unknown } = { ...metadata };
  delete kept.managedFields; // large, and of no use here
  return { ...rest, metadata: kept };
}

/** Every autoscaler that is served. What is remembered of one goes when it is deleted, also when another takes its name. */
export class AutoscalerTable implements ReflectorHandler<AutoscalerObject> {
  readonly #listener: AutoscalerTableListener;
  readonly #autoscalers = new Map<string, Autoscaler>();

  constructor(listener: AutoscalerTableListener) {
    this.#listener = listener;
  }

  get(key: string): Autoscaler | undefined {
    return this.#autoscalers.get(key);
  }

  get size(): number {
    return this.#autoscalers.size;
  }

  /** The other autoscalers of a namespace whose selectors are known. */
  others({ key, namespace }: Autoscaler): OtherAutoscaler[] {
    return [...this.#autoscalers.values()].flatMap((other) =>
      other.key !== key && other.namespace === namespace && other.selector !== undefined
        ? [{ namespace, name: other.name, selector: other.selector }]
        : [],
    );
  }

  replace(objects: readonly AutoscalerObject[]): void {
    const listed = new Set(objects.map(keyOf));
    for (const [key, autoscaler] of this.#autoscalers) if (!listed.has(key)) this.#drop(autoscaler);
    for (const object of objects) this.#take(object);
  }

  upsert(object: AutoscalerObject): void {
    const known = this.#autoscalers.get(keyOf(object));
    if (known === undefined || !isOlder(object, known.object)) this.#take(object);
  }

  remove(object: AutoscalerObject): void {
    const known = this.#autoscalers.get(keyOf(object));
    if (known !== undefined) this.#drop(known);
  }

  #take(object: AutoscalerObject): void {
    const key = keyOf(object);
    const known = this.#autoscalers.get(key);
    if (known !== undefined && known.object.metadata.uid === object.metadata.uid) {
      const changed = known.object.metadata.generation !== object.metadata.generation;
      known.object = object;
      if (changed) this.#listener.onChanged(known);
      return;
    }
    if (known !== undefined) this.#drop(known);
    const { namespace, name } = object.metadata;
    const added: Autoscaler = { key, namespace, name, object, history: undefined, selector: undefined };
    this.#autoscalers.set(key, added);
    this.#listener.onChanged(added);
  }

  #drop(autoscaler: Autoscaler): void {
    this.#autoscalers.delete(autoscaler.key);
    this.#listener.onGone(autoscaler);
  }
}

function keyOf({ metadata }: AutoscalerObject): string {
  return `${metadata.namespace}/${metadata.name}`;
}

/** An event that was under way when our own write was answered must not bring back the status from before it. */
function isOlder(object: AutoscalerObject, known: AutoscalerObject): boolean {
  const [a = '', b = ''] = [object, known].map(({ metadata }) => metadata.resourceVersion);
  const sameObject = object.metadata.uid === known.metadata.uid;
  return sameObject && /^\d+$/.test(a) && /^\d+$/.test(b) && BigInt(a) < BigInt(b);
}
