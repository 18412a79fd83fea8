const secondMs = 1000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
const yearMs = 365 * dayMs;

/** Coarser units the longer it is: up to which length, in which unit, and with how much of the next smaller one. */
const scales: readonly { readonly belowMs: number; readonly unit: Unit; readonly rest?: Unit }[] = [
  { belowMs: 2 * minuteMs, unit: ['s', secondMs] },
  { belowMs: 10 * minuteMs, unit: ['m', minuteMs], rest: ['s', secondMs] },
  { belowMs: 3 * hourMs, unit: ['m', minuteMs] },
  { belowMs: 8 * hourMs, unit: ['h', hourMs], rest: ['m', minuteMs] },
  { belowMs: 2 * dayMs, unit: ['h', hourMs] },
  { belowMs: 8 * dayMs, unit: ['d', dayMs], rest: ['h', hourMs] },
  { belowMs: 2 * yearMs, unit: ['d', dayMs] },
  { belowMs: 8 * yearMs, unit: ['y', yearMs], rest: ['d', dayMs] },
  { belowMs: Infinity, unit: ['y', yearMs] },
];

type Unit = readonly [name: string, ms: number];

/** A duration as kubectl prints ages: `45s`, `3m20s`, `5h2m`, `2d`; more than a second in the future is `<invalid>`. */
export function humanDuration(ms: number): string {
  if (ms <= -2 * secondMs) return '<invalid>';
  if (ms < 0) return '0s';
  const scale = scales.find(({ belowMs }) => ms < belowMs);
  if (scale === undefined) return '<invalid>';
  const [name, unitMs] = scale.unit;
  const whole = `${Math.floor(ms / unitMs)}${name}`;
  if (scale.rest === undefined) return whole;
  const [restName, restMs] = scale.rest;
  const rest = Math.floor((ms % unitMs) / restMs);
  return rest === 0 ? whole : `${whole}${rest}${restName}`;
}

/** How long ago a timestamp was; `<unknown>` where there is none. */
export function since(timestamp: unknown, nowMs: number): string {
  if (typeof timestamp !== 'string') return '<unknown>';
  const ms = Date.parse(timestamp);
  return Number.isNaN(ms) ? '<unknown>' : humanDuration(nowMs - ms);
}
