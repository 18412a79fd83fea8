import { expect } from 'chai';
import { existsSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { parseAutoscaler } from '../../src/api/parse.ts';
import type { Policy } from '../../src/decide/policy.ts';
import type { KubeObject } from '../../src/devcluster/cluster-api.ts';
import { TestCluster } from '../support/cluster.ts';

interface Schema {
  readonly properties: Readonly<Record<string, Schema>>;
}

const pages = ['modes', 'shadow'] as const;
const textOf = (page: string): string => readFileSync(`docs/${page}.md`, 'utf8');
const crd = parse(readFileSync('crds/customautoscalers.plimsoll.dev.yaml', 'utf8')) as {
  spec: { versions: { schema: { openAPIV3Schema: Schema } }[] };
};

/** The fields that the first column of a page's tables names. */
const told = (page: string): string[] =>
  [...textOf(page).matchAll(/^\| (`[^|]+) \|/gm)].flatMap(([, names = '']) => names.match(/\w+/g) ?? []);

function fieldsOf(...path: string[]): string[] {
  let schema = crd.spec.versions[0]!.schema.openAPIV3Schema;
  for (const name of path) schema = schema.properties[name]!;
  return Object.keys(schema.properties);
}

describe('docs/modes.md and docs/shadow.md', () => {
  const policies: Record<string, Policy> = {};

  before(async () => {
    const cluster = await TestCluster.start();
    for (const page of pages) {
      const example = parse(/```yaml\n([\s\S]*?)```/.exec(textOf(page))?.[1] ?? '') as KubeObject;
      const metadata = { ...example.metadata, namespace: 'default', name: page };
      const created = cluster.api.create('customautoscalers.plimsoll.dev', { ...example, metadata });
      const parsed = parseAutoscaler(created);
      if (parsed.ok) policies[page] = parsed.policy;
    }
    await cluster.close();
  });

  it('have examples that the server takes', () => {
    expect(policies.modes).to.deep.include({
      mode: 'Paused',
      suspend: {
        scaleUp: false,
        scaleDown: true,
        untilMs: Date.UTC(2030, 11, 24, 18),
        reason: 'the sale',
      },
    });
    expect(policies.shadow).to.include({ mode: 'DryRun' });
  });

  it('name every field of a pause and of a shadow', () => {
    expect(told('modes')).to.include.members(fieldsOf('spec', 'suspend'));
    expect(told('shadow')).to.have.members(fieldsOf('status', 'shadow'));
  });

  it('link to pages that are there', () => {
    for (const page of pages)
      for (const [, link = ''] of textOf(page).matchAll(/\]\(([\w-]+\.md)/g))
        expect(existsSync(`docs/${link}`), link).to.equal(true);
  });
});
