import type { Random } from '../../lib/random.ts';

/** Above it the normal distribution is as good as exact. */
const manyArrivals = 50;

/** How many arrive by chance where `mean` do on average. */
export function poisson(mean: number, random: Random): number {
  if (mean > manyArrivals) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal(random)));
  // Knuth's way: how many uniform numbers until their product falls below e^-mean.
  const least = Math.exp(-mean);
  let count = 0;
  for (let product = random(); product > least; product *= random()) count += 1;
  return count;
}

/** Of mean 0 and deviation 1 (Box and Muller). */
function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
