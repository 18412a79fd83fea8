import { expect } from 'chai';
import * as client from '@kubernetes/client-node';
import type { Definition, FieldType } from '../../../src/devcluster/apiserver/openapi/definitions.ts';
import { parseDefinitions } from '../../../src/devcluster/apiserver/openapi/definitions.ts';
import { builtInDefinitions } from '../../../src/devcluster/apiserver/openapi/registry.ts';

interface Model {
  getAttributeTypeMap(): { baseName: string; type: string; format: string }[];
}

/** The client's generated class of a definition, where it has one: both stem from Kubernetes' own OpenAPI document. */
function modelOf({ name }: Definition): Model | undefined {
  const [, group = '', version = '', kind = ''] = /\.(\w+)\.(\w+)\.(\w+)$/.exec(name) ?? [];
  const upper = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
  const names = [`${upper(group)}${upper(version)}${kind}`, `${upper(version)}${kind}`];
  const models = client as unknown as Record<string, Model | undefined>;
  return names.map((each) => models[each]).find((model) => model !== undefined);
}

function typeText(type: FieldType): string {
  if ('list' in type) return `list of ${typeText(type.list)}`;
  if ('map' in type) return `map of ${typeText(type.map)}`;
  if ('ref' in type) return type.ref.split('.').at(-1) ?? '';
  return (
    {
      bytes: 'string',
      time: 'Date',
      microTime: 'V1MicroTime',
      quantity: 'string',
      intOrString: 'IntOrString',
      int32: 'number',
      int64: 'number',
      bool: 'boolean',
    }[type.simple as string] ?? type.simple
  );
}

function modelText(type: string): string {
  const list = /^Array<(.+)>$/.exec(type)?.[1];
  if (list !== undefined) return `list of ${modelText(list)}`;
  const map = /^\{ \[key: string\]: (.+); \}$/.exec(type)?.[1];
  if (map !== undefined) return `map of ${modelText(map)}`;
  return type === 'V1MicroTime' ? type : type.replace(/^([A-Z][a-z]+)?V\d([a-z]+\d)?(?=[A-Z])/, '');
}

const compared = [...builtInDefinitions.values()].flatMap((definition) => {
  const model = modelOf(definition);
  return model === undefined ? [] : [{ definition, model }];
});

describe('the definitions of the built-in kinds', () => {
  it('are compared with the client, all but those of metrics.k8s.io', () => {
    const others = [...builtInDefinitions.values()].filter((definition) => modelOf(definition) === undefined);
    expect(others.map(({ name }) => name).filter((name) => !name.includes('.metrics.'))).to.deep.equal([]);
  });

  for (const { definition, model } of compared) {
    it(`${definition.name} has the fields that Kubernetes has, of the same types`, () => {
      const attributes = model.getAttributeTypeMap();
      const own = Object.entries(definition.fields);
      expect(own.map(([name]) => name)).to.have.members(attributes.map(({ baseName }) => baseName));
      const types = new Map(attributes.map(({ baseName, type }) => [baseName, modelText(type)]));
      for (const [name, { type }] of own) {
        const text = typeText(type);
        if (!text.endsWith('any')) expect(text, name).to.equal(types.get(name));
      }
    });
  }

  it('describe themselves and each of their fields', () => {
    for (const { name, description, fields } of builtInDefinitions.values()) {
      expect(description, name).to.match(/\.$/);
      for (const [field, { description: text }] of Object.entries(fields))
        expect(text, `${name}.${field}`).to.match(/\.$/);
    }
  });
});

describe('the language of definitions', () => {
  it('knows required fields, lists, maps, merge keys, and a base', () => {
    const parsed = parseDefinitions({
      a: 'Base: A base.\n  x! string An x.\nThing < Base: A thing.\n  list []Base @x Many.\n  map map<int32> Numbers.\n',
    });
    expect(parsed.get('a.Thing')?.fields).to.deep.equal({
      x: { type: { simple: 'string' }, description: 'An x.', isRequired: true },
      list: { type: { list: { ref: 'a.Base' } }, description: 'Many.', isRequired: false, mergeKey: 'x' },
      map: { type: { map: { simple: 'int32' } }, description: 'Numbers.', isRequired: false },
    });
  });

  it('takes a name of the own package first, else the only one', () => {
    const parsed = parseDefinitions({
      a: 'T: One.\n  t T Own.\n',
      b: 'T: Other.\n  t T Own.\n',
      c: 'U: Third.\n',
      d: 'V: Fourth.\n  u U Of c.\n',
    });
    expect(parsed.get('b.T')?.fields.t?.type).to.deep.equal({ ref: 'b.T' });
    expect(parsed.get('d.V')?.fields.u?.type).to.deep.equal({ ref: 'c.U' });
  });

  const faults: Record<string, [string, RegExp]> = {
    'a type that nobody defines': ['T: One.\n  x Nothing What.\n', /no definition, or several, of Nothing/],
    'a line that is none': ['T: One.\n  x\n', /not a field/],
    'a heading that is none': ['T One.\n', /not a definition/],
  };
  for (const [name, [text, message]] of Object.entries(faults)) {
    it(`refuses ${name}`, () => expect(() => parseDefinitions({ a: text })).to.throw(message));
  }
});
