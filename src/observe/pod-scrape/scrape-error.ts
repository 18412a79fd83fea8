import type { ScrapeProblem } from '../../decide/snapshot.ts';

/** Why one pod gave no sample. */
export class ScrapeError extends Error {
  override readonly name = 'ScrapeError';
  readonly problem: ScrapeProblem;

  /** @param detail what is to be known besides, in a few words; empty where the problem says it all */
  constructor(problem: ScrapeProblem, detail = '', options?: ErrorOptions) {
    super(detail, options);
    this.problem = problem;
  }
}
