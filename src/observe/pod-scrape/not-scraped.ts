import type { NotScraped, ScrapeProblem } from '../../decide/snapshot.ts';

/** A pod that gave no sample. */
export interface Failure {
  readonly podName: string;
  readonly problem: ScrapeProblem;
  readonly detail: string;
}

/** Of each reason so many pods are named: what is told of a thousand is no longer than of ten. */
const maxNames = 10;
const maxDetail = 120;

/** Pods without a sample by their reason, the most pods first. */
export function countFailures(failures: readonly Failure[]): readonly NotScraped[] {
  const byReason = Map.groupBy(failures, ({ problem }) => problem);
  return [...byReason]
    .map(([reason, pods]) => {
      const detail = pods[0]?.detail.slice(0, maxDetail) ?? '';
      const names = pods.slice(0, maxNames).map(({ podName }) => podName);
      return { reason, count: pods.length, names, ...(detail === '' ? {} : { detail }) };
    })
    .sort((a, b) => b.count - a.count || (a.reason < b.reason ? -1 : 1));
}
