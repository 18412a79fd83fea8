import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { EventDrop } from '../act/events.ts';
import { scaleDownHeldUntilMs } from '../decide/limiter-end.ts';
import type { Mode } from '../decide/policy.ts';
import { agreementRatio } from '../decide/shadow.ts';
import type { Condition } from '../decide/status.ts';
import { changedBy, deviationsOf } from '../decide/trace.ts';
import type { RequestReport } from '../kube/client.ts';
import type { Clock } from '../lib/clock.ts';
import type { ScrapeReport } from '../observe/pod-scrape/pod-scrape.ts';
import type { PrometheusFailureType } from '../observe/prometheus/failure.ts';
import type { PrometheusRequest } from '../observe/prometheus/server.ts';
import type { Autoscaler } from './autoscaler-table.ts';
import type { WatchedCache } from './caches.ts';
import { metricTable, perAutoscalerMetrics } from './metric-table.ts';
import type { MetricRow, MetricTable } from './metric-table.ts';
import type { Reconciled } from './reconcile.ts';

/** What is read when somebody asks for the metrics. */
export interface Gauged {
  readonly clock: Clock;
  /** What is watched, by the resource. */
  readonly watches: () => Readonly<Record<string, WatchedCache>>;
  /** The queue of the present term; undefined while standing by. */
  readonly queue: () => { readonly depth: number; lagMs(nowMs: number): number } | undefined;
  readonly leads: () => boolean;
}

export interface TelemetryOptions {
  /** Series of each autoscaler (perAutoscalerMetrics). Default true. */
  readonly perAutoscaler?: boolean;
}

/** The operator's metrics (metric-table.ts), in a registry of its own. */
export class Telemetry {
  readonly registry = new Registry();
  readonly #metrics = createMetrics(this.registry);
  readonly #perAutoscaler: boolean;
  readonly #verdicts = new Map<Autoscaler, string>();
  readonly #modes = new Map<Autoscaler, Mode>();
  #gauged: Gauged | undefined;
  #keptPods: () => number = () => 0;

  /**
   * For one operator a process: prom-client keeps the observers of garbage collection and event loop to itself and has no way to
   * end them. They keep no process alive.
   */
  constructor({ perAutoscaler = true }: TelemetryOptions = {}) {
    this.#perAutoscaler = perAutoscaler;
    collectDefaultMetrics({ register: this.registry, prefix: 'plimsoll_' });
    if (!perAutoscaler)
      for (const name of perAutoscalerMetrics) this.registry.removeSingleMetric(`plimsoll_${name}`);
  }

  /** Gauges that are read when they are asked for. */
  observe(gauged: Gauged): void {
    this.#gauged = gauged;
  }

  request({ method, code, durationMs, attempt }: RequestReport): void {
    this.#metrics.api_requests_total.inc({ method, code: String(code) });
    this.#metrics.api_request_duration_seconds.observe({ method }, durationMs / 1000);
    if (attempt > 1) this.#metrics.api_request_retries_total.inc({ method });
  }

  rateLimitWait(waitedMs: number): void {
    this.#metrics.api_rate_limiter_wait_seconds.observe(waitedMs / 1000);
  }

  scraped({ outcome, durationMs }: ScrapeReport): void {
    this.#metrics.pod_scrapes_total.inc({ outcome });
    this.#metrics.pod_scrape_duration_seconds.observe(durationMs / 1000);
  }

  /** @param keptPods of the present term */
  observeScrapes(keptPods: () => number): void {
    this.#keptPods = keptPods;
  }

  eventWrite(ok: boolean): void {
    this.#metrics.event_writes_total.inc({ outcome: ok ? 'written' : 'failed' });
  }

  eventDropped(reason: EventDrop): void {
    this.#metrics.events_dropped_total.inc({ reason });
  }

  prometheusRequest({ server, code, durationMs }: PrometheusRequest): void {
    this.#metrics.prometheus_requests_total.inc({ server, code: String(code) });
    this.#metrics.prometheus_request_duration_seconds.observe({ server }, durationMs / 1000);
  }

  prometheusFailure(server: string, reason: PrometheusFailureType): void {
    this.#metrics.prometheus_failures_total.inc({ server, reason });
  }

  startedToLead(): void {
    this.#metrics.leader_terms_total.inc();
  }

  /** @param lateMs how late it started; undefined when something else than its time woke it */
  started(lateMs: number | undefined): void {
    if (lateMs !== undefined) this.#metrics.sync_lag_seconds.observe(Math.max(0, lateMs) / 1000);
  }

  reconciled(autoscaler: Autoscaler, result: Reconciled | undefined, durationMs: number): void {
    const labels = { action: actionOf(result), error: errorOf(result) };
    this.#metrics.reconciliations_total.inc(labels);
    this.#metrics.reconciliation_duration_seconds.observe(labels, durationMs / 1000);
    if (result === undefined || result.type === 'Overtaken') return;
    this.#verdicts.set(autoscaler, result.type === 'Decided' ? result.decision.verdict : 'Invalid');
    if (result.type === 'Invalid') {
      this.#modes.delete(autoscaler);
      this.#showInvalid(autoscaler);
      return;
    }
    this.#modes.set(autoscaler, result.mode);
    const { verdict, trace } = result.decision;
    this.#metrics.decisions_total.inc({ verdict });
    if (result.decision.coldStart !== undefined)
      this.#metrics.cold_start_seconds.observe(result.decision.coldStart.seconds);
    for (const { reason } of [...deviationsOf(trace), ...changedBy(trace)])
      this.#metrics.decision_limited_total.inc({ reason });
    this.#countMetrics(result);
    if (result.agrees !== undefined) this.#metrics.shadow_ticks_total.inc({ agreed: String(result.agrees) });
    if (this.#perAutoscaler) this.#show(autoscaler, result);
  }

  /** The series of an autoscaler that is gone go too. */
  forget(autoscaler: Autoscaler): void {
    this.#verdicts.delete(autoscaler);
    this.#modes.delete(autoscaler);
    const { namespace, name } = autoscaler;
    for (const metric of perAutoscalerMetrics) {
      if (metric !== 'condition') this.#metrics[metric].remove({ namespace, name });
    }
    for (const type of shownConditions) this.#metrics.condition.remove({ namespace, name, type });
  }

  /** What is served by another from now on is shown there. */
  forgetAll(): void {
    this.#verdicts.clear();
    this.#modes.clear();
    for (const metric of perAutoscalerMetrics) this.#metrics[metric].reset();
  }

  async text(): Promise<string> {
    if (this.#gauged !== undefined) this.#collect(this.#gauged);
    return this.registry.metrics();
  }

  /** Each metric that was evaluated, by what it alone would have done. */
  #countMetrics({ decision, snapshot, metricMs }: Decided): void {
    for (const [index, proposal] of decision.trace.proposals.entries()) {
      const labels = {
        action: proposal.ok ? actionFrom(decision.currentReplicas, proposal.replicas) : 'none',
        error: proposal.ok ? 'none' : (specErrors[proposal.reason] ?? 'internal'),
        metric_type: snapshot.metrics[index]?.type ?? 'Unknown',
      };
      this.#metrics.metric_computation_total.inc(labels);
      const meanwhile = proposal.ok ? undefined : proposal.failing?.meanwhile.type;
      if (meanwhile !== undefined) this.#metrics.metrics_failing_total.inc({ meanwhile });
      this.#metrics.metric_computation_duration_seconds.observe(labels, (metricMs[index] ?? 0) / 1000);
    }
  }

  #show({ namespace, name, object, shadow }: Autoscaler, { decision, conditions }: Decided): void {
    const labels = { namespace, name };
    if (shadow === undefined || shadow.ticks === 0) this.#metrics.shadow_agreement_ratio.remove(labels);
    else this.#metrics.shadow_agreement_ratio.set(labels, agreementRatio(shadow));
    const heldUntilMs = scaleDownHeldUntilMs(decision.trace);
    const held = this.#metrics.scale_down_held_until_timestamp_seconds;
    if (heldUntilMs === undefined) held.remove(labels);
    else held.set(labels, heldUntilMs / 1000);
    const { minReplicas = 1, maxReplicas = 0 } = object.spec ?? {};
    this.#metrics.min_replicas.set(labels, minReplicas);
    this.#metrics.max_replicas.set(labels, maxReplicas);
    for (const type of shownConditions) {
      const condition: Condition | undefined = conditions.find((each) => each.type === type);
      if (condition !== undefined)
        this.#metrics.condition.set({ ...labels, type }, condition.status === 'True' ? 1 : 0);
    }
    if (decision.verdict === 'TargetUnreadable') return;
    this.#metrics.current_replicas.set(labels, decision.currentReplicas);
    this.#metrics.desired_replicas.set(labels, decision.desiredReplicas);
  }

  /** What it showed while it was valid holds no more. */
  #showInvalid({ namespace, name }: Autoscaler): void {
    if (!this.#perAutoscaler) return;
    this.#metrics.condition.set({ namespace, name, type: 'ScalingActive' }, 0);
    this.#metrics.scale_down_held_until_timestamp_seconds.remove({ namespace, name });
  }

  #collect({ clock, watches, queue, leads }: Gauged): void {
    const nowMs = clock.monotonicMs();
    this.#metrics.queue_depth.set(queue()?.depth ?? 0);
    this.#metrics.queue_lag_seconds.set((queue()?.lagMs(nowMs) ?? 0) / 1000);
    this.#metrics.leader.set(leads() ? 1 : 0);
    this.#metrics.pod_scrape_kept_pods.set(this.#keptPods());
    for (const [resource, { reflector, size }] of Object.entries(watches())) {
      const { lastSyncMs = Number.NaN, failure } = reflector;
      this.#metrics.cached_objects.set({ resource }, size());
      this.#metrics.watch_staleness_seconds.set({ resource }, (nowMs - lastSyncMs) / 1000);
      this.#metrics.watch_failing.set({ resource }, failure === undefined ? 0 : 1);
    }
    this.#metrics.autoscalers.reset();
    for (const verdict of this.#verdicts.values()) this.#metrics.autoscalers.inc({ verdict });
    this.#metrics.autoscalers_by_mode.reset();
    for (const mode of this.#modes.values()) this.#metrics.autoscalers_by_mode.inc({ mode });
  }
}

/** As the HPA has them: few, so that series stay few. */
const shownConditions = ['AbleToScale', 'ScalingActive', 'ScalingLimited'] as const;

type Decided = Extract<Reconciled, { type: 'Decided' }>;

type ActionLabel = 'scale_up' | 'scale_down' | 'none';

function actionOf(result: Reconciled | undefined): ActionLabel {
  if (result?.type !== 'Decided' || result.outcome.type !== 'Scaled') return 'none';
  return actionFrom(result.decision.currentReplicas, result.decision.desiredReplicas);
}

function actionFrom(from: number, to: number): ActionLabel {
  if (from === to) return 'none';
  return to > from ? 'scale_up' : 'scale_down';
}

/** What is wrong with the spec, not with a source. */
const specErrors: Readonly<Record<string, 'spec'>> = { InvalidMetricSourceType: 'spec' };

/** `spec`: the object or its target cannot be used as they are; `internal`: a source or a write failed. */
function errorOf(result: Reconciled | undefined): 'spec' | 'internal' | 'none' {
  if (result?.type === 'Invalid') return 'spec';
  if (result?.type === 'Overtaken') return 'none';
  if (result === undefined || result.statusError !== undefined) return 'internal';
  if (result.outcome.type === 'Refused') return 'internal';
  return verdictErrors[result.decision.verdict] ?? 'none';
}

const verdictErrors: Readonly<Record<string, 'spec' | 'internal'>> = {
  TargetUnreadable: 'internal',
  MetricsFailed: 'internal',
  Contested: 'spec',
};

type Labels<R extends { readonly labels: readonly string[] }> = R['labels'][number];

type MetricOf<R extends MetricTable[keyof MetricTable]> = R['type'] extends 'counter'
  ? Counter<Labels<R>>
  : R['type'] extends 'gauge'
    ? Gauge<Labels<R>>
    : Histogram<Labels<R>>;

/** The metrics of the table by their names in it. */
type Metrics = { readonly [K in keyof MetricTable]: MetricOf<MetricTable[K]> };

const seconds = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** Makes every metric of the table in a registry. */
function createMetrics(registry: Registry): Metrics {
  const entries = Object.entries<MetricRow>(metricTable).map(([name, { type, help, labels, buckets }]) => {
    const options = { name: `plimsoll_${name}`, help, labelNames: [...labels], registers: [registry] };
    switch (type) {
      case 'counter':
        return [name, new Counter(options)];
      case 'gauge':
        return [name, new Gauge(options)];
      case 'histogram':
        return [name, new Histogram({ ...options, buckets: [...(buckets ?? seconds)] })];
    }
  });
  return Object.fromEntries(entries) as Metrics;
}
