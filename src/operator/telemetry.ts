import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { RequestReport } from '../kube/client.ts';
import type { Reflector } from '../kube/reflector.ts';
import type { Clock } from '../lib/clock.ts';
import type { WorkQueue } from '../lib/work-queue.ts';
import type { Autoscaler } from './autoscaler-table.ts';
import type { Reconciled } from './reconcile.ts';

const seconds = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** What is read when somebody asks for the metrics. */
export interface Gauged {
  readonly queue: WorkQueue;
  readonly clock: Clock;
  /** Reflectors by the resource that they watch. */
  readonly watches: Readonly<Record<string, Reflector>>;
}

/**
 * The operator's metrics, in a registry of its own. Names and labels are in the manner of the HPA controller's
 * (`horizontal_pod_autoscaler_controller_reconciliations_total`...), so that its dashboards need little change.
 */
export class Telemetry {
  readonly registry = new Registry();
  readonly #collectors: (() => void)[] = [];
  readonly #reconciliations = this.#counter(
    'reconciliations_total',
    'Reconciliations by what they did and what failed',
    ['action', 'error'],
  );
  readonly #reconciliationSeconds = this.#histogram(
    'reconciliation_duration_seconds',
    'Time that a reconciliation took',
    ['action', 'error'],
  );
  readonly #metrics = this.#counter('metric_computation_total', 'Metrics read, by type and outcome', [
    'metric_type',
    'error',
  ]);
  readonly #metricSeconds = this.#histogram(
    'metric_computation_duration_seconds',
    'Time that reading a metric took',
    ['metric_type', 'error'],
  );
  readonly #limited = this.#counter(
    'decisions_limited_total',
    'Decisions that a limit changed, by its reason',
    ['reason'],
  );
  readonly #requests = this.#counter(
    'api_requests_total',
    'Requests to the API server; code 0 means no answer',
    ['method', 'code'],
  );
  readonly #requestSeconds = this.#histogram(
    'api_request_duration_seconds',
    'Time until the API server answered',
    ['method'],
  );
  readonly #events = this.#counter('event_writes_total', 'Events written', ['outcome']);
  readonly #replicas = {
    current: this.#gauge('current_replicas', 'Replicas that the target was asked to run', autoscalerLabels),
    desired: this.#gauge('desired_replicas', 'Replicas that the last decision wants', autoscalerLabels),
    min: this.#gauge('min_replicas', 'Lower bound in the spec', autoscalerLabels),
    max: this.#gauge('max_replicas', 'Upper bound in the spec', autoscalerLabels),
  };

  /**
   * For one operator a process: prom-client keeps the observers of garbage collection and event loop to itself and has no way to
   * end them. They keep no process alive.
   */
  constructor() {
    collectDefaultMetrics({ register: this.registry, prefix: 'plimsoll_' });
  }

  /** Gauges that are read when they are asked for. */
  observe({ queue, clock, watches }: Gauged): void {
    this.#read('queue_depth', 'Autoscalers that wait for a worker', () => queue.depth);
    this.#read(
      'sync_lag_seconds',
      'How late the latest autoscaler is',
      () => queue.lagMs(clock.monotonicMs()) / 1000,
    );
    const staleness = this.#gauge(
      'watch_staleness_seconds',
      'Time since the API server last said something',
      ['resource'],
    );
    const failing = this.#gauge('watch_failing', '1 while a watch cannot be had', ['resource']);
    const collect = (): void => {
      for (const [resource, { lastSyncMs = Number.NaN, failure }] of Object.entries(watches)) {
        staleness.set({ resource }, (clock.monotonicMs() - lastSyncMs) / 1000);
        failing.set({ resource }, failure === undefined ? 0 : 1);
      }
    };
    this.#collectors.push(collect);
  }

  request({ method, code, durationMs }: RequestReport): void {
    this.#requests.inc({ method, code: String(code) });
    this.#requestSeconds.observe({ method }, durationMs / 1000);
  }

  metricRead({ type, ok, durationMs }: { type: string; ok: boolean; durationMs: number }): void {
    const labels = { metric_type: type, error: ok ? 'none' : 'internal' };
    this.#metrics.inc(labels);
    this.#metricSeconds.observe(labels, durationMs / 1000);
  }

  eventWritten(ok: boolean): void {
    this.#events.inc({ outcome: ok ? 'written' : 'failed' });
  }

  reconciled(autoscaler: Autoscaler, result: Reconciled | undefined, durationMs: number): void {
    const labels = { action: actionOf(result), error: errorOf(result) };
    this.#reconciliations.inc(labels);
    this.#reconciliationSeconds.observe(labels, durationMs / 1000);
    if (result?.type !== 'Decided') return;
    const { namespace, name } = autoscaler;
    const { currentReplicas, desiredReplicas, trace, verdict } = result.decision;
    for (const { from, to, reason } of trace.limiters) if (from !== to) this.#limited.inc({ reason });
    const { minReplicas = 1, maxReplicas = 0 } = autoscaler.object.spec ?? {};
    this.#replicas.min.set({ namespace, name }, minReplicas);
    this.#replicas.max.set({ namespace, name }, maxReplicas);
    if (verdict === 'TargetUnreadable') return;
    this.#replicas.current.set({ namespace, name }, currentReplicas);
    this.#replicas.desired.set({ namespace, name }, desiredReplicas);
  }

  /** The series of an autoscaler that is gone go too. */
  forget({ namespace, name }: Autoscaler): void {
    for (const gauge of Object.values(this.#replicas)) gauge.remove({ namespace, name });
  }

  async text(): Promise<string> {
    for (const collect of this.#collectors) collect();
    return this.registry.metrics();
  }

  #counter<T extends string>(name: string, help: string, labelNames: readonly T[]): Counter<T> {
    return new Counter({
      name: `plimsoll_${name}`,
      help,
      labelNames: [...labelNames],
      registers: [this.registry],
    });
  }

  #gauge<T extends string>(name: string, help: string, labelNames: readonly T[]): Gauge<T> {
    return new Gauge({
      name: `plimsoll_${name}`,
      help,
      labelNames: [...labelNames],
      registers: [this.registry],
    });
  }

  #histogram<T extends string>(name: string, help: string, labelNames: readonly T[]): Histogram<T> {
    const names = [...labelNames];
    return new Histogram({
      name: `plimsoll_${name}`,
      help,
      labelNames: names,
      buckets: seconds,
      registers: [this.registry],
    });
  }

  #read(name: string, help: string, value: () => number): void {
    const gauge = this.#gauge(name, help, []);
    this.#collectors.push(() => gauge.set(value()));
  }
}

const autoscalerLabels = ['namespace', 'name'] as const;

function actionOf(result: Reconciled | undefined): 'scale_up' | 'scale_down' | 'none' {
  if (result?.type !== 'Decided' || result.outcome.type !== 'Scaled') return 'none';
  return result.decision.desiredReplicas > result.decision.currentReplicas ? 'scale_up' : 'scale_down';
}

/** `spec`: the object or its target cannot be used as they are; `internal`: a source or a write failed. */
function errorOf(result: Reconciled | undefined): 'spec' | 'internal' | 'none' {
  if (result?.type === 'Invalid') return 'spec';
  if (result === undefined || result.statusError !== undefined) return 'internal';
  if (result.outcome.type === 'Refused' || result.decision.verdict === 'TargetUnreadable') return 'internal';
  if (result.decision.verdict === 'Contested') return 'spec';
  return result.decision.verdict === 'MetricsFailed' ? 'internal' : 'none';
}
