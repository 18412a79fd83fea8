import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { CustomAutoscalerSpec } from '../../src/api/generated/custom-autoscaler.ts';
import type { KubeObject } from '../../src/devcluster/cluster-api.ts';
import { TestCluster } from '../support/cluster.ts';

const read = (name: string): unknown => parse(readFileSync(`examples/walkthrough/${name}`, 'utf8'));

describe('the walkthrough by a Prometheus server', () => {
  const autoscaler = read('customautoscaler-prometheus.yaml') as KubeObject & { spec: CustomAutoscalerSpec };
  const byPods = read('customautoscaler-requests.yaml') as { spec: CustomAutoscalerSpec };
  const config = read('prometheus.yml') as {
    scrape_configs: { job_name: string; file_sd_configs: { files: string[] }[] }[];
  };

  it('is accepted, and differs from the one by PodScrape in where the same number comes from alone', async () => {
    const cluster = await TestCluster.start();
    cluster.api.create('customautoscalers.plimsoll.dev', {
      ...autoscaler,
      metadata: { ...autoscaler.metadata, namespace: 'default' },
    });
    await cluster.close();
    const { metrics: [one] = [], ...rest } = autoscaler.spec;
    const { metrics: [other] = [], ...same } = byPods.spec;
    expect(rest).to.deep.equal(same);
    expect(one?.prometheus?.target).to.deep.equal(other?.podScrape?.target);
    expect(one?.prometheus?.query).to.contain(other?.podScrape?.metric.name);
  });

  it('asks for the job that the server scrapes, which reads the file that the script writes', () => {
    const [job] = config.scrape_configs;
    expect(autoscaler.spec.metrics?.[0]?.prometheus?.query).to.contain(`job="${job?.job_name ?? ''}"`);
    const script = readFileSync('examples/walkthrough/prometheus-pods.sh', 'utf8');
    for (const file of job?.file_sd_configs[0]?.files ?? []) expect(script).to.contain(`\${1:-${file}}`);
    expect(readFileSync('examples/walkthrough/prometheus.yml', 'utf8')).to.contain('prometheus-pods.sh');
  });
});
