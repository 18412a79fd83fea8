import type { Advised } from '../advised.ts';
import type { Finding } from '../conditions.ts';
import type { Decision } from '../decision.ts';
import type { Failing, Meanwhile } from '../proposal.ts';
import type { Fallback } from '../status.ts';
import type { Trace } from '../trace.ts';
import { timeText } from './time-text.ts';

/** The metric whose fallback decides; undefined while none does. */
export function fallbackOf({ proposals, winner }: Trace): Fallback | undefined {
  const won = winner === undefined ? undefined : proposals[winner];
  if (won?.ok !== false || won.failing?.meanwhile.type !== 'Fallback') return undefined;
  const { metric, sinceMs, meanwhile } = won.failing;
  return { metric, replicas: meanwhile.replicas, sinceMs };
}

/**
 * `MetricFailing`: which metrics fail, since when, and what is done meanwhile. Only of metrics of which the policy says how far they are
 * to be trusted: for all others ScalingActive says what upstream says. The message stays the same while nothing changes.
 */
export function metricFailing({ decision }: Advised): Finding | undefined {
  if (!tells.has(decision.verdict)) return undefined;
  const failing = failingOf(decision.trace);
  const [first] = failing;
  if (first === undefined) {
    const message = 'no metric fails of those that have onError, maxAgeSeconds or suspectZeroSeconds';
    return { type: 'MetricFailing', status: 'False', reason: 'MetricsAnswer', message };
  }
  const message = failing.slice(0, maxNamed).map(failingText).join('; ');
  const more = failing.length > maxNamed ? `; and ${failing.length - maxNamed} more` : '';
  return { type: 'MetricFailing', status: 'True', reason: first.meanwhile.type, message: message + more };
}

/** Ticks that know of the metrics, or that none is asked. */
const tells: ReadonlySet<Decision['verdict']> = new Set(['MetricsFailed', 'Computed', 'Disabled']);

/** So many metrics are named; the others are counted. */
const maxNamed = 5;

function failingOf({ proposals }: Trace): readonly Failing[] {
  return proposals.flatMap((proposal) =>
    proposal.ok || proposal.failing === undefined ? [] : [proposal.failing],
  );
}

function failingText({ name, sinceMs, cause, meanwhile }: Failing): string {
  return `${name} has failed since ${timeText(sinceMs)} (${cause}): ${meanwhileText(meanwhile)}`;
}

function meanwhileText(meanwhile: Meanwhile): string {
  switch (meanwhile.type) {
    case 'Held':
      return meanwhile.next === undefined
        ? 'nothing is scaled down without it'
        : `nothing is scaled down without it until ${timeText(meanwhile.next.atMs)}`;
    case 'Ignored':
      return 'it is ignored';
    case 'Fallback':
      return `its fallback asks for ${meanwhile.replicas}`;
  }
}
