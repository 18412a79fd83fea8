import { plain } from './style.ts';
import type { WatchEvent, WatchState } from './watch-state.ts';
import { metricText, replicasText, timeOfDay } from './watch-words.ts';

/** What makes one line differ from the one before: counts, the state and what limits, but no value of a metric. */
export function watchChange({ replicas, state, limits }: WatchState): string {
  const { desired, min, max } = replicas;
  return JSON.stringify([
    desired,
    min,
    max,
    state.word,
    limits.map(({ limiter, reason }) => [limiter, reason]),
  ]);
}

/**
 * One change in one line, for logs and pipes: `14:03:25 web 3→6 cpu=186%/70% limited=rate:8→6`; where nothing moves the state stands
 * in place of the arrow: `14:03:40 web 6 steady cpu=68%/70%`.
 * @param before what the line before was about; absent for the first one
 */
export function watchLine(state: WatchState, before?: WatchState, allNamespaces = false): string {
  const { replicas, limits, metrics } = state;
  const from = before?.replicas.desired;
  const moved = from !== undefined && replicas.desired !== undefined && from !== replicas.desired;
  const counts = moved ? `${from}→${replicas.desired}` : replicasText(replicas, '→');
  return [
    timeOfDay(state.atMs),
    allNamespaces ? `${state.namespace}/${state.name}` : state.name,
    counts,
    ...(counts.includes('→') && !state.state.word.startsWith('dry run')
      ? []
      : [state.state.word.replaceAll(/,? /g, '-')]),
    ...metrics.map((metric) => plain(metricText(metric)).replaceAll(' ', '_')),
    ...limits.map(({ limiter, from: raw, to }) => `limited=${limiter}:${raw}→${to}`),
  ].join(' ');
}

/** The same as an object of one line. */
export function watchRecord(state: WatchState, before?: WatchState): object {
  const { atMs, namespace, name, target, mode, replicas, limits, metrics } = state;
  const moved = before !== undefined && before.replicas.desired !== replicas.desired;
  return {
    time: new Date(atMs).toISOString(),
    ...{ type: moved ? 'Scaled' : 'State', namespace, name, target, mode, state: state.state.word },
    replicas: {
      ...{
        current: replicas.current ?? null,
        desired: replicas.desired ?? null,
        ready: replicas.ready ?? null,
      },
      ...{ min: replicas.min, max: replicas.max },
    },
    metrics: metrics.map((metric) => ({
      ...{
        name: metric.name,
        type: metric.type,
        current: metric.current ?? null,
        target: metric.target ?? null,
      },
      ...{ wants: metric.wants ?? null, wins: metric.wins },
      ...(metric.message === undefined ? {} : { message: metric.message }),
    })),
    limits: limits.map(({ limiter, reason, from, to, untilMs }) => ({
      ...{ limiter, reason: reason ?? null, from, to },
      until: untilMs === undefined ? null : new Date(untilMs).toISOString(),
    })),
    why: state.why,
  };
}

/** A Kubernetes event in one line. */
export function watchEventLine(name: string, { atMs, type, reason, message }: WatchEvent): string {
  return `${timeOfDay(atMs)} ${name} ${type === 'Warning' ? '✗ ' : ''}${reason}: ${plain(message)}`;
}

export function watchEventRecord(
  { namespace, name }: { readonly namespace: string; readonly name: string },
  { atMs, type, reason, message, count }: WatchEvent,
): object {
  const time = new Date(atMs).toISOString();
  return { time, type: 'Event', namespace, name, event: { type, reason, message, count } };
}
