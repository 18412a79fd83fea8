import type { KubeObject } from '../../cluster-api.ts';
import type { Kind } from '../kind.ts';
import { definitionOf } from './column.ts';
import type { Cell, Column, ColumnDefinition } from './column.ts';
import { customColumns } from './custom.ts';
import { eventColumns } from './events.ts';
import { hpaColumns } from './hpa.ts';
import { endpointsColumns, endpointSliceColumns, ingressColumns, serviceColumns } from './network.ts';
import { nodeColumns } from './nodes.ts';
import { podColumns, podRowConditions } from './pods.ts';
import {
  configMapColumns,
  leaseColumns,
  metricsColumns,
  namespaceColumns,
  plainColumns,
  secretColumns,
  serviceAccountColumns,
} from './small.ts';
import { deploymentColumns, replicaSetColumns, scaleColumns, statefulSetColumns } from './workloads.ts';

/** metav1.Table, what `kubectl get` prints. */
export interface Table {
  readonly kind: 'Table';
  readonly apiVersion: 'meta.k8s.io/v1';
  readonly metadata: object;
  readonly columnDefinitions: readonly ColumnDefinition[];
  readonly rows: readonly TableRow[];
}

interface TableRow {
  readonly cells: readonly Cell[];
  readonly conditions?: readonly object[];
  /** By `includeObject`: PartialObjectMetadata, the whole object, or null. */
  readonly object: object | null;
}

export interface TableOptions {
  /** The time that ages are counted to. */
  readonly nowMs: number;
  readonly includeObject: 'Metadata' | 'Object' | 'None';
  /** metadata of the table: resourceVersion, continue, remainingItemCount. */
  readonly listMeta?: object;
}

/** The columns of each built-in kind; both event kinds, and both versions of the HPA, read alike. */
const columnsByKind: Readonly<Record<string, readonly Column[]>> = {
  ConfigMap: configMapColumns,
  Deployment: deploymentColumns,
  EndpointSlice: endpointSliceColumns,
  Endpoints: endpointsColumns,
  Event: eventColumns,
  HorizontalPodAutoscaler: hpaColumns,
  Ingress: ingressColumns,
  Lease: leaseColumns,
  Namespace: namespaceColumns,
  Node: nodeColumns,
  NodeMetrics: metricsColumns,
  Pod: podColumns,
  PodMetrics: metricsColumns,
  ReplicaSet: replicaSetColumns,
  Scale: scaleColumns,
  Secret: secretColumns,
  Service: serviceColumns,
  ServiceAccount: serviceAccountColumns,
  StatefulSet: statefulSetColumns,
};

type TableKind = Pick<Kind, 'kind' | 'custom' | 'printerColumns'>;

function columnsOf(kind: TableKind): readonly Column[] {
  if (kind.custom !== undefined) return customColumns(kind.printerColumns);
  return columnsByKind[kind.kind] ?? plainColumns;
}

/** Objects as rows of a table, as Kubernetes prints that kind. */
export function toTable(kind: TableKind, objects: readonly KubeObject[], options: TableOptions): Table {
  const columns = columnsOf(kind);
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata: options.listMeta ?? {},
    columnDefinitions: columns.map(definitionOf),
    rows: objects.map((object) => toRow(kind, columns, object, options)),
  };
}

function toRow(
  kind: TableKind,
  columns: readonly Column[],
  object: KubeObject,
  options: TableOptions,
): TableRow {
  const conditions = kind.kind === 'Pod' && kind.custom === undefined ? podRowConditions(object) : undefined;
  return {
    cells: columns.map((column) => column.cell(object, options.nowMs)),
    ...(conditions === undefined ? {} : { conditions }),
    object: included(object, options.includeObject),
  };
}

function included(object: KubeObject, how: TableOptions['includeObject']): object | null {
  if (how === 'None') return null;
  if (how === 'Object') return object;
  return { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: object.metadata };
}
