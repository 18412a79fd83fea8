import { formatSpan } from '../../lib/duration.ts';
import type { Failing, Meanwhile, NextMeanwhile } from '../proposal.ts';

/** `cpu has failed for 4 min 10 s (connection refused); its fallback asks for 6`. */
export function failingText({ name, sinceMs, cause, meanwhile }: Failing, nowMs: number): string {
  const span = nowMs - sinceMs;
  const howLong = span < 1000 ? 'fails' : `has failed for ${formatSpan(span)}`;
  return `${name} ${howLong} (${cause})${meanwhileText(meanwhile, nowMs)}`;
}

function meanwhileText(meanwhile: Meanwhile, nowMs: number): string {
  switch (meanwhile.type) {
    case 'Held':
      return meanwhile.next === undefined ? '' : nextText(meanwhile.next, nowMs);
    case 'Ignored':
      return ' and is ignored';
    case 'Fallback':
      return `; its fallback asks for ${meanwhile.replicas}`;
  }
}

function nextText(next: NextMeanwhile, nowMs: number): string {
  const left = formatSpan(next.atMs - nowMs);
  return next.type === 'Ignored'
    ? `; it is ignored in ${left}`
    : `; its fallback asks for ${next.replicas} in ${left}`;
}
