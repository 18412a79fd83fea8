import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import { kubectlVersion } from '../support/kubectl.ts';

export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Labels;
    readonly annotations?: Labels;
  };
}

export type Labels = Readonly<Record<string, string>>;

interface LabelSelector {
  readonly matchLabels: Labels;
}

export interface Rule {
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
  readonly verbs: readonly string[];
}

/** A Role or ClusterRole. */
export interface Role extends Manifest {
  /** Absent where they are aggregated. */
  readonly rules?: readonly Rule[];
  readonly aggregationRule?: { readonly clusterRoleSelectors: readonly LabelSelector[] };
}

/** A RoleBinding or ClusterRoleBinding. */
interface Binding extends Manifest {
  readonly roleRef: { readonly apiGroup: string; readonly kind: string; readonly name: string };
  readonly subjects: readonly { readonly kind: string; readonly name: string; readonly namespace?: string }[];
}

interface Probe {
  readonly httpGet: { readonly path: string; readonly port: string };
}

export interface Container {
  readonly name: string;
  readonly image: string;
  readonly args: readonly string[];
  readonly env?: readonly {
    readonly name: string;
    readonly valueFrom: { readonly fieldRef: { readonly fieldPath: string } };
  }[];
  readonly ports: readonly { readonly name: string; readonly containerPort: number }[];
  readonly livenessProbe: Probe;
  readonly readinessProbe: Probe;
  readonly resources: Readonly<Record<'requests' | 'limits', Labels>>;
  readonly securityContext: SecurityContext;
}

interface SecurityContext {
  readonly runAsNonRoot?: boolean;
  readonly runAsUser?: number;
  readonly privileged?: boolean;
  readonly allowPrivilegeEscalation?: boolean;
  readonly readOnlyRootFilesystem?: boolean;
  readonly seccompProfile?: { readonly type: string };
  readonly capabilities?: { readonly drop?: readonly string[]; readonly add?: readonly string[] };
}

export interface PodSpec {
  readonly serviceAccountName: string;
  readonly automountServiceAccountToken: boolean;
  readonly priorityClassName?: string;
  readonly hostNetwork?: boolean;
  readonly hostPID?: boolean;
  readonly hostIPC?: boolean;
  readonly volumes?: readonly object[];
  readonly securityContext: SecurityContext;
  readonly containers: readonly Container[];
  readonly initContainers?: readonly Container[];
  readonly topologySpreadConstraints?: readonly {
    readonly topologyKey: string;
    readonly labelSelector: LabelSelector;
  }[];
}

interface Deployment extends Manifest {
  readonly spec: {
    readonly replicas: number;
    readonly selector: LabelSelector;
    readonly template: { readonly metadata: { readonly labels: Labels }; readonly spec: PodSpec };
  };
}

interface Service extends Manifest {
  readonly spec: {
    readonly selector: Labels;
    readonly ports: readonly { readonly name: string; readonly port: number; readonly targetPort: string }[];
  };
}

interface NetworkPolicy extends Manifest {
  readonly spec: {
    readonly podSelector: LabelSelector;
    readonly policyTypes: readonly string[];
    readonly ingress: readonly { readonly ports: readonly { readonly port: string | number }[] }[];
    readonly egress: readonly { readonly ports: readonly { readonly port: number }[] }[];
  };
}

interface PodDisruptionBudget extends Manifest {
  readonly spec: { readonly maxUnavailable: number; readonly selector: LabelSelector };
}

/** What deploy/ has, by kind. */
interface Kinds {
  readonly ClusterRole: Role;
  readonly ClusterRoleBinding: Binding;
  readonly CustomResourceDefinition: Manifest;
  readonly Deployment: Deployment;
  readonly Namespace: Manifest;
  readonly NetworkPolicy: NetworkPolicy;
  readonly PodDisruptionBudget: PodDisruptionBudget;
  readonly ResourceQuota: Manifest;
  readonly Role: Role;
  readonly RoleBinding: Binding;
  readonly Service: Service;
  readonly ServiceAccount: Manifest;
}

export const overlays = ['single', 'high-availability', 'namespaced'] as const;
export type Overlay = (typeof overlays)[number];

/** Why kustomizations cannot be built here; undefined where they can. kubectl has components and patches as we use them since 1.21. */
export const withoutKustomize: string | undefined =
  kubectlVersion === undefined
    ? 'no kubectl on the PATH'
    : Number(kubectlVersion.split('.')[1]) < 21
      ? `kubectl ${kubectlVersion} is too old`
      : undefined;

const known = new Map<string, readonly Manifest[]>();

/** What `kubectl kustomize` makes of a folder. @throws with what kubectl says */
export function built(folder: string): readonly Manifest[] {
  const objects = known.get(folder) ?? build(folder);
  known.set(folder, objects);
  return objects;
}

export function build(folder: string): Manifest[] {
  const output = execFileSync(process.env.KUBECTL ?? 'kubectl', ['kustomize', folder], {
    maxBuffer: 1 << 26,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return documents(output.toString());
}

interface Kustomization {
  readonly resources?: readonly string[];
}

/** The objects of a folder as they are written, its patches and namespace left out: what can be had without kubectl. */
export function written(folder: string): Manifest[] {
  const file = ['kustomization.yaml', 'Kustomization'].find((name) => existsSync(join(folder, name)));
  if (file === undefined) throw new Error(`${folder} has no kustomization`);
  const { resources = [] } = parse(readFileSync(join(folder, file), 'utf8')) as Kustomization;
  return resources.flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? written(path) : readManifests(path);
  });
}

export function readManifests(file: string): Manifest[] {
  return documents(readFileSync(file, 'utf8'));
}

/** @throws for what is not YAML */
function documents(text: string): Manifest[] {
  return parseAllDocuments(text).map((document) => {
    const [error] = document.errors;
    if (error !== undefined) throw error;
    return document.toJS() as Manifest;
  });
}

/** All of some kinds. */
export function ofKind<K extends keyof Kinds>(
  objects: readonly Manifest[],
  ...kinds: readonly K[]
): Kinds[K][] {
  return objects.filter(({ kind }) => (kinds as readonly string[]).includes(kind)) as Kinds[K][];
}

/** The only one of a kind, or the one with a name. @throws when it is not there */
export function theOne<K extends keyof Kinds>(
  objects: readonly Manifest[],
  kind: K,
  name?: string,
): Kinds[K] {
  const found = ofKind(objects, kind).filter(({ metadata }) => name === undefined || metadata.name === name);
  const [first] = found;
  if (first === undefined || found.length > 1)
    throw new Error(`${found.length} objects are ${kind} ${name ?? ''}`);
  return first;
}
