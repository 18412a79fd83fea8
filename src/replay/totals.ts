/** What a check came to, counted while it runs. */
export class Totals {
  scenarios = 0;
  ticks = 0;
  differences = 0;
  /** Scenarios that ask for what is not modelled; they and their ticks count nowhere else. */
  skipped = 0;
  /** Ticks without an `expect` to compare with. */
  unexpected = 0;
}

/** `2 scenarios, 14 ticks, 0 differences, 0 skipped` */
export function totalsText({ scenarios, ticks, differences, skipped }: Totals): string {
  return `${scenarios} scenarios, ${ticks} ticks, ${differences} differences, ${skipped} skipped`;
}

export function totalsJson({ scenarios, ticks, differences, skipped }: Totals): string {
  return JSON.stringify({ scenarios, ticks, differences, skipped });
}
