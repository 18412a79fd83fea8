import type { Remarks } from '../remarks.ts';
import type { CustomAutoscalerSpec } from '../../api/generated/custom-autoscaler.ts';

const prefix = 'autoscaling.keda.sh/';

/** The annotations that are read here. */
export const pauseAnnotations = [
  'paused',
  'paused-replicas',
  'paused-scale-in',
  'paused-scale-down',
  'paused-scale-out',
].map((name) => `${prefix}${name}`);

/** Go's strconv.ParseBool; any other text pauses as well, as in KEDA. */
const falseWords = new Set(['0', 'f', 'F', 'FALSE', 'false', 'False']);

type Pause = Pick<CustomAutoscalerSpec, 'mode' | 'suspend'>;

/** KEDA's annotations that pause, as fields; empty where none does. */
export function pauseOf(annotations: Readonly<Record<string, string>>, remarks: Remarks): Pause {
  const isSet = (name: string): boolean => {
    const value = annotations[`${prefix}${name}`];
    return value !== undefined && !falseWords.has(value);
  };
  const replicas = annotations[`${prefix}paused-replicas`];
  if (replicas !== undefined) {
    remarks.changed(
      `metadata.annotations[${prefix}paused-replicas]`,
      `the count is held as it is, not brought to ${replicas}: kubectl scale --replicas=${replicas} does that`,
      ['spec', 'mode'],
    );
    return paused('paused-replicas');
  }
  if (isSet('paused')) return paused('paused');
  const isIn = isSet('paused-scale-in') || isSet('paused-scale-down');
  const isOut = isSet('paused-scale-out');
  if (!isIn && !isOut) return {};
  const names = [...(isIn ? ['paused-scale-in'] : []), ...(isOut ? ['paused-scale-out'] : [])];
  return paused(names.join(' and '), {
    ...(isOut && { scaleUp: true }),
    ...(isIn && { scaleDown: true }),
  });
}

function paused(name: string, directions: { scaleUp?: boolean; scaleDown?: boolean } = {}): Pause {
  return { mode: 'Paused', suspend: { ...directions, reason: `${name} of the ScaledObject` } };
}
