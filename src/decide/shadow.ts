import type { Decision, Verdict } from './decision.ts';
import { explain } from './explain.ts';
import type { Rival } from './snapshot.ts';

/** A dry run beside a HorizontalPodAutoscaler on the same target: how often both wanted the same count, since both specs are what they are. */
export interface Shadow {
  /** The name of the HorizontalPodAutoscaler. */
  readonly hpa: string;
  /** Which specs were compared: another text, and the count begins anew. */
  readonly specs: string;
  /** The first tick that was compared. */
  readonly sinceMs: number;
  /** Ticks that were compared. */
  readonly ticks: number;
  /** Those of them in which both wanted the same count. */
  readonly agreed: number;
  readonly firstDifference?: Difference;
}

/** Two counts that differ, and why each is what it is. */
export interface Difference {
  readonly atMs: number;
  readonly ours: number;
  readonly theirs: number;
  readonly reason: string;
}

/** One more tick of a shadow, or why there is none. */
export interface ShadowTick {
  readonly shadow: Shadow;
  /** Absent where this tick could not be compared. */
  readonly agrees?: boolean;
}

/** The dry run at one tick. */
export interface DryRun {
  readonly decision: Decision;
  /** metadata.generation of the autoscaler: it changes with its spec. */
  readonly generation: number | undefined;
  readonly rivals: readonly Rival[];
}

/** Ticks in which a count was computed, as the HPA would compute one. */
const comparable: ReadonlySet<Verdict> = new Set<Verdict>(['Computed', 'OutOfRange', 'Disabled']);

/**
 * The shadow after one more tick; undefined where no HorizontalPodAutoscaler is on the target. Of several the first by name counts. A
 * tick in which one of the two has no count of its own (nothing read, not evaluated yet) is not compared.
 * @param before undefined when nothing was compared yet
 */
export function shadowAfter(before: Shadow | undefined, dryRun: DryRun): ShadowTick | undefined {
  const hpa = shadowedOf(dryRun.rivals);
  if (hpa === undefined) return undefined;
  const { wanted, name } = hpa;
  const { decision, generation = 0 } = dryRun;
  const specs = `${generation}-${wanted.spec}`;
  const known = before?.hpa === name && before.specs === specs ? before : undefined;
  const shadow = known ?? { hpa: name, specs, sinceMs: decision.atMs, ticks: 0, agreed: 0 };
  if (wanted.replicas === undefined || !comparable.has(decision.verdict)) return { shadow };
  const agrees = decision.desiredReplicas === wanted.replicas;
  return { shadow: counted(shadow, decision, wanted, agrees), agrees };
}

type Shadowed = Rival & Required<Pick<Rival, 'wanted'>>;

function shadowedOf(rivals: readonly Rival[]): Shadowed | undefined {
  const hpas = rivals.filter((rival): rival is Shadowed => rival.wanted !== undefined);
  return hpas.toSorted((a, b) => (a.name < b.name ? -1 : 1))[0];
}

function counted(
  shadow: Shadow,
  decision: Decision,
  { replicas = 0, reason }: Shadowed['wanted'],
  agrees: boolean,
): Shadow {
  const { ticks, agreed } = shadow;
  if (agrees) return { ...shadow, ticks: ticks + 1, agreed: agreed + 1 };
  const difference: Difference = {
    atMs: decision.atMs,
    ours: decision.desiredReplicas,
    theirs: replicas,
    reason: `ours: ${explain(decision)}; the HorizontalPodAutoscaler's: ${reason}`,
  };
  return { ...shadow, ticks: ticks + 1, firstDifference: shadow.firstDifference ?? difference };
}

/** The share of ticks in which both wanted the same count, 0 to 1; 1 where none was compared. */
export function agreementRatio({ ticks, agreed }: Pick<Shadow, 'ticks' | 'agreed'>): number {
  return ticks === 0 ? 1 : agreed / ticks;
}

/** When a shadow is believed. */
export interface Agreement {
  /** So many ticks were compared at least. */
  readonly ticks: number;
  /** In so large a share of them both wanted the same count, 0 to 1. */
  readonly ratio: number;
}

/** Five minutes at a sync period of 15 s; the two look at their metrics at different moments, so that a few ticks may differ. */
const defaultAgreement: Agreement = { ticks: 20, ratio: 0.95 };

/** Has a dry run shown for long enough that it wants what the HorizontalPodAutoscaler wants? */
export function hasAgreed(
  shadow: Pick<Shadow, 'ticks' | 'agreed'> | undefined,
  { ticks, ratio }: Agreement = defaultAgreement,
): boolean {
  return shadow !== undefined && shadow.ticks >= ticks && agreementRatio(shadow) >= ratio;
}
