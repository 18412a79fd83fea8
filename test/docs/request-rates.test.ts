import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { parseAutoscaler } from '../../src/api/parse.ts';
import { notScrapedText } from '../../src/decide/metrics/not-scraped.ts';
import type { KubeObject } from '../../src/devcluster/cluster-api.ts';
import { formatDuration } from '../../src/lib/duration.ts';
import { defaultOperatorOptions } from '../../src/operator/options.ts';
import { TestCluster } from '../support/cluster.ts';

describe('docs/request-rates.md', () => {
  const page = readFileSync('docs/request-rates.md', 'utf8');

  it('has an example of PodScrape that the API server accepts and the operator understands', async () => {
    const [, example = ''] = /```yaml\n([\s\S]*?)```/.exec(page) ?? [];
    const cluster = await TestCluster.start();
    const created = cluster.api.create('customautoscalers.plimsoll.dev', {
      ...(parse(example) as KubeObject),
      metadata: { name: 'web', namespace: 'default' },
    });
    const parsed = parseAutoscaler(created);
    await cluster.close();
    expect(parsed.ok && parsed.policy.metrics).to.deep.equal([
      {
        type: 'PodScrape',
        port: 'metrics',
        path: '/metrics',
        metric: {
          name: 'http_requests_total',
          selector: {
            matchExpressions: [{ key: 'path', operator: 'NotIn', values: ['/healthz', '/metrics'] }],
          },
        },
        target: { type: 'AverageValue', averageMilli: 50_000n },
      },
    ]);
  });

  it('tells every reason for which a pod is left out', () => {
    const source = readFileSync('src/decide/snapshot.ts', 'utf8');
    const [, type = ''] = /export type ScrapeProblem =([\s\S]*?)\n\n/.exec(source) ?? [];
    const reasons = [...type.matchAll(/\| '(\w+)'/g)].map(([, reason = '']) => reason);
    expect(reasons).to.have.length.above(10);
    const rows = page.split('\n').filter((line) => line.startsWith('| `'));
    for (const reason of reasons)
      expect(
        rows.some((row) => row.includes(`\`${reason}\``)),
        reason,
      ).to.equal(true);
  });

  it('quotes what a decision says', () => {
    const words = notScrapedText([
      { reason: 'TimedOut', count: 2, names: ['web-1', 'web-2'] },
      { reason: 'Refused', count: 1, names: ['web-3'], detail: 'answered 302' },
    ]);
    expect(page).to.contain(`    of the pods asked ${words}\n`);
  });

  it('tells the defaults as they are', () => {
    const { podScrapeTimeoutMs, podScrapeConcurrency, metricTimeoutMs } = defaultOperatorOptions;
    expect(page).to.contain(`\`--pod-scrape-timeout\` (${formatDuration(podScrapeTimeoutMs)})`);
    expect(page).to.contain(`\`--metric-timeout\` (${formatDuration(metricTimeoutMs)})`);
    expect(page).to.contain(`\`--pod-scrape-concurrency\` (${podScrapeConcurrency})`);
  });
});
