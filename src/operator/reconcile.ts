import { writeScale } from '../act/scale.ts';
import { planStatus } from '../act/status-plan.ts';
import type { WireDecision } from '../api/decision-status.ts';
import type { ParsedAutoscaler } from '../api/parse.ts';
import { readShadow } from '../api/shadow.ts';
import { readStatus, wireStatus } from '../api/status.ts';
import { advise } from '../decide/advice.ts';
import { conditionEvents } from '../decide/condition-events.ts';
import { decide } from '../decide/decide.ts';
import type { Decision, Outcome, Settlement } from '../decide/decision.ts';
import { modeAt, suspensionAt } from '../decide/mode.ts';
import { plan, withoutWrite } from '../decide/plan.ts';
import { podChoice } from '../decide/pod-selection.ts';
import type { Mode } from '../decide/policy.ts';
import { settle } from '../decide/settle.ts';
import { shadowAfter } from '../decide/shadow.ts';
import type { PodFacts, Snapshot } from '../decide/snapshot.ts';
import type { Condition } from '../decide/status.ts';
import { isKubeError, KubeError } from '../kube/errors.ts';
import { errorMessage } from '../lib/errors.ts';
import { observe } from '../observe/observe.ts';
import { rememberWrite } from '../observe/target.ts';
import type { Autoscaler } from './autoscaler-table.ts';
import { autoscalerClaimId } from './autoscaler-watch.ts';
import { reportInvalid } from './invalid.ts';
import { regarding } from './names.ts';
import { historyForStatus, historyOf } from './past.ts';
import { putStatus } from './put-status.ts';
import { tellDecision } from './tell-decision.ts';
import type { Tools } from './tools.ts';

/** What one reconcile came to, for the record. */
export type Reconciled =
  | { readonly type: 'Invalid' }
  /** What was decided was void before it could be written; the change that made it so wakes the key again. */
  | { readonly type: 'Overtaken' }
  | {
      readonly type: 'Decided';
      readonly decision: Decision;
      /** The decision with its words. */
      readonly told: WireDecision;
      readonly snapshot: Snapshot;
      readonly outcome: Outcome;
      /** Time that it took to read each metric, in milliseconds. */
      readonly metricMs: readonly number[];
      /** As they stand now. */
      readonly conditions: readonly Condition[];
      /** The one that counts now. */
      readonly mode: Mode;
      /** Whether a shadow wants what the HPA wants; absent where there is none to compare. */
      readonly agrees?: boolean;
      /** Why the status could not be written; absent when it was, or did not need to be. */
      readonly statusError?: string;
    };

type Valid = Extract<ParsedAutoscaler, { ok: true }>;

/** Tries of a tick when somebody else keeps writing the scale, as many as upstream. */
const maxTries = 5;

/** One tick of one autoscaler; steps 1 (what wakes it) and 8 (the record, the next time) are in loop.ts. */
export async function reconcile(autoscaler: Autoscaler, tools: Tools): Promise<Reconciled> {
  // 2. Read the object, which was parsed when it changed. An invalid one is told so once, and rests until it changes.
  const { parsed } = autoscaler;
  if (!parsed.ok) {
    await reportInvalid(autoscaler, parsed.problems, tools);
    return { type: 'Invalid' };
  }
  // 3. to 7. Observe, decide, plan and write the scale.
  const tick = await scaleUnlessOvertaken(autoscaler, parsed, tools);
  if (tick === undefined) return { type: 'Overtaken' };
  // 7. What stands after the write: history first, since it holds whether or not the status can be written.
  const settled = settle(tick.decision, tick.snapshot, tick.outcome);
  const settlement = {
    ...settled,
    status: advise(settled.status, { ...tick, policy: parsed.policy, options: tools.options.controller }),
  };
  autoscaler.history = settlement.history;
  const { target } = tick.snapshot;
  if (target.ok) tools.table.learnSelector(autoscaler, target.value.selector);
  const news = conditionEvents(tick.snapshot.status.conditions, settlement.status.conditions);
  tools.events.record(regarding(autoscaler), [...settlement.events, ...news]);
  const agrees = shadowTick(autoscaler, parsed, tick);
  const told = tellDecision(tick.decision, parsed.policy);
  const statusError = await updateStatus(autoscaler, parsed, { ...tick, told, settlement }, tools);
  const { conditions } = settlement.status;
  return {
    type: 'Decided',
    ...tick,
    told,
    conditions,
    mode: modeAt(parsed.policy, tick.decision.atMs),
    ...(agrees === undefined ? {} : { agrees }),
    ...(statusError === undefined ? {} : { statusError }),
  };
}

interface Tick {
  readonly snapshot: Snapshot;
  readonly decision: Decision;
  readonly outcome: Outcome;
  readonly metricMs: readonly number[];
}

/** @returns undefined when the object or its rivals changed meanwhile, so that the scale was not written */
async function scaleUnlessOvertaken(
  autoscaler: Autoscaler,
  valid: Valid,
  tools: Tools,
): Promise<Tick | undefined> {
  try {
    return await tryToScale(autoscaler, valid, tools);
  } catch (error) {
    if (isKubeError(error, 'Fenced') && isOvertaken(autoscaler, valid, tools)) return undefined;
    throw error;
  }
}

/**
 * Must the scale not be written any more? Between a decision's first look and its write there may be seconds: a source of metrics that
 * is slow, the rate limit, pauses that the server asked for. What a watch told meanwhile counts.
 */
function isOvertaken(autoscaler: Autoscaler, { policy, generation }: Valid, tools: Tools): boolean {
  const { key, object } = autoscaler;
  if (tools.table.get(key) !== autoscaler || object.metadata.generation !== generation) return true;
  return tools.targets.rivalsOf(autoscalerClaimId(autoscaler), policy).length > 0;
}

/** After a conflict everything is read and decided again: a decision is never applied to a state that it was not made for. */
async function tryToScale(autoscaler: Autoscaler, valid: Valid, tools: Tools): Promise<Tick> {
  const { policy } = valid;
  for (let tries = 1; ; tries++) {
    // 3. Observe: what cannot be read is a value. A watch may not have seen what caused a conflict.
    const subject = {
      policy,
      status: readStatus(autoscaler.object.status),
      rivals: tools.targets.rivalsOf(autoscalerClaimId(autoscaler), policy),
      rivalsUnseen: policy.mode === 'DryRun' ? undefined : tools.rivalsUnseen(),
      fresh: tries > 1,
      choose: podChoice(policy),
      othersOf: (pods: readonly PodFacts[]) => tools.table.others(autoscaler, pods),
    };
    const { snapshot, scalePath, metricMs } = await observe(tools.sources, subject, tools.write.signal);
    // 4. and 5. Decide.
    const history = historyOf(autoscaler, policy, snapshot, tools);
    const { controller } = tools.options;
    const decision = decide({ policy, snapshot, history, options: controller, nowMs: tools.clock.now() });
    const seen = { snapshot, decision, metricMs };
    // 6. Plan.
    const [action] = plan(decision, snapshot);
    if (action === undefined || scalePath === undefined) return { ...seen, outcome: withoutWrite(decision) };
    // 7. Write the scale.
    const fence = (): void => assertCurrent(autoscaler, valid, tools);
    const write = await writeScale(tools.client, scalePath, action, { ...tools.write, fence });
    if (write.type === 'Scaled' && write.resourceVersion !== undefined)
      rememberWrite(tools.sources.workloads, policy, write.resourceVersion);
    if (write.type !== 'Conflict') return { ...seen, outcome: write };
    if (tries === maxTries) return { ...seen, outcome: { type: 'Refused', message: write.message } };
  }
}

/** @throws KubeError of type `Fenced` when the scale must not be written any more */
function assertCurrent(autoscaler: Autoscaler, valid: Valid, tools: Tools): void {
  tools.write.fence?.();
  const cause = isOvertaken(autoscaler, valid, tools)
    ? `${autoscaler.key} was changed since that was decided`
    : tools.rivalsUnseen();
  if (cause !== undefined) throw new KubeError(`not sent: ${cause}`, { type: 'Fenced' });
}

/**
 * Takes one more tick of a dry run into its shadow: the one in memory, or else, after a restart, the one in its status.
 * @returns whether both wanted the same; undefined where nothing was compared
 */
function shadowTick(
  autoscaler: Autoscaler,
  { policy, generation }: Valid,
  { decision, snapshot: { rivals = [] } }: Tick,
): boolean | undefined {
  const before = autoscaler.shadow ?? readShadow(autoscaler.object.status?.shadow);
  const next = policy.mode === 'DryRun' ? shadowAfter(before, { decision, generation, rivals }) : undefined;
  autoscaler.shadow = next?.shadow;
  return next?.agrees;
}

/** @returns why it could not be written */
async function updateStatus(
  autoscaler: Autoscaler,
  { spec, policy, generation }: Valid,
  tick: Tick & { readonly told: WireDecision; readonly settlement: Settlement },
  tools: Tools,
): Promise<string | undefined> {
  const { status, statusChanged } = tick.settlement;
  const kept = historyForStatus(autoscaler, policy, tick, tools);
  const { statusWrittenMs, object } = autoscaler;
  const patch = planStatus({
    before: object.status,
    after: wireStatus(status, {
      spec,
      observedGeneration: generation,
      history: kept,
      nextTransition: tick.decision.nextTransition,
      decision: tick.told,
      mode: modeAt(policy, tick.decision.atMs),
      suspended: suspensionAt(policy, tick.decision.atMs),
      shadow: autoscaler.shadow,
    }),
    statusChanged,
    rescaled: tick.outcome.type === 'Scaled',
    sinceLastWriteMs: statusWrittenMs === undefined ? undefined : tools.clock.monotonicMs() - statusWrittenMs,
    statusMetricsIntervalMs: tools.options.statusMetricsIntervalMs,
  });
  if (patch === undefined) return undefined;
  try {
    await putStatus(autoscaler, patch, tools);
    return undefined;
  } catch (error) {
    if (isKubeError(error, 'Aborted', 'Fenced')) throw error;
    const message = errorMessage(error);
    tools.events.record(regarding(autoscaler), [{ type: 'Warning', reason: 'FailedUpdateStatus', message }]);
    return message;
  }
}
