import type { Recommendation } from './history.ts';

/** Adds a recommendation, in the place of the last expired one if there is any: the list grows no longer than its window. */
export function remember(
  recommendations: readonly Recommendation[],
  recommendation: Recommendation,
  isExpired: (recommendation: Recommendation) => boolean,
): readonly Recommendation[] {
  const place = recommendations.findLastIndex(isExpired);
  return place === -1 ? [...recommendations, recommendation] : recommendations.with(place, recommendation);
}
