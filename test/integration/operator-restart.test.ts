import { expect } from 'chai';
import { kubectlVersion } from '../support/kubectl.ts';
import { eventually } from '../support/wait.ts';
import { Walkthrough } from '../support/walkthrough.ts';

/** The part of the status that the tests look at. */
interface Status {
  readonly desiredReplicas?: number;
  readonly currentMetrics?: readonly { resource: { current: { averageUtilization?: number } } }[];
  readonly conditions?: readonly { type: string; reason: string }[];
}

/** One pod more every two seconds at most, so that there are several steps on any machine. */
const slowly = { scaleUp: { policies: [{ type: 'Pods', value: 1, periodSeconds: 2 }] } };

/** On one cluster, in order: the second test goes on where the first one ended. */
describe('an operator that is killed', function () {
  this.timeout(180_000);
  const walkthrough = new Walkthrough();

  async function status(): Promise<Status> {
    const text = await walkthrough.kubectl.run('get cas walkthrough -o jsonpath={.status}');
    return JSON.parse(text === '' ? '{}' : text) as Status;
  }

  /** The sizes announced, in the order of time; `times` is empty for one that was announced once. */
  async function rescales(): Promise<{ size: number; times: string }[]> {
    const text = await walkthrough.kubectl.run('get events -o', [
      'jsonpath={range .items[?(@.reason=="SuccessfulRescale")]}{.eventTime} x{.series.count} {.message}{"\\n"}{end}',
    ]);
    const found = [...text.matchAll(/^(\S+) x(\d*) New size: (\d+);/gm)];
    return found
      .map(([, at = '', times = '', size]) => ({ at, times, size: Number(size) }))
      .sort((a, b) => (a.at < b.at ? -1 : 1))
      .map(({ size, times }) => ({ size, times }));
  }

  before(async function () {
    if (kubectlVersion === undefined) return this.skip();
    await walkthrough.start();
    walkthrough.startOperator(
      '--sync-period 1s --cpu-initialization-period 2s --initial-readiness-delay 1s ' +
        '--status-metrics-interval 1s --downscale-stabilization 10m',
    );
    await walkthrough.kubectl.run('apply -k examples/walkthrough/');
    await walkthrough.patch('merge', { spec: { behavior: slowly } });
    await walkthrough.rolledOut();
  });
  after(() => walkthrough.stop());

  it('in the middle of a ramp goes on where it was: nothing is lost and nothing scales down', async () => {
    await walkthrough.startLoad('/', ['--rate', '45', '--ramp', '5s', '--duration', '2m']);
    const before = await eventually('the first step up', async () => {
      const now = await walkthrough.replicas();
      return now >= 2 && now;
    });
    await walkthrough.replaceOperator();
    const seen: number[] = [before];
    await eventually('the operator scales on, up to the peak', async () => {
      seen.push(await walkthrough.replicas());
      return (seen.at(-1) ?? 0) >= 4;
    });
    expect([...seen].sort((a, b) => a - b)).to.deep.equal(seen);
    expect(before).to.be.lessThan(4);
    const steps = [before + 1, before + 2].filter((size) => size <= 4);
    await eventually('the steps after the restart are announced', async () => {
      const sizes = (await rescales()).map(({ size }) => size);
      return steps.every((size) => sizes.includes(size));
    });
    expect((await walkthrough.endLoad()).requests.failed).to.equal(0);
  });

  it('after the load has fallen does not scale down for want of history', async () => {
    await eventually('the CPU usage has fallen', async () => {
      const [metric] = (await status()).currentMetrics ?? [];
      return (metric?.resource.current.averageUtilization ?? Infinity) < 20;
    });
    const peak = await walkthrough.replicas();
    const announced = await rescales();
    expect(peak).to.be.at.least(4);
    expect(announced.map(({ size }) => size)).to.include(peak);

    await walkthrough.replaceOperator();
    await eventually('six decisions', async () => {
      const metrics = await walkthrough.metrics();
      expect(metrics).not.to.match(/^plimsoll_reconciliations_total\{action="scale_(up|down)"/m);
      const counts = metrics.matchAll(
        /^plimsoll_reconciliations_total\{action="none",error="none"\} (\d+)$/gm,
      );
      return [...counts].some(([, count]) => Number(count) >= 6);
    });

    const { desiredReplicas, conditions = [] } = await status();
    const ableToScale = conditions.find(({ type }) => type === 'AbleToScale');
    expect(ableToScale?.reason, 'fewer replicas were wanted').to.equal('ScaleDownStabilized');
    expect(desiredReplicas).to.equal(peak);
    expect(await walkthrough.replicas()).to.equal(peak);
    expect(await rescales(), 'no further step').to.deep.equal(announced);
    const sizes = announced.map(({ size }) => size);
    expect(sizes, 'and none down before').to.deep.equal(sizes.toSorted((a, b) => a - b));
  });
});
