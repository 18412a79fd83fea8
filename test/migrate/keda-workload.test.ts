import { expect } from 'chai';
import { execFileSync } from 'node:child_process';
import type { MetricSpec } from '../../src/api/generated/custom-autoscaler.ts';
import { parseSelector } from '../../src/lib/selector.ts';
import { convertObject, type Conversion } from '../../src/migrate/convert.ts';
import { temporaryFile } from '../support/local-api.ts';

interface Given {
  readonly parameters?: object;
  readonly namespace?: string;
  readonly trigger?: object;
  readonly spec?: object;
}

function convert({ parameters, namespace, trigger, spec }: Given): Conversion | undefined {
  const metadata = { podSelector: 'app=backend', value: '3', ...parameters };
  return convertObject({
    ...{ apiVersion: 'keda.sh/v1alpha1', kind: 'ScaledObject' },
    metadata: { name: 'web', ...(namespace !== undefined && { namespace }) },
    spec: {
      ...{ scaleTargetRef: { name: 'web' }, minReplicaCount: 1, ...spec },
      triggers: [{ type: 'kubernetes-workload', metadata, ...trigger }],
    },
  });
}

interface Converted {
  readonly metric: MetricSpec | undefined;
  readonly changed: readonly string[];
  readonly notKept: readonly string[];
}

function converted(given: Given): Converted {
  const conversion = convert(given);
  if (conversion?.ok !== true) throw new Error(`not converted: ${JSON.stringify(conversion)}`);
  const texts = (wanted: string): string[] =>
    conversion.remarks.filter(({ kind }) => kind === wanted).map(({ path, text }) => `${path}: ${text}`);
  const [metric] = conversion.object?.spec.metrics ?? [];
  return { metric, changed: texts('changed'), notKept: texts('notKept') };
}

function queryOf(podSelector: string, namespace = 'shop'): string {
  return converted({ parameters: { podSelector }, namespace }).metric?.prometheus?.query ?? '';
}

const labelMatchers: Readonly<Record<string, string>> = {
  'app=backend': 'label_app="backend"',
  'app==backend': 'label_app="backend"',
  'app!=backend': 'label_app!="backend"',
  'tier in (front, back)': 'label_tier=~"front|back"',
  'tier notin (front, back)': 'label_tier!~"front|back"',
  canary: 'label_canary!=""',
  '!canary': 'label_canary=""',
  'app=backend, deploy notin (critical, monolith),!old':
    'label_app="backend", label_deploy!~"critical|monolith", label_old=""',
  'app!=a,app!=b': 'label_app!="a", label_app!="b"',
  'app.kubernetes.io/part-of=shop': 'label_app_kubernetes_io_part_of="shop"',
  'appName=a,HTTPRoute=b,v2Beta=c': 'label_app_name="a", label_httproute="b", label_v2_beta="c"',
  'version in (v1.2, v1.3)': String.raw`label_version=~"v1\\.2|v1\\.3"`,
  'version=v1.2': 'label_version="v1.2"',
};

describe('a kubernetes-workload trigger', () => {
  for (const [selector, matchers] of Object.entries(labelMatchers))
    it(`becomes a count of pods by their labels: ${selector}`, () => {
      expect(queryOf(selector)).to.equal(
        `sum(kube_pod_status_phase{namespace="shop", phase=~"Pending|Running|Unknown"} * on (namespace, pod) ` +
          `group_left () kube_pod_labels{namespace="shop", ${matchers}}) ` +
          `or 0 * sum(kube_namespace_status_phase{namespace="shop"})`,
      );
    });

  it('has its value as target, of the metric type that it has', () => {
    const target = (given: Given) => converted(given).metric?.prometheus?.target;
    expect(target({ parameters: { value: '0.5' } })).to.deep.equal({
      ...{ type: 'AverageValue', averageValue: '0.5' },
    });
    expect(target({ trigger: { metricType: 'Value' } })).to.deep.equal({ type: 'Value', value: '3' });
  });

  it('keeps what activates it, and can wake a target at zero', () => {
    const { metric, changed } = converted({
      ...{ parameters: { activationValue: '3.1' }, spec: { minReplicaCount: 0 }, namespace: 'shop' },
    });
    expect(metric).to.include({ activation: '3.1' });
    expect(changed.join('\n')).to.include('spec.triggers[0].metadata.activationValue: it keeps a target at');
    expect(changed.join('\n')).to.include('spec.minReplicaCount: 0 needs');
  });

  it('says what it needs: a server, kube-state-metrics, and each label once', () => {
    const podSelector = 'app=a,example.com/tier in (b),app!=c';
    expect(converted({ parameters: { podSelector }, namespace: 'shop' }).changed).to.deep.equal([
      'spec.triggers[0].metadata.podSelector: a Prometheus counts the pods: start the operator with ' +
        '--prometheus default=URL of one that scrapes kube-state-metrics, and that with ' +
        '--metric-labels-allowlist=pods=[app,example.com/tier]',
    ]);
  });

  it('says that a label without a value is not there', () => {
    for (const podSelector of ['canary', '!canary'])
      expect(converted({ parameters: { podSelector }, namespace: 'shop' }).changed.join('\n')).to.include(
        'a label that is there without a value is not there',
      );
  });

  it('counts in default where no namespace is known, and says so', () => {
    for (const given of [{}, { namespace: '' }]) {
      const { metric, changed } = converted(given);
      expect(metric?.prometheus?.query).to.include('kube_pod_labels{namespace="default", ');
      expect(changed.join('\n')).to.include('metadata.namespace: no namespace is given');
    }
  });

  it('counts in the namespace of the trigger, or in all', () => {
    const query = (namespace: string) =>
      converted({ parameters: { namespace }, namespace: 'shop' }).metric?.prometheus?.query;
    expect(query('other')).to.include('kube_pod_labels{namespace="other", ');
    expect(query('*')).to.equal(
      'sum(kube_pod_status_phase{phase=~"Pending|Running|Unknown"} * on (namespace, pod) group_left () ' +
        'kube_pod_labels{label_app="backend"}) or 0 * sum(kube_namespace_status_phase)',
    );
  });

  const unsaid: Readonly<Record<string, string>> = {
    'replicas>2': 'Prometheus does not compare labels as numbers: replicas',
    'app=': 'app without a value is no label to Prometheus',
    'app in (a,)': 'app without a value is no label to Prometheus',
    'a.b=1,a-b=2': 'to kube-state-metrics a.b and a-b are one label',
  };
  for (const [podSelector, text] of Object.entries(unsaid))
    it(`is not kept where no query says the same: ${podSelector}`, () => {
      const { metric, notKept } = converted({ parameters: { podSelector }, namespace: 'shop' });
      expect(metric).to.equal(undefined);
      expect(notKept[0]).to.equal(`spec.triggers[0]: ${text}`);
    });

  const wrong: Readonly<Record<string, readonly [given: Given, message: string]>> = {
    'no selector': [
      { parameters: { podSelector: '' } },
      'spec.triggers[0].metadata.podSelector: Required value: must be a label selector',
    ],
    'a selector of everything': [
      { parameters: { podSelector: ' ' } },
      'spec.triggers[0].metadata.podSelector: Invalid value: " ": must have a requirement, such as app=backend',
    ],
    'a selector that is none': [
      { parameters: { podSelector: 'app in' } },
      `spec.triggers[0].metadata.podSelector: Invalid value: "app in": unable to parse requirement: found '', expected: '('`,
    ],
    'no value': [
      { parameters: { value: '' } },
      'spec.triggers[0].metadata.value: Required value: must be a number above 0',
    ],
    'a value that is none': [
      { parameters: { value: 'three' } },
      'spec.triggers[0].metadata.value: Invalid value: "three": must be a quantity, such as "500m", "2", "100Mi" or "1e3"',
    ],
    'a metric type of cpu': [
      { trigger: { metricType: 'Utilization' } },
      'spec.triggers[0].metricType: Unsupported value: "Utilization": supported values: "AverageValue", "Value"',
    ],
  };
  for (const [name, [given, message]] of Object.entries(wrong))
    it(`is refused, naming the field: ${name}`, () => {
      const conversion = convert(given);
      if (conversion?.ok !== false) throw new Error(`no problem: ${JSON.stringify(conversion)}`);
      expect(conversion.problems.map((problem) => problem.message)).to.deep.equal([message]);
    });
});

interface Pod {
  readonly labels: Readonly<Record<string, string>>;
  readonly phase?: string;
  readonly namespace?: string;
}

const pods: readonly Pod[] = [
  { labels: { app: 'backend', version: 'v1.2', tier: 'front' } },
  { labels: { app: 'backend', version: 'v1x2' }, phase: 'Pending' },
  { labels: { app: 'backend', tier: 'back', appName: 'x' }, phase: 'Unknown' },
  { labels: { app: 'backend' }, phase: 'Succeeded' },
  { labels: { app: 'backend', tier: 'front' }, phase: 'Failed' },
  { labels: { app: 'backend' }, namespace: 'other' },
  { labels: { canary: 'yes' } },
  { labels: {} },
];
const phases = ['Pending', 'Running', 'Succeeded', 'Failed', 'Unknown'];

/** What kube-state-metrics has of them. */
function series(): string[] {
  const ofPods = pods.flatMap(({ labels, phase = 'Running', namespace = 'shop' }, index) => {
    const own = `namespace="${namespace}", pod="pod-${index}"`;
    const named = Object.entries(labels).map(
      ([key, value]) => `, label_${key === 'appName' ? 'app_name' : key}="${value}"`,
    );
    return [
      ...phases.map((one) => `kube_pod_status_phase{${own}, phase="${one}"} ${one === phase ? 1 : 0}`),
      `kube_pod_labels{${own}${named.join('')}} 1`,
    ];
  });
  return [...ofPods, 'kube_namespace_status_phase{namespace="shop", phase="Active"} 1'];
}

function countOf(selector: string): number {
  const read = parseSelector(selector);
  return pods.filter(
    ({ labels, phase = 'Running', namespace = 'shop' }) =>
      namespace === 'shop' && !['Succeeded', 'Failed'].includes(phase) && read.matches(labels),
  ).length;
}

const promtool = process.env.PROMTOOL;
const selectors = [
  ...['app=backend', 'app!=backend', 'tier in (front, back)', 'tier notin (front)', 'canary', '!canary'],
  ...['app=backend,!tier', 'version in (v1.2)', 'version notin (v1.2)', 'appName=x', 'app=nobody'],
];

describe(`its query, asked by promtool${promtool === undefined ? ' (skipped: $PROMTOOL names none)' : ''}`, function () {
  this.timeout(60_000);

  /** What each query gives, of kube-state-metrics that has the pods above, or is not there. */
  function expectAnswers(input: readonly string[], answer: (selector: string) => readonly number[]): void {
    const input_series = input.map((line) => {
      const [, name = '', value = ''] = /^(.*) (\d)$/.exec(line) ?? [];
      return { series: name, values: value };
    });
    const promql_expr_test = selectors.map((selector) => ({
      ...{ expr: queryOf(selector), eval_time: '0m' },
      exp_samples: answer(selector).map((value) => ({ labels: '{}', value })),
    }));
    const tests = [{ interval: '1m', input_series, promql_expr_test }];
    const file = temporaryFile('tests.yml', JSON.stringify({ tests }));
    execFileSync(promtool ?? '', ['test', 'rules', file], { encoding: 'utf8', stdio: 'pipe' });
  }

  before(function () {
    if (promtool === undefined) this.skip();
  });

  it('counts the pods that the selector selects', () => {
    expect(selectors.map(countOf)).to.deep.equal([3, 2, 2, 4, 1, 4, 1, 1, 4, 1, 0]);
    expectAnswers(series(), (selector) => [countOf(selector)]);
  });

  it('has no answer, rather than 0, where kube-state-metrics is not there', () => {
    expectAnswers([], () => []);
  });
});
