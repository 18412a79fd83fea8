import { defined } from './json.ts';
import type { ScaleJson } from './types.ts';
import type { TargetScale } from '../decide/snapshot.ts';

/** An autoscaling/v1 Scale. A count that is not printed is 0, as the API server leaves out `spec.replicas: 0`. */
export function targetScale(scale: ScaleJson): TargetScale {
  return defined({
    specReplicas: scale.spec?.replicas ?? 0,
    statusReplicas: scale.status?.replicas ?? 0,
    selector: scale.status?.selector ?? '',
    resourceVersion: scale.metadata?.resourceVersion,
  });
}
