import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { parse } from 'yaml';
import { applyDefaults } from '../../src/api/defaults.ts';
import { parseAutoscaler } from '../../src/api/parse.ts';
import { invalidAutoscalers, oddAutoscalers } from '../support/invalid-autoscalers.ts';

interface Schema {
  type?: string;
  description?: string;
  default?: unknown;
  maxItems?: number;
  maxLength?: number;
  properties?: Record<string, Schema>;
  items?: Schema;
  'x-kubernetes-validations'?: { rule: string; message?: string; fieldPath?: string }[];
}

interface Version {
  name: string;
  subresources: object;
  additionalPrinterColumns: { name: string; jsonPath: string }[];
  schema: { openAPIV3Schema: Schema };
}

const file = new URL('../../crds/customautoscalers.plimsoll.dev.yaml', import.meta.url);
const crd = parse(readFileSync(file, 'utf8')) as {
  metadata: { name: string };
  spec: { versions: Version[] };
};
const version = crd.spec.versions[0]!;
const schema = version.schema.openAPIV3Schema;

/** What kube-apiserver 1.36 answered to each object of the tables, by the CRD of that day. */
const answers = new Map(
  readFileSync(new URL('../fixtures/api/crd-answers.jsonl', import.meta.url), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { name: string; errors: string[] })
    .map(({ name, errors }) => [name, errors]),
);

describe('the CustomResourceDefinition', () => {
  it('describes every field, for kubectl explain', () => {
    const bare = [...fields(schema, '')]
      .filter(([path]) => path !== 'metadata')
      .filter(([, { description }]) => description?.endsWith('.') !== true)
      .map(([path]) => path);
    expect(bare).to.deep.equal([]);
  });

  it('prints only fields that it has', () => {
    const known = new Set([...fields(schema, '')].map(([path]) => `.${path}`));
    const columns = version.additionalPrinterColumns.filter(({ name }) => name !== 'Age');
    expect(columns.map(({ name }) => name)).to.deep.equal([
      'Reference',
      'Targets',
      'MinPods',
      'MaxPods',
      'Replicas',
      'Mode',
    ]);
    for (const { jsonPath } of columns) expect(known).to.include(jsonPath);
  });

  it('gives each rule a message, and sends it to a field that exists', () => {
    const rules = [...fields(schema, '')].flatMap(([path, one]) =>
      (one['x-kubernetes-validations'] ?? []).map((rule) => ({ path, rule, one })),
    );
    expect(rules.length).to.be.greaterThan(20);
    for (const { path, rule, one } of rules) {
      expect(rule.message, `${path}: ${rule.rule}`).to.be.a('string').and.not.equal('');
      const target = rule.fieldPath?.slice(1);
      if (target !== undefined) expect(one.properties, path).to.have.property(target);
    }
  });

  it('bounds whatever a rule looks at, so that rules stay cheap', () => {
    for (const [path, one] of fields(schema, '')) {
      if (one['x-kubernetes-validations'] === undefined) continue;
      if (one.type === 'string') expect(one.maxLength, path).to.be.a('number');
      if (one.type === 'array') expect(one.maxItems, path).to.be.a('number');
    }
  });

  it('defaults as the parser does', () => {
    const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' };
    for (const behavior of [
      undefined,
      {},
      { scaleUp: { selectPolicy: 'Min' as const } },
      { scaleDown: {} },
    ]) {
      const spec = { scaleTargetRef, maxReplicas: 5, ...(behavior && { behavior }) };
      const defaulted = structuredClone(spec);
      applySchemaDefaults(schema.properties!.spec!, defaulted);
      expect(defaulted).to.deep.equal(applyDefaults(spec));
    }
  });

  it('is where the committed types come from', () => {
    const script = new URL('../../scripts/generate-types.ts', import.meta.url).pathname;
    const { status, stderr } = spawnSync(process.execPath, [script, '--check'], { encoding: 'utf8' });
    expect(status, stderr).to.equal(0);
  });
});

describe('the API server that has the CRD', () => {
  for (const { name, path } of invalidAutoscalers) {
    const errors = answers.get(name);
    if (errors === undefined) continue;
    it(`refuses an object in which ${name}, naming ${path}`, () => {
      expect(
        errors.some((error) => error.startsWith(`${path}: `)),
        errors.join('\n'),
      ).to.equal(true);
    });
  }

  it('accepts the odd objects that the parser accepts', () => {
    for (const { name, object } of oddAutoscalers) {
      expect(answers.get(name) ?? [], name).to.deep.equal([]);
      expect(parseAutoscaler(object).ok, name).to.equal(true);
    }
  });
});

/** Every field below a schema, by path; elements of lists are `[]`. */
function* fields(from: Schema, path: string): Generator<[string, Schema]> {
  if (path !== '') yield [path, from];
  for (const [name, property] of Object.entries(from.properties ?? {})) {
    yield* fields(property, path === '' ? name : `${path}.${name}`);
  }
  if (from.items?.type === 'object') yield* fields(from.items, `${path}[]`);
}

/** Defaults as the API server applies them: inside what is given, after the parent's own default. */
function applySchemaDefaults({ properties = {} }: Schema, object: Record<string, unknown>): void {
  for (const [name, property] of Object.entries(properties)) {
    if (object[name] === undefined && property.default !== undefined) {
      object[name] = structuredClone(property.default);
    }
    const child = object[name];
    if (property.type === 'object' && child !== undefined)
      applySchemaDefaults(property, child as Record<string, unknown>);
  }
}
