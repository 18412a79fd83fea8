import { flag, integer, list, mapOf, nonEmpty, object, oneOf, text } from '../../api/checks.ts';
import type { Check, Json } from '../../api/checks.ts';
import type { Behavior } from '../../api/generated/custom-autoscaler.ts';

/** A ScaledObject (keda.sh/v1alpha1) as far as it is read; `scaledObjectCheck` has looked at it. */
export interface ScaledObject {
  readonly metadata?: Json & {
    readonly namespace?: string;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec: ScaledObjectSpec;
}

export interface ScaledObjectSpec {
  readonly scaleTargetRef: { readonly apiVersion?: string; readonly kind?: string; readonly name: string };
  /** Seconds; default 30. */
  readonly pollingInterval?: number;
  /** Seconds from the last activity to zero; default 300. */
  readonly cooldownPeriod?: number;
  readonly idleReplicaCount?: number;
  /** Default 0. */
  readonly minReplicaCount?: number;
  /** Default 100. */
  readonly maxReplicaCount?: number;
  readonly fallback?: Fallback;
  readonly advanced?: {
    readonly restoreToOriginalReplicaCount?: boolean;
    readonly horizontalPodAutoscalerConfig?: { readonly behavior?: Behavior; readonly name?: string };
    readonly scalingModifiers?: { readonly formula?: string };
  };
  readonly triggers: readonly Trigger[];
}

export interface Fallback {
  /** Failed polls in a row. */
  readonly failureThreshold: number;
  readonly replicas: number;
  readonly behavior?: string;
}

export interface Trigger {
  readonly type: string;
  readonly name?: string;
  readonly metricType?: string;
  readonly useCachedMetrics?: boolean;
  readonly authenticationRef?: { readonly name?: string };
  readonly metadata: Readonly<Record<string, string>>;
}

const anyText = text(Infinity);
const seconds = { check: integer({ min: 0 }) };
const count = { check: integer({ min: 0 }) };
const anything: Check = () => undefined;

const fallback = object({
  failureThreshold: { check: integer({ min: 0 }), required: 'must say how many failures there may be' },
  replicas: { check: integer({ min: 0 }), required: 'must say how many replicas there are then' },
  behavior: {
    check: oneOf('currentReplicas', 'currentReplicasIfHigher', 'currentReplicasIfLower', 'static'),
  },
});

const advanced = object({
  restoreToOriginalReplicaCount: { check: flag },
  horizontalPodAutoscalerConfig: {
    check: object({ behavior: { check: object({}) }, name: { check: anyText } }),
  },
  scalingModifiers: { check: object({ formula: { check: anyText } }) },
});

const trigger = object({
  type: { check: nonEmpty(anyText, 'must name a type'), required: 'must name a type' },
  name: { check: anyText },
  metricType: { check: oneOf('AverageValue', 'Utilization', 'Value') },
  useCachedMetrics: { check: flag },
  authenticationRef: { check: object({ name: { check: anyText } }) },
  metadata: { check: mapOf(anyText), required: "must have the trigger's parameters" },
});

/** What is wrong with a ScaledObject before anything of it is converted, in the words of the API server. */
export const scaledObjectCheck: Check = object({
  metadata: {
    check: object({
      name: { check: nonEmpty(anyText, 'must have a name'), required: 'must have a name' },
      namespace: { check: anyText },
      annotations: { check: mapOf(anyText) },
    }),
    required: 'must have a name',
  },
  spec: {
    check: object({
      scaleTargetRef: {
        check: object({
          name: { check: nonEmpty(anyText, 'must name an object'), required: 'must name an object' },
          apiVersion: { check: anyText },
          kind: { check: anyText },
        }),
        required: 'must name what is scaled',
      },
      pollingInterval: seconds,
      cooldownPeriod: seconds,
      idleReplicaCount: count,
      minReplicaCount: count,
      maxReplicaCount: { check: integer({ min: 1 }) },
      fallback: { check: fallback },
      advanced: { check: advanced },
      triggers: { check: list(trigger, { min: 1, max: Infinity }), required: 'must have a trigger' },
    }),
    required: 'must say what is scaled',
  },
  status: { check: anything },
});
