import { expect } from 'chai';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { parse } from 'yaml';
import { defaultLeaseTimes } from '../../src/operator/options.ts';
import { TestCluster } from '../support/cluster.ts';
import { runProgram } from '../support/processes.ts';
import { startProxy } from '../support/proxy.ts';
import { RunningOperator } from '../support/running-operator.ts';
import { eventually } from '../support/wait.ts';
import { build, withoutKustomize } from './manifests.ts';
import type { Manifest } from './manifests.ts';
import { dashboard, dashboardQueries, metricsIn, rules, samplesIn, targetLabels } from './promql.ts';
import type { Panel, RuleGroups } from './promql.ts';

const used = [...rules.map(({ expr }) => expr), ...dashboardQueries(dashboard)].flatMap(metricsIn);

/** Uses that a scrape does not answer: a name that is not there, or a label that it does not have. */
function missingIn(text: string): string[] {
  const samples = samplesIn(text);
  const missing = used.flatMap(({ name, labels }) => {
    const known = samples.get(name);
    if (known === undefined) return [name];
    return labels
      .filter((label) => !known.has(label) && !targetLabels.includes(label))
      .map((label) => `${name}{${label}}`);
  });
  return [...new Set(missing)];
}

describe('deploy/monitoring', function () {
  this.timeout(90_000);

  it('uses only metrics and labels that a running operator has in /metrics', async () => {
    const cluster = await TestCluster.start();
    let failures = 1; // one answer is lost, so that a request is sent again
    const proxy = await startProxy(cluster.server.url, (method, path) =>
      method === 'GET' && path.includes('metrics.k8s.io/v1beta1/namespaces') && failures-- > 0
        ? Promise.reject(new Error('lost'))
        : undefined,
    );
    cluster.deploy('web', 2);
    cluster.load('web', 500);
    cluster.autoscale('web', { maxReplicas: 3 });
    const operator = await RunningOperator.start(proxy.url, {
      leaderElection: { ...defaultLeaseTimes, namespace: 'default', name: 'plimsoll' },
    });
    try {
      // What only happens when events are lost cannot be had here; its name stands in /metrics all the same.
      const rare = ['plimsoll_events_dropped_total'];
      const text = await eventually('every metric is there', async () => {
        const now = await operator.metrics();
        return missingIn(now).every((name) => rare.includes(name)) ? now : undefined;
      }).catch(() => operator.metrics());
      expect(missingIn(text).filter((name) => !rare.includes(name))).to.deep.equal([]);
      for (const name of rare) expect(text).to.include(`# TYPE ${name} counter`);
      expect(used).to.have.length.greaterThan(50);
    } finally {
      await operator.stop();
      await proxy.close();
      await cluster.close();
    }
  });

  it('has the same alerts for Prometheus and for the Prometheus Operator', () => {
    const plain = parse(readFileSync('deploy/monitoring/alerts.yaml', 'utf8')) as RuleGroups;
    const { spec } = parse(readFileSync('deploy/monitoring/prometheus-rule.yaml', 'utf8')) as {
      spec: RuleGroups;
    };
    expect(spec).to.deep.equal(plain);
  });

  it('tells in docs/monitoring.md what to do about each alert, and about no other', () => {
    const page = readFileSync('docs/monitoring.md', 'utf8');
    const told = [...page.matchAll(/^### (Plimsoll\w+)$/gm)].map(([, name]) => name);
    expect(told).to.deep.equal(rules.map(({ alert }) => alert));
    for (const { alert, labels, annotations } of rules) {
      expect(labels.severity, alert).to.be.oneOf(['warning', 'critical']);
      expect(annotations.summary, alert).to.match(/\.$/);
      expect(annotations.description, alert).to.match(/\.$/);
    }
  });

  it('has a dashboard whose panels have ids and places of their own, and words', () => {
    const { panels } = dashboard;
    expect(new Set(panels.map(({ id }) => id)).size).to.equal(panels.length);
    for (const panel of panels) {
      expect(panel.gridPos.x + panel.gridPos.w, panel.title).to.be.at.most(24);
      expect(panels.filter((other) => overlap(panel, other)).map(({ title }) => title)).to.deep.equal([
        panel.title,
      ]);
      if (panel.type !== 'row') expect(panel.description, panel.title).to.match(/\.$/);
      for (const { datasource } of panel.targets ?? []) expect(datasource.uid).to.equal('${datasource}');
    }
  });

  it('defines every variable that its dashboard uses', () => {
    const defined = dashboard.templating.list.map(({ name }) => name);
    const text = JSON.stringify(dashboard).replaceAll('$__', '');
    const asked = [...text.matchAll(/\$\{?([a-z_]+)\}?/g)].map(([, name = '']) => name);
    expect([...new Set(asked)].sort()).to.deep.equal([...defined].sort());
  });
});

function overlap({ gridPos: a }: Panel, { gridPos: b }: Panel): boolean {
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}

const promtool = process.env.PROMTOOL ?? 'promtool';
const withoutPromtool = ((): string | undefined => {
  try {
    execFileSync(promtool, ['--version'], { stdio: 'ignore' });
    return undefined;
  } catch {
    return 'no promtool on the PATH';
  }
})();

describe(`the alerts, by promtool${withoutPromtool === undefined ? '' : ` (skipped: ${withoutPromtool})`}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-deploy-'));
  const queries = join(folder, 'dashboard.yaml');
  before(() => writeFileSync(queries, JSON.stringify(asRules(dashboardQueries(dashboard)))));
  after(() => rmSync(folder, { recursive: true }));

  for (const [sentence, args] of Object.entries({
    'are rules that Prometheus takes': ['check', 'rules', 'deploy/monitoring/alerts.yaml'],
    'fire when they should, and not otherwise': ['test', 'rules', 'test/deploy/alerts.promtool.yaml'],
    'are beside a dashboard of queries that Prometheus takes': ['check', 'rules', queries],
  }))
    it(sentence, async function () {
      if (withoutPromtool !== undefined) return this.skip();
      const { code, stdout, stderr } = await runProgram(promtool, args);
      expect(code, stdout + stderr).to.equal(0);
    });
});

/** Queries as recording rules, which promtool checks, with something in place of Grafana's variables. */
function asRules(queries: readonly string[]): object {
  const exprs = queries
    .filter((query) => !query.startsWith('label_values'))
    .map((query) => query.replaceAll('$__rate_interval', '5m').replaceAll(/\$\w+/g, '.*'));
  return {
    groups: [{ name: 'dashboard', rules: exprs.map((expr, at) => ({ record: `panel:${at}`, expr })) }],
  };
}

describe(`the monitoring component${withoutKustomize === undefined ? '' : ` (skipped: ${withoutKustomize})`}`, () => {
  it('adds a ServiceMonitor, the rules and the dashboard to an installation', function () {
    if (withoutKustomize !== undefined) return this.skip();
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'plimsoll-deploy-')));
    const path = (name: string): string => relative(folder, realpathSync(`deploy/${name}`));
    const kustomization = {
      namespace: 'plimsoll-system',
      resources: [path('overlays/single')],
      components: [path('monitoring')],
    };
    writeFileSync(join(folder, 'kustomization.yaml'), JSON.stringify(kustomization));
    const objects = build(folder);
    rmSync(folder, { recursive: true });
    const find = (kind: string): Manifest | undefined => objects.find((each) => each.kind === kind);
    const map = find('ConfigMap') as Manifest & { data: Record<string, string> };
    expect(JSON.parse(map.data['plimsoll.json'] ?? '')).to.deep.equal(dashboard);
    const monitor = find('ServiceMonitor') as Manifest & {
      spec: { selector: { matchLabels: object }; endpoints: [{ port: string; honorLabels: boolean }] };
    };
    const service = find('Service') as Manifest & { spec: { ports: [{ name: string }] } };
    expect(service.metadata.labels).to.include(monitor.spec.selector.matchLabels);
    expect(monitor.spec.endpoints[0].port).to.equal(service.spec.ports[0].name);
    expect(monitor.spec.endpoints[0].honorLabels).to.equal(true);
    for (const kind of ['ConfigMap', 'ServiceMonitor', 'PrometheusRule'])
      expect(find(kind)?.metadata.namespace).to.equal('plimsoll-system');
  });
});
