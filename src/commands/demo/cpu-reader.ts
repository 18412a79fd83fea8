import { podUsage } from '../../api/pod-metrics.ts';
import type { PodUsage } from '../../decide/snapshot.ts';
import type { KubeClient } from '../../kube/client.ts';
import { systemClock } from '../../lib/clock.ts';
import { milliValue, parseQuantity } from '../../lib/quantity.ts';

export interface PodTemplate {
  readonly spec: {
    readonly containers: readonly {
      readonly resources?: { readonly requests?: { readonly cpu?: string } };
    }[];
  };
}

/** Reads the CPU of a namespace's pods from metrics.k8s.io once a second, until the signal ends it. */
export class CpuReader {
  #usage: readonly PodUsage[] = [];

  constructor(client: KubeClient, namespace: string, signal: AbortSignal) {
    void this.#read(client, `/apis/metrics.k8s.io/v1beta1/namespaces/${namespace}/pods`, signal);
  }

  /** Mean CPU in percent of what the template requests; null before the first reading. */
  percentOf(deployment: { readonly spec: { readonly template: PodTemplate } } | undefined): number | null {
    const requests = deployment?.spec.template.spec.containers.map(
      ({ resources }) => resources?.requests?.cpu ?? '0',
    );
    const requestMilli = requests?.reduce((sum, cpu) => sum + Number(milliValue(parseQuantity(cpu))), 0) ?? 0;
    if (requestMilli === 0 || this.#usage.length === 0) return null;
    const usageMilli = this.#usage
      .flatMap(({ containers }) => containers)
      .reduce((sum, { usage }) => sum + (usage.cpu ?? 0), 0);
    return Math.floor((usageMilli * 100) / (requestMilli * this.#usage.length));
  }

  async #read(client: KubeClient, path: string, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const list = (await client.get(path, { signal }).catch(() => undefined)) as
        { items: never[] } | undefined;
      if (list !== undefined) this.#usage = list.items.map(podUsage); // Else the last reading stands for another second.
      await systemClock.sleep(1000, signal);
    }
  }
}
