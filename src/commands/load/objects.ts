import type { CustomAutoscaler } from '../../api/generated/custom-autoscaler.ts';
import type { ObjectMeta } from '../../api/types.ts';

/** What a load run reads of the cluster's objects, as the API sends them. Everything may be absent. */

export type AutoscalerJson = CustomAutoscaler & { readonly metadata?: ObjectMeta };

/** A Deployment, StatefulSet or anything else with replicas. */
export interface WorkloadJson {
  readonly metadata?: ObjectMeta;
  readonly spec?: {
    readonly replicas?: number;
    readonly template?: { readonly metadata?: ObjectMeta };
  };
  readonly status?: { readonly readyReplicas?: number };
}

/** Where a load balancer or an ingress controller answers. */
export interface BalancerJson {
  readonly loadBalancer?: {
    readonly ingress?: readonly { readonly ip?: string; readonly hostname?: string }[] | null;
  };
}

export interface ServiceJson {
  readonly metadata?: ObjectMeta;
  readonly spec?: {
    readonly type?: string;
    readonly clusterIP?: string;
    readonly clusterIPs?: readonly string[];
    readonly selector?: Readonly<Record<string, string>> | null;
    readonly sessionAffinity?: string;
    readonly ports?: readonly { readonly port: number; readonly nodePort?: number }[] | null;
  };
  readonly status?: BalancerJson;
}

export interface IngressJson {
  readonly metadata?: ObjectMeta;
  readonly spec?: {
    readonly defaultBackend?: BackendJson;
    readonly rules?:
      | readonly {
          readonly host?: string;
          readonly http?: {
            readonly paths?: readonly { readonly path?: string; readonly backend?: BackendJson }[];
          };
        }[]
      | null;
  };
  readonly status?: BalancerJson;
}

export interface BackendJson {
  readonly service?: { readonly name?: string };
}

export interface NodeJson {
  readonly status?: { readonly addresses?: readonly { readonly address: string }[] | null };
}

export interface EndpointSliceJson {
  readonly metadata?: ObjectMeta;
  readonly endpoints?:
    | readonly {
        readonly conditions?: { readonly ready?: boolean | null };
        readonly targetRef?: { readonly kind?: string; readonly name?: string };
      }[]
    | null;
}

/** events.k8s.io/v1. */
export interface EventJson {
  readonly metadata?: ObjectMeta;
  readonly regarding?: { readonly kind?: string; readonly name?: string };
  readonly type?: string;
  readonly reason?: string;
  readonly note?: string;
  readonly series?: { readonly count?: number } | null;
  /** How often a recorder of the old API saw it. */
  readonly deprecatedCount?: number;
}
