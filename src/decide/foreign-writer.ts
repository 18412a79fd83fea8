import { someNames } from './advised.ts';
import type { Advised } from './advised.ts';
import type { Finding } from './conditions.ts';
import { modeAt } from './mode.ts';
import type { FieldWriter, TargetScale } from './snapshot.ts';
import type { AutoscalerStatus, Condition } from './status.ts';
import { timeText } from './trust/time-text.ts';

/** So long a writer is told of after it was first seen, as our own next write takes the field from it. */
const toldForMs = 3_600_000;

/** Who scales as an autoscaler does, through the scale subresource: they are told of as rivals where they are. */
const autoscalers: ReadonlySet<string> = new Set(['kube-controller-manager', 'keda', 'keda-operator']);

/**
 * `ForeignWriter`: who else writes `spec.replicas` of the target, as its managedFields say. Whoever applies it (server-side) means
 * it to stay; anybody else is told of once it was written after our own last write: the count with which a workload was created is
 * no quarrel, nor is one that is set by hand while the mode is not Active, when people are to set it. Undefined where the target's managedFields are not seen.
 */
export function foreignWriter({ policy, snapshot, decision }: Advised): Finding | undefined {
  if (!snapshot.target.ok) return undefined;
  const { replicaWriters } = snapshot.target.value;
  if (replicaWriters === undefined) return undefined;
  const isActive = modeAt(policy, decision.atMs) === 'Active';
  const writtenAtMs = isActive ? lastWriteMs(snapshot.status, snapshot.target.value) : Infinity;
  const foreign = replicaWriters.filter((writer) => isForeign(writer, writtenAtMs));
  if (foreign.length > 0) {
    const { kind, name } = policy.target;
    const who = someNames(foreign.map(writerText));
    const message = `spec.replicas of ${kind} ${name} is also written by ${who}; ${advice(foreign)}`;
    return { type: 'ForeignWriter', status: 'True', reason: 'ReplicasWritten', message };
  }
  if (isStillTold(snapshot.status.conditions, decision.atMs)) return undefined;
  const message = 'nobody else writes spec.replicas of the target';
  return { type: 'ForeignWriter', status: 'False', reason: 'OnlyWriter', message };
}

function isForeign({ manager, operation, subresource, atMs = 0 }: FieldWriter, writtenAtMs: number): boolean {
  if (subresource === 'scale' && autoscalers.has(manager)) return false;
  return operation === 'Apply' || atMs >= writtenAtMs;
}

/** Of ourselves, of this target and not of a namesake from before; Infinity where there is none. */
function lastWriteMs({ lastScaleAtMs }: AutoscalerStatus, { createdAtMs = 0 }: TargetScale): number {
  return lastScaleAtMs === undefined || lastScaleAtMs < createdAtMs ? Infinity : lastScaleAtMs;
}

function writerText({ manager, operation, subresource, atMs }: FieldWriter): string {
  const how = subresource === undefined ? operation : `${operation} of ${subresource}`;
  return `${manager} (${how}${atMs === undefined ? '' : ` at ${timeText(atMs)}`})`;
}

/** A person who scales by hand does so once; what is applied comes back with each sync. */
function advice(foreign: readonly FieldWriter[]): string {
  return foreign.every(({ subresource }) => subresource === 'scale')
    ? 'what it sets is scaled over'
    : 'leave replicas out of what is applied, or it is reset each time';
}

function isStillTold(conditions: readonly Condition[], nowMs: number): boolean {
  const known = conditions.find(({ type }) => type === 'ForeignWriter');
  return known?.status === 'True' && nowMs - known.lastTransitionAtMs < toldForMs;
}
