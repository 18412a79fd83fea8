import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { expect } from 'chai';

interface Row {
  pods: number;
  desiredReplicas: number;
  perSecond: number;
  heapBytes: Record<string, number>;
}

interface Result {
  machine: { cores: number };
  decisions: Row[];
  linearity: { slopeRatio: number };
  replay: { ticks: number; differences: number; ticksPerSecond: number };
  peer: null;
  withoutPeer: string;
}

/** One tiny round, on a machine without Go: that it measures, not what. */
async function benchmark(): Promise<Result> {
  const flags = ['--rounds', '1', '--round-ms', '1'];
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--expose-gc', 'bench/decide/main.ts', ...flags],
    { env: { ...process.env, PATH: '' } },
  );
  return JSON.parse(stdout) as Result;
}

describe('the benchmark of decide', () => {
  let result: Result;
  before(async () => {
    result = await benchmark();
  });

  it('prints one JSON object with a row for 5, 50 and 1,000 pods', () => {
    expect(result.decisions.map(({ pods }) => pods)).to.deep.equal([5, 50, 1000]);
    for (const { perSecond } of result.decisions) expect(perSecond).to.be.greaterThan(0);
  });

  it('times decisions that change something', () => {
    for (const { pods, desiredReplicas } of result.decisions) expect(desiredReplicas).not.to.equal(pods);
  });

  it('weighs what an autoscaler keeps, which does not grow with its pods as their facts do', () => {
    const [few, , many] = result.decisions;
    expect(many!.heapBytes.snapshot).to.be.greaterThan(20 * few!.heapBytes.snapshot!);
    expect(many!.heapBytes.state).to.be.lessThan(5 * few!.heapBytes.state!);
  });

  it('replays every recorded tick, without a difference', () => {
    expect(result.replay).to.include({ ticks: 14881, differences: 0 });
    expect(result.replay.ticksPerSecond).to.be.greaterThan(0);
  });

  it('says why there is no Kubernetes beside it', () => {
    expect(result).to.include({ peer: null, withoutPeer: 'no go on the PATH' });
  });

  it('prints no key that docs/benchmarks.md does not tell of', () => {
    const page = readFileSync('docs/benchmarks.md', 'utf8');
    const { decisions, linearity, replay, ...rest } = result;
    const [row] = decisions;
    for (const part of [rest, row, row?.heapBytes, linearity, replay]) {
      for (const key of Object.keys(part ?? {})) expect(page, key).to.include(`\`${key}\``);
    }
  });
});
