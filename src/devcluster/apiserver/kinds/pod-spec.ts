import { child, children, isObject, setDefault, stringAt } from '../json.ts';
import type { JsonObject } from '../json.ts';
import type { MergeRule } from '../kind.ts';
import { canonicalQuantities } from './quantities.ts';

const merge = (mergeKey: string): MergeRule => ({ mergeKey, strategy: 'merge' });

const containerRules: Readonly<Record<string, MergeRule>> = {
  '': merge('name'),
  '.ports': merge('containerPort'),
  '.env': merge('name'),
  '.volumeMounts': merge('mountPath'),
  '.volumeDevices': merge('devicePath'),
};

const podSpecRules: Readonly<Record<string, MergeRule>> = {
  ...prefixed('containers', containerRules),
  ...prefixed('initContainers', containerRules),
  ...prefixed('ephemeralContainers', containerRules),
  volumes: { mergeKey: 'name', strategy: 'merge,retainKeys' },
  imagePullSecrets: merge('name'),
  hostAliases: merge('ip'),
  topologySpreadConstraints: merge('topologyKey'),
  resourceClaims: merge('name'),
  schedulingGates: merge('name'),
};

function prefixed(prefix: string, rules: Readonly<Record<string, MergeRule>>): Record<string, MergeRule> {
  return Object.fromEntries(Object.entries(rules).map(([path, rule]) => [prefix + path, rule]));
}

/** Merge rules of a pod's spec that stands at a path (`spec` or `spec.template.spec`). */
export function podSpecMergeRules(path: string): Record<string, MergeRule> {
  return prefixed(`${path}.`, podSpecRules);
}

/** What pods and pod templates alike get. */
export function defaultPodSpec(spec: JsonObject): void {
  for (const container of [...children(spec, 'initContainers'), ...children(spec, 'containers')]) {
    defaultContainer(container);
  }
  for (const volume of children(spec, 'volumes')) defaultVolume(volume);
  setDefault(spec, 'restartPolicy', 'Always');
  setDefault(spec, 'terminationGracePeriodSeconds', 30);
  setDefault(spec, 'dnsPolicy', 'ClusterFirst');
  setDefault(spec, 'securityContext', {});
  setDefault(spec, 'schedulerName', 'default-scheduler');
  if (stringAt(spec, 'serviceAccountName') !== '')
    setDefault(spec, 'serviceAccount', spec.serviceAccountName);
}

function defaultContainer(container: JsonObject): void {
  setDefault(container, 'resources', {});
  setDefault(container, 'terminationMessagePath', '/dev/termination-log');
  setDefault(container, 'terminationMessagePolicy', 'File');
  setDefault(container, 'imagePullPolicy', pullPolicy(stringAt(container, 'image')));
  for (const port of children(container, 'ports')) setDefault(port, 'protocol', 'TCP');
  for (const variable of children(container, 'env')) {
    const source = child(variable, 'valueFrom').fieldRef;
    if (isObject(source)) setDefault(source, 'apiVersion', 'v1');
    if (variable.value === '') Reflect.deleteProperty(variable, 'value');
  }
  for (const probe of ['livenessProbe', 'readinessProbe', 'startupProbe']) defaultProbe(container[probe]);
  canonicalQuantities(child(container, 'resources'), ['requests', 'limits']);
}

/** Always for `:latest` or no tag, as kubelets pull. */
function pullPolicy(image: string): string {
  const last = image.split('/').at(-1) ?? '';
  const tag = last.includes('@') ? 'digest' : (last.split(':')[1] ?? 'latest');
  return tag === 'latest' ? 'Always' : 'IfNotPresent';
}

function defaultProbe(probe: unknown): void {
  if (!isObject(probe)) return;
  const http = probe.httpGet;
  if (isObject(http)) {
    setDefault(http, 'path', '/');
    setDefault(http, 'scheme', 'HTTP');
  }
  setDefault(probe, 'timeoutSeconds', 1);
  setDefault(probe, 'periodSeconds', 10);
  setDefault(probe, 'successThreshold', 1);
  setDefault(probe, 'failureThreshold', 3);
}

function defaultVolume(volume: JsonObject): void {
  for (const source of ['configMap', 'secret', 'projected', 'downwardAPI']) {
    const value = volume[source];
    if (isObject(value)) setDefault(value, 'defaultMode', 420);
  }
}
