import { compareQuantity, parseQuantity } from '../../../lib/quantity.ts';
import type { KubeObject } from '../../cluster-api.ts';
import { child, children, ensureChild, setDefault } from '../json.ts';
import type { JsonObject } from '../json.ts';
import { defaultPodSpec } from './pod-spec.ts';

const evictions = ['not-ready', 'unreachable'];

/** What pods get beyond what their templates get. */
export function defaultPod(pod: KubeObject): void {
  const spec = ensureChild(pod, 'spec');
  defaultPodSpec(spec);
  for (const container of [...children(spec, 'initContainers'), ...children(spec, 'containers')]) {
    requestLimits(child(container, 'resources'));
  }
  setDefault(spec, 'enableServiceLinks', true);
  setDefault(spec, 'preemptionPolicy', 'PreemptLowerPriority');
  setDefault(spec, 'priority', 0);
  tolerateEvictions(spec);
  defaultPodStatus(child(pod, 'status'));
}

/** A limit without a request is the request too. */
function requestLimits(resources: JsonObject): void {
  const limits = child(resources, 'limits');
  if (Object.keys(limits).length === 0) return;
  resources.requests = { ...limits, ...child(resources, 'requests') };
}

function tolerateEvictions(spec: JsonObject): void {
  const tolerations = children(spec, 'tolerations');
  for (const reason of evictions) {
    const key = `node.kubernetes.io/${reason}`;
    if (tolerations.some((toleration) => toleration.key === key || toleration.key === undefined)) continue;
    tolerations.push({ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 });
  }
  if (tolerations.length > 0) spec.tolerations = tolerations;
}

export function newPodStatus(pod: KubeObject): void {
  pod.status = { phase: 'Pending', qosClass: qosClass(child(pod, 'spec')) };
}

/** As the kubelet's accounting: Guaranteed, Burstable or BestEffort. */
function qosClass(spec: JsonObject): string {
  const resources = children(spec, 'containers').map((container) => child(container, 'resources'));
  const isSet = (name: string): boolean => resources.some((each) => hasPositive(child(each, name)));
  if (!isSet('requests') && !isSet('limits')) return 'BestEffort';
  const isGuaranteed = resources.every((each) =>
    ['cpu', 'memory'].every((name) => {
      const limit = child(each, 'limits')[name];
      return limit !== undefined && limit === (child(each, 'requests')[name] ?? limit);
    }),
  );
  return isGuaranteed ? 'Guaranteed' : 'Burstable';
}

function hasPositive(amounts: JsonObject): boolean {
  return Object.values(amounts).some(
    (amount) => compareQuantity(parseQuantity(String(amount)), parseQuantity('0')) > 0,
  );
}

/** What Kubernetes prints of a pod's status although nobody wrote it. */
function defaultPodStatus(status: JsonObject): void {
  for (const condition of children(status, 'conditions')) {
    condition.lastProbeTime ??= null;
    condition.lastTransitionTime ??= null;
  }
  for (const container of [
    ...children(status, 'initContainerStatuses'),
    ...children(status, 'containerStatuses'),
  ]) {
    setDefault(container, 'lastState', {});
    setDefault(container, 'state', {});
  }
  const ip = status.podIP;
  if (ip !== undefined && children(status, 'podIPs').length === 0) status.podIPs = [{ ip }];
}
