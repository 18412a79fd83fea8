import type { Deviation, FailedProposal, LimiterMark, Proposal, ProposalMark, Trace } from './decision.ts';
import type { Tolerance } from './tolerance.ts';

/** Metrics whose pods are named; those of later ones are told by their number, as they are mostly the same pods. */
const maxNamedMetrics = 10;
/** Characters of a failure; servers answer with whole pages. */
const maxMessage = 512;

/** What a decision was made of, no larger for a thousand pods than for ten. */
export function traceOf(
  proposals: readonly Proposal[],
  winner: number | undefined,
  limiters: readonly LimiterMark[],
): Trace {
  const bounded = proposals.map(bound);
  return winner === undefined ? { proposals: bounded, limiters } : { proposals: bounded, winner, limiters };
}

/** The proposals that were held at no change, as the limiters that run before all others. */
export function proposalMarks(proposals: readonly Proposal[], tolerance: Tolerance): readonly ProposalMark[] {
  const marks: ProposalMark[] = [];
  for (const [metric, proposal] of proposals.entries()) {
    if (!proposal.ok) continue;
    const { held: reason, askedReplicas: from } = proposal.inputs;
    if (reason === undefined || reason === 'BelowActivation') continue; // trust/activation.ts marks that
    const limiter = reason === 'WithinTolerance' ? 'tolerance' : 'caution';
    marks.push({ limiter, from, to: proposal.replicas, reason, metric, tolerance });
  }
  return marks;
}

function bound(proposal: Proposal, index: number): Proposal {
  if (!proposal.ok) return shorten(proposal);
  const { pods, stale, notScraped } = proposal.inputs;
  if (index < maxNamedMetrics || pods === undefined) return proposal;
  const unnamed = {
    ready: { ...pods.ready, names: [] },
    unready: { ...pods.unready, names: [] },
    missing: { ...pods.missing, names: [] },
    ignored: { ...pods.ignored, names: [] },
  };
  const inputs = {
    ...{ ...proposal.inputs, pods: unnamed },
    ...(stale && { stale: { ...stale, names: [] } }),
    ...(notScraped && { notScraped: notScraped.map(({ reason, count }) => ({ reason, count, names: [] })) }),
  };
  return { ...proposal, inputs };
}

function shorten(proposal: FailedProposal): FailedProposal {
  const { message, error, failing } = proposal;
  if (message.length <= maxMessage && error.length <= maxMessage) return proposal;
  const short = { ...proposal, message: cut(message), error: cut(error) };
  return failing === undefined ? short : { ...short, failing: { ...failing, cause: cut(failing.cause) } };
}

function cut(text: string): string {
  return text.length <= maxMessage ? text : `${text.slice(0, maxMessage - 1)}…`;
}

/** The limiters that changed the replica count, each once; those of single metrics do not count, as another may have won. */
export function changedBy({ limiters }: Trace): readonly LimiterMark[] {
  return limiters.filter((mark) => !('metric' in mark) && mark.from !== mark.to);
}

/** What was asked for in place of what the metrics ask for, before any limiter; none where that changed nothing. */
export function deviationsOf({ stepUp, alreadyActedOn }: Trace): readonly Deviation[] {
  const deviations: Deviation[] = [];
  if (stepUp !== undefined) deviations.push({ limiter: 'stepUp', reason: 'NoPodReady', ...stepUp });
  if (alreadyActedOn !== undefined)
    deviations.push({ limiter: 'alreadyActedOn', reason: 'SampleActedOn', ...alreadyActedOn });
  return deviations.filter(({ from, to }) => from !== to);
}
