import { readFileSync, readdirSync } from 'node:fs';
import { expect } from 'chai';
import { parseAllDocuments } from 'yaml';
import { builtInKinds } from '../../../src/devcluster/apiserver/kinds.ts';
import { groupVersion } from '../../../src/devcluster/apiserver/kind.ts';
import { unknownFields } from '../../../src/devcluster/apiserver/schema/known-fields.ts';
import type { KubeObject } from '../../../src/devcluster/cluster-api.ts';
import { readSteps } from './transcripts.ts';

function schemaNameOf({ apiVersion, kind }: KubeObject): string | undefined {
  if (kind === 'Scale') return 'io.k8s.api.autoscaling.v1.Scale';
  return builtInKinds.find((each) => each.kind === kind && groupVersion(each) === apiVersion)?.schemaName;
}

const deployment = 'io.k8s.api.apps.v1.Deployment';
const podTemplate = (container: Record<string, unknown>, more: Record<string, unknown> = {}) => ({
  spec: { template: { spec: { containers: [{ name: 'a', ...container }], ...more } } },
});

describe('unknownFields', () => {
  for (const object of readSteps<KubeObject>('built-in-objects.jsonl')) {
    it(`knows every field of a recorded ${object.apiVersion} ${object.kind} (${object.metadata.name})`, () => {
      const name = schemaNameOf(object);
      expect(name).to.be.a('string');
      expect(unknownFields(name ?? '', object)).to.deep.equal([]);
    });
  }

  const cases: Record<string, [unknown, string[]]> = {
    'a misspelt field': [{ spec: { replica: 1 } }, ['spec.replica']],
    'one in a list, before one that stands behind it': [
      { spec: { ...podTemplate({ imagePullpolicy: 'x' }).spec, replica: 1 } },
      ['spec.template.spec.containers[0].imagePullpolicy', 'spec.replica'],
    ],
    'names in another case': [{ Spec: {} }, ['Spec']],
    metadata: [{ metadata: { bogus: 1, labels: { anything: 'x' } } }, ['metadata.bogus']],
    'nothing inside a free-form field': [
      podTemplate({}, { volumes: [{ name: 'v', csi: { driver: 'x' } }] }),
      [],
    ],
    'nothing among the keys of a map': [
      podTemplate({ resources: { requests: { 'example.com/gpu': 1 } } }),
      [],
    ],
    'below two lists': [
      podTemplate({ env: [{ name: 'A', valueFrom: { fieldRef: { path: 'x' } } }] }),
      ['spec.template.spec.containers[0].env[0].valueFrom.fieldRef.path'],
    ],
    'nothing where a value is of the wrong type': [{ spec: 'text' }, []],
  };
  for (const [name, [object, expected]] of Object.entries(cases)) {
    it(`finds ${name}`, () => expect(unknownFields(deployment, object)).to.deep.equal(expected));
  }

  it('finds nothing in a schema that it does not know', () => {
    expect(unknownFields('io.example.Unknown', { a: 1 })).to.deep.equal([]);
  });

  it('knows every field of the manifests of the walkthrough', () => {
    const folder = new URL('../../../examples/walkthrough/', import.meta.url);
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
      file.endsWith('.yaml'),
    );
    const objects = files
      .flatMap((file) => parseAllDocuments(readFileSync(new URL(file, folder), 'utf8')))
      .map((document) => document.toJS() as KubeObject)
      .filter((object) => schemaNameOf(object) !== undefined);
    expect(objects).to.not.be.empty;
    for (const object of objects) expect(unknownFields(schemaNameOf(object) ?? '', object)).to.deep.equal([]);
  });
});
