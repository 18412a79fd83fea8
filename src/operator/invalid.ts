import { statusPatch } from '../act/status.ts';
import type { CustomAutoscalerSpec } from '../api/generated/custom-autoscaler.ts';
import { timeText } from '../api/json.ts';
import type { Problem } from '../api/problems.ts';
import { printedSpec, readStatus } from '../api/status.ts';
import { invalidTargets } from '../api/targets.ts';
import { withFindings } from '../decide/conditions.ts';
import type { Autoscaler } from './autoscaler-table.ts';
import { regarding } from './names.ts';
import { putStatus } from './put-status.ts';
import type { Tools } from './tools.ts';

/**
 * Tells an object that cannot be parsed what is wrong with it: a condition, and one event. Nothing is scaled.
 * @throws KubeError when the condition cannot be written
 */
export async function reportInvalid(
  autoscaler: Autoscaler,
  problems: readonly Problem[],
  tools: Tools,
): Promise<void> {
  const { object, toldProblem } = autoscaler;
  const message = problems.map((problem) => problem.message).join('; ');
  const finding = { type: 'ScalingActive', status: 'False', reason: 'InvalidSpec', message } as const;
  const conditions = withFindings(readStatus(object.status).conditions, [finding], tools.clock.now());
  const status = {
    ...object.status,
    ...(isPrintable(object.spec) && printedSpec(object.spec)),
    targets: invalidTargets,
    desiredReplicas: object.status?.desiredReplicas ?? 0,
    observedGeneration: object.metadata.generation,
    conditions: conditions.map(({ lastTransitionAtMs, ...rest }) => ({
      ...rest,
      lastTransitionTime: timeText(lastTransitionAtMs),
    })),
  };
  const patch = statusPatch(object.status, status);
  if (patch === undefined) return;
  if ('conditions' in patch.status && toldProblem !== message) {
    autoscaler.toldProblem = message; // before the write: one that fails is tried again, and not told of again
    tools.events.record(regarding(autoscaler), [{ type: 'Warning', reason: 'InvalidSpec', message }]);
  }
  await putStatus(autoscaler, patch, tools);
}

/** The schema asks for a reference; a definition of somebody else may not. */
function isPrintable(spec: Partial<CustomAutoscalerSpec> | undefined): spec is CustomAutoscalerSpec {
  return spec?.scaleTargetRef !== undefined;
}
