import type { ScaleJson } from './types.ts';
import type { TargetScale } from '../decide/snapshot.ts';

/** An autoscaling/v1 Scale. A count that is not printed is 0, as the API server leaves out `spec.replicas: 0`. */
export function targetScale({ metadata, spec, status }: ScaleJson): TargetScale {
  const specReplicas = spec?.replicas ?? 0;
  const statusReplicas = status?.replicas ?? 0;
  const selector = status?.selector ?? '';
  const resourceVersion = metadata?.resourceVersion;
  return resourceVersion === undefined
    ? { specReplicas, statusReplicas, selector }
    : { specReplicas, statusReplicas, selector, resourceVersion };
}
