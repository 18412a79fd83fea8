import type { WatchCondition, WatchMetric, WatchNext, WatchReplicas, WatchState } from './watch-state.ts';
import type { ScalingState } from './scaling-state.ts';

/** What the state follows from. */
export interface WatchFacts {
  readonly mode: string;
  readonly replicas: WatchReplicas;
  readonly conditions: readonly WatchCondition[];
  /** Nothing was decided yet. */
  readonly undecided: boolean;
}

const states = {
  undecided: { shape: '○', word: 'not decided yet', tone: 'dim' },
  paused: { shape: '‖', word: 'paused', tone: 'accent' },
  stuck: { shape: '✗', word: 'cannot scale', tone: 'bad' },
  disabled: { shape: '○', word: 'at zero, disabled', tone: 'dim' },
  contested: { shape: '✗', word: 'contested', tone: 'bad' },
  inactive: { shape: '✗', word: 'no metrics', tone: 'bad' },
  up: { shape: '▲', word: 'scaling up', tone: 'warn' },
  down: { shape: '▼', word: 'scaling down', tone: 'accent' },
  starting: { shape: '○', word: 'pods not ready', tone: 'warn' },
  maximum: { shape: '■', word: 'at maximum', tone: 'warn' },
  steady: { shape: '●', word: 'steady', tone: 'good' },
} as const satisfies Readonly<Record<string, ScalingState>>;

/** For an autoscaler that is no longer there. */
export const deletedState: ScalingState = { shape: '✗', word: 'deleted', tone: 'bad' };

/** Why ScalingActive is False, where that has a word of its own. */
const inactiveStates: Readonly<Record<string, ScalingState>> = {
  ScalingDisabled: states.disabled,
  AmbiguousTarget: states.contested,
  AmbiguousSelector: states.contested,
  InvalidSpec: { shape: '✗', word: 'invalid', tone: 'bad' },
};

/** What keeps it from scaling also when its pause is over. */
const lasting = new Set([states.stuck, states.contested, inactiveStates.InvalidSpec]);

/** What an autoscaler is about; the first that fits. In a dry run the word says what would be. */
export function watchedState(facts: WatchFacts): ScalingState {
  const { mode, undecided, conditions } = facts;
  const problem = problemOf(conditions);
  if (mode === 'Paused') return problem !== undefined && lasting.has(problem) ? problem : states.paused;
  if (problem !== undefined) return problem;
  if (undecided) return states.undecided;
  const state = movement(facts.replicas);
  return mode === 'DryRun' ? { ...state, word: `dry run, ${state.word}` } : state;
}

function problemOf(conditions: readonly WatchCondition[]): ScalingState | undefined {
  const isFalse = (type: string): WatchCondition | undefined =>
    conditions.find((condition) => condition.type === type && condition.status === 'False');
  if (isFalse('AbleToScale') !== undefined) return states.stuck;
  const inactive = isFalse('ScalingActive');
  return inactive === undefined ? undefined : (inactiveStates[inactive.reason] ?? states.inactive);
}

function movement({ current, desired, ready, max }: WatchReplicas): ScalingState {
  if (desired === undefined) return states.undecided;
  const is = current ?? desired;
  if (desired > is) return states.up;
  if (desired < is || (ready !== undefined && ready > desired)) return states.down;
  if (ready !== undefined && ready < desired) return states.starting;
  return desired >= max ? states.maximum : states.steady;
}

/** `3 → 6`, or `6` where nothing moves. */
export function replicasText({ current, desired }: WatchReplicas, arrow = ' → '): string {
  if (desired === undefined) return current === undefined ? '?' : String(current);
  return current === undefined || current === desired ? String(desired) : `${current}${arrow}${desired}`;
}

/** A time that has passed, in its largest units: `41s`, `4m41s`, `2h`, `3d`. */
export function ageText(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 10) return seconds % 60 === 0 ? `${minutes}m` : `${minutes}m${seconds % 60}s`;
  if (minutes < 180) return `${minutes}m`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours}h` : `${Math.floor(hours / 24)}d`;
}

/** The time of day of the reader's zone: `14:03:25`. */
export function timeOfDay(ms: number): string {
  const date = new Date(ms);
  return [date.getHours(), date.getMinutes(), date.getSeconds()]
    .map((part) => String(part).padStart(2, '0'))
    .join(':');
}

const limitNames: Readonly<Record<string, (to: number, from: number) => string>> = {
  stabilization: (to, from) => (to > from ? 'scale-down locked' : 'scale-up held'),
  rate: (to, from) => (to > from ? 'scale-down limited' : 'scale-up limited'),
};

/** What comes next and when, as far as it is known. */
export function nextTexts({ atMs, next, limits }: WatchState): string[] {
  const after = (ms: number): string => ageText(ms - atMs);
  return [
    ...(next.decisionAtMs === undefined ? [] : [`decision in ${after(next.decisionAtMs)}`]),
    ...(next.suspendedUntilMs === undefined ? [] : [`paused for ${after(next.suspendedUntilMs)}`]),
    ...limits.flatMap(({ limiter, from, to, untilMs }) =>
      untilMs === undefined || untilMs <= atMs
        ? []
        : [`${limitNames[limiter]?.(to, from) ?? limiter} for ${after(untilMs)}`],
    ),
    ...transitionTexts(next, atMs),
  ];
}

function transitionTexts({ transition }: WatchNext, atMs: number): string[] {
  if (transition === undefined) return [];
  const { schedule, type, atMs: when } = transition;
  return [`schedule ${schedule} ${type.toLowerCase()} in ${ageText(when - atMs)}`];
}

/** `cpu=186%/70%`; a metric that could not be read shows `?`. */
export function metricText({ name, current, target }: WatchMetric): string {
  return `${name}=${current ?? '?'}/${target ?? '?'}`;
}
