import type { ControllerContext, Stoppable } from './controller.ts';
import { runDeploymentController } from './deployment.ts';
import { runEndpointSliceController } from './endpoint-slice.ts';
import { runEventExpiry } from './event-expiry.ts';
import { runGarbageCollector } from './garbage-collector.ts';
import { runNamespaceController } from './namespace.ts';
import { runReplicaSetController } from './replica-set.ts';

/** Every controller of the dev cluster, as kube-controller-manager runs them. */
export function runControllers(context: ControllerContext): Stoppable {
  const running = [
    runDeploymentController,
    runReplicaSetController,
    runEndpointSliceController,
    runGarbageCollector,
    runNamespaceController,
    runEventExpiry,
  ].map((run) => run(context));
  return { stop: () => running.forEach((controller) => controller.stop()) };
}
