import {
  agreementOf,
  agreementPercent,
  contestOf,
  isEvaluated,
  type ShadowReport,
} from '../../migrate/takeover/agreement.ts';
import { applierOf } from '../../migrate/takeover/appliers.ts';
import { ownFields } from '../../migrate/takeover/follow.ts';
import { keptHpa, type Scene } from '../../migrate/takeover/scene.ts';
import type { Step } from '../../migrate/takeover/steps.ts';
import { convertObject } from '../../migrate/convert.ts';
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
  readonly exitCode: number;
}

/** How a command ended. */
export interface End extends Named {
  readonly scene: Scene;
  /** The wait that took too long. */
  readonly gaveUp?: Step;
}

const stepWords: Readonly<Record<Step, (place: string) => string>> = {
  CreateShadow: (place) => `creating CustomAutoscaler ${place} in mode DryRun beside the HPA`,
  Follow: (place) => `changing CustomAutoscaler ${place} as the HPA was changed`,
  AwaitAgreement: (place) => `comparing ${place} with the HPA`,
  Activate: (place) => `making CustomAutoscaler ${place} Active; it rests while the HPA is there`,
  AwaitOperator: (place) => `waiting for the operator to look at CustomAutoscaler ${place}`,
  RemoveHpa: (place) => `removing HorizontalPodAutoscaler ${place}; Plimsoll scales from now on`,
  AwaitHpaGone: (place) => `waiting for the finalizers of HorizontalPodAutoscaler ${place}`,
  AwaitControl: (place) => `waiting for the operator to have CustomAutoscaler ${place} to itself`,
  RestoreHpa: (place) => `creating HorizontalPodAutoscaler ${place} as it was; it scales from now on`,
  RemoveAutoscaler: (place) => `removing CustomAutoscaler ${place}`,
  AwaitAutoscalerGone: (place) => `waiting for the finalizers of CustomAutoscaler ${place}`,
  Done: (place) => `done: ${place}`,
};

/** A step in one line, for people. @param wantedTicks evaluations that a shadow must have */
export function stepLine(step: Step, { namespace, name }: Named, scene: Scene, wantedTicks: number): string {
  const words = stepWords[step](`${namespace}/${name}`);
  return step === 'AwaitAgreement' ? `${words}: ${shadowWords(scene, wantedTicks)}` : words;
}

function shadowOf({ autoscaler }: Scene): ShadowReport | undefined {
  return autoscaler && agreementOf(autoscaler);
}

function shadowWords(scene: Scene, wantedTicks: number): string {
  const shadow = shadowOf(scene);
  const percent = shadow && agreementPercent(shadow);
  if (shadow === undefined || percent === undefined)
    return ['nothing compared yet', ...missingFor(scene)].join('; ');
  return `${percent} % of ${shadow.ticks} evaluations agree (${wantedTicks} wanted)`;
}

/** Who has to come first, before anything can be compared. */
function missingFor({ hpa, autoscaler }: Scene): string[] {
  if (hpa !== undefined && !isEvaluated(hpa))
    return ['the HPA was never evaluated: does its controller run?'];
  return autoscaler?.status?.observedGeneration === undefined ? ['no operator has looked at it so far'] : [];
}

/** Where a takeover stands, and what comes next. */
export function takeoverReport(end: End & { readonly agreement: Agreement }): Report {
  const { namespace, name, scene, gaveUp, agreement } = end;
  const { hpa, autoscaler } = scene;
  const state = hpa === undefined ? 'TakenOver' : 'Shadow';
  const shadow = shadowOf(scene);
  const percent = shadow && agreementPercent(shadow);
  const applier = applierIn(scene);
  const notKept = notKeptOf(scene);
  const json = {
    ...{ namespace, name, state, mode: autoscaler?.spec.mode ?? 'Active' },
    ...shadow,
    ...(percent !== undefined && { agreementPercent: percent }),
    ...(notKept.length > 0 && { notKept }),
    ...(applier !== undefined && { appliedBy: applier }),
    ...(gaveUp && { gaveUp }),
  };
  const rows = [
    ...(state === 'TakenOver' ? takenOver(end) : shadowed(end, shadow, agreement)),
    ...notKept.map((text) => row('not kept', text)),
    ...(applier === undefined
      ? []
      : [row('applied by', `${applier}: remove it there too, or it comes back`)]),
    ...(gaveUp === undefined ? [] : [row('gave up', gaveUpWords(gaveUp, scene))]),
    row('next', nextWords(end, hasAgreed(shadow, agreement))),
  ];
  return { json, lines: rows, exitCode: gaveUp === undefined ? 0 : 1 };
}

const row = (title: string, text: string): string => ` ${title.padEnd(17)} ${text}`;

/** Of what does not fit into the line of a row. */
export const indent = ' '.repeat(row('', '').length);

function applierIn({ hpa, autoscaler }: Scene): string | undefined {
  const subject = hpa ?? (autoscaler && keptHpa(autoscaler));
  return subject && applierOf(subject);
}

/** What the CustomAutoscaler does not say of its HorizontalPodAutoscaler, or says in another sense. */
function notKeptOf({ hpa, autoscaler }: Scene): string[] {
  const converted = convertObject(hpa ?? (autoscaler && keptHpa(autoscaler)));
  return converted?.ok === true ? converted.remarks.map(({ path, text }) => `${path}: ${text}`) : [];
}

function takenOver({ namespace, name, scene }: End): string[] {
  const { spec, status } = scene.autoscaler ?? {};
  const { currentReplicas, desiredReplicas } = status ?? {};
  const wanted = desiredReplicas ?? currentReplicas;
  return [
    `CustomAutoscaler ${namespace}/${name} has taken over; the HPA is gone.`,
    ...(currentReplicas === undefined ? [] : [row('replicas', `${currentReplicas}, ${wanted} wanted`)]),
    ...(spec?.mode === 'Paused' ? [row('mode', 'Paused: it scales nothing')] : []),
  ];
}

function shadowed(
  { namespace, name, scene }: End,
  shadow: ShadowReport | undefined,
  agreement: Agreement,
): string[] {
  const difference = shadow?.firstDifference;
  const mode = scene.autoscaler?.spec.mode ?? 'Active';
  return [
    `CustomAutoscaler ${namespace}/${name} (${mode}) is beside the HPA, which scales.`,
    row('agreement', shadowWords(scene, agreement.ticks)),
    ...(difference === undefined
      ? []
      : [
          row(
            'first difference',
            `${difference.time}: ours ${difference.ours}, the HPA's ${difference.theirs}`,
          ),
          ...(difference.reason === undefined ? [] : [row('', difference.reason)]),
        ]),
  ];
}

function gaveUpWords(step: Step, scene: Scene): string {
  const { autoscaler } = scene;
  if (step === 'AwaitHpaGone' || step === 'AwaitAutoscalerGone')
    return 'a finalizer keeps it; see its metadata.finalizers';
  if (step === 'AwaitControl')
    return (
      (autoscaler && contestOf(autoscaler)) ?? 'the operator has not looked at it since: is one running?'
    );
  if (step === 'AwaitOperator') return 'no operator took in the new mode in time: is one running?';
  if (autoscaler?.status?.observedGeneration === undefined)
    return 'no operator has looked at it: is one running?';
  if ((shadowOf(scene)?.ticks ?? 0) > 0) return 'they did not agree in time; nothing was switched';
  return ['nothing could be compared in time', ...missingFor(scene), 'nothing was switched'].join('; ');
}

function nextWords({ namespace, name, scene, gaveUp }: End, agreed: boolean): string {
  const takeover = `plimsoll takeover hpa/${name} -n ${namespace}`;
  const undo = `plimsoll handback ${name} -n ${namespace} --confirm`;
  if (scene.hpa === undefined && gaveUp === undefined) return `${undo} undoes it`;
  return agreed && gaveUp === undefined ? `${takeover} --confirm` : `the same again, or ${undo}`;
}

/** Where a handback stands. */
export function handbackReport({ namespace, name, scene, gaveUp }: End): Report {
  const { hpa, autoscaler } = scene;
  const place = `${namespace}/${name}`;
  if (autoscaler === undefined)
    return {
      json: { namespace, name, state: 'HandedBack' },
      lines: [`HorizontalPodAutoscaler ${place} scales; the CustomAutoscaler is gone.`],
      exitCode: 0,
    };
  const would =
    hpa === undefined
      ? 'the HorizontalPodAutoscaler is made anew as it was, then the CustomAutoscaler is removed'
      : 'the CustomAutoscaler is removed; the HorizontalPodAutoscaler is there already';
  const lost = ownFields(autoscaler);
  const state = hpa === undefined ? 'TakenOver' : 'Shadow';
  return {
    json: { namespace, name, state, would, lost, ...(gaveUp && { gaveUp }) },
    lines: [
      `CustomAutoscaler ${place}: ${would}.`,
      ...(lost.length === 0 ? [] : [row('goes with it', `${lost.join(', ')}: not as the HPA has it`)]),
      ...(gaveUp === undefined ? [] : [row('gave up', gaveUpWords(gaveUp, scene))]),
      row('do it', `plimsoll handback ${name} -n ${namespace} --confirm`),
    ],
    exitCode: gaveUp === undefined ? 0 : 1,
  };
}
