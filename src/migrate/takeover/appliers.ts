import type { HpaObject } from './scene.ts';

type Sign = (hpa: HpaObject) => string | undefined;

const annotation =
  (key: string, say: (value: string) => string): Sign =>
  ({ metadata }) => {
    const value = metadata.annotations?.[key];
    return value === undefined ? undefined : say(value);
  };
const label =
  (key: string, say: (value: string) => string | undefined): Sign =>
  ({ metadata }) => {
    const value = metadata.labels?.[key];
    return value === undefined ? undefined : say(value);
  };
const manager =
  (pattern: RegExp, name: string): Sign =>
  ({ metadata }) =>
    metadata.managedFields?.some((one) => pattern.test(one.manager ?? '')) === true ? name : undefined;

/** By what one sees who applies an object again and again; of several signs of one name the first counts. */
const signs: readonly Sign[] = [
  ({ metadata }) => {
    const owner = metadata.ownerReferences?.find(({ controller }) => controller === true);
    return owner && `${owner.kind ?? ''} ${owner.name ?? ''}`;
  },
  annotation('argocd.argoproj.io/tracking-id', () => 'Argo CD'),
  label('argocd.argoproj.io/instance', () => 'Argo CD'),
  manager(/^argocd/, 'Argo CD'),
  label('kustomize.toolkit.fluxcd.io/name', () => 'Flux'),
  label('helm.toolkit.fluxcd.io/name', () => 'Flux'),
  manager(/^(kustomize|helm|flux)(-controller)?$/, 'Flux or Helm'),
  annotation('meta.helm.sh/release-name', (release) => `Helm release ${release}`),
  label('app.kubernetes.io/managed-by', (value) => (value === 'Helm' ? 'Helm' : undefined)),
  annotation('kubectl.kubernetes.io/last-applied-configuration', () => 'kubectl apply'),
  manager(/^kubectl$/, 'kubectl apply'),
];

/** The tool that applied a HorizontalPodAutoscaler, and may bring it back; undefined where none left a sign. */
export function applierOf(hpa: HpaObject): string | undefined {
  for (const sign of signs) {
    const applier = sign(hpa);
    if (applier !== undefined) return applier;
  }
  return undefined;
}

const marks = /^([a-z]+\.toolkit\.fluxcd\.io|argocd\.argoproj\.io|meta\.helm\.sh)\//;

/**
 * Labels or annotations without those by which such a tool knows what is its own: it would remove what it does not find among its
 * manifests. `app.kubernetes.io/instance` is one of Argo CD's, where that is at work.
 */
export function withoutMarks(
  words: Readonly<Record<string, string>> | null | undefined,
  applier: string | undefined,
): Record<string, string> {
  const isMark = ([key, value]: [string, string]): boolean =>
    marks.test(key) ||
    (key === 'app.kubernetes.io/managed-by' && value === 'Helm') ||
    (key === 'app.kubernetes.io/instance' && applier === 'Argo CD');
  return Object.fromEntries(Object.entries(words ?? {}).filter((entry) => !isMark(entry)));
}
