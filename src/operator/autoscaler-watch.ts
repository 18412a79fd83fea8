import { parseAutoscaler } from '../api/parse.ts';
import type { ReflectorHandler } from '../kube/reflector.ts';
import { parseSelector } from '../lib/selector.ts';
import type { Selector } from '../lib/selector.ts';
import type { AutoscalerTable, ServedObject } from './autoscaler-table.ts';
import { claimId } from './target-index.ts';
import type { Claim, TargetIndex } from './target-index.ts';

const apiVersion = 'plimsoll.dev/v1';
const kind = 'CustomAutoscaler';

export function autoscalerClaimId(place: { readonly namespace: string; readonly name: string }): string {
  return claimId(kind, place);
}

/** `namespace/name` of a claim that is a CustomAutoscaler's. */
export function autoscalerKeyOf(id: string): string | undefined {
  return id.startsWith(`${kind} `) ? id.slice(kind.length + 1) : undefined;
}

/**
 * Every CustomAutoscaler that a watch tells of: those of other shards are known as rivals, those that `--selector` matches are
 * served.
 */
export class AutoscalerWatch implements ReflectorHandler<ServedObject> {
  readonly #table: AutoscalerTable;
  readonly #targets: TargetIndex;
  readonly #selector: Selector;
  /** The spec, by uid and generation, that each claim was made from. */
  readonly #claimed = new Map<string, string>();

  /** @param selector as text; undefined matches all */
  constructor(table: AutoscalerTable, targets: TargetIndex, selector: string | undefined) {
    this.#table = table;
    this.#targets = targets;
    this.#selector = parseSelector(selector ?? '');
  }

  get size(): number {
    return this.#claimed.size;
  }

  replace(objects: readonly ServedObject[]): void {
    const listed = new Set(objects.map(({ metadata }) => autoscalerClaimId(metadata)));
    for (const id of this.#claimed.keys()) if (!listed.has(id)) this.#release(id);
    // All claims come first: nothing is served before its rivals are known.
    for (const object of objects) this.#claim(object);
    this.#table.replace(objects.filter((object) => this.#isServed(object)));
  }

  upsert(object: ServedObject): void {
    this.#claim(object);
    if (this.#isServed(object)) this.#table.upsert(object);
    else this.#table.remove(object);
  }

  remove(object: ServedObject): void {
    this.#release(autoscalerClaimId(object.metadata));
    this.#table.remove(object);
  }

  #isServed({ metadata }: ServedObject): boolean {
    return this.#selector.matches(metadata.labels ?? {});
  }

  #claim(object: ServedObject): void {
    const { uid = '', generation } = object.metadata;
    const id = autoscalerClaimId(object.metadata);
    const version = `${uid} ${generation ?? ''}`;
    if (generation !== undefined && this.#claimed.get(id) === version) return;
    this.#claimed.set(id, version);
    this.#targets.set(id, claimOf(object));
  }

  #release(id: string): void {
    this.#claimed.delete(id);
    this.#targets.set(id, undefined);
  }
}

/** Who never writes a scale claims none: a dry run, and an object that no decision can be made of. */
function claimOf(object: ServedObject): Claim | undefined {
  const parsed = parseAutoscaler(object);
  if (!parsed.ok || parsed.policy.mode === 'DryRun') return undefined;
  const { namespace, name } = object.metadata;
  return { namespace, target: parsed.policy.target, claimant: { apiVersion, kind, name } };
}
