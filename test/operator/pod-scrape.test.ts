import { expect } from 'chai';
import { TestCluster } from '../support/cluster.ts';
import { RunningOperator } from '../support/running-operator.ts';
import { eventually } from '../support/wait.ts';
import { sendText, startEndpoint } from '../observe/pod-scrape/endpoints.ts';
import type { PodEndpoint } from '../observe/pod-scrape/endpoints.ts';

/** The endpoints of all pods are at one address, so they are told apart by the port, which is a number here. */
const scraped = (port: number) => ({
  type: 'PodScrape',
  podScrape: {
    port,
    metric: { name: 'jobs', selector: { matchLabels: { state: 'waiting' } } },
    target: { type: 'AverageValue', averageValue: '10' },
  },
});

describe('a metric of type PodScrape', () => {
  let cluster: TestCluster;
  let operator: RunningOperator;
  let endpoint: PodEndpoint;
  let elsewhere: PodEndpoint;
  let waiting = 20;
  let redirects = false;

  beforeEach(async () => {
    waiting = 20;
    redirects = false;
    cluster = await TestCluster.start();
    elsewhere = await startEndpoint((_, response) => sendText(response, 'jobs{state="waiting"} 0\n'));
    endpoint = await startEndpoint((_, response) => {
      if (redirects) response.writeHead(302, { Location: `http://127.0.0.1:${elsewhere.port}/` }).end();
      else sendText(response, `jobs{state="waiting"} ${waiting}\njobs{state="done"} 99\n`);
    });
    cluster.deploy('web', 2);
    at('web-0', '127.0.0.1');
    at('web-1', '127.0.0.1');
    cluster.autoscale('web', { metrics: [scraped(endpoint.port)] });
  });
  afterEach(async () => {
    await operator.stop();
    await endpoint.close();
    await elsewhere.close();
    await cluster.close();
  });

  function at(pod: string, podIP: string): void {
    cluster.api.patch(
      'pods',
      'default',
      pod,
      'merge',
      { status: { podIP, podIPs: [{ ip: podIP }] } },
      'status',
    );
  }

  const active = () => cluster.condition('web', 'ScalingActive');

  it('scales by what the pods show, and tells it in the status', async () => {
    operator = await RunningOperator.start(cluster.server.url);
    await eventually('four replicas', () => cluster.replicas('web') === 4);
    await eventually('the status', () => cluster.status('web')?.currentMetrics?.length === 1);
    expect(cluster.status('web')?.currentMetrics).to.deep.equal([
      {
        type: 'PodScrape',
        podScrape: {
          metric: { name: 'jobs', selector: { matchLabels: { state: 'waiting' } } },
          current: { averageValue: '20' },
        },
      },
    ]);
    expect(await operator.metrics()).to.match(/^plimsoll_pod_scrapes_total\{outcome="Ok"\} \d+$/m);
  });

  it('follows no redirect, and holds', async () => {
    redirects = true;
    operator = await RunningOperator.start(cluster.server.url);
    await eventually('the condition', () => active()?.reason === 'FailedGetPodScrapeMetric');
    expect(active()?.message).to.contain('2 gave no exposition (web-0, web-1: answered 302)');
    expect(elsewhere.asked()).to.equal(0);
    expect(cluster.replicas('web')).to.equal(2);
    redirects = false;
    await eventually('four replicas', () => cluster.replicas('web') === 4);
  });

  it('asks nothing at a foreign address, whoever wrote it into the status of a pod', async () => {
    at('web-1', '169.254.169.254');
    waiting = 10;
    operator = await RunningOperator.start(cluster.server.url);
    await eventually('a decision by the other pod', () => active()?.status === 'True');
    expect(cluster.replicas('web')).to.equal(2);
    expect(await operator.metrics()).to.match(
      /^plimsoll_pod_scrapes_total\{outcome="ForeignAddress"\} [1-9]/m,
    );
  });
});
