import { writeScale } from '../act/scale.ts';
import { statusPatch } from '../act/status.ts';
import { parseAutoscaler } from '../api/parse.ts';
import type { ParsedAutoscaler } from '../api/parse.ts';
import { readStatus, wireStatus } from '../api/status.ts';
import { decide } from '../decide/decide.ts';
import type { Decision, Outcome, Settlement } from '../decide/decision.ts';
import { plan, withoutWrite } from '../decide/plan.ts';
import { settle } from '../decide/settle.ts';
import type { PodFacts, Snapshot } from '../decide/snapshot.ts';
import { isKubeError } from '../kube/errors.ts';
import { errorMessage } from '../lib/errors.ts';
import { observe } from '../observe/observe.ts';
import type { Autoscaler } from './autoscaler-table.ts';
import { reportInvalid } from './invalid.ts';
import { regarding } from './names.ts';
import type { Tools } from './tools.ts';
import { putStatus } from './put-status.ts';

/** What one reconcile came to, for the record. */
export type Reconciled =
  | { readonly type: 'Invalid' }
  | {
      readonly type: 'Decided';
      readonly decision: Decision;
      readonly snapshot: Snapshot;
      readonly outcome: Outcome;
      /** Why the status could not be written; absent when it was, or did not need to be. */
      readonly statusError?: string;
    };

type Valid = Extract<ParsedAutoscaler, { ok: true }>;

/** Tries of a tick when somebody else keeps writing the scale, as many as upstream. */
const maxTries = 5;

/** One tick of one autoscaler; steps 1 (what wakes it) and 8 (the record, the next time) are in operator.ts. */
export async function reconcile(autoscaler: Autoscaler, tools: Tools): Promise<Reconciled> {
  // 2. Read the object and parse it. An invalid one is told so once, and rests until it changes.
  const parsed = parseAutoscaler(autoscaler.object);
  if (!parsed.ok) {
    await reportInvalid(autoscaler, parsed.problems, tools);
    return { type: 'Invalid' };
  }
  // 3. to 7. Observe, decide, plan and write the scale.
  const tick = await tryToScale(autoscaler, parsed, tools);
  // 7. What stands after the write: history first, since it holds whether or not the status can be written.
  const settlement = settle(tick.decision, tick.snapshot, tick.outcome);
  autoscaler.history = settlement.history;
  const { target } = tick.snapshot;
  if (target.ok) tools.table.learnSelector(autoscaler, target.value.selector);
  tools.events.record(regarding(autoscaler), settlement.events);
  const statusError = await updateStatus(autoscaler, parsed, settlement, tools);
  return { type: 'Decided', ...tick, ...(statusError === undefined ? {} : { statusError }) };
}

interface Tick {
  readonly snapshot: Snapshot;
  readonly decision: Decision;
  readonly outcome: Outcome;
}

/** After a conflict everything is read and decided again: a decision is never applied to a state that it was not made for. */
async function tryToScale(autoscaler: Autoscaler, { policy }: Valid, tools: Tools): Promise<Tick> {
  for (let tries = 1; ; tries++) {
    // 3. Observe: what cannot be read is a value.
    const subject = {
      policy,
      status: readStatus(autoscaler.object.status),
      othersOf: (pods: readonly PodFacts[]) => tools.table.others(autoscaler, pods),
    };
    const { snapshot, scalePath } = await observe(tools.sources, subject, tools.signal);
    // 4. and 5. Decide.
    const { history } = autoscaler;
    const decision = decide({
      policy,
      snapshot,
      history,
      options: tools.controller,
      nowMs: tools.clock.now(),
    });
    // 6. Plan.
    const [action] = plan(decision, snapshot);
    if (action === undefined || scalePath === undefined)
      return { snapshot, decision, outcome: withoutWrite(decision) };
    // 7. Write the scale.
    const write = await writeScale(tools.client, scalePath, action, { signal: tools.signal });
    if (write.type !== 'Conflict') return { snapshot, decision, outcome: write };
    if (tries === maxTries)
      return { snapshot, decision, outcome: { type: 'Refused', message: write.message } };
  }
}

/** The fields that are ours alone: a change of them is written too, though no decision reads them. */
const printed = ['observedGeneration', 'reference', 'targets'];

/** @returns why it could not be written */
async function updateStatus(
  autoscaler: Autoscaler,
  { spec, generation }: Valid,
  settlement: Settlement,
  tools: Tools,
): Promise<string | undefined> {
  const status = wireStatus(settlement.status, { spec, observedGeneration: generation });
  const patch = statusPatch(autoscaler.object.status, status);
  if (patch === undefined) return undefined;
  if (!settlement.statusChanged && !printed.some((field) => field in patch.status)) return undefined;
  try {
    await putStatus(autoscaler, patch, tools);
    return undefined;
  } catch (error) {
    if (isKubeError(error, 'Aborted')) throw error;
    const message = errorMessage(error);
    tools.events.record(regarding(autoscaler), [{ type: 'Warning', reason: 'FailedUpdateStatus', message }]);
    return message;
  }
}
