import { expect } from 'chai';
import { demoUpAndDown } from '../support/demo.ts';
import { kubectlVersion } from '../support/kubectl.ts';
import { eventually } from '../support/wait.ts';
import { Walkthrough } from '../support/walkthrough.ts';

describe('plimsoll demo --by requests', function () {
  this.timeout(240_000);

  it('scales up and back down by the requests that the pods count themselves', async () => {
    const result = await demoUpAndDown(['--by', 'requests', '--peak', '5s', '--quiet', '20s']);
    const ups = result.events.filter(({ message }) => message.endsWith('http_requests_total above target'));
    expect(ups.map(({ reason }) => reason)).to.include('SuccessfulRescale');
  });
});

/** On one cluster, in order: each test goes on where the one before it ended. */
describe('an app scaled by requests a second', function () {
  this.timeout(240_000);
  const walkthrough = new Walkthrough();

  const condition = async (): Promise<string> =>
    walkthrough.kubectl.run('get cas walkthrough -o', [
      'jsonpath={.status.conditions[?(@.type=="ScalingActive")].reason}: {.status.conditions[?(@.type=="ScalingActive")].message}',
    ]);

  async function scrapes(outcome: string): Promise<number> {
    const found = new RegExp(`^plimsoll_pod_scrapes_total\\{outcome="${outcome}"\\} (\\d+)$`, 'm');
    return Number(found.exec(await walkthrough.metrics())?.[1] ?? 0);
  }

  const atPort = async (port: string | number): Promise<void> =>
    walkthrough.patch('json', [{ op: 'replace', path: '/spec/metrics/0/podScrape/port', value: port }]);

  before(async function () {
    if (kubectlVersion === undefined) return this.skip();
    await walkthrough.start();
    walkthrough.startOperator('--sync-period 2s --downscale-stabilization 10s --status-metrics-interval 0s');
    for (const file of ['deployment', 'service', 'customautoscaler-requests'])
      await walkthrough.kubectl.run(`apply -f examples/walkthrough/${file}.yaml`);
    await walkthrough.rolledOut();
  });
  after(() => walkthrough.stop());

  it('goes up under load, on and never down over a restart of the operator', async () => {
    await walkthrough.startLoad('/', ['--rate', '45', '--ramp', '10s', '--duration', '5m']);
    const seen = [
      await eventually('the first step up', async () =>
        (await walkthrough.replicas()) >= 2 ? walkthrough.replicas() : false,
      ),
    ];
    await walkthrough.replaceOperator();
    await eventually('the operator scales on', async () => {
      seen.push(await walkthrough.replicas());
      return (seen.at(-1) ?? 0) >= 5;
    });
    expect(seen.toSorted((a, b) => a - b)).to.deep.equal(seen);
    expect(await scrapes('Ok')).to.be.greaterThan(0);
    expect(await scrapes('FirstSample')).to.be.greaterThan(0);
  });

  it('holds while no pod can be scraped, at the height of the load: it is never taken for a zero', async () => {
    await eventually('six pods are ready', async () => {
      const ready = await walkthrough.kubectl.run(
        'get deploy walkthrough -o jsonpath={.status.readyReplicas}',
      );
      return Number(ready) >= 5 && Number(ready) === (await walkthrough.replicas());
    });
    const peak = await walkthrough.replicas();
    await atPort(9);
    await eventually('the condition', async () => (await condition()).startsWith('FailedGetPodScrapeMetric'));
    expect(await condition()).to.match(
      /no pod showed metric http_requests_total: \d could not be reached \(walkthrough-/,
    );
    const scraped = await scrapes('Unreachable');
    await eventually('more failures than the stabilization window has decisions', async () => {
      expect(await walkthrough.replicas()).to.equal(peak);
      return (await scrapes('Unreachable')) >= scraped + 8 * peak;
    });
    await atPort('http');
    await eventually('it is measured again', async () => (await condition()).startsWith('ValidMetricFound'));
    expect(await walkthrough.replicas()).to.be.at.least(5);
  });

  it('goes back down when the load is over', async () => {
    expect((await walkthrough.endLoad()).requests.failed).to.equal(0);
    await eventually('one replica', async () => (await walkthrough.replicas()) === 1);
  });
});
