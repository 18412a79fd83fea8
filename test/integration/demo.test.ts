import { expect } from 'chai';
import { demoUpAndDown } from '../support/demo.ts';
import { plimsoll } from '../support/processes.ts';
import type { DemoResult } from '../../src/report/demo-result.ts';

describe('plimsoll demo', function () {
  this.timeout(240_000);

  it('scales 1 -> at least 4 -> 1 as a user without privileges, with an event for each step and no failed request', async () => {
    const result = await demoUpAndDown();
    expect(result.load.requests.dropped).to.equal(0);

    const desired = result.timeline.map((point) => point.desiredReplicas);
    const steps = desired.filter((count, at) => at > 0 && count !== desired[at - 1]);
    const announced = result.events
      .filter(({ reason }) => reason === 'SuccessfulRescale')
      .map(({ message }) => Number(/New size: (\d+); reason: /.exec(message)?.[1]));
    for (const step of steps) expect(announced).to.include(step);
    expect(announced.at(-1)).to.equal(1);

    expect(Object.keys(result.perPod).length).to.be.at.least(4);
    for (const pod of Object.values(result.perPod)) {
      expect(pod).to.have.all.keys('requests', 'connections', 'share', 'firstResponseAtMs');
    }
    expect(result.timeline[0]).to.have.all.keys(
      ...['atMs', 'offeredPerSecond', 'donePerSecond', 'cpuPercent', 'desiredReplicas', 'readyReplicas'],
    );
  });

  it('exits 1 without an operator, since nothing scales', async () => {
    const { code, stdout } = await plimsoll([
      'demo',
      '--no-operator',
      '--output',
      'json',
      '--peak',
      '5s',
      '--quiet',
      '2s',
    ]);
    expect(code).to.equal(1);
    const result = JSON.parse(stdout) as DemoResult;
    expect(result.replicas).to.deep.equal({ start: 1, peak: 1, end: 1 });
    expect(result.load.requests.ok).to.be.greaterThan(0);
  });
});
