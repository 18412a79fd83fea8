import type { ControllerOptions } from '../decide/policy.ts';

type FeatureGates = ControllerOptions['featureGates'];

/** As Kubernetes 1.36 ships them; a scenario's `featureGates` go before these. */
export const defaultFeatureGates: FeatureGates = {
  HPAScaleToZero: false,
  HPAConfigurableTolerance: true,
  PodLevelResources: true,
};

/** What a scenario may ask of a replayer in `requires`; all of it is modelled. */
export const abilities: ReadonlySet<string> = new Set([
  ...Object.keys(defaultFeatureGates).flatMap((gate) => [
    `featureGate:${gate}=true`,
    `featureGate:${gate}=false`,
  ]),
  'otherAutoscalers',
  'initialState',
  'scaleUpdateError',
  'statusUpdateError',
  'restMapping',
  'divideByZero(amd64)',
]);

/** The abilities that a scenario asks for and that are not modelled: then it is skipped, not guessed at. */
export function missingAbilities(requires: readonly string[] = []): string[] {
  return requires.filter((ability) => !abilities.has(ability));
}
