/** One metric of the operator; its name bears the prefix `plimsoll_`. */
export interface MetricRow {
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  readonly labels: readonly string[];
  /** Upper bounds of a histogram; those of telemetry.ts where absent. */
  readonly buckets?: readonly number[];
}

const autoscaler = ['namespace', 'name'] as const;

/**
 * Every metric of our own. Names and labels are in the manner of the HPA controller's
 * (`horizontal_pod_autoscaler_controller_reconciliations_total`...), so that its dashboards need little change.
 */
export const metricTable = {
  reconciliations_total: {
    type: 'counter',
    help: 'Reconciliations by what they did (scale_up, scale_down, none) and what failed (spec, internal, none)',
    labels: ['action', 'error'],
  },
  reconciliation_duration_seconds: {
    type: 'histogram',
    help: 'Time that a reconciliation took',
    labels: ['action', 'error'],
  },
  metric_computation_total: {
    type: 'counter',
    help: 'Metrics evaluated, by their type, what each alone asks for, and what failed (spec, internal, none)',
    labels: ['action', 'error', 'metric_type'],
  },
  metrics_failing_total: {
    type: 'counter',
    help: 'Metrics of which a spec says how far to trust them that failed in a decision, by what was done (Held, Ignored, Fallback)',
    labels: ['meanwhile'],
  },
  metric_computation_duration_seconds: {
    type: 'histogram',
    help: 'Time that reading a metric took',
    labels: ['action', 'error', 'metric_type'],
  },
  decisions_total: { type: 'counter', help: 'Decisions by how far they came', labels: ['verdict'] },
  decision_limited_total: {
    type: 'counter',
    help: 'Decisions that a limit changed, by its reason',
    labels: ['reason'],
  },
  sync_lag_seconds: {
    type: 'histogram',
    help: 'How late reconciliations started that were due at a time',
    labels: [],
  },
  cold_start_seconds: {
    type: 'histogram',
    help: 'Time from zero replicas to the first ready pod',
    labels: [],
    buckets: [0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600],
  },
  queue_depth: { type: 'gauge', help: 'Autoscalers that wait for a worker', labels: [] },
  queue_lag_seconds: {
    type: 'gauge',
    help: 'How late the autoscaler is that has waited for longest; 0 when none waits',
    labels: [],
  },
  autoscalers: { type: 'gauge', help: 'Autoscalers served, by their last verdict', labels: ['verdict'] },
  autoscalers_by_mode: {
    type: 'gauge',
    help: 'Autoscalers served, by the mode that counts: one whose pause is over is Active',
    labels: ['mode'],
  },
  shadow_ticks_total: {
    type: 'counter',
    help: "Decisions of dry runs that were compared with an HPA's, by whether both wanted the same count (true, false)",
    labels: ['agreed'],
  },
  leader: { type: 'gauge', help: '1 while this process may write, 0 while it stands by', labels: [] },
  leader_terms_total: { type: 'counter', help: 'Times that this process began to lead', labels: [] },
  cached_objects: { type: 'gauge', help: 'Objects kept of each watched resource', labels: ['resource'] },
  watch_staleness_seconds: {
    type: 'gauge',
    help: 'Time since the API server last said something about a watched resource',
    labels: ['resource'],
  },
  watch_failing: { type: 'gauge', help: '1 while a watch cannot be had', labels: ['resource'] },
  api_requests_total: {
    type: 'counter',
    help: 'Requests to the API server, each attempt; code 0 means no answer',
    labels: ['method', 'code'],
  },
  api_request_duration_seconds: {
    type: 'histogram',
    help: 'Time until the API server answered an attempt',
    labels: ['method'],
  },
  api_request_retries_total: {
    type: 'counter',
    help: 'Attempts that were not the first of their request',
    labels: ['method'],
  },
  api_rate_limiter_wait_seconds: {
    type: 'histogram',
    help: 'Time that a request waited for the rate limit of the operator itself',
    labels: [],
  },
  prometheus_requests_total: {
    type: 'counter',
    help: 'Requests to Prometheus servers; code 0 means no answer',
    labels: ['server', 'code'],
  },
  prometheus_request_duration_seconds: {
    type: 'histogram',
    help: 'Time until a Prometheus server answered a request',
    labels: ['server'],
  },
  prometheus_failures_total: {
    type: 'counter',
    help: 'Queries to Prometheus servers that gave no number, by why',
    labels: ['server', 'reason'],
  },
  pod_scrapes_total: {
    type: 'counter',
    help: 'Scrapes of pods for metrics of type PodScrape, by how they ended (Ok, or why a pod was left out)',
    labels: ['outcome'],
  },
  pod_scrape_duration_seconds: {
    type: 'histogram',
    help: 'Time that the scrape of a pod took, with the wait for its turn',
    labels: [],
  },
  pod_scrape_kept_pods: {
    type: 'gauge',
    help: 'Pods whose last scrape is kept, once for each metric',
    labels: [],
  },
  event_writes_total: {
    type: 'counter',
    help: 'Writes of events (written, failed), each try',
    labels: ['outcome'],
  },
  events_dropped_total: {
    type: 'counter',
    help: 'Events that nobody will see (RateLimited, QueueFull, Failed, Stopped)',
    labels: ['reason'],
  },
  current_replicas: {
    type: 'gauge',
    help: 'Replicas that the target was asked to run when it was last looked at',
    labels: autoscaler,
  },
  desired_replicas: { type: 'gauge', help: 'Replicas that the last decision wants', labels: autoscaler },
  min_replicas: { type: 'gauge', help: 'Lower bound in the spec', labels: autoscaler },
  max_replicas: { type: 'gauge', help: 'Upper bound in the spec', labels: autoscaler },
  condition: {
    type: 'gauge',
    help: '1 while a condition of an autoscaler is True, 0 while it is not',
    labels: [...autoscaler, 'type'],
  },
  scale_down_held_until_timestamp_seconds: {
    type: 'gauge',
    help: 'Unix time at which a scale-down that is asked for is let through; no series while nothing holds one back',
    labels: autoscaler,
  },
  shadow_agreement_ratio: {
    type: 'gauge',
    help: "Share of a dry run's decisions that wanted the same count as the HPA on the same target",
    labels: autoscaler,
  },
} as const satisfies Readonly<Record<string, MetricRow>>;

export type MetricTable = typeof metricTable;

/** Series of each autoscaler: left out with `--per-autoscaler-metrics=false`. */
export const perAutoscalerMetrics = [
  'current_replicas',
  'desired_replicas',
  'min_replicas',
  'max_replicas',
  'condition',
  'scale_down_held_until_timestamp_seconds',
  'shadow_agreement_ratio',
] as const satisfies readonly (keyof MetricTable)[];
