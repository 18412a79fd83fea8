import { expect } from 'chai';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { parseAutoscaler } from '../../src/api/parse.ts';
import { ClusterProcess } from '../support/cluster-process.ts';
import { plimsoll } from '../support/processes.ts';
import { eventually } from '../support/wait.ts';
import { built, ofKind, overlays, withoutKustomize } from './manifests.ts';

const page = readFileSync('docs/install.md', 'utf8');
const others = readFileSync('docs/monitoring.md', 'utf8');

/** Paths of the repository that a page names. */
function paths(text: string): string[] {
  return [...text.matchAll(/\b((?:deploy|crds)\/[\w./-]*)/g)].map(([, path = '']) => path.replace(/\.$/, ''));
}

describe('docs/install.md', () => {
  it('names only what is there, as docs/monitoring.md does', () => {
    const named = [...paths(page), ...paths(others)];
    expect(named).to.have.length.greaterThan(15);
    expect(named.filter((path) => !existsSync(path))).to.deep.equal([]);
  });

  it('tells of every overlay', () => {
    for (const overlay of overlays) expect(page).to.include(`| \`deploy/overlays/${overlay}\` |`);
  });

  it('names flags that the operator has', async () => {
    const { stdout } = await plimsoll(['operator', '--help']);
    const flags = [...page.matchAll(/`(--(?!type)[a-z-]+)[=`]/g)].map(([, flag = '']) => flag);
    expect(flags).to.have.length.greaterThan(4);
    for (const flag of flags) expect(stdout).to.include(`${flag} `);
  });

  it('shows an autoscaler for the first day that is valid', () => {
    const [, text = ''] = /```yaml\n(apiVersion: plimsoll[^`]+)```/.exec(page) ?? [];
    const parsed = parseAutoscaler(parse(text) as Parameters<typeof parseAutoscaler>[0]);
    expect(parsed.ok && parsed.policy.mode).to.equal('DryRun');
  });
});

describe(`deploy/ on the dev cluster${withoutKustomize === undefined ? '' : ` (skipped: ${withoutKustomize})`}`, function () {
  this.timeout(120_000);
  let cluster: ClusterProcess | undefined;
  before(async function () {
    if (withoutKustomize !== undefined) return this.skip();
    cluster = await ClusterProcess.start();
  });
  after(async () => cluster?.stop());

  /** The dev cluster has no RBAC, network policies and budgets; what it has it validates as Kubernetes does. */
  const served = [
    'Namespace',
    'CustomResourceDefinition',
    'ServiceAccount',
    'Deployment',
    'Service',
  ] as const;

  for (const overlay of overlays)
    it(`${overlay} is accepted as far as kinds are served, and is unchanged the second time`, async () => {
      const { kubectl } = cluster!;
      const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'my-namespace' } };
      const objects = ofKind(built(`deploy/overlays/${overlay}`), ...served);
      const items = overlay === 'namespaced' ? [namespace, ...objects] : objects;
      const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
      const first = await kubectl.try('apply --validate=strict -f -', [], list);
      expect(first.stderr).to.not.match(/error/i);
      expect(first.code, first.stderr).to.equal(0);
      const again = await kubectl.run('apply --validate=strict -f -', [], list);
      expect(again.match(/unchanged/g), again).to.have.length(items.length);
    });

  it('kubectl apply -f crds/ takes the definition and stumbles over nothing else', async () => {
    const output = await cluster!.kubectl.run('apply -f', [join(process.cwd(), 'crds')]);
    expect(output).to.match(/customautoscalers.plimsoll.dev (created|configured|unchanged)/);
    await eventually(
      'the resource is served',
      async () => (await cluster!.kubectl.try('get cas -A')).code === 0,
    );
  });
});
