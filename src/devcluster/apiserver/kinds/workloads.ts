import type { KubeObject } from '../../cluster-api.ts';
import { dropEmpty, ensureChild, isObject, setDefault } from '../json.ts';
import type { JsonObject } from '../json.ts';
import { defaultPodSpec } from './pod-spec.ts';

function defaultTemplate(object: KubeObject): JsonObject {
  const spec = ensureChild(object, 'spec');
  setDefault(spec, 'replicas', 1);
  const template = ensureChild(spec, 'template');
  const metadata = ensureChild(template, 'metadata');
  Reflect.deleteProperty(metadata, 'creationTimestamp');
  dropEmpty(metadata, ['labels', 'annotations', 'finalizers']);
  defaultPodSpec(ensureChild(template, 'spec'));
  return spec;
}

export function defaultDeployment(deployment: KubeObject): void {
  const spec = defaultTemplate(deployment);
  const strategy = ensureChild(spec, 'strategy');
  setDefault(strategy, 'type', 'RollingUpdate');
  if (strategy.type === 'RollingUpdate') {
    const rolling = ensureChild(strategy, 'rollingUpdate');
    setDefault(rolling, 'maxUnavailable', '25%');
    setDefault(rolling, 'maxSurge', '25%');
  }
  setDefault(spec, 'revisionHistoryLimit', 10);
  setDefault(spec, 'progressDeadlineSeconds', 600);
  if (spec.minReadySeconds === 0) Reflect.deleteProperty(spec, 'minReadySeconds');
  if (spec.paused === false) Reflect.deleteProperty(spec, 'paused');
  setDefault(deployment, 'status', {});
}

export function defaultReplicaSet(replicaSet: KubeObject): void {
  const spec = defaultTemplate(replicaSet);
  if (spec.minReadySeconds === 0) Reflect.deleteProperty(spec, 'minReadySeconds');
  const status = ensureChild(replicaSet, 'status');
  setDefault(status, 'replicas', 0);
}

export function defaultStatefulSet(set: KubeObject): void {
  const spec = defaultTemplate(set);
  setDefault(spec, 'podManagementPolicy', 'OrderedReady');
  const strategy = ensureChild(spec, 'updateStrategy');
  setDefault(strategy, 'type', 'RollingUpdate');
  if (strategy.type === 'RollingUpdate') {
    const rolling = strategy.rollingUpdate;
    if (isObject(rolling)) setDefault(rolling, 'partition', 0);
    else strategy.rollingUpdate = { partition: 0 };
  }
  setDefault(spec, 'revisionHistoryLimit', 10);
  setDefault(spec, 'persistentVolumeClaimRetentionPolicy', { whenDeleted: 'Retain', whenScaled: 'Retain' });
  const status = ensureChild(set, 'status');
  setDefault(status, 'replicas', 0);
  setDefault(status, 'availableReplicas', 0);
}
