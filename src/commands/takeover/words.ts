import { agreementOf, agreementPercent, type ShadowReport } from '../../migrate/takeover/agreement.ts';
import type { Autoscaler, Scene } from '../../migrate/takeover/scene.ts';
import type { Step } from '../../migrate/takeover/steps.ts';
import { hasAgreed, type Agreement } from '../../decide/shadow.ts';

/** Which two autoscalers. */
export interface Named {
  readonly namespace: string;
  readonly name: string;
}

/** What a command has to say at its end. */
export interface Report {
  readonly json: object;
  readonly lines: readonly string[];
}

const stepWords: Readonly<Record<Step, (place: string) => string>> = {
  CreateShadow: (place) => `creating CustomAutoscaler ${place} in mode DryRun beside the HPA`,
  AwaitAgreement: (place) => `comparing CustomAutoscaler ${place} with the HPA`,
  Activate: (place) => `making CustomAutoscaler ${place} Active; it writes nothing while the HPA is there`,
  AwaitOperator: (place) => `waiting for the operator to look at CustomAutoscaler ${place}`,
  RemoveHpa: (place) => `removing HorizontalPodAutoscaler ${place}; the CustomAutoscaler scales from now on`,
  AwaitControl: (place) => `waiting for the operator to see that HorizontalPodAutoscaler ${place} is gone`,
  RestoreHpa: (place) => `creating HorizontalPodAutoscaler ${place} as it was; the CustomAutoscaler rests`,
  RemoveAutoscaler: (place) => `removing CustomAutoscaler ${place}`,
  Done: (place) => `done: ${place}`,
};

/** A step in one line, for people. @param wantedTicks evaluations that a shadow must have */
export function stepLine(step: Step, { namespace, name }: Named, scene: Scene, wantedTicks: number): string {
  const words = stepWords[step](`${namespace}/${name}`);
  return step === 'AwaitAgreement' ? `${words}: ${shadowWords(shadowOf(scene), wantedTicks)}` : words;
}

function shadowOf({ autoscaler }: Scene): ShadowReport | undefined {
  return autoscaler && agreementOf(autoscaler);
}

function shadowWords(shadow: ShadowReport | undefined, wantedTicks: number): string {
  if (shadow === undefined) return 'nothing compared yet; an operator must run';
  return `${agreementPercent(shadow)} % of ${shadow.ticks} evaluations agree (${wantedTicks} wanted)`;
}

export interface TakeoverEnd extends Named {
  readonly scene: Scene;
  readonly agreement: Agreement;
  /** The wait that took too long. */
  readonly gaveUp?: Step;
}

/** Where a takeover stands, and what comes next. */
export function takeoverReport(end: TakeoverEnd): Report & { readonly exitCode: number } {
  const { namespace, name, scene, gaveUp } = end;
  const { hpa, autoscaler } = scene;
  const state = hpa === undefined ? 'TakenOver' : 'Shadow';
  const shadow = shadowOf(scene);
  const json = {
    ...{ namespace, name, state, mode: autoscaler?.spec.mode ?? 'Active' },
    ...(shadow && { agreementPercent: agreementPercent(shadow), ...shadow }),
    ...(gaveUp && { gaveUp }),
  };
  const lines = state === 'TakenOver' ? takenOver(end) : shadowed(end, shadow);
  return { json, lines, exitCode: gaveUp === undefined ? 0 : 1 };
}

function takenOver({ namespace, name, scene, gaveUp }: TakeoverEnd): string[] {
  const { currentReplicas, desiredReplicas } = scene.autoscaler?.status ?? {};
  const counts =
    currentReplicas === undefined
      ? ''
      : ` ${currentReplicas} replicas, ${desiredReplicas ?? currentReplicas} wanted.`;
  return [
    `CustomAutoscaler ${namespace}/${name} has taken over; the HorizontalPodAutoscaler is gone.${counts}`,
    ...(gaveUp === undefined ? [] : [' gave up the operator has not seen that yet: is one running?']),
    ` remove it from what applies it (Git, Helm) too, or it comes back`,
    ` undo    plimsoll handback ${name} -n ${namespace} --confirm`,
  ];
}

function shadowed(
  { namespace, name, agreement, gaveUp, scene }: TakeoverEnd,
  shadow?: ShadowReport,
): string[] {
  const { autoscaler } = scene;
  const difference = shadow?.firstDifference;
  return [
    `CustomAutoscaler ${namespace}/${name} (${autoscaler?.spec.mode ?? 'Active'}) stands beside the HorizontalPodAutoscaler, which scales.`,
    ` agreement         ${shadowWords(shadow, agreement.ticks)}`,
    ...(difference === undefined
      ? []
      : [
          ` first difference  ${difference.time}: ours ${difference.ours}, the HPA's ${difference.theirs}`,
          ...(difference.reason === undefined ? [] : [`                   ${difference.reason}`]),
        ]),
    ...(gaveUp === undefined ? [] : [` gave up           ${gaveUpWords(gaveUp, autoscaler)}`]),
    ` next              ${nextWords({ namespace, name }, hasAgreed(shadow, agreement))}`,
  ];
}

function gaveUpWords(step: Step, autoscaler: Autoscaler | undefined): string {
  if (step === 'AwaitOperator') return 'no operator took in the new mode in time: is one running?';
  return autoscaler?.status?.observedGeneration === undefined
    ? 'no operator has looked at the CustomAutoscaler: is one running?'
    : 'they did not agree in time; nothing was switched';
}

function nextWords({ namespace, name }: Named, agreed: boolean): string {
  const takeover = `plimsoll takeover hpa/${name} -n ${namespace}`;
  return agreed
    ? `${takeover} --confirm`
    : `the same again, or plimsoll handback ${name} -n ${namespace} --confirm`;
}

/** Where a handback stands. */
export function handbackReport({ namespace, name, scene }: Named & { readonly scene: Scene }): Report {
  const { hpa, autoscaler } = scene;
  const place = `${namespace}/${name}`;
  if (autoscaler === undefined)
    return {
      json: { namespace, name, state: 'HandedBack' },
      lines: [`HorizontalPodAutoscaler ${place} scales; the CustomAutoscaler is gone.`],
    };
  const would =
    hpa === undefined
      ? 'the HorizontalPodAutoscaler is made anew as it was, then the CustomAutoscaler is removed'
      : 'the CustomAutoscaler is removed; the HorizontalPodAutoscaler is there already';
  return {
    json: { namespace, name, state: hpa === undefined ? 'TakenOver' : 'Shadow', would },
    lines: [
      `CustomAutoscaler ${place}: ${would}.`,
      ` do it   plimsoll handback ${name} -n ${namespace} --confirm`,
    ],
  };
}
