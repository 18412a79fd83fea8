import { withTransition } from '../controllers/conditions.ts';
import type { Condition, ContainerStatus, Pod } from '../controllers/objects.ts';
import { findCondition, formatTime } from '../controllers/metadata.ts';
import type { PodPlace } from './environment.ts';

export interface PodFacts {
  readonly pod: Pod;
  readonly containers: readonly ContainerStatus[];
  readonly initContainers: readonly ContainerStatus[];
  /** Undefined until the pod has an address. */
  readonly place: PodPlace | undefined;
  readonly startedMs: number;
  readonly nowMs: number;
}

/** A pod's phase from its containers, as the kubelet works it out. */
export function podPhase(containers: readonly ContainerStatus[], restartPolicy: string): string {
  const ended = containers.flatMap(
    ({ state, lastState }) => state.terminated ?? (state.waiting && lastState.terminated) ?? [],
  );
  const isRunning = containers.some(({ state }) => state.running !== undefined);
  const isNew = containers.some(
    ({ state, lastState }) => state.waiting !== undefined && lastState.terminated === undefined,
  );
  if (isNew) return 'Pending';
  if (isRunning || restartPolicy === 'Always') return 'Running';
  if (ended.every(({ exitCode }) => exitCode === 0)) return 'Succeeded';
  return restartPolicy === 'Never' ? 'Failed' : 'Running';
}

function phaseOf({ pod, containers, initContainers }: PodFacts): string {
  const { restartPolicy = 'Always' } = pod.spec;
  const isInitFailed = initContainers.some(({ state }) => (state.terminated?.exitCode ?? 0) !== 0);
  if (isInitFailed && restartPolicy === 'Never') return 'Failed';
  const isInitialized = initContainers.every(({ state }) => state.terminated?.exitCode === 0);
  return isInitialized && containers.length > 0 ? podPhase(containers, restartPolicy) : 'Pending';
}

/** The status that the kubelet writes. Conditions of others, such as readiness gates, are kept. */
export function podStatus(facts: PodFacts): Record<string, unknown> {
  const { pod, containers, initContainers, place, startedMs, nowMs } = facts;
  const phase = phaseOf(facts);
  const before = pod.status?.conditions ?? [];
  const own = conditionsOf(facts, phase).map((condition) => withTransition(before, condition, nowMs));
  const others = before.filter(({ type }) => findCondition(own, type) === undefined);
  const observedGeneration = pod.metadata.generation;
  return {
    ...(observedGeneration !== undefined && { observedGeneration }),
    phase,
    conditions: [...own, ...others],
    ...(place && { hostIP: place.hostIP, hostIPs: [{ ip: place.hostIP }] }),
    ...(place && { podIP: place.podIP, podIPs: [{ ip: place.podIP }] }),
    startTime: formatTime(startedMs),
    ...(initContainers.length > 0 && { initContainerStatuses: initContainers }),
    containerStatuses: containers,
  };
}

function conditionsOf({ pod, containers, initContainers, place }: PodFacts, phase: string): Condition[] {
  const unready = containers.filter(({ ready }) => !ready).map(({ name }) => name);
  const initializing = initContainers
    .filter(({ state }) => state.terminated?.exitCode !== 0)
    .map(({ name }) => name);
  const failure = unreadyReason(phase, unready);
  const missingGates = (pod.spec.readinessGates ?? [])
    .map(({ conditionType }) => conditionType)
    .filter((type) => findCondition(pod.status?.conditions, type)?.status !== 'True');
  const gateFailure =
    missingGates.length > 0
      ? {
          reason: 'ReadinessGatesNotReady',
          message: `the status of pod readiness gates [${missingGates.join(' ')}] is not "True"`,
        }
      : undefined;
  const initFailure =
    initializing.length > 0
      ? {
          reason: 'ContainersNotInitialized',
          message: `containers with incomplete status: [${initializing.join(' ')}]`,
        }
      : undefined;
  return [
    { type: 'PodReadyToStartContainers', status: place ? 'True' : 'False' },
    condition('Initialized', initFailure),
    condition('Ready', failure ?? gateFailure),
    condition('ContainersReady', failure),
    { type: 'PodScheduled', status: 'True' },
  ];
}

function condition(type: string, failure: { reason: string; message?: string } | undefined): Condition {
  return failure ? { type, status: 'False', ...failure } : { type, status: 'True' };
}

function unreadyReason(
  phase: string,
  unready: readonly string[],
): { reason: string; message?: string } | undefined {
  if (phase === 'Succeeded') return { reason: 'PodCompleted' };
  if (phase === 'Failed') return { reason: 'PodFailed' };
  if (unready.length === 0) return undefined;
  return { reason: 'ContainersNotReady', message: `containers with unready status: [${unready.join(' ')}]` };
}
