/**
 * How long a connection is kept on average before it is replaced. A connection stays on the pod that it was given when
 * it was opened, so pods that come later get traffic only from connections opened later: within about twice this time.
 */
export const connectionLifetimeMs = 2500;

/**
 * How many requests a new connection is to carry: as many as come by in its mean lifetime at the present rate, give or
 * take half, drawn for each so that connections are not replaced all at once.
 * @param random uniform in [0, 1)
 * @returns at least 1
 */
export function requestBudget(
  load: { ratePerSecond: number; connections: number },
  random: () => number,
  lifetimeMs = connectionLifetimeMs,
): number {
  const mean = ((load.ratePerSecond / load.connections) * lifetimeMs) / 1000;
  return Math.max(1, Math.round(mean * (0.5 + random())));
}
