import { podUsage } from '../api/pod-metrics.ts';
import type { PodMetricsJson } from '../api/types.ts';
import type { PodFacts, PodUsage, Reading } from '../decide/snapshot.ts';
import { errorMessage } from '../lib/errors.ts';
import type { Selector } from '../lib/selector.ts';
import { LabelIndex } from './label-index.ts';

/** One PodMetrics; one that cannot be read concerns only those who select its pod. */
interface Entry {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly usage: Reading<PodUsage>;
}

/** The PodMetrics of one namespace, for everybody who asks in a tick. */
export class UsageIndex {
  readonly #byLabel = new LabelIndex<Entry>();
  readonly #withoutLabels = new Map<string, Entry>();

  add(metrics: PodMetricsJson): void {
    const { name = '', labels } = metrics.metadata ?? {};
    const entry = { name, labels: labels ?? {}, usage: read(metrics) };
    if (Object.keys(entry.labels).length > 0) this.#byLabel.add(entry);
    else this.#withoutLabels.set(name, entry);
  }

  /** metrics-server repeats the pod's labels, which is what the HPA selects by; a server that does not leaves the names. */
  select(selector: Selector, pods: readonly PodFacts[]): Reading<readonly PodUsage[]> {
    const unlabelled = pods.flatMap(({ name }) => this.#withoutLabels.get(name) ?? []);
    const usages: PodUsage[] = [];
    for (const { usage } of [...this.#byLabel.select(selector), ...unlabelled]) {
      if (!usage.ok) return usage;
      usages.push(usage.value);
    }
    return { ok: true, value: usages };
  }
}

function read(metrics: PodMetricsJson): Reading<PodUsage> {
  try {
    return { ok: true, value: podUsage(metrics) };
  } catch (error) {
    return { ok: false, message: `metrics of pod ${metrics.metadata?.name ?? ''}: ${errorMessage(error)}` };
  }
}
