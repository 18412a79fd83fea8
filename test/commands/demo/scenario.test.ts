import { expect } from 'chai';
import { defaultPhases, phaseInWords, shownAtMs } from '../../../src/commands/demo/scenario.ts';

describe('phase of the demo', () => {
  const phaseAt = (progress: { atMs: number } | undefined, elapsedMs: number): string =>
    phaseInWords(defaultPhases, shownAtMs(progress, elapsedMs));

  it('is that of the second that the rates beside it are of, not the next', () => {
    expect(phaseAt({ atMs: 55_010 }, 55_400)).to.match(/^peak/);
    expect(phaseAt({ atMs: 56_010 }, 56_400)).to.match(/^quiet/);
  });

  it('is that of the moment before there are rates', () => {
    expect(phaseAt(undefined, 0)).to.match(/^idle/);
  });
});
