import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { parse } from 'yaml';
import { compileSchema } from '../../../src/devcluster/apiserver/schema/structural.ts';
import { validateCrd } from '../../../src/devcluster/apiserver/schema/validate-crd.ts';
import type { KubeObject } from '../../../src/devcluster/cluster-api.ts';
import { invalidAutoscalers, oddAutoscalers } from '../../support/invalid-autoscalers.ts';
import type { CrdStep } from './transcripts.ts';

/** What kube-apiserver 1.36 answered, by the CRD of that day. */
interface Answer {
  readonly name: string;
  readonly errors: readonly string[];
}

function readAnswers<T extends Answer>(file: string): T[] {
  const text = readFileSync(new URL(`../../fixtures/api/${file}`, import.meta.url), 'utf8');
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as T);
}

describe("Plimsoll's own CRD", () => {
  const text = readFileSync(
    new URL('../../../crds/customautoscalers.plimsoll.dev.yaml', import.meta.url),
    'utf8',
  );
  const crd = parse(text) as CrdStep['crd'];
  const schema = compileSchema(crd.spec.versions[0]!.schema.openAPIV3Schema);
  const stored = (object: KubeObject): KubeObject => schema.applyDefaults(schema.prune(object).object);
  /** As it is sent: without what is undefined. */
  const sent = (object: object): KubeObject => JSON.parse(JSON.stringify(object)) as KubeObject;
  const autoscaler = (spec: Record<string, unknown>): KubeObject =>
    stored({
      apiVersion: 'plimsoll.dev/v1',
      kind: 'CustomAutoscaler',
      metadata: { name: 'web' },
      spec: {
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
        maxReplicas: 5,
        ...spec,
      },
    });

  it('is valid', () => expect(validateCrd(crd)).to.deep.equal([]));

  it('accepts a minimal object', () => expect(schema.validate(autoscaler({}))).to.deep.equal([]));

  it('refuses by its own rules, with the field that they name', () => {
    const errors = schema.validate(autoscaler({ minReplicas: 9 }));
    expect(errors).to.deep.equal([
      {
        type: 'FieldValueInvalid',
        field: 'spec.maxReplicas',
        message: 'Invalid value: maxReplicas must be greater than or equal to minReplicas',
      },
    ]);
  });

  /** As they were recorded: without the note that the rules did not run. */
  const problems = (object: KubeObject): string[] =>
    schema
      .validate(stored(object))
      .map(({ field, message }) => `${field}: ${message}`)
      .filter((text) => !text.includes('some validation rules were not checked'));

  const tables = new Map(
    [...invalidAutoscalers, ...oddAutoscalers].map(({ name, object }) => [name, sent(object)]),
  );
  for (const { name, errors } of readAnswers('crd-answers.jsonl')) {
    it(`answers as Kubernetes does: ${name}`, () => {
      expect(problems(tables.get(name)!)).to.have.members([...errors]);
    });
  }

  for (const { name, spec, errors } of readAnswers<Answer & { spec: KubeObject['spec'] }>(
    'quantity-answers.jsonl',
  )) {
    it(`answers as Kubernetes does to ${name}`, () =>
      expect(problems(autoscaler(spec as Record<string, unknown>))).to.have.members([...errors]));
  }
});
