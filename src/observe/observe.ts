import type { MetricSpec, Policy } from '../decide/policy.ts';
import type {
  MetricReading,
  OtherAutoscaler,
  PodFacts,
  Reading,
  Rival,
  Snapshot,
} from '../decide/snapshot.ts';
import type { AutoscalerStatus } from '../decide/status.ts';
import { parseSelector, SelectorError } from '../lib/selector.ts';
import type { Selector } from '../lib/selector.ts';
import type { CustomMetrics } from './custom-metrics.ts';
import type { ExternalMetrics } from './external-metrics.ts';
import { inParallel } from './in-parallel.ts';
import { ownersOf } from './owners.ts';
import type { PodScraper } from './pod-scrape/pod-scrape.ts';
import type { PodTable } from './pod-table.ts';
import type { Prometheus } from './prometheus/prometheus.ts';
import type { ResourceMetrics } from './resource-metrics.ts';
import { readTarget } from './target.ts';
import type { FoundTarget, TargetSources } from './target.ts';

/** Where everything is read. */
export interface Sources extends TargetSources {
  readonly pods: PodTable;
  readonly resourceMetrics: ResourceMetrics;
  readonly customMetrics: CustomMetrics;
  readonly externalMetrics: ExternalMetrics;
  readonly podScraper: PodScraper;
  readonly prometheus: Prometheus;
}

/** What is to be observed, and what is known of it already. */
export interface Subject {
  readonly policy: Policy;
  readonly status: AutoscalerStatus;
  /** Whoever else scales the same target. */
  readonly rivals: readonly Rival[];
  /** Why there may be others that are not seen: the target then counts as one that cannot be read. */
  readonly rivalsUnseen?: string | undefined;
  /** Ask the server for the scale, whatever a watch has shown: after a conflict. */
  readonly fresh: boolean;
  /** The pods that count where the policy chooses among them: no other is asked for metrics of its own. Absent: all. */
  readonly choose?: PodChoice | undefined;
  /** The other autoscalers that could select one of the pods. */
  readonly othersOf: (pods: readonly PodFacts[]) => readonly OtherAutoscaler[];
}

/** @param owners as in Snapshot @param replicas what the target is asked to run */
type PodChoice = (
  pods: readonly PodFacts[],
  owners: readonly string[] | undefined,
  replicas: number,
) => readonly PodFacts[];

export interface Observation {
  readonly snapshot: Snapshot;
  /** Time that it took to read each metric, in milliseconds, for telemetry. */
  readonly metricMs: readonly number[];
  /** Where to write the scale; absent when the target could not be read. */
  readonly scalePath?: string;
}

/** Metrics of one autoscaler that are read at the same time. */
const metricsAtOnce = 8;

/** Everything that one decision may depend on, as of now. What cannot be read is a failed Reading: only `signal` makes it throw. */
export async function observe(sources: Sources, subject: Subject, signal: AbortSignal): Promise<Observation> {
  const { policy, status, rivals, rivalsUnseen, fresh, othersOf, choose = all } = subject;
  const { namespace, target: reference } = policy;
  const found: Reading<FoundTarget> =
    rivalsUnseen === undefined
      ? await readTarget(sources, { namespace, target: reference, fresh, signal })
      : { ok: false, message: rivalsUnseen };
  const selector = selectorOf(found);
  const pods = selector === undefined ? [] : sources.pods.select(namespace, selector);
  const owners = found.ok ? ownersOf(sources.workloads, reference, found.value, pods) : undefined;
  const chosen = found.ok ? choose(pods, owners, found.value.scale.specReplicas) : pods;
  const place: Place = { sources, namespace, selector, pods, chosen, periodMs: periodMsOf(policy), signal };
  const read = await inParallel(policy.metrics, metricsAtOnce, (spec) => readMetric(spec, place));
  const metrics = read.map(({ reading }) => reading);
  const metricMs = read.map(({ tookMs }) => tookMs);
  const target = found.ok ? { ok: true as const, value: found.value.scale } : found;
  const others = othersOf(pods);
  const facts = { target, pods, metrics, otherAutoscalers: others, rivals, status };
  const snapshot = owners === undefined ? facts : { ...facts, owners };
  return { snapshot, metricMs, ...(found.ok && { scalePath: found.value.scalePath }) };
}

/** Whom the metrics are read for. */
interface Place {
  readonly sources: Sources;
  readonly namespace: string;
  /** Absent when the target has none that can be read: nothing is selected then. */
  readonly selector: Selector | undefined;
  readonly pods: readonly PodFacts[];
  /** Those that are asked themselves. */
  readonly chosen: readonly PodFacts[];
  /** Between two decisions, where the policy has a period of its own. */
  readonly periodMs: number | undefined;
  readonly signal: AbortSignal;
}

const all: PodChoice = (pods) => pods;

function periodMsOf({ syncPeriodSeconds }: Policy): number | undefined {
  return syncPeriodSeconds === undefined ? undefined : syncPeriodSeconds * 1000;
}

/** An empty or unreadable selector selects nothing here; decide/ says what is wrong with it. */
function selectorOf(found: Reading<FoundTarget>): Selector | undefined {
  if (!found.ok || found.value.scale.selector === '') return undefined;
  try {
    return parseSelector(found.value.scale.selector);
  } catch (error) {
    if (error instanceof SelectorError) return undefined;
    throw error;
  }
}

async function readMetric(
  spec: MetricSpec,
  place: Place,
): Promise<{ readonly reading: MetricReading; readonly tookMs: number }> {
  const startedMs = performance.now();
  const reading = await readers[spec.type](spec as never, place);
  return { reading, tookMs: performance.now() - startedMs };
}

type Reader<T extends MetricSpec['type']> = (
  spec: Extract<MetricSpec, { type: T }>,
  place: Place,
) => Promise<MetricReading>;

/** One row a metric type. */
const readers: { readonly [T in MetricSpec['type']]: Reader<T> } = {
  Resource: async (_, place) => ({ type: 'Resource', usage: await readUsage(place) }),
  ContainerResource: async (_, place) => ({ type: 'ContainerResource', usage: await readUsage(place) }),
  Pods: async ({ metric }, { sources, namespace, selector, signal }) => ({
    type: 'Pods',
    samples:
      selector === undefined
        ? nothing
        : await sources.customMetrics.ofPods(namespace, metric, selector.toString(), signal),
  }),
  Object: async ({ metric, describedObject }, { sources, namespace, signal }) => ({
    type: 'Object',
    ...(await sources.customMetrics.ofObject(namespace, metric, describedObject, signal)),
  }),
  External: async ({ metric }, { sources, namespace, signal }) => ({
    type: 'External',
    ...(await sources.externalMetrics.read(namespace, metric, signal)),
  }),
  Prometheus: async ({ server, query }, { sources, periodMs }) => ({
    type: 'Prometheus',
    ...(await sources.prometheus.read(server, query, periodMs)),
  }),
  PodScrape: async (spec, { sources, namespace, chosen: pods, periodMs }) => ({
    type: 'PodScrape',
    ...(await sources.podScraper.read({ namespace, spec, pods, periodMs })),
  }),
  Unknown: () => Promise.resolve({ type: 'Unknown' }),
};

const nothing: Reading<never[]> = { ok: true, value: [] };

async function readUsage({ sources, namespace, selector, pods, periodMs }: Place) {
  return selector === undefined ? nothing : sources.resourceMetrics.read(namespace, selector, pods, periodMs);
}
