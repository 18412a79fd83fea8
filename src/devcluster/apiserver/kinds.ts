import type { Kind } from './kind.ts';
import { apps } from './kinds/apps.ts';
import { core } from './kinds/core.ts';
import { others } from './kinds/others.ts';
import { row } from './kinds/row.ts';
import type { Row } from './kinds/row.ts';
import { scaleKind } from './kinds/scale-kind.ts';

/** The table of kinds. Of a group's versions the preferred one stands first. */
export const builtInKinds: readonly Kind[] = [...core, ...apps, ...others].map(row);

const metrics: Row = {
  group: 'metrics.k8s.io',
  version: 'v1beta1',
  kind: 'PodMetrics',
  plural: 'pods',
  singular: '',
  verbs: ['get', 'list'],
};

/** metrics.k8s.io: read from the node, never stored. */
export const metricsKinds: readonly Kind[] = [
  row({ ...metrics, kind: 'NodeMetrics', plural: 'nodes', namespaced: false }),
  row(metrics),
];

/** What the scale subresource reads and shows. */
export const scaleRow: Kind = row({ ...scaleKind, plural: 'scales' });

export { row as kindRow } from './kinds/row.ts';
