import { apps } from './apps.ts';
import { autoscaling } from './autoscaling.ts';
import { core } from './core.ts';
import type { Definition } from './definitions.ts';
import { parseDefinitions } from './definitions.ts';
import { meta } from './meta.ts';
import { others } from './others.ts';
import { podParts } from './pod-parts.ts';
import { podSpec } from './pod-spec.ts';

export const metaPackage = 'io.k8s.apimachinery.pkg.apis.meta.v1';

/** Every definition of the built-in kinds, by its full name: `io.k8s.api.apps.v1.Deployment`. */
export const builtInDefinitions: ReadonlyMap<string, Definition> = parseDefinitions({
  [metaPackage]: meta,
  'io.k8s.api.core.v1': podSpec + podParts + core,
  ...apps,
  ...autoscaling,
  ...others,
});
