import { fromHpa, scaledObjectOf } from './from-hpa.ts';
import { fromHpaV1, fromHpaV2beta1 } from './from-old-hpa.ts';
import { fromScaledObject } from './keda/from-scaled-object.ts';
import { Remarks, type Remark } from './remarks.ts';
import type { Json } from '../api/checks.ts';
import { isObject } from '../api/checks.ts';
import type { CustomAutoscaler } from '../api/generated/custom-autoscaler.ts';
import { parseAutoscaler } from '../api/parse.ts';
import { Place, root, type Problem } from '../api/problems.ts';

export type Conversion =
  | {
      readonly ok: true;
      /** Accepted by parseAutoscaler; absent where nothing of the source can be kept, which the remarks say. */
      readonly object?: CustomAutoscaler;
      readonly remarks: readonly Remark[];
    }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** @returns undefined where nothing of the source can be kept, or something is wrong with it, which goes to `problems` */
type Converter = (source: Json, remarks: Remarks, problems: Problem[]) => Json | undefined;

/** What is converted, by kind and version. */
const converters: Readonly<Record<string, Readonly<Record<string, Converter>>>> = {
  HorizontalPodAutoscaler: {
    'autoscaling/v2': fromHpa,
    'autoscaling/v2beta2': fromHpa,
    'autoscaling/v2beta1': fromHpaV2beta1,
    'autoscaling/v1': fromHpaV1,
  },
  ScaledObject: { 'keda.sh/v1alpha1': fromScaledObject },
};

/** Kinds of KEDA that scale, or help to, and have no counterpart. */
const withoutCounterpart: Readonly<Record<string, string>> = {
  ScaledJob: 'jobs are not scaled here',
  TriggerAuthentication:
    'the operator has the credentials of its Prometheus servers: --prometheus-token-file',
  ClusterTriggerAuthentication:
    'the operator has the credentials of its Prometheus servers: --prometheus-token-file',
};

/**
 * A HorizontalPodAutoscaler (autoscaling/v1, v2beta1, v2beta2, v2) or a ScaledObject (keda.sh/v1alpha1) as a CustomAutoscaler.
 * @returns undefined for an object of any other kind
 */
export function convertObject(source: unknown): Conversion | undefined {
  if (!isObject(source) || typeof source.kind !== 'string') return undefined;
  const { kind, apiVersion } = source;
  const group = typeof apiVersion === 'string' ? apiVersion.split('/')[0] : undefined;
  const reason = group === 'keda.sh' ? withoutCounterpart[kind] : undefined;
  if (reason !== undefined) return nothing('kind', `${kind}: ${reason}`);
  const versions = Object.hasOwn(converters, kind) ? converters[kind] : undefined;
  return versions === undefined ? undefined : convertBy(versions, source);
}

function nothing(path: string, text: string): Conversion {
  return { ok: true, remarks: [{ kind: 'notKept', path, text }] };
}

function convertBy(versions: Readonly<Record<string, Converter>>, source: Json): Conversion {
  const owner = scaledObjectOf(source);
  if (owner !== undefined)
    return nothing('metadata.ownerReferences', `made by ScaledObject ${owner}: convert that one`);
  const problems: Problem[] = [];
  const version = typeof source.apiVersion === 'string' ? source.apiVersion : '';
  const converter = Object.hasOwn(versions, version) ? versions[version] : undefined;
  if (converter === undefined) {
    new Place(root, problems).field('apiVersion').unsupported(version, Object.keys(versions));
    return { ok: false, problems };
  }
  const remarks = new Remarks();
  const object = converter(source, remarks, problems);
  if (problems.length > 0) return { ok: false, problems };
  if (object === undefined) return { ok: true, remarks: remarks.all };
  const parsed = parseAutoscaler(object);
  if (!parsed.ok) return parsed;
  return { ok: true, object: object as unknown as CustomAutoscaler, remarks: remarks.all };
}
