import type { KubeObject } from './api.ts';

/**
 * What the fleet makes of a pod. Times are in seconds before now, so that what an autoscaler makes of a pod's age does not
 * depend on how fast the machine is.
 */
export type PodState =
  | { readonly phase: 'Pending' }
  | { readonly phase: 'Failed' }
  | {
      readonly phase: 'Running';
      readonly ready: boolean;
      readonly startedAgoSeconds: number;
      /** When readiness last changed. */
      readonly changedAgoSeconds: number;
      /** One where nothing answers, where it is absent. */
      readonly podIP?: string;
    };

const anHour = 3600;

/** Started an hour ago and ready since then: every metric of it counts. */
export const ready: PodState = {
  phase: 'Running',
  ready: true,
  startedAgoSeconds: anHour,
  changedAgoSeconds: anHour - 1,
};

/** Started an hour ago and never ready since. */
export const neverReady: PodState = {
  phase: 'Running',
  ready: false,
  startedAgoSeconds: anHour,
  changedAgoSeconds: anHour - 1,
};

/** What a kubelet would report. */
export function podStatus(pod: KubeObject, state: PodState, address: string): object {
  if (state.phase === 'Pending') return { phase: 'Pending', conditions: conditions(pod, false, before(0)) };
  const startTime = before(state.phase === 'Running' ? state.startedAgoSeconds : anHour);
  if (state.phase === 'Failed')
    return { phase: 'Failed', startTime, conditions: conditions(pod, false, before(0)) };
  const { podIP = address } = state;
  const changedAt = before(state.changedAgoSeconds);
  return {
    phase: 'Running',
    startTime,
    hostIP: '127.0.0.1',
    podIP,
    podIPs: [{ ip: podIP }],
    conditions: conditions(pod, state.ready, changedAt),
    containerStatuses: containersOf(pod).map(({ name, image }) => ({
      name,
      image,
      imageID: '',
      ready: state.ready,
      started: true,
      restartCount: 0,
      state: { running: { startedAt: startTime } },
    })),
  };
}

export function containersOf(pod: KubeObject): { readonly name: string; readonly image: string }[] {
  return (pod.spec as { containers: { name: string; image: string }[] }).containers;
}

function conditions(pod: KubeObject, isReady: boolean, lastTransitionTime: string): object[] {
  const status = isReady ? 'True' : 'False';
  const scheduled = {
    type: 'PodScheduled',
    status: 'True',
    lastTransitionTime: pod.metadata.creationTimestamp,
  };
  return [
    scheduled,
    { type: 'Initialized', status: 'True', lastTransitionTime },
    { type: 'ContainersReady', status, lastTransitionTime },
    { type: 'Ready', status, lastTransitionTime },
  ];
}

/** As the API has times: whole seconds. */
export function before(seconds: number): string {
  return new Date(Date.now() - seconds * 1000).toISOString().replace(/\.\d+/, '');
}
