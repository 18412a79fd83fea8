import { expect } from 'chai';
import { compileSchema } from '../../../src/devcluster/apiserver/schema/structural.ts';
import type { KubeObject } from '../../../src/devcluster/cluster-api.ts';
import type { Cause } from './transcripts.ts';
import { readSteps, recordedVersion } from './transcripts.ts';

interface ObjectStep {
  readonly step: string;
  readonly status: number;
  readonly object: KubeObject;
  readonly stored?: KubeObject;
  readonly warning?: string;
  readonly causes?: readonly Cause[];
}

const recorded = compileSchema(recordedVersion().schema.openAPIV3Schema, {
  specReplicasPath: '.spec.maxReplicas',
  statusReplicasPath: '.status.replicas',
});
const steps = readSteps<ObjectStep>('custom-objects.jsonl');

function asCauses(errors: ReturnType<typeof recorded.validate>): Cause[] {
  return errors.map(({ type, message, field }) => ({ reason: type, message, field }));
}

function object(spec: unknown, more: Record<string, unknown> = {}): KubeObject {
  return { apiVersion: 'x.dev/v1', kind: 'X', metadata: { name: 'x' }, spec, ...more };
}

function specSchema(properties: Record<string, unknown>, more: Record<string, unknown> = {}) {
  return { type: 'object', properties: { spec: { type: 'object', properties, ...more } } };
}

describe('a compiled schema answers as Kubernetes was recorded to', () => {
  for (const { step, object, causes } of steps.filter(({ status }) => status === 422)) {
    it(`refuses: ${step}`, () => {
      const { object: pruned } = recorded.prune(object);
      expect(asCauses(recorded.validate(recorded.applyDefaults(pruned)))).to.have.deep.members([
        ...(causes ?? []),
      ]);
    });
  }

  for (const { step, object, stored, warning } of steps.filter(({ status }) => status === 201)) {
    it(`stores: ${step}`, () => {
      const { object: pruned, unknown } = recorded.prune(object);
      const result = recorded.applyDefaults(pruned);
      expect(recorded.validate(result)).to.deep.equal([]);
      expect(result.spec).to.deep.equal(stored?.spec);
      const warnings = unknown.map((path) => `299 - "unknown field \\"${path}\\""`).join(', ');
      if (warning !== undefined) expect(warnings).to.equal(warning);
    });
  }

  it('refuses status conditions of the same type twice', () => {
    const { object: valid } = steps[0] ?? { object: object({}) };
    const conditions = [
      { type: 'X', status: 'True' },
      { type: 'X', status: 'False' },
    ];
    const errors = recorded.validate(recorded.applyDefaults({ ...valid, status: { conditions } }));
    expect(asCauses(errors)).to.deep.equal([
      {
        reason: 'FieldValueDuplicate',
        message: 'Duplicate value: {"type":"X"}',
        field: 'status.conditions[1]',
      },
    ]);
  });

  it('puts the problems of the metadata first and then does not check the rules', () => {
    const name = {
      type: 'FieldValueRequired',
      field: 'metadata.name',
      message: 'Required value: x',
    } as const;
    const broken = recorded.applyDefaults(
      object({ targetRef: { name: 'web' }, maxReplicas: 1, minReplicas: 2 }),
    );
    const errors = recorded.validate(broken, undefined, [name]);
    expect(errors.map(({ field }) => field)).to.deep.equal(['metadata.name', '<nil>']);
  });
});

describe('transition rules and ratcheting', () => {
  const targetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' };
  const spec = { targetRef, maxReplicas: 8 };
  const before = recorded.applyDefaults(object(spec));
  const change = (given: Record<string, unknown>): KubeObject =>
    recorded.applyDefaults(object({ ...spec, ...given }));

  it('refuses a change that a rule with oldSelf forbids, in the words of the rule', () => {
    const errors = recorded.validate(change({ targetRef: { ...targetRef, name: 'other' } }), before);
    expect(asCauses(errors)).to.deep.equal([
      {
        reason: 'FieldValueForbidden',
        field: 'spec.targetRef',
        message: 'Forbidden: targetRef.name is immutable',
      },
    ]);
  });

  it('does not run a rule with oldSelf on creation', () => {
    expect(recorded.validate(before)).to.deep.equal([]);
  });

  const tighter = compileSchema(
    specSchema(
      {
        a: { type: 'integer', maximum: 7 },
        b: { type: 'string' },
        l: { type: 'array', items: { type: 'integer', maximum: 7 } },
      },
      {
        'x-kubernetes-validations': [{ rule: '!has(self.a) || self.a != 13', message: 'no thirteen' }],
      },
    ),
  );

  const cases: Record<string, [Record<string, unknown>, Record<string, unknown>, string[]]> = {
    'an unchanged invalid value passes when another field changes': [{ a: 9, b: 'x' }, { a: 9, b: 'y' }, []],
    'a changed invalid value is refused': [{ a: 9 }, { a: 10 }, ['spec.a']],
    'an unchanged list passes as a whole': [{ l: [9], b: 'x' }, { l: [9], b: 'y' }, []],
    'a changed list is looked at anew': [{ l: [9] }, { l: [9, 1] }, ['spec.l[0]']],
    'a rule on an unchanged object is not run': [{ a: 13 }, { a: 13 }, []],
    'a rule on a changed object is run': [{ a: 13, b: 'x' }, { a: 13, b: 'y' }, ['spec']],
  };
  for (const [name, [old, next, fields]] of Object.entries(cases)) {
    it(name, () => {
      const errors = tighter.validate(object(next), object(old));
      expect(errors.map(({ field }) => field)).to.deep.equal(fields);
    });
  }

  it('compares the items of a list of type map by their keys, wherever they moved', () => {
    const item = {
      type: 'object',
      properties: { name: { type: 'string' }, size: { type: 'integer' } },
      'x-kubernetes-validations': [{ rule: 'self.size >= oldSelf.size', message: 'may only grow' }],
    };
    const list = {
      type: 'array',
      items: item,
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['name'],
    };
    const schema = compileSchema(specSchema({ disks: list }));
    const old = object({
      disks: [
        { name: 'a', size: 5 },
        { name: 'b', size: 5 },
      ],
    });
    const next = object({
      disks: [
        { name: 'b', size: 4 },
        { name: 'new', size: 1 },
        { name: 'a', size: 6 },
      ],
    });
    expect(schema.validate(next, old).map(({ field }) => field)).to.deep.equal(['spec.disks[0]']);
  });

  it('gives a rule with optionalOldSelf an empty optional on creation', () => {
    const rules = [
      { rule: 'oldSelf.hasValue() || self == 1', message: 'starts at one', optionalOldSelf: true },
    ];
    const schema = compileSchema(specSchema({ n: { type: 'integer', 'x-kubernetes-validations': rules } }));
    expect(schema.validate(object({ n: 1 }))).to.deep.equal([]);
    expect(schema.validate(object({ n: 2 }), object({ n: 1 }))).to.deep.equal([]);
    expect(schema.validate(object({ n: 2 }))[0]?.message).to.equal('Invalid value: 2: starts at one');
  });
});

describe('OpenAPI validation words each problem as Kubernetes does', () => {
  const cases: Record<string, [Record<string, unknown>, unknown, string]> = {
    minItems: [
      { type: 'array', minItems: 2, items: {} },
      [1],
      'Invalid value: 1: spec.x in body should have at least 2 items',
    ],
    'maxItems of one': [
      { type: 'array', maxItems: 1, items: {} },
      [1, 2],
      'Too many: 2: must have at most 1 item',
    ],
    minProperties: [
      { type: 'object', minProperties: 1 },
      {},
      'Invalid value: 0: spec.x in body should have at least 1 properties',
    ],
    maxProperties: [{ type: 'object', maxProperties: 0 }, { a: 1 }, 'Too many: 1: must have at most 0 items'],
    multipleOf: [
      { type: 'integer', multipleOf: 5 },
      7,
      'Invalid value: 7: spec.x in body should be a multiple of 5',
    ],
    exclusiveMaximum: [
      { type: 'number', maximum: 1, exclusiveMaximum: true },
      1,
      'Invalid value: 1: spec.x in body should be less than 1',
    ],
    null: [{ type: 'string' }, null, 'Invalid value: "null": spec.x in body must be of type string: "null"'],
    'an enum of numbers': [
      { type: 'integer', enum: [1, 2] },
      3,
      'Unsupported value: 3: supported values: "1", "2"',
    ],
    oneOf: [
      { type: 'object', oneOf: [{ required: ['a'] }, { required: ['b'] }] },
      { a: 1, b: 1 },
      'Invalid value: "": "spec.x" must validate one and only one schema (oneOf). Found 2 valid alternatives',
    ],
    not: [
      { type: 'object', not: { required: ['a'] } },
      { a: 1 },
      'Invalid value: "": "spec.x" must not validate the schema (not)',
    ],
    'int32 overflow': [
      { type: 'integer', format: 'int32' },
      2 ** 31,
      'Invalid value: "": Checked value must be of type integer with format int32 in spec.x',
    ],
    'an RE2 flag': [
      { type: 'string', pattern: '(?i)^abc$' },
      'ABD',
      'Invalid value: "ABD": spec.x in body should match \'(?i)^abc$\'',
    ],
    ipv4: [
      { type: 'string', format: 'ipv4' },
      '1.2.3',
      'Invalid value: "1.2.3": spec.x in body must be of type ipv4: "1.2.3"',
    ],
    cidr: [
      { type: 'string', format: 'cidr' },
      '10.0.0.0/33',
      'Invalid value: "10.0.0.0/33": spec.x in body must be of type cidr: "10.0.0.0/33"',
    ],
  };
  for (const [name, [schema, value, message]] of Object.entries(cases)) {
    it(name, () => {
      const compiled = compileSchema(specSchema({ x: schema }));
      expect(compiled.validate(object({ x: value }))[0]?.message).to.equal(message);
    });
  }

  const accepted: Record<string, [Record<string, unknown>, unknown]> = {
    'null where nullable': [{ type: 'string', nullable: true, enum: ['a'] }, null],
    'an integer for a number': [{ type: 'number' }, 5],
    'a format that Kubernetes does not know': [{ type: 'string', format: 'shoe-size' }, 'x'],
    'a duration in words': [{ type: 'string', format: 'duration' }, '5 minutes'],
    'anyOf with one match': [{ type: 'object', anyOf: [{ required: ['a'] }, { required: ['b'] }] }, { b: 1 }],
    'a length in characters, not in bytes': [{ type: 'string', maxLength: 2 }, 'éé'],
  };
  for (const [name, [schema, value]] of Object.entries(accepted)) {
    it(`accepts ${name}`, () => {
      expect(compileSchema(specSchema({ x: schema })).validate(object({ x: value }))).to.deep.equal([]);
    });
  }
});

describe('defaulting and pruning', () => {
  const schema = compileSchema(
    specSchema({
      parent: { type: 'object', properties: { child: { type: 'string', default: 'c' } } },
      given: { type: 'object', default: {}, properties: { child: { type: 'string', default: 'c' } } },
      map: {
        type: 'object',
        additionalProperties: { type: 'object', properties: { n: { type: 'integer', default: 1 } } },
      },
      list: { type: 'array', items: { type: 'object', properties: { n: { type: 'integer', default: 1 } } } },
      free: {
        type: 'object',
        'x-kubernetes-preserve-unknown-fields': true,
        properties: { k: { type: 'object' } },
      },
      pod: {
        type: 'object',
        'x-kubernetes-embedded-resource': true,
        properties: { spec: { type: 'object' } },
      },
      plain: { type: 'string' },
      note: { type: 'string', nullable: true, default: 'n' },
    }),
  );

  const defaults: Record<string, [unknown, unknown]> = {
    'a default inside an absent parent does not apply': [{}, { given: { child: 'c' }, note: 'n' }],
    'a default inside a given parent does': [
      { parent: {} },
      { parent: { child: 'c' }, given: { child: 'c' }, note: 'n' },
    ],
    'values of maps and items of lists get theirs': [
      { map: { a: {} }, list: [{}, { n: 2 }] },
      { map: { a: { n: 1 } }, list: [{ n: 1 }, { n: 2 }], given: { child: 'c' }, note: 'n' },
    ],
    'a null is kept where it is allowed, even with a default': [
      { note: null },
      { note: null, given: { child: 'c' } },
    ],
    'a null without a default is dropped where it is not allowed': [
      { plain: null },
      { given: { child: 'c' }, note: 'n' },
    ],
  };
  for (const [name, [spec, expected]] of Object.entries(defaults)) {
    it(name, () => expect(schema.applyDefaults(object(spec)).spec).to.deep.equal(expected));
  }

  it('leaves the given object as it was', () => {
    const given = object({ bogus: 1 });
    schema.applyDefaults(given);
    schema.prune(given);
    expect(given.spec).to.deep.equal({ bogus: 1 });
  });

  const prunes: Record<string, [KubeObject, string[]]> = {
    'fields at every depth': [
      object({ z: 1, list: [{ n: 1 }, { y: 1 }], map: { a: { b: 1 } } }, { top: 1 }),
      ['spec.list[1].y', 'spec.map.a.b', 'spec.z', 'top'],
    ],
    'nothing inside what is preserved, but below its named fields': [
      object({ free: { x: { y: 1 }, k: { y: 1 } } }),
      ['spec.free.k.y'],
    ],
    'nothing of an embedded resource that every resource has': [
      object({ pod: { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'x' }, spec: {}, status: {} } }),
      ['spec.pod.status'],
    ],
    'nothing of the metadata': [object({}, { metadata: { name: 'x', labels: { a: 'b' } } }), []],
  };
  for (const [name, [given, expected]] of Object.entries(prunes)) {
    it(`prunes ${name}`, () => expect(schema.prune(given).unknown).to.deep.equal(expected));
  }
});
