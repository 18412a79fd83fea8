/** What a choice between lists of PodMetrics goes by. */
export interface ListCounts {
  /** Namespaces whose autoscalers need PodMetrics each sync period. */
  readonly namespaces: number;
  /** Pods in those namespaces. */
  readonly podsThere: number;
  /** Pods in the cluster. */
  readonly podsInAll: number;
  /** Cluster-wide lists in a sync period: one serves for less than a period, as namespaces are due at different times. */
  readonly listsPerPeriod: number;
}

/** A request costs both ends about as much as so many PodMetrics in a list. */
const requestInPods = 50;
/** A longer list would stop everything else while it is parsed: metrics.k8s.io has no pages. */
const mostPods = 5000;

/** Whether one list of the whole cluster is cheaper than one a namespace: many namespaces with few pods each. */
export function isClusterWideCheaper({
  namespaces,
  podsThere,
  podsInAll,
  listsPerPeriod,
}: ListCounts): boolean {
  if (podsInAll > mostPods) return false;
  return listsPerPeriod * (requestInPods + podsInAll) < namespaces * requestInPods + podsThere;
}
