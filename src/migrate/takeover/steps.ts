import { scaledObjectOf } from '../from-hpa.ts';
import { agreementOf, contestOf, isObserved } from './agreement.ts';
import { driftOf } from './follow.ts';
import { isGoing, keptHpa, type Autoscaler, type HpaObject, type Scene } from './scene.ts';
import { hasAgreed, type Agreement } from '../../decide/shadow.ts';
import { UserError } from '../../lib/errors.ts';

/**
 * What comes next. Each is one request, or a wait; whatever was interrupted goes on from the scene that it left behind.
 * - CreateShadow: the CustomAutoscaler is made, in mode DryRun, beside the HorizontalPodAutoscaler, which goes on as before.
 * - Follow: what was changed on the HorizontalPodAutoscaler since goes to the CustomAutoscaler as well.
 * - AwaitAgreement: until both have wanted the same for long enough.
 * - Activate: the mode becomes Active. As long as the HorizontalPodAutoscaler is there, an Active one writes nothing.
 * - AwaitOperator: until the operator has taken that in, so that somebody is there to go on.
 * - RemoveHpa: from here on the CustomAutoscaler scales. Only the HorizontalPodAutoscaler that was written down is removed.
 * - AwaitHpaGone: until a finalizer lets it go.
 * - AwaitControl: until the operator has seen that it is gone.
 * - RestoreHpa: the HorizontalPodAutoscaler is made anew; the CustomAutoscaler writes nothing from then on.
 * - RemoveAutoscaler: what is left is the HorizontalPodAutoscaler.
 * - AwaitAutoscalerGone: until a finalizer lets it go.
 */
export type Step =
  | 'CreateShadow'
  | 'Follow'
  | 'AwaitAgreement'
  | 'Activate'
  | 'AwaitOperator'
  | 'RemoveHpa'
  | 'AwaitHpaGone'
  | 'AwaitControl'
  | 'RestoreHpa'
  | 'RemoveAutoscaler'
  | 'AwaitAutoscalerGone'
  | 'Done';

export interface TakeoverOptions {
  /** As it was typed: `hpa/web`. */
  readonly reference: string;
  readonly namespace: string;
  /** False: no more than a shadow. */
  readonly confirm: boolean;
  /** What the shadow must have shown; undefined: nothing. */
  readonly agreement: Agreement | undefined;
}

/**
 * The next step of a takeover; `Done` where nothing is left to do, without `confirm` once the shadow is there.
 * @throws UserError where the two are in no state that it began, or would begin, with
 */
export function takeoverStep({ hpa, autoscaler }: Scene, options: TakeoverOptions): Step {
  if (isGoing(autoscaler)) return 'AwaitAutoscalerGone';
  if (isGoing(hpa)) return 'AwaitHpaGone';
  if (hpa === undefined) return withoutHpa(autoscaler, options);
  refuseOwned(hpa, options.reference);
  if (autoscaler === undefined) return 'CreateShadow';
  const mode = modeOf(autoscaler);
  if (keptHpa(autoscaler) === undefined) throw new UserError(notOurs(options.reference, autoscaler, mode));
  const { isNewer, conflicts } = driftOf(hpa, autoscaler);
  if (conflicts.length > 0) throw new UserError(editedTwice(options.reference, autoscaler, conflicts));
  if (isNewer) return 'Follow';
  if (!options.confirm) return 'Done';
  if (mode === 'Paused') throw new UserError(paused(options.reference, autoscaler));
  return switching(autoscaler, options);
}

const modeOf = ({ spec }: Autoscaler): 'Active' | 'DryRun' | 'Paused' => spec.mode ?? 'Active';

/** Both are there and say the same. What an operator said of an earlier spec does not count. */
function switching(autoscaler: Autoscaler, { agreement }: TakeoverOptions): Step {
  const seen = isObserved(autoscaler);
  if (modeOf(autoscaler) === 'Active') return seen ? 'RemoveHpa' : 'AwaitOperator';
  const agreed = agreement === undefined || (seen && hasAgreed(agreementOf(autoscaler), agreement));
  return agreed ? 'Activate' : 'AwaitAgreement';
}

function withoutHpa(autoscaler: Autoscaler | undefined, options: TakeoverOptions): Step {
  const { reference, namespace, confirm } = options;
  if (autoscaler === undefined || keptHpa(autoscaler) === undefined)
    throw new UserError(`${reference}: namespace ${namespace} has no such HorizontalPodAutoscaler`);
  if (modeOf(autoscaler) !== 'DryRun')
    return isObserved(autoscaler) && contestOf(autoscaler) === undefined ? 'Done' : 'AwaitControl';
  if (confirm) return 'Activate'; // somebody else removed the HorizontalPodAutoscaler
  throw new UserError(
    `${reference}: it is gone, and its shadow ${autoscaler.metadata.name ?? ''} scales nothing; --confirm makes it Active, handback restores the HorizontalPodAutoscaler`,
  );
}

function paused(reference: string, { metadata }: Autoscaler): string {
  return `${reference}: CustomAutoscaler ${metadata.name ?? ''} is Paused; set its mode to DryRun to compare the two, or to Active to switch`;
}

function editedTwice(reference: string, { metadata }: Autoscaler, fields: readonly string[]): string {
  const names = fields.map((field) => `spec.${field}`).join(', ');
  return `${reference}: ${names} was changed on it and, to something else, on CustomAutoscaler ${metadata.name ?? ''}; make them the same, or remove the CustomAutoscaler with plimsoll handback and begin anew`;
}

/** What KEDA made, KEDA makes again. */
function refuseOwned(hpa: HpaObject, reference: string): void {
  const owner = scaledObjectOf(hpa as unknown as Record<string, unknown>);
  if (owner === undefined) return;
  throw new UserError(
    `${reference}: it belongs to ScaledObject ${owner}, which would make it anew; see plimsoll convert scaledobject/${owner}`,
  );
}

function notOurs(reference: string, { metadata }: Autoscaler, mode: string): string {
  const { name = '' } = metadata;
  return `${reference}: CustomAutoscaler ${name} (mode ${mode}) is there already and was not made by takeover; remove it, or the HorizontalPodAutoscaler, by hand`;
}

export interface HandbackOptions {
  readonly name: string;
  readonly namespace: string;
  /** False: nothing is done. */
  readonly confirm: boolean;
}

/**
 * The next step back.
 * @throws UserError when the CustomAutoscaler was not made by takeover
 */
export function handbackStep({ hpa, autoscaler }: Scene, options: HandbackOptions): Step {
  const { name, namespace, confirm } = options;
  if (autoscaler === undefined) {
    if (hpa !== undefined) return 'Done';
    throw new UserError(`${name}: namespace ${namespace} has no such CustomAutoscaler`);
  }
  if (keptHpa(autoscaler) === undefined)
    throw new UserError(
      `${name}: it was not made by takeover, so that there is nothing to give back; delete it by hand`,
    );
  if (!confirm) return 'Done';
  if (isGoing(hpa)) return 'AwaitHpaGone';
  if (hpa === undefined) return 'RestoreHpa';
  return isGoing(autoscaler) ? 'AwaitAutoscalerGone' : 'RemoveAutoscaler';
}
