import type { PodState, WatchPod } from '../../report/watch-state.ts';
import type { Usage, WatchedPod } from './objects.ts';

/** A pod that was never ready became unready when it started, give or take the seconds that conditions are rounded to. */
const roundingMs = 2000;

/** A pod as it is shown. */
export function podView(pod: WatchedPod, usage: Usage): WatchPod {
  const { facts, restarts, node, note } = pod;
  const used = usage.get(facts.name);
  const state = stateOf(pod);
  return {
    ...{ name: facts.name, state, createdAtMs: facts.createdAtMs ?? facts.startedAtMs ?? 0, restarts },
    ...(node === undefined ? {} : { node }),
    ...(used?.cpu === undefined ? {} : { cpuMillis: used.cpu }),
    ...(used?.memory === undefined ? {} : { memoryBytes: used.memory / 1000 }),
    ...(note === undefined || state === 'Ready' ? {} : { note }),
  };
}

/** Waiting for these is a part of every start. */
const startingNotes = new Set(['ContainerCreating', 'PodInitializing']);

function stateOf({ facts, note, node }: WatchedPod): PodState {
  const { deleting, phase, ready, startedAtMs } = facts;
  if (deleting) return 'Stopping';
  if (phase === 'Succeeded') return 'Finished';
  if (phase === 'Failed') return 'Failing';
  if (ready?.status === 'True') return 'Ready';
  if (note !== undefined && !startingNotes.has(note)) return 'Failing';
  if (phase === 'Pending') return node === undefined ? 'Pending' : 'Starting';
  const wasReady =
    ready !== undefined && startedAtMs !== undefined && ready.sinceMs - startedAtMs > roundingMs;
  return wasReady ? 'NotReady' : 'Starting';
}
