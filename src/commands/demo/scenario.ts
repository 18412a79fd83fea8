import { formatDuration } from '../../lib/duration.ts';
import { type Profile, ramp, steady } from '../../lib/load-profile.ts';

/** Requests per second in the quiet phases and at the peak; 45/s of 10 ms CPU each ask for six pods of 100m at 80 %. */
const quietPerSecond = 2;
const peakPerSecond = 45;

/** What the app is scaled by, and the manifest of its autoscaler. */
export const variants = { cpu: 'customautoscaler', requests: 'customautoscaler-requests' } as const;

export type Variant = keyof typeof variants;

export interface Phases {
  readonly idleMs: number;
  readonly rampMs: number;
  readonly peakMs: number;
  readonly quietMs: number;
}

export const defaultPhases: Phases = { idleMs: 5_000, rampMs: 15_000, peakMs: 35_000, quietMs: 45_000 };

/** Idle, ramp, peak, quiet: the load of the walkthrough. */
export function loadProfile({ idleMs, rampMs, peakMs, quietMs }: Phases): Profile {
  return {
    segments: [
      steady(quietPerSecond, idleMs),
      ramp(quietPerSecond, peakPerSecond, rampMs),
      steady(peakPerSecond, peakMs),
      steady(quietPerSecond, quietMs),
    ],
    arrivals: 'constant',
  };
}

/** The rates that are shown are those of the second before the load told them: the middle of it, so that the phase is theirs. */
export function shownAtMs(progress: { readonly atMs: number } | undefined, elapsedMs: number): number {
  return progress === undefined ? elapsedMs : progress.atMs - 500;
}

/** What the load does at a moment. */
export function phaseInWords({ idleMs, rampMs, peakMs }: Phases, atMs: number): string {
  if (atMs < idleMs) return `idle at ${quietPerSecond} requests/s`;
  if (atMs < idleMs + rampMs) return `ramp to ${peakPerSecond} requests/s`;
  return atMs < idleMs + rampMs + peakMs
    ? `peak of ${peakPerSecond} requests/s`
    : `quiet at ${quietPerSecond} requests/s`;
}

/** The demo's periods, shortened so that the whole story fits in two minutes. */
export const shortened = {
  syncPeriodMs: 2_000,
  metricsWindowMs: 4_000,
  downscaleStabilizationMs: 15_000,
  cpuInitializationPeriodMs: 4_000,
  initialReadinessDelayMs: 2_000,
} as const;

/** What is shorter than on a cluster, and why. */
export function shortenedInWords(by: Variant): string[] {
  const row = (what: string, demoMs: number, usualMs: number, why: string): string =>
    `  ${what.padEnd(28)}${formatDuration(demoMs).padStart(4)} instead of ${formatDuration(usualMs).padEnd(6)} ${why}`;
  return [
    'Shortened, so that the whole story fits in two minutes:',
    row('sync period', shortened.syncPeriodMs, 15_000, 'decisions come sooner'),
    row('downscale stabilization', shortened.downscaleStabilizationMs, 300_000, 'the way down starts sooner'),
    ...(by === 'cpu'
      ? [
          row('metric window', shortened.metricsWindowMs, 15_000, 'CPU shows sooner'),
          row(
            'CPU initialization period',
            shortened.cpuInitializationPeriodMs,
            300_000,
            'new pods count sooner',
          ),
          row('initial readiness delay', shortened.initialReadinessDelayMs, 30_000, 'new pods count sooner'),
        ]
      : []),
  ];
}
