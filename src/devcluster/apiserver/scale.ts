import { selectorFromLabelSelector } from '../../lib/selector.ts';
import type { LabelSelectorLike } from '../../lib/selector.ts';
import type { KubeObject } from '../cluster-api.ts';
import type { WriteOptions } from './create.ts';
import { ApiError, decoding, invalid } from './errors.ts';
import { invalidValue } from './field-error.ts';
import { child, clone, setValueAt, valueAt } from './json.ts';
import type { Kind, ScalePaths } from './kind.ts';
import { scaleKind } from './kinds/scale-kind.ts';
import type { Registry } from './registry.ts';
import { checkInt32 } from './types.ts';
import { updateObject } from './update.ts';
import type { Target } from './update.ts';

const workloadPaths: ScalePaths = {
  specReplicasPath: '.spec.replicas',
  statusReplicasPath: '.status.replicas',
};

function pathsOf(kind: Kind): ScalePaths {
  const { scale } = kind.subresources;
  return scale === undefined || scale === 'workload' ? workloadPaths : scale;
}

function selectorText(kind: Kind, object: KubeObject): string | undefined {
  const { scale } = kind.subresources;
  if (scale === 'workload')
    return selectorFromLabelSelector(child(object, 'spec').selector as LabelSelectorLike).toString();
  const path = scale?.labelSelectorPath;
  const text = path === undefined ? undefined : valueAt(object, path);
  return typeof text === 'string' && text !== '' ? text : undefined;
}

/** The autoscaling/v1 Scale of an object. Zero is not printed in its spec. */
export function scaleOf(kind: Kind, object: KubeObject): KubeObject {
  const paths = pathsOf(kind);
  const replicas = valueAt(object, paths.specReplicasPath);
  if (replicas === undefined && kind.custom !== undefined) throw noReplicas(paths.specReplicasPath);
  return scaleWith(kind, object, Number(replicas ?? 0));
}

function scaleWith(kind: Kind, object: KubeObject, replicas: number): KubeObject {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const selector = selectorText(kind, object);
  const metadata = { name, namespace, uid, resourceVersion, creationTimestamp };
  return {
    kind: scaleKind.kind,
    apiVersion: 'autoscaling/v1',
    metadata: JSON.parse(JSON.stringify(metadata)) as KubeObject['metadata'],
    spec: replicas === 0 ? {} : { replicas },
    status: {
      replicas: Number(valueAt(object, pathsOf(kind).statusReplicasPath) ?? 0),
      ...(selector === undefined ? {} : { selector }),
    },
  };
}

function noReplicas(path: string): ApiError {
  const text = `the spec replicas field "${path}" does not exist`;
  const details = { causes: [{ message: text }] } as unknown as ApiError['status']['details'];
  return new ApiError(500, 'InternalError', `Internal error occurred: ${text}`, details);
}

/**
 * Writes a Scale: the parent's replicas, with the parent's rules.
 * @param change from the Scale as it is to the Scale as it shall be; no `spec.replicas` means 0
 */
export function updateScale(
  registry: Registry,
  target: Target,
  change: { readonly isPatch: boolean; readonly apply: (current: KubeObject) => KubeObject },
  options: WriteOptions,
): KubeObject {
  const { kind, name } = target;
  const apply = (parent: KubeObject): KubeObject => {
    const replicas = valueAt(parent, pathsOf(kind).specReplicasPath);
    const sent = change.apply(scaleWith(kind, parent, Number(replicas ?? 0)));
    const wanted = child(sent, 'spec').replicas ?? 0;
    decoding(scaleKind, change.isPatch ? sent : undefined, () =>
      checkInt32(wanted, 'ScaleSpec.spec.replicas'),
    );
    if (kind.custom === undefined && Number(wanted) < 0) {
      throw invalid(scaleKind, name, [
        invalidValue('spec.replicas', wanted, 'must be greater than or equal to 0'),
      ]);
    }
    return withReplicas(kind, parent, sent, wanted);
  };
  const { object } = updateObject(registry, target, { isPatch: change.isPatch, apply }, options);
  return scaleOf(kind, object);
}

function withReplicas(kind: Kind, parent: KubeObject, sent: KubeObject, replicas: unknown): KubeObject {
  const next = clone(parent);
  setValueAt(next, pathsOf(kind).specReplicasPath, replicas);
  const { name, namespace, uid, resourceVersion } = sent.metadata;
  const version = resourceVersion ?? parent.metadata.resourceVersion;
  next.metadata = { ...next.metadata, name };
  for (const [key, value] of Object.entries({ namespace, uid, resourceVersion: version })) {
    if (value === undefined) Reflect.deleteProperty(next.metadata, key);
    else next.metadata[key] = value;
  }
  return next;
}
