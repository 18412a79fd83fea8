import { withTransition } from '../controllers/conditions.ts';
import type { ControllerContext, Reconciler, Stoppable } from '../controllers/controller.ts';
import { runController } from '../controllers/controller.ts';
import type { Pod } from '../controllers/objects.ts';
import { isTerminating, key, splitKey } from '../controllers/metadata.ts';
import { isFinished } from '../controllers/pod-readiness.ts';
import { nodeName } from './node-object.ts';

/** Binds each pod to the only node at once, whatever it requests: a laptop shall run what a cluster would spread. */
export function runScheduler(context: ControllerContext): Stoppable {
  return runController(context, {
    name: 'default-scheduler',
    watches: { pods: (pod) => (needsNode(pod as Pod) ? [key(pod)] : []) },
    reconcile,
  });
}

function needsNode(pod: Pod): boolean {
  const { nodeName: node = '', schedulerName = 'default-scheduler' } = pod.spec;
  return node === '' && schedulerName === 'default-scheduler' && !isTerminating(pod) && !isFinished(pod);
}

function reconcile({ api, now, events }: Reconciler, podKey: string): undefined {
  const { namespace, name } = splitKey(podKey);
  const pod = api.get('pods', namespace, name) as Pod | undefined;
  if (!pod || !needsNode(pod)) return;
  const bound = api.patch('pods', namespace, name, 'merge', { spec: { nodeName } }) as Pod;
  const before = bound.status?.conditions ?? [];
  const scheduled = withTransition(before, { type: 'PodScheduled', status: 'True' }, now());
  const conditions = [...before.filter(({ type }) => type !== 'PodScheduled'), scheduled];
  api.update('pods', { ...bound, status: { ...bound.status, conditions } }, 'status');
  events.record(bound, 'Normal', 'Scheduled', `Successfully assigned ${podKey} to ${nodeName}`);
}
