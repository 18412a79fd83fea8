import type { KubeObject } from '../../cluster-api.ts';
import { child, children, isObject, stringAt } from '../json.ts';
import type { JsonObject } from '../json.ts';
import { since } from './age.ts';
import { ageColumn, nameColumn, numberAt, orNone } from './column.ts';
import type { Column } from './column.ts';

interface PodSummary {
  readonly ready: string;
  readonly status: string;
  readonly restarts: string;
}

/** What the columns say of a pod's containers: the first thing that keeps it from running, or else that it runs. */
function summarizePod(pod: KubeObject, nowMs: number): PodSummary {
  const init = summarizeInit(pod);
  const main =
    init.blocker !== undefined && !hasCondition(pod, 'Initialized') ? undefined : summarizeMain(pod);
  const reason = main?.reason ?? init.blocker ?? ownReason(pod);
  const counted = main === undefined ? init.statuses : [...init.sidecars, ...main.statuses];
  return {
    ready: `${init.readyCount + (main?.readyCount ?? 0)}/${init.sidecarCount + children(child(pod, 'spec'), 'containers').length}`,
    status: terminationReason(pod) ?? reason,
    restarts: restartsText(counted, nowMs),
  };
}

function ownReason(pod: KubeObject): string {
  const status = child(pod, 'status');
  const isGated = children(status, 'conditions').some(
    (condition) => condition.type === 'PodScheduled' && condition.reason === 'SchedulingGated',
  );
  return isGated ? 'SchedulingGated' : stringAt(status, 'reason') || stringAt(status, 'phase');
}

function terminationReason(pod: KubeObject): string | undefined {
  if (pod.metadata.deletionTimestamp === undefined) return undefined;
  const status = child(pod, 'status');
  if (stringAt(status, 'reason') === 'NodeLost') return 'Unknown';
  return ['Succeeded', 'Failed'].includes(stringAt(status, 'phase')) ? undefined : 'Terminating';
}

function hasCondition(pod: KubeObject, type: string): boolean {
  const conditions = children(child(pod, 'status'), 'conditions');
  return conditions.some((condition) => condition.type === type && condition.status === 'True');
}

interface InitSummary {
  /** Why initialisation has not ended. */
  readonly blocker: string | undefined;
  readonly readyCount: number;
  readonly sidecarCount: number;
  readonly statuses: readonly JsonObject[];
  readonly sidecars: readonly JsonObject[];
}

function summarizeInit(pod: KubeObject): InitSummary {
  const containers = children(child(pod, 'spec'), 'initContainers');
  const sidecarNames = new Set(
    containers.filter((container) => container.restartPolicy === 'Always').map((each) => each.name),
  );
  const statuses = children(child(pod, 'status'), 'initContainerStatuses');
  const isStarted = (status: JsonObject): boolean => sidecarNames.has(status.name) && status.started === true;
  const isDone = (status: JsonObject): boolean =>
    child(child(status, 'state'), 'terminated').exitCode === 0 || isStarted(status);
  const at = statuses.findIndex((status) => !isDone(status));
  const passed = at < 0 ? statuses : statuses.slice(0, at);
  return {
    blocker: at < 0 ? undefined : initReason(statuses[at] ?? {}, at, containers.length),
    readyCount: passed.filter((status) => isStarted(status) && status.ready === true).length,
    sidecarCount: sidecarNames.size,
    statuses: at < 0 ? statuses : statuses.slice(0, at + 1),
    sidecars: statuses.filter((status) => sidecarNames.has(status.name)),
  };
}

function initReason(status: JsonObject, index: number, count: number): string {
  const { terminated, waiting } = child(status, 'state');
  if (isObject(terminated)) return `Init:${exitReason(terminated)}`;
  const reason = isObject(waiting) ? stringAt(waiting, 'reason') : '';
  return reason === '' || reason === 'PodInitializing' ? `Init:${index}/${count}` : `Init:${reason}`;
}

function exitReason(terminated: JsonObject): string {
  const reason = stringAt(terminated, 'reason');
  if (reason !== '') return reason;
  const signal = numberAt(terminated, 'signal');
  return signal === 0 ? `ExitCode:${numberAt(terminated, 'exitCode')}` : `Signal:${signal}`;
}

function summarizeMain(pod: KubeObject): {
  reason: string | undefined;
  readyCount: number;
  statuses: readonly JsonObject[];
} {
  const statuses = children(child(pod, 'status'), 'containerStatuses');
  const reasons = statuses.map(stoppedReason).filter((reason) => reason !== undefined);
  const running = statuses.filter(
    (status) =>
      stoppedReason(status) === undefined &&
      status.ready === true &&
      isObject(child(status, 'state').running),
  );
  const readyCount = running.length;
  const isPartly = reasons[0] === 'Completed' && readyCount > 0;
  const partly = hasCondition(pod, 'Ready') ? 'Running' : 'NotReady';
  return { reason: isPartly ? partly : reasons[0], readyCount, statuses };
}

/** Why a container does not run. */
function stoppedReason(status: JsonObject): string | undefined {
  const { waiting, terminated } = child(status, 'state');
  const reason = isObject(waiting) ? stringAt(waiting, 'reason') : '';
  if (reason !== '') return reason;
  return isObject(terminated) ? exitReason(terminated) : undefined;
}

/** `2 (3m ago)`: how often, and when last. */
function restartsText(statuses: readonly JsonObject[], nowMs: number): string {
  const count = statuses.reduce((sum, status) => sum + numberAt(status, 'restartCount'), 0);
  const finished = statuses
    .map((status) => stringAt(child(child(status, 'lastState'), 'terminated'), 'finishedAt'))
    .filter((time) => time !== '')
    .sort((a, b) => Date.parse(a) - Date.parse(b));
  const last = finished.at(-1);
  return count === 0 || last === undefined ? String(count) : `${count} (${since(last, nowMs)} ago)`;
}

function podIp(pod: KubeObject): string {
  const status = child(pod, 'status');
  return stringAt(children(status, 'podIPs')[0], 'ip') || stringAt(status, 'podIP');
}

function readinessGates(pod: KubeObject): string {
  const gates = children(child(pod, 'spec'), 'readinessGates');
  const open = gates.filter((gate) => hasCondition(pod, stringAt(gate, 'conditionType')));
  return gates.length === 0 ? '<none>' : `${open.length}/${gates.length}`;
}

export const podColumns: readonly Column[] = [
  nameColumn,
  {
    name: 'Ready',
    description: 'How many of the containers are ready.',
    cell: (pod, nowMs) => summarizePod(pod, nowMs).ready,
  },
  {
    name: 'Status',
    description: 'Whether the pod runs, or what keeps it from running.',
    cell: (pod, nowMs) => summarizePod(pod, nowMs).status,
  },
  {
    name: 'Restarts',
    description: 'How often containers were restarted, and when last.',
    cell: (pod, nowMs) => summarizePod(pod, nowMs).restarts,
  },
  ageColumn,
  { name: 'IP', description: "The pod's address.", isWide: true, cell: (pod) => orNone(podIp(pod)) },
  {
    name: 'Node',
    description: 'The node that the pod is assigned to.',
    isWide: true,
    cell: (pod) => orNone(stringAt(child(pod, 'spec'), 'nodeName')),
  },
  {
    name: 'Nominated Node',
    description: 'The node that is being cleared for the pod.',
    isWide: true,
    cell: (pod) => orNone(stringAt(child(pod, 'status'), 'nominatedNodeName')),
  },
  {
    name: 'Readiness Gates',
    description: 'How many of the conditions that readiness waits for are met.',
    isWide: true,
    cell: readinessGates,
  },
];

const completions: Readonly<Record<string, { reason: string; message: string }>> = {
  Succeeded: { reason: 'Succeeded', message: 'The pod has completed successfully.' },
  Failed: { reason: 'Failed', message: 'The pod failed.' },
};

/** Conditions of the row, for clients that leave finished pods out. */
export function podRowConditions(pod: KubeObject): readonly object[] | undefined {
  const completion = completions[stringAt(child(pod, 'status'), 'phase')];
  return completion === undefined ? undefined : [{ type: 'Completed', status: 'True', ...completion }];
}
