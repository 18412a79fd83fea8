import type * as wire from './generated/custom-autoscaler.ts';
import { defined, exactTimeText, timeMs, timeText } from './json.ts';
import type { Difference, Shadow } from '../decide/shadow.ts';

/** As the CRD's schema bounds it. */
const maxReason = 1024;

export function wireShadow({
  hpa,
  specs,
  sinceMs,
  ticks,
  agreed,
  firstDifference,
}: Shadow): wire.ShadowRecord {
  return defined({
    hpa,
    specs,
    since: exactTimeText(sinceMs),
    // Never 100 while one tick differs.
    agreementPercent: ticks === 0 ? undefined : Math.floor((agreed / ticks) * 1000) / 10,
    ticks,
    agreedTicks: agreed,
    firstDifference: firstDifference && wireDifference(firstDifference),
  });
}

function wireDifference({ atMs, ours, theirs, reason }: Difference) {
  const text = reason.length <= maxReason ? reason : `${reason.slice(0, maxReason - 1)}…`;
  return { time: timeText(atMs), ours, theirs, reason: text };
}

/** A shadow as the status keeps it, to go on with after a restart; undefined for none, and for one that lacks what is to be known. */
export function readShadow(record: wire.ShadowRecord | undefined): Shadow | undefined {
  if (record?.specs === undefined || record.since === undefined) return undefined;
  const { hpa, specs, since, ticks, agreedTicks = 0, firstDifference: first } = record;
  return defined({
    ...{ hpa, specs, ticks, agreed: agreedTicks, sinceMs: timeMs(since) },
    firstDifference: first && {
      atMs: timeMs(first.time),
      ours: first.ours,
      theirs: first.theirs,
      reason: first.reason ?? '',
    },
  });
}
