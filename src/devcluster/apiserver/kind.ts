import type { KubeObject, ServiceNetwork } from '../cluster-api.ts';
import type { FieldError } from './field-error.ts';

export type Verb = 'create' | 'delete' | 'deletecollection' | 'get' | 'list' | 'patch' | 'update' | 'watch';

/** Where a custom resource keeps what its scale subresource shows: dotted paths as in a CRD (`.spec.replicas`). */
export interface ScalePaths {
  readonly specReplicasPath: string;
  readonly statusReplicasPath: string;
  readonly labelSelectorPath?: string;
}

/** One of a CRD's `additionalPrinterColumns`. */
export interface PrinterColumn {
  readonly name: string;
  readonly type: string;
  readonly jsonPath: string;
  readonly format?: string;
  readonly description?: string;
  readonly priority?: number;
}

export interface Subresources {
  readonly status?: boolean;
  /** `workload`: as apps/v1 has it (spec.replicas, status.replicas, spec.selector as a LabelSelector). */
  readonly scale?: 'workload' | ScalePaths;
  readonly log?: boolean;
}

/**
 * Which changes outside of status raise metadata.generation.
 *
 * | policy | raised by |
 * |---|---|
 * | none | nothing; the kind has no generation |
 * | spec | anything outside of metadata and status |
 * | spec-annotations | that, and annotations (Deployment) |
 * | spec-labels | that, and labels (EndpointSlice) |
 */
type GenerationPolicy = 'none' | 'spec' | 'spec-annotations' | 'spec-labels';

/** How a field list is merged by a strategic merge patch. */
export interface MergeRule {
  /** The key that tells the elements of a list apart; absent for a list of primitives and for a map. */
  readonly mergeKey?: string;
  /** `merge`, or `replace` the whole value (the default of a list); `retainKeys` drops what `$retainKeys` does not name. */
  readonly strategy: 'merge' | 'replace' | 'retainKeys' | 'merge,retainKeys';
}

/** What a kind's own functions may look at. */
export interface KindContext {
  readonly now: () => Date;
  /** The stored objects of another resource, `services` or `deployments.apps`: for addresses and ports that must be unique. */
  readonly all: (resource: string) => readonly KubeObject[];
  readonly serviceNetwork: ServiceNetwork;
}

/**
 * A row of the table of kinds: everything that the server knows about one kind in one version.
 * Discovery, OpenAPI, tables, patches, defaults and the page of limits are all derived from it.
 */
export interface Kind {
  /** `''` for core. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly listKind: string;
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly namespaced: boolean;
  readonly verbs: readonly Verb[];
  readonly subresources: Subresources;

  /** Kinds with the same storage are two views of the same objects. Default: `plural.group` (`plural` for core). */
  readonly storage: string;
  /** From the stored form to this version and back; absent where they are the same but for apiVersion. */
  readonly convert?: {
    readonly fromStorage: (object: KubeObject) => KubeObject;
    readonly toStorage: (object: KubeObject) => KubeObject;
  };

  readonly generation: GenerationPolicy;
  /** A path whose change does not raise the generation: a pod's node. */
  readonly generationIgnores?: string;
  /** PUT of an absent object creates it (Services, Leases, Events, Endpoints). */
  readonly upsert: boolean;
  /** PUT without a resourceVersion overwrites; where false it is refused with 422. */
  readonly unconditionalUpdate: boolean;
  /** DELETE answers with the object rather than with a Status. */
  readonly deleteAnswersObject: boolean;
  /** Merge rules by path, list elements left out: `spec.template.spec.containers.ports`. */
  readonly mergeRules: Readonly<Record<string, MergeRule>>;
  /** Field selectors beyond metadata.name and metadata.namespace: label -> path in the object. */
  readonly fieldSelectors: Readonly<Record<string, string>>;
  /** Which of the two texts an unknown field selector gets. */
  readonly fieldSelectorError: 'known' | 'supported';

  /** Paths of 32-bit integers -> the Go struct that messages name. Beyond them types are not checked when decoding. */
  readonly integers?: Readonly<Record<string, string>>;
  /** Paths of maps from string to string. */
  readonly stringMaps?: readonly string[];

  /** Fills defaults in (changes the object). */
  readonly applyDefaults?: (object: KubeObject, context: KindContext) => void;
  /** Runs on creation only, after the defaults: addresses, ports, initial status. */
  readonly prepareCreate?: (object: KubeObject, context: KindContext) => void;
  /** Runs on update of the main resource: keeps what may not change silently. */
  readonly prepareUpdate?: (object: KubeObject, old: KubeObject, context: KindContext) => void;
  /** Marks an object whose deletion begins and that goes only when its controller has cleaned up (namespaces, CRDs). */
  readonly beginDeletion?: (object: KubeObject, context: KindContext) => void;
  /** Every problem of the object; `old` is the stored one on update. */
  readonly validate?: (object: KubeObject, old: KubeObject | undefined, context: KindContext) => FieldError[];
  /** Which metadata a write to the status subresource may change. */
  readonly statusMetadata: 'all' | 'not-labels' | 'none';
  /** A Warning header on every answer: the kind is deprecated. */
  readonly deprecation?: string;

  /** Name of the schema in the OpenAPI documents (`io.k8s.api.apps.v1.Deployment`); absent for custom resources. */
  readonly schemaName?: string;
  /** Present for custom resources. */
  readonly custom?: CustomKind;
  readonly printerColumns?: readonly PrinterColumn[];
  /** One sentence, for discovery's readers and the page of limits: what this kind does not do here. */
  readonly limit?: string;
}

interface CustomKind {
  /** The name of the CustomResourceDefinition. */
  readonly crd: string;
  /** The version's openAPIV3Schema, as the CRD has it. */
  readonly openAPIV3Schema: Readonly<Record<string, unknown>>;
  readonly schema: CompiledSchema;
  /** The CustomResourceDefinition is being deleted: nothing new may be created. */
  readonly terminating: boolean;
}

/** A custom resource's schema at work (schema/structural.ts). */
interface CompiledSchema {
  /** @returns a copy with the defaults filled in */
  applyDefaults(object: KubeObject): KubeObject;
  /** @returns a copy without what the schema does not know, and the paths of that (`spec.x`) */
  prune(object: KubeObject): { object: KubeObject; unknown: string[] };
  /**
   * Schema, list types and CEL rules; with `old`, what did not change is not held against the object.
   * @param preceding problems of the metadata: they come first in the result
   */
  validate(object: KubeObject, old?: KubeObject, preceding?: readonly FieldError[]): FieldError[];
}

/** `apps/v1`, or `v1` for core. */
export function groupVersion(kind: Pick<Kind, 'group' | 'version'>): string {
  return kind.group === '' ? kind.version : `${kind.group}/${kind.version}`;
}

/** `deployments.apps`, or `pods` for core. */
export function groupResource(kind: Pick<Kind, 'group' | 'plural'>): string {
  return kind.group === '' ? kind.plural : `${kind.plural}.${kind.group}`;
}
