import { path } from './support/api.ts';
import type { Rule } from './support/fleet.ts';
import { cpuMetric, sharedCpu, used } from './support/place.ts';
import { neverReady, ready } from './support/pod-state.ts';
import type { Twin } from './support/twin.ts';
import { appContainer } from './support/workloads.ts';
import type { WorkloadKind, WorkloadOptions } from './support/workloads.ts';

/** What happens to both twins, and for how many quiet ticks it is watched; 3 unless it says otherwise. */
interface Step {
  readonly change: (twin: Twin) => void | Promise<void>;
  readonly ticks?: number;
}

export interface Scenario {
  readonly kind?: WorkloadKind;
  readonly replicas: number;
  readonly containers?: WorkloadOptions['containers'];
  readonly rule?: Rule;
  /** Of autoscaling/v2, without the target. */
  readonly spec: object;
  readonly before?: (twin: Twin) => void | Promise<void>;
  readonly steps: Readonly<Record<string, Step>>;
}

const app = 'web';

/** All pods share so much CPU; just below a multiple of what one is to have, see `sharedCpu`. */
function load(totalMillis: number): Step['change'] {
  return ({ place }) => place.load(app, totalMillis);
}

/** Lets a scenario that is not about rates go as far as it wants at once, and no earlier down than it should. */
const atOnce = {
  scaleUp: { policies: [{ type: 'Pods', value: 100, periodSeconds: 1 }] },
  scaleDown: { policies: [{ type: 'Pods', value: 100, periodSeconds: 1 }] },
};
const bounds = { minReplicas: 1, maxReplicas: 10 };
const byCpu = { ...bounds, metrics: [cpuMetric], behavior: atOnce };

/** Ticks after which what was recommended before has left the window of 4 s (settings.ts). */
const pastWindow = 7;

const noSamples: Step['change'] = ({ place }) =>
  place.stage.metrics.usage(place.namespace, app, () => undefined);

/** Only the first two pods have samples. */
function twoSampled(cpuMillis: number): Step['change'] {
  return ({ place }) =>
    place.stage.metrics.usage(place.namespace, app, ({ index }) =>
      index < 2 ? used('app', { cpuMillis }) : undefined,
    );
}

function rps(milliOfPod: number | undefined): Step['change'] {
  return ({ place }) => place.stage.metrics.podMetric(place.namespace, app, 'rps', () => milliOfPod);
}

function queue(orders: number): Step['change'] {
  return ({ place }) =>
    place.stage.metrics.externalMetric(place.namespace, 'waiting', () => [
      { labels: { queue: 'orders' }, milli: orders * 1000 },
      { labels: { queue: 'returns' }, milli: 900_000 },
    ]);
}

const both =
  (...changes: readonly Step['change'][]): Step['change'] =>
  async (twin) => {
    for (const change of changes) await change(twin);
  };

const edit =
  (spec: object): Step['change'] =>
  (twin) =>
    twin.edit(spec);

/** The app uses a part of what the pod uses; its sidecar the rest. */
const sidecar = { name: 'sidecar', cpu: '100m', memory: '100Mi' };

async function createService({ place }: Twin): Promise<void> {
  await place.stage.api.create(path('v1', 'services', place.namespace), {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'front' },
    spec: { selector: { app }, ports: [{ port: 80 }] },
  });
}

function hits(milli: number): Step['change'] {
  return ({ place }) =>
    place.stage.metrics.objectMetric(place.namespace, 'services/front', 'hits', () => milli);
}

export const scenarios: Readonly<Record<string, Scenario>> = {
  'a ramp': {
    replicas: 2,
    spec: byCpu,
    steps: {
      idle: { change: load(90) },
      'a little': { change: load(190) },
      more: { change: load(290) },
      'a lot': { change: load(390) },
      'beyond the maximum': { change: load(790) },
      'almost nothing': { change: load(40), ticks: pastWindow },
    },
  },

  'a spike with the default rates': {
    replicas: 2,
    spec: { minReplicas: 1, maxReplicas: 20, metrics: [cpuMetric] },
    steps: {
      quiet: { change: load(90) },
      'ten times as much': { change: load(990) },
      'quiet again': { change: load(90), ticks: pastWindow },
    },
  },

  'flapping inside a long stabilization window': {
    replicas: 2,
    spec: { ...byCpu, behavior: { ...atOnce, scaleDown: { stabilizationWindowSeconds: 600 } } },
    steps: {
      high: { change: load(390) },
      low: { change: load(90) },
      'high again': { change: load(390) },
      'low again': { change: load(90) },
      higher: { change: load(440) },
    },
  },

  'no samples': {
    replicas: 2,
    spec: byCpu,
    steps: {
      load: { change: load(190) },
      'samples gone': { change: noSamples },
      'samples back': { change: load(290) },
    },
  },

  'samples of some pods only': {
    replicas: 4,
    spec: byCpu,
    steps: {
      'busy where seen': { change: twoSampled(90) },
      'idle where seen': { change: twoSampled(10), ticks: pastWindow },
      'overloaded where seen': { change: twoSampled(210) },
      'all seen': { change: load(240), ticks: pastWindow },
    },
  },

  'pods that were never ready': {
    replicas: 4,
    rule: (index) => (index < 2 ? ready : neverReady),
    spec: byCpu,
    steps: {
      'busy where ready': { change: load(300) },
      'all ready': {
        change: ({ place }) => place.stage.fleet.rule(place.namespace, app, () => ready),
      },
    },
  },

  'pods that are pending': {
    replicas: 3,
    rule: (index) => (index < 2 ? ready : { phase: 'Pending' }),
    spec: byCpu,
    steps: {
      busy: { change: load(240) },
      busier: { change: load(440) },
      quiet: { change: load(90), ticks: pastWindow },
    },
  },

  'rates of a behavior': {
    replicas: 1,
    spec: {
      ...byCpu,
      behavior: {
        scaleUp: { policies: [{ type: 'Pods', value: 2, periodSeconds: 4 }] },
        scaleDown: {
          stabilizationWindowSeconds: 2,
          policies: [{ type: 'Percent', value: 50, periodSeconds: 4 }],
        },
      },
    },
    steps: {
      'up by two': { change: load(490), ticks: 7 },
      'down by half': { change: load(40), ticks: 9 },
    },
  },

  'the smaller of two policies, and no way down': {
    replicas: 2,
    spec: {
      ...byCpu,
      behavior: {
        scaleUp: {
          selectPolicy: 'Min',
          policies: [
            { type: 'Pods', value: 3, periodSeconds: 4 },
            { type: 'Percent', value: 100, periodSeconds: 4 },
          ],
        },
        scaleDown: { selectPolicy: 'Disabled' },
      },
    },
    steps: {
      up: { change: load(490), ticks: 7 },
      quiet: { change: load(40), ticks: pastWindow },
    },
  },

  tolerance: {
    replicas: 4,
    spec: { ...byCpu, behavior: { ...atOnce, scaleUp: { ...atOnce.scaleUp, tolerance: '500m' } } },
    steps: {
      'a little above': { change: load(215) },
      'less than half above': { change: load(270) },
      'more than half above': { change: load(340) },
      'a little below': { change: load(330), ticks: pastWindow },
      'well below': { change: load(190), ticks: pastWindow },
    },
  },

  'two metrics': {
    replicas: 2,
    spec: {
      ...byCpu,
      metrics: [
        cpuMetric,
        {
          type: 'Pods',
          pods: { metric: { name: 'rps' }, target: { type: 'AverageValue', averageValue: '10' } },
        },
      ],
    },
    steps: {
      'CPU asks for more': { change: both(load(190), rps(10_000)) },
      'both are content': { change: both(load(190), rps(9800)) },
      'one is gone, the other asks for less': { change: both(load(40), rps(undefined)), ticks: pastWindow },
      'one is gone, the other asks for more': { change: load(290) },
      'both are back and ask for less': { change: both(load(90), rps(1000)), ticks: pastWindow },
    },
  },

  edits: {
    replicas: 2,
    spec: { ...byCpu, maxReplicas: 4 },
    steps: {
      limited: { change: load(390) },
      'a higher maximum': { change: edit({ maxReplicas: 6 }) },
      'a lower target': {
        change: edit({
          maxReplicas: 12,
          metrics: [
            {
              type: 'Resource',
              resource: { name: 'cpu', target: { type: 'AverageValue', averageValue: '80m' } },
            },
          ],
        }),
        ticks: pastWindow,
      },
      'a higher minimum': { change: edit({ minReplicas: 8 }), ticks: pastWindow },
    },
  },

  'a StatefulSet': {
    kind: 'StatefulSet',
    replicas: 2,
    spec: byCpu,
    steps: {
      busy: { change: load(240) },
      quiet: { change: load(90), ticks: pastWindow },
    },
  },

  'a custom resource with a scale subresource': {
    kind: 'Worker',
    replicas: 2,
    spec: byCpu,
    steps: {
      busy: { change: load(240) },
      quiet: { change: load(90), ticks: pastWindow },
    },
  },

  'one container of two': {
    replicas: 2,
    containers: [appContainer, sidecar],
    spec: {
      ...byCpu,
      metrics: [
        {
          type: 'ContainerResource',
          containerResource: {
            name: 'cpu',
            container: 'app',
            target: { type: 'Utilization', averageUtilization: 50 },
          },
        },
      ],
    },
    steps: {
      'the sidecar is busy': {
        change: ({ place }) =>
          place.stage.metrics.usage(place.namespace, app, (pod) => ({
            ...sharedCpu(90)(pod),
            ...used('sidecar', { cpuMillis: 900 }),
          })),
      },
      'the app is busy': {
        change: ({ place }) =>
          place.stage.metrics.usage(place.namespace, app, (pod) => ({
            ...sharedCpu(290)(pod),
            ...used('sidecar', { cpuMillis: 1 }),
          })),
      },
      'the app has no samples': {
        change: ({ place }) =>
          place.stage.metrics.usage(place.namespace, app, () => used('sidecar', { cpuMillis: 1 })),
      },
    },
  },

  'memory by value': {
    replicas: 2,
    spec: {
      ...byCpu,
      metrics: [
        {
          type: 'Resource',
          resource: { name: 'memory', target: { type: 'AverageValue', averageValue: '50Mi' } },
        },
      ],
    },
    steps: {
      much: {
        change: ({ place }) =>
          place.stage.metrics.usage(place.namespace, app, ({ count }) =>
            used('app', { memoryMebibytes: 290 / count }),
          ),
      },
      little: {
        change: ({ place }) =>
          place.stage.metrics.usage(place.namespace, app, ({ count }) =>
            used('app', { memoryMebibytes: 90 / count }),
          ),
        ticks: pastWindow,
      },
    },
  },

  'an external metric, to zero and back': {
    replicas: 1,
    spec: {
      ...byCpu,
      minReplicas: 0,
      metrics: [
        {
          type: 'External',
          external: {
            metric: { name: 'waiting', selector: { matchLabels: { queue: 'orders' } } },
            target: { type: 'AverageValue', averageValue: '10' },
          },
        },
      ],
    },
    before: queue(10),
    steps: {
      'as much as one pod takes': { change: queue(10) },
      more: { change: queue(45) },
      nothing: { change: queue(0), ticks: pastWindow },
      some: { change: queue(25) },
    },
  },

  'a metric of another object': {
    replicas: 2,
    spec: {
      ...byCpu,
      metrics: [
        {
          type: 'Object',
          object: {
            describedObject: { apiVersion: 'v1', kind: 'Service', name: 'front' },
            metric: { name: 'hits' },
            target: { type: 'AverageValue', averageValue: '100' },
          },
        },
      ],
    },
    before: createService,
    steps: {
      'no value': { change: () => undefined },
      many: { change: hits(590_000) },
      few: { change: hits(190_000), ticks: pastWindow },
    },
  },
};
