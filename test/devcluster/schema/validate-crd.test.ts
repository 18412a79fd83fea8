import { expect } from 'chai';
import { validateCrd } from '../../../src/devcluster/apiserver/schema/validate-crd.ts';
import type { KubeObject } from '../../../src/devcluster/cluster-api.ts';
import type { CrdStep } from './transcripts.ts';
import { readSteps } from './transcripts.ts';

const steps = readSteps<CrdStep>('crds.jsonl').filter(({ crd }) => typeof crd.spec.group === 'string');
const byStep = new Map(steps.map((step) => [step.step, step]));

/** Kubernetes estimates what rules cost; the dev cluster does not. */
const isAboutCost = (text: string): boolean => /cost|exceeds budget/.test(text);

describe('validateCrd answers as Kubernetes was recorded to', () => {
  for (const { step, crd, causes = [] } of steps.filter(({ status }) => status === 422)) {
    const expected = causes.filter(({ message }) => !isAboutCost(message));
    it(`${expected.length === 0 ? 'accepts, not knowing costs' : 'refuses'}: ${step}`, () => {
      const found = validateCrd(crd).map(({ type, message, field }) => ({ reason: type, message, field }));
      expect(found).to.have.deep.members(expected);
    });
  }

  for (const { step, crd } of steps.filter(({ status }) => status === 201 || status === 409)) {
    it(`accepts: ${step}`, () => expect(validateCrd(crd)).to.deep.equal([]));
  }
});

describe('validateCrd on update', () => {
  const crd = byStep.get('CRD: AlreadyExists')!.crd;
  const old: KubeObject = { ...crd, status: { storedVersions: ['v1alpha1'] } };
  const withSpec = (change: Record<string, unknown>): KubeObject => ({
    ...old,
    spec: { ...crd.spec, ...change },
  });

  it('accepts what did not change', () => expect(validateCrd(old, old)).to.deep.equal([]));

  it('keeps the scope', () => {
    const errors = validateCrd(withSpec({ scope: 'Cluster' }), old);
    expect(errors).to.deep.equal([
      {
        type: 'FieldValueInvalid',
        field: 'spec.scope',
        message: 'Invalid value: "Cluster": field is immutable',
      },
    ]);
  });

  it('keeps a version in which objects are stored', () => {
    const renamed = crd.spec.versions.map((version) => ({ ...version, name: 'v1' }));
    const errors = validateCrd(withSpec({ versions: renamed }), old);
    expect(errors.map(({ field }) => field)).to.deep.equal(['status.storedVersions[0]']);
    expect(errors[0]?.message).to.match(
      /^Invalid value: "v1alpha1": missing from spec.versions; v1alpha1 was previously/,
    );
  });
});

describe('rules are type-checked against the schema', () => {
  const properties = {
    n: { type: 'integer' },
    s: { type: 'string' },
    x: { type: 'number' },
    'is-odd': { type: 'boolean' },
    namespace: { type: 'string' },
    list: { type: 'array', items: { type: 'object', properties: { k: { type: 'string' } } } },
    map: { type: 'object', additionalProperties: { type: 'integer' } },
    either: { 'x-kubernetes-int-or-string': true },
    any: { 'x-kubernetes-preserve-unknown-fields': true },
    anys: { type: 'array', items: { 'x-kubernetes-preserve-unknown-fields': true } },
    at: { type: 'string', format: 'date-time' },
    window: { type: 'string', format: 'duration' },
  };
  const crdWith = (rule: Record<string, unknown>): KubeObject => {
    const base = byStep.get('CRD invalid: CEL: undeclared reference')!.crd;
    const spec = { type: 'object', properties, 'x-kubernetes-validations': [rule] };
    const schema = { openAPIV3Schema: { type: 'object', properties: { spec } } };
    return {
      ...base,
      spec: { ...base.spec, versions: [{ name: 'v1', served: true, storage: true, schema }] },
    };
  };

  const valid = [
    'self.n > 1 && self.s.size() > 0',
    'self.x > 1.0',
    'self.is__dash__odd || self.__namespace__ == "x"',
    'self.list.all(e, e.k != "") && self.list.exists_one(e, e.k == "a")',
    'self.map.all(key, self.map[key] > 0) && "a" in self.map',
    'type(self.either) == int ? self.either > 0 : quantity(self.either).isGreaterThan(quantity("1Mi"))',
    'self.at > timestamp("2020-01-01T00:00:00Z")',
    'self.window < duration("1h")',
    'self.list == oldSelf.list',
    '!has(self.s) || self.s.matches("^[a-z]+$")',
    'self.?s.orValue("none") != ""',
    'self.list.map(e, e.k).isSorted()',
  ];
  for (const rule of valid) {
    it(`accepts ${rule}`, () => expect(validateCrd(crdWith({ rule }))).to.deep.equal([]));
  }

  const invalid: Record<string, RegExp> = {
    'self.n == "a"': /compilation failed/,
    'self.list.all(e, e.zz == "")': /undefined field 'zz'/,
    'self.n > 1 || !has(self.zz)': /undefined field 'zz'/,
    'self.any == 1': /undefined field 'any'/,
    'has(self.any)': /undefined field 'any'/,
    'self.anys.size() > 0': /undefined field 'anys'/,
    'sellf.n > 1': /undeclared reference to 'sellf'/,
    'self.s.frobnicate()': /frobnicate/,
    'self.n': /must evaluate to a bool/,
    'self.n > 1 &&': /Syntax error/,
  };
  for (const [rule, message] of Object.entries(invalid)) {
    it(`refuses ${rule}`, () => expect(validateCrd(crdWith({ rule }))[0]?.message).to.match(message));
  }

  it('refuses a fieldPath to nowhere', () => {
    const [error] = validateCrd(crdWith({ rule: 'self.n > 1', fieldPath: '.zz' }));
    expect(error?.field).to.match(/x-kubernetes-validations\[0\]\.fieldPath$/);
  });

  it('refuses a messageExpression that is no string', () => {
    const [error] = validateCrd(crdWith({ rule: 'self.n > 1', messageExpression: 'self.n' }));
    expect(error?.message).to.match(/messageExpression must evaluate to a string/);
  });
});
