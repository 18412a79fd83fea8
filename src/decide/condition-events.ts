import type { EventRecord } from './decision.ts';
import type { Condition } from './status.ts';

/** What is told of a condition of ours as it becomes True, and as it is no more; absent: nothing is. */
interface Told {
  readonly type: EventRecord['type'];
  readonly begins: string;
  readonly ends?: string;
  /** Other words of a condition that stays True are news too. */
  readonly again?: true;
}

/** One row a condition that has events. */
const told: Readonly<Record<string, Told>> = {
  Suspended: { type: 'Normal', begins: 'Paused', ends: 'Resumed', again: true },
  ForeignWriter: { type: 'Warning', begins: 'ForeignWriter' },
};

/**
 * Events of what changed in conditions of ours: one as something begins, one as it ends, none in the ticks between. As they are
 * made from the status, a restart repeats none.
 */
export function conditionEvents(
  before: readonly Condition[],
  after: readonly Condition[],
): readonly EventRecord[] {
  return Object.entries(told).flatMap(([type, row]) => {
    const [was, is] = [before, after].map((conditions) =>
      conditions.find((condition) => condition.type === type),
    );
    if (is === undefined) return [];
    const reason = reasonOf(was, is, row);
    return reason === undefined ? [] : [{ type: row.type, reason, message: sentence(is.message) }];
  });
}

function reasonOf(was: Condition | undefined, is: Condition, row: Told): string | undefined {
  if (is.status !== 'True') return was?.status === 'True' ? row.ends : undefined;
  if (was?.status !== 'True') return row.begins;
  return row.again === true && was.message !== is.message ? row.begins : undefined;
}

function sentence(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
