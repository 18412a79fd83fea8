import { applierOf, withoutMarks } from './appliers.ts';
import { convertObject } from '../convert.ts';
import { driftOf } from './follow.ts';
import { keepsake, keptHpa, takenFrom, type Autoscaler, type HpaObject, type Scene } from './scene.ts';
import type { Step } from './steps.ts';
import { fieldManager } from '../../api/replica-writers.ts';
import type { KubeClient } from '../../kube/client.ts';
import { resourcePath } from '../../kube/discovery.ts';
import { isKubeError } from '../../kube/errors.ts';
import { UserError } from '../../lib/errors.ts';

const hpas = { group: 'autoscaling', version: 'v2', plural: 'horizontalpodautoscalers', namespaced: true };
const autoscalers = { group: 'plimsoll.dev', version: 'v1', plural: 'customautoscalers', namespaced: true };

/** The HorizontalPodAutoscaler and the CustomAutoscaler of one name. */
export interface Pair {
  readonly client: KubeClient;
  readonly namespace: string;
  readonly name: string;
  readonly signal: AbortSignal;
}

/** Both as they are now. @throws KubeError when the cluster cannot be asked, UserError when it lacks our definition */
export async function readScene(pair: Pair): Promise<Scene> {
  const [hpa, autoscaler] = await Promise.all([read(pair, hpas), read(pair, autoscalers)]);
  const own = { apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler' };
  return {
    hpa: hpa === undefined ? undefined : { ...own, ...(hpa as Omit<HpaObject, 'kind' | 'apiVersion'>) },
    autoscaler: autoscaler as Autoscaler | undefined,
  };
}

async function read({ client, namespace, name, signal }: Pair, resource: typeof hpas): Promise<unknown> {
  try {
    return await client.get(resourcePath(resource, namespace, name), { signal });
  } catch (error) {
    if (!isKubeError(error, 'NotFound')) throw error;
    if (error.reason === 'NotFound') return undefined;
    throw new UserError(
      `the cluster serves no ${resource.plural}.${resource.group}: kubectl apply -f crds/`,
      {
        cause: error,
      },
    );
  }
}

type Write = (pair: Pair, scene: Scene) => Promise<unknown>;

const createShadow: Write = async ({ client, namespace, signal }, { hpa }) => {
  if (hpa === undefined) throw new Error('there is no HorizontalPodAutoscaler to shadow');
  const converted = convertObject(hpa);
  if (converted?.ok !== true || converted.object === undefined)
    throw new UserError(
      `HorizontalPodAutoscaler ${hpa.metadata.name ?? ''} cannot be converted: see plimsoll convert`,
    );
  const { metadata, spec } = converted.object as Autoscaler;
  const applier = applierOf(hpa);
  const labels = withoutMarks(metadata.labels, applier);
  const annotations = { ...withoutMarks(metadata.annotations, applier), [takenFrom]: keepsake(hpa) };
  const body = {
    ...converted.object,
    metadata: { ...metadata, labels, annotations },
    spec: { ...spec, mode: 'DryRun' },
  };
  return client.create(resourcePath(autoscalers, namespace), body, { signal, query: { fieldManager } });
};

const follow: Write = async (pair, { hpa, autoscaler }) => {
  if (hpa === undefined || autoscaler === undefined) throw new Error('there is nothing to follow');
  const { metadata } = autoscaler;
  const annotations = { ...metadata.annotations, [takenFrom]: keepsake(hpa) };
  const { spec } = driftOf(hpa, autoscaler);
  return put(pair, { ...autoscaler, metadata: { ...metadata, annotations }, spec });
};

const activate: Write = async (pair, { autoscaler }) => {
  if (autoscaler === undefined) throw new Error('there is nothing to make Active');
  const spec: Autoscaler['spec'] = { ...autoscaler.spec, mode: 'Active' };
  delete spec.suspend;
  return put(pair, { ...autoscaler, spec });
};

/** With the resourceVersion of the object as it was read: what somebody else changed meanwhile is a conflict. */
async function put({ client, namespace, name, signal }: Pair, body: Autoscaler): Promise<unknown> {
  return client.replace(resourcePath(autoscalers, namespace, name), body, {
    signal,
    query: { fieldManager },
  });
}

/** As it was read, to the last word: nothing is removed that was not written down. */
const removeHpa: Write = async ({ client, namespace, name, signal }, { hpa }) => {
  const { resourceVersion } = hpa?.metadata ?? {};
  const asRead = { ...identity(hpa), ...(resourceVersion !== undefined && { resourceVersion }) };
  return client.delete(resourcePath(hpas, namespace, name), asRead, { signal });
};

const restoreHpa: Write = async ({ client, namespace, signal }, { autoscaler }) => {
  const kept = autoscaler && keptHpa(autoscaler);
  if (kept === undefined) throw new Error('there is no HorizontalPodAutoscaler to restore');
  return client.create(resourcePath(hpas, namespace), kept, { signal, query: { fieldManager } });
};

const removeAutoscaler: Write = async ({ client, namespace, name, signal }, { autoscaler }) =>
  client.delete(resourcePath(autoscalers, namespace, name), identity(autoscaler), { signal });

/** Whoever was made anew under the same name is left alone. */
function identity(object: HpaObject | Autoscaler | undefined): { uid?: string } {
  const uid = object?.metadata.uid;
  return uid === undefined ? {} : { uid };
}

/** The request of each step; the others are waits. */
const writes: Partial<Readonly<Record<Step, Write>>> = {
  CreateShadow: createShadow,
  Follow: follow,
  Activate: activate,
  RemoveHpa: removeHpa,
  RestoreHpa: restoreHpa,
  RemoveAutoscaler: removeAutoscaler,
};

/**
 * Sends the request of a step; does nothing for a step that is a wait.
 * @returns false when somebody else was faster; what they did shows in the next scene
 */
export async function carryOut(step: Step, pair: Pair, scene: Scene): Promise<boolean> {
  try {
    await writes[step]?.(pair, scene);
    return true;
  } catch (error) {
    if (!isKubeError(error, 'NotFound', 'Conflict', 'AlreadyExists')) throw error;
    return false;
  }
}

/** Does the step wait for the operator? */
export function isWait(step: Step): boolean {
  return writes[step] === undefined;
}
