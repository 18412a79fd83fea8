import type { ContainerState } from '../controllers/objects.ts';
import { formatTime } from '../controllers/metadata.ts';
import type { Exit, LocalProcess } from './process-groups.ts';

export const notMappedHint =
  'this dev cluster runs local processes, not images; map it with --image NAME=COMMAND';

/** What a container is doing. */
export type Phase =
  | { readonly name: 'waiting'; readonly reason: string; readonly message?: string }
  | { readonly name: 'running'; readonly process: LocalProcess; readonly startedMs: number }
  | { readonly name: 'ended'; readonly exit: Exit; readonly startedMs: number; readonly endedMs: number };

/** What the event Pulled says, where nothing is pulled. */
export function pulledMessage(
  image: string,
  argv: readonly string[],
  from: 'image' | 'container' | 'pause',
): string {
  if (from === 'image') return `Image "${image}" is mapped to the local program ${argv[0] ?? ''}`;
  if (from === 'container') return `Image "${image}" is not mapped; running the container's own command`;
  return `Image "${image}" is not mapped, so the container only waits: ${notMappedHint}`;
}

/** The state as the pod's status shows it. */
export function stateOf(phase: Phase): ContainerState {
  switch (phase.name) {
    case 'waiting':
      return {
        waiting: { reason: phase.reason, ...(phase.message !== undefined && { message: phase.message }) },
      };
    case 'running':
      return { running: { startedAt: formatTime(phase.startedMs) } };
    case 'ended':
      return {
        terminated: {
          exitCode: phase.exit.exitCode,
          ...(phase.exit.signal !== undefined && { signal: phase.exit.signal }),
          reason: phase.exit.exitCode === 0 ? 'Completed' : 'Error',
          startedAt: formatTime(phase.startedMs),
          finishedAt: formatTime(phase.endedMs),
        },
      };
  }
}
