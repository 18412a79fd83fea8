import { expect } from 'chai';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { parseAllDocuments } from 'yaml';
import { runInProcess } from '../support/in-process.ts';
import { kubeconfigText, startLocalApi, type LocalApi } from '../support/local-api.ts';

const folder = mkdtempSync(join(tmpdir(), 'plimsoll-convert-'));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' };

const hpa = (name: string, spec: object = {}, metadata: object = {}): object => ({
  ...{ apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', metadata: { name, ...metadata } },
  spec: { scaleTargetRef, maxReplicas: 5, ...spec },
});

const scaledObject = (name: string): object => ({
  ...{ apiVersion: 'keda.sh/v1alpha1', kind: 'ScaledObject', metadata: { name } },
  spec: {
    scaleTargetRef: { name: 'web' },
    triggers: [
      { type: 'cpu', metricType: 'Utilization', metadata: { value: '60' } },
      { type: 'kafka', metadata: {} },
    ],
  },
});

const deployment = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' } };

const json = (...objects: object[]): string =>
  objects.map((object) => JSON.stringify(object)).join('\n---\n');

const convert = async (...args: string[]) => runInProcess(['convert', ...args]);

const fromInput = async (text: string, ...args: string[]) =>
  runInProcess(['convert', ...args, '-'], { stdin: Readable.from([Buffer.from(text)]) });

/** The names of the objects on stdout. */
function names(yaml: string): string[] {
  const documents = parseAllDocuments(yaml);
  if ('empty' in documents) return [];
  return documents.flatMap((document) => {
    const value = document.toJS() as { metadata: { name: string } } | null;
    return value === null ? [] : [value.metadata.name];
  });
}

describe('plimsoll convert', () => {
  it('prints YAML, with what was not kept in comments and on stderr', async () => {
    const { code, stdout, stderr } = await fromInput(json(deployment, hpa('web'), scaledObject('orders')));
    expect(code).to.equal(0);
    expect(names(stdout)).to.deep.equal(['web', 'orders']);
    expect(stdout).to.include('# Not kept:\n# - spec.triggers[1]: trigger kafka');
    expect(stderr).to.match(
      /^plimsoll: not kept: ScaledObject orders \(standard input, document 3\): spec\.triggers\[1\]: .*\n$/,
    );
  });

  it('prints one List with -o json, for kubectl and for whoever reads what was not kept', async () => {
    const { stdout } = await fromInput(json(hpa('web'), scaledObject('orders')), '-o', 'json');
    const list = JSON.parse(stdout) as {
      kind: string;
      items: { kind: string }[];
      conversions: { from: string; converted: boolean; changed: object[]; notKept: { path: string }[] }[];
    };
    expect(list.kind).to.equal('List');
    expect(list.items.map(({ kind }) => kind)).to.deep.equal(['CustomAutoscaler', 'CustomAutoscaler']);
    expect(list.conversions.map(({ notKept }) => notKept.map(({ path }) => path))).to.deep.equal([
      [],
      ['spec.triggers[1]'],
    ]);
  });

  it('exits with 1 when something was not kept and --strict is given', async () => {
    expect(await fromInput(json(scaledObject('orders')), '--strict')).to.include({ code: 1 });
    expect(await fromInput(json(hpa('web')), '--strict')).to.include({ code: 0 });
  });

  it('reads Lists, also of one kind, whose items have no kind', async () => {
    const { apiVersion, kind, ...bare } = hpa('bare') as { apiVersion: string; kind: string };
    const lists = [
      { apiVersion: 'v1', kind: 'List', items: [hpa('a'), deployment] },
      { apiVersion, kind: `${kind}List`, items: [bare] },
    ];
    expect(names((await fromInput(json(...lists))).stdout)).to.deep.equal(['a', 'bare']);
  });

  it('reads files, and of a folder those that kubectl would read', async () => {
    const inside = join(folder, 'manifests');
    mkdirSync(inside);
    file('manifests/b.yaml', json(hpa('b')));
    file('manifests/a.json', json(hpa('a')));
    file('manifests/notes.txt', 'no manifest');
    const single = file('single.yml', json(hpa('single')));
    expect(names((await convert(single, inside)).stdout)).to.deep.equal(['single', 'a', 'b']);
  });

  /** Name, arguments or text of standard input, the line on stderr. */
  const wrong: readonly (readonly [name: string, given: string[] | string, line: RegExp | string])[] = [
    [
      'a field, with the document, the value and what is allowed',
      json(hpa('web'), hpa('big', { maxReplicas: 0 }, { namespace: 'shop' })),
      'standard input, document 2, HorizontalPodAutoscaler shop/big: spec.maxReplicas: Invalid value: 0: must be greater than or equal to 1',
    ],
    [
      'an item of a List',
      json({ kind: 'List', items: [hpa('web'), hpa('x', { maxReplicas: 'five' })] }),
      'standard input, items[1], HorizontalPodAutoscaler x: spec.maxReplicas: Invalid value: "five": must be an integer',
    ],
    [
      'every problem, of every object',
      json(hpa('a', { maxReplicas: 0 }), hpa('b', { minReplicas: -1 })),
      /a: spec\.max.*; .*b: spec\.min/,
    ],
    ['a text that is no YAML', 'a: b: c', /^standard input: this is neither YAML nor JSON: .*line 1/],
    [
      'aliases that grow beyond measure',
      `a: &a [1,1,1,1,1,1,1,1,1]\nb: &b [${'*a,'.repeat(9)}]\nc: &c [${'*b,'.repeat(9)}]\nd: [${'*c,'.repeat(9)}]`,
      /^standard input: this is neither YAML nor JSON: Excessive alias count/,
    ],
    ['a template', 'spec:\n  {{- if .Values.hpa }}\n', /^standard input: this is neither YAML nor JSON/],
    [
      'a document that is no object',
      'just words',
      'standard input: found "just words", expected a Kubernetes object',
    ],
    [
      'an input without an autoscaler',
      json(deployment),
      'there is no HorizontalPodAutoscaler or ScaledObject in: -',
    ],
    ['an empty input', '', 'there is no HorizontalPodAutoscaler or ScaledObject in: -'],
    [
      'a file that is not there',
      ['nowhere.yaml'],
      'nowhere.yaml: no such file; what a cluster has is hpa/NAME or scaledobject/NAME',
    ],
    ['standard input given twice', ['-', '-'], '- is given twice: standard input can be read once'],
    ['a flag for a cluster with files only', ['a.yaml', '-n', 'shop'], /^--namespace, --all-namespaces/],
    [
      'a name with all namespaces',
      ['hpa/web', '-A'],
      'hpa/web: with --all-namespaces, name no object; say hpa',
    ],
    [
      'one namespace with all of them',
      ['hpa', '-A', '-n', 'a'],
      '--namespace a: may not be given with --all-namespaces',
    ],
  ];
  for (const [name, given, line] of wrong)
    it(`refuses, in one line and with exit code 2: ${name}`, async () => {
      const { code, stdout, stderr } =
        typeof given === 'string' ? await fromInput(given) : await convert(...given);
      expect(code).to.equal(2);
      expect(stdout).to.equal('');
      expect(stderr).to.match(/^plimsoll: [^\n]*\n$/);
      const told = stderr.slice('plimsoll: '.length, -1);
      if (typeof line === 'string') expect(told).to.equal(line);
      else expect(told).to.match(line);
    });

  it('reads aliases and merge keys, and writes neither', async () => {
    const { stdout } = await fromInput(`
apiVersion: v1
kind: List
items:
  - &first
    apiVersion: autoscaling/v2
    kind: HorizontalPodAutoscaler
    metadata: { name: a }
    spec: &spec { scaleTargetRef: &target { apiVersion: apps/v1, kind: Deployment, name: web }, maxReplicas: 5 }
  - { <<: *first, metadata: { name: b } }
  - { <<: *first, metadata: { name: c }, spec: { <<: *spec, maxReplicas: 7 } }
`);
    expect(names(stdout)).to.deep.equal(['a', 'b', 'c']);
    expect(stdout).to.include('maxReplicas: 7').and.not.match(/[&*<]/);
  });

  it('repeats what several metrics share', async () => {
    const source = scaledObject('orders') as { spec: { triggers: object[] } };
    const metadata = { serverAddress: 'http://p', query: 'a', threshold: '1' };
    const trigger = { type: 'prometheus', metadata };
    const spec = {
      ...source.spec,
      fallback: { failureThreshold: 1, replicas: 2 },
      triggers: [trigger, trigger],
    };
    const { stdout } = await fromInput(json({ ...source, spec }));
    expect(stdout.match(/type: Fallback/g)).to.have.lengthOf(2);
    expect(stdout).not.to.match(/[&*]/);
  });

  it('ends with 130 when it is interrupted while it reads', async () => {
    const interrupt = new AbortController();
    const ended = runInProcess(['convert', '-'], { signal: interrupt.signal });
    interrupt.abort('SIGINT');
    expect(await ended).to.deep.equal({ code: 130, stdout: '', stderr: '' });
  });

  it('refuses a folder without manifests', async () => {
    const empty = join(folder, 'empty');
    mkdirSync(empty);
    const { code, stderr } = await convert(empty);
    expect(code).to.equal(2);
    expect(stderr).to.equal(`plimsoll: ${empty}: the folder has no .yaml, .yml or .json\n`);
  });
});

const hpas = '/apis/autoscaling/v2';
const notFound = { kind: 'Status', status: 'Failure', code: 404, reason: 'NotFound', message: 'not found' };

describe('plimsoll convert, of what a cluster has', () => {
  let api: LocalApi;
  let kubeconfig: string;
  const answers: Record<string, object> = {
    [`${hpas}/namespaces/default/horizontalpodautoscalers/web`]: hpa('web'),
    [`${hpas}/namespaces/shop/horizontalpodautoscalers`]: { items: [hpa('a'), hpa('b')], metadata: {} },
    [`${hpas}/horizontalpodautoscalers`]: {
      items: [
        hpa('all', {}, { namespace: 'one' }),
        hpa('keda-hpa-orders', {}, { ownerReferences: [{ kind: 'ScaledObject', name: 'orders' }] }),
      ],
      metadata: {},
    },
    [`${hpas}/namespaces/empty/horizontalpodautoscalers`]: { items: [], metadata: {} },
    '/apis/keda.sh/v1alpha1/namespaces/shop/scaledobjects/orders': scaledObject('orders'),
  };

  before(async () => {
    api = await startLocalApi(({ path }, response) => {
      const answer = answers[path];
      if (answer !== undefined) return answer;
      response.writeHead(404, { 'content-type': 'application/json' }).end(JSON.stringify(notFound));
      return undefined;
    });
    kubeconfig = file('kubeconfig', kubeconfigText(api.url));
  });
  after(async () => api.close());

  const read: Readonly<Record<string, readonly [string[], readonly string[]]>> = {
    'one, of the namespace of the kubeconfig': [['hpa/web'], ['web']],
    'all of a namespace': [
      ['hpa', '-n', 'shop'],
      ['a', 'b'],
    ],
    'all of all namespaces, but not what KEDA made': [['horizontalpodautoscalers', '-A'], ['all']],
    'a ScaledObject': [['scaledobject/orders', '-n', 'shop'], ['orders']],
    'a ScaledObject by its short name': [['so/orders', '-n', 'shop'], ['orders']],
  };
  for (const [name, [args, expected]] of Object.entries(read))
    it(`reads ${name}`, async () => {
      const { code, stdout } = await convert(...args, '--kubeconfig', kubeconfig);
      expect(code).to.equal(0);
      expect(names(stdout)).to.deep.equal(expected);
    });

  const missing: Readonly<Record<string, readonly [string[], string]>> = {
    'an object that is not there': [
      ['hpa/none'],
      'hpa/none: namespace default has no such HorizontalPodAutoscaler',
    ],
    'a namespace that has none': [
      ['hpa', '-n', 'empty'],
      'hpa: namespace empty has no HorizontalPodAutoscaler',
    ],
    'a cluster without KEDA': [['so', '-A'], 'so: the cluster serves no scaledobjects.keda.sh'],
  };
  for (const [name, [args, line]] of Object.entries(missing))
    it(`tells of ${name}`, async () => {
      const { code, stdout, stderr } = await convert(...args, '--kubeconfig', kubeconfig);
      expect({ code, stdout, stderr }).to.deep.equal({ code: 2, stdout: '', stderr: `plimsoll: ${line}\n` });
    });

  it('tells of a cluster that does not answer', async () => {
    const gone = file('gone', kubeconfigText('http://127.0.0.1:9'));
    const { code, stderr } = await convert('hpa/web', '--kubeconfig', gone);
    expect(code).to.equal(2);
    expect(stderr).to.match(
      /^plimsoll: hpa\/web: cannot be read from the cluster at http:\/\/127\.0\.0\.1:9: /,
    );
  });
});
