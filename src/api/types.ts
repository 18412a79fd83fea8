/** The JSON of the Kubernetes objects that are projected here, as far as it is read. Everything may be absent. */

export interface ObjectMeta {
  name?: string;
  namespace?: string;
  uid?: string;
  resourceVersion?: string;
  generation?: number;
  creationTimestamp?: string | null;
  deletionTimestamp?: string | null;
  labels?: Record<string, string> | null;
  annotations?: Record<string, string> | null;
  ownerReferences?: readonly OwnerReferenceJson[] | null;
  managedFields?: readonly ManagedFieldsJson[] | null;
}

/** One client, and the fields that it owns. */
export interface ManagedFieldsJson {
  manager?: string;
  operation?: string;
  subresource?: string;
  time?: string | null;
  /** A tree whose keys are `f:` and a field's name. */
  fieldsV1?: { readonly 'f:spec'?: { readonly 'f:replicas'?: object } };
}

interface OwnerReferenceJson {
  kind?: string;
  name?: string;
  uid?: string;
  /** True of one owner at most. */
  controller?: boolean;
}

/** A quantity on the wire: the API server prints text, people also write numbers. */
export type WireQuantity = number | string;

export type ResourceList = Readonly<Record<string, WireQuantity>>;

export interface ContainerJson {
  name?: string;
  restartPolicy?: string;
  resources?: { requests?: ResourceList | null } | null;
  ports?: readonly { name?: string; containerPort?: number; protocol?: string }[] | null;
}

/** v1 Pod. */
export interface PodJson {
  metadata?: ObjectMeta;
  spec?: {
    containers?: readonly ContainerJson[] | null;
    initContainers?: readonly ContainerJson[] | null;
    resources?: { requests?: ResourceList | null } | null;
    overhead?: ResourceList | null;
  };
  status?: {
    phase?: string;
    podIP?: string;
    startTime?: string | null;
    conditions?: readonly { type?: string; status?: string; lastTransitionTime?: string | null }[] | null;
  };
}

/** metrics.k8s.io PodMetrics. */
export interface PodMetricsJson {
  metadata?: ObjectMeta;
  timestamp?: string | null;
  /** A Go duration: `15s`. */
  window?: string;
  containers?: readonly { name?: string; usage?: ResourceList | null }[] | null;
}

/** custom.metrics.k8s.io MetricValue; v1beta1 says `window` where v1beta2 says `windowSeconds`. */
export interface MetricValueJson {
  describedObject?: { kind?: string; namespace?: string; name?: string; apiVersion?: string };
  timestamp?: string | null;
  windowSeconds?: number | null;
  window?: number | null;
  value?: WireQuantity;
}

/** external.metrics.k8s.io ExternalMetricValue. */
export interface ExternalMetricValueJson {
  metricName?: string;
  metricLabels?: Readonly<Record<string, string>> | null;
  timestamp?: string | null;
  value?: WireQuantity;
}

/** autoscaling/v1 Scale. */
export interface ScaleJson {
  metadata?: ObjectMeta;
  spec?: { replicas?: number };
  status?: { replicas?: number; selector?: string };
}
