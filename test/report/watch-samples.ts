import type { WatchState } from '../../src/report/watch-state.ts';

/** A moment at noon, local time. */
export const noonMs = new Date(2026, 10, 22, 12, 0, 0).getTime();

/** An autoscaler on its way from 3 to 6 pods. */
export function watchState(parts: Partial<WatchState> = {}): WatchState {
  return {
    ...{ atMs: noonMs, namespace: 'shop', name: 'web', target: 'Deployment/web', mode: 'Active' },
    state: { shape: '▲', word: 'scaling up', tone: 'warn' },
    replicas: { current: 3, desired: 6, ready: 3, min: 1, max: 10 },
    lastScaleAtMs: noonMs - 12_000,
    why: '3 -> 6: cpu at 186 % of request against 70 % asks for 8; 6 instead of 8: scale-up limited to +100 % in 15 s',
    whyAtMs: noonMs,
    limits: [{ limiter: 'rate', reason: 'ScaleUpLimit', from: 8, to: 6, untilMs: noonMs + 15_000 }],
    next: { decisionAtMs: noonMs + 3000 },
    metrics: [
      {
        ...{ name: 'cpu', type: 'Resource', current: '186%', target: '70%', wants: 8, wins: true },
        samples: [null, 20, 40, 90, 186],
      },
    ],
    targets: 'cpu: 186%/70%',
    pods: [
      { name: 'web-0', state: 'Ready', createdAtMs: noonMs - 540_000, restarts: 0, cpuMillis: 243 },
      { name: 'web-1', state: 'Starting', createdAtMs: noonMs - 4000, restarts: 0 },
    ],
    events: [
      { atMs: noonMs - 2000, type: 'Normal', reason: 'SuccessfulRescale', message: 'New size: 6', count: 1 },
    ],
    conditions: [
      { type: 'AbleToScale', status: 'True', reason: 'SucceededRescale', message: 'was rescaled' },
    ],
    ...parts,
  };
}
