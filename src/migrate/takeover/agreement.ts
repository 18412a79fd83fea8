import type { Autoscaler, HpaObject } from './scene.ts';

/** What a shadow has shown so far, as its status tells. */
export interface ShadowReport {
  /** Ticks that were compared, and those of them in which both wanted the same. */
  readonly ticks: number;
  readonly agreed: number;
  /** RFC 3339. */
  readonly since?: string;
  readonly firstDifference?: {
    readonly time: string;
    readonly ours: number;
    readonly theirs: number;
    readonly reason?: string;
  };
}

/** @returns undefined as long as the operator has compared nothing with the HorizontalPodAutoscaler of the same name */
export function agreementOf({ metadata, status }: Autoscaler): ShadowReport | undefined {
  const shadow = status?.shadow;
  if (!shadow || shadow.hpa !== metadata.name) return undefined;
  const { ticks, agreedTicks = 0, since, firstDifference } = shadow;
  return {
    ticks,
    agreed: agreedTicks,
    ...(since !== undefined && { since }),
    ...(firstDifference && { firstDifference }),
  };
}

/** Has an operator taken in the spec as it is now? */
export function isObserved({ metadata, status }: Autoscaler): boolean {
  return status?.observedGeneration !== undefined && status.observedGeneration === metadata.generation;
}

/** Has a controller ever computed a count for it? Before its first evaluation it has no conditions. */
export function isEvaluated({ status }: HpaObject): boolean {
  return status?.conditions?.some(({ type }) => type === 'AbleToScale') === true;
}

/** 0 to 100, in whole percent, rounded down: 100 means always; undefined where nothing was compared. */
export function agreementPercent({
  ticks,
  agreed,
}: Pick<ShadowReport, 'ticks' | 'agreed'>): number | undefined {
  return ticks === 0 ? undefined : Math.floor((100 * agreed) / ticks);
}

/** Who else scales the target, in the operator's words; undefined when it sees nobody. */
export function contestOf({ status }: Autoscaler): string | undefined {
  return status?.conditions?.find(({ reason }) => reason === 'AmbiguousTarget')?.message;
}
