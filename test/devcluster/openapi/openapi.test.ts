import { expect } from 'chai';
import { builtInKinds, kindRow, metricsKinds } from '../../../src/devcluster/apiserver/kinds.ts';
import type { Kind } from '../../../src/devcluster/apiserver/kind.ts';
import { groupVersion } from '../../../src/devcluster/apiserver/kind.ts';
import { openapiV3Document, openapiV3Index } from '../../../src/devcluster/apiserver/openapi/openapi.ts';
import { recordedVersion } from '../schema/transcripts.ts';

interface Parameter {
  readonly name: string;
  readonly in: string;
}

interface Operation {
  readonly parameters: readonly Parameter[];
  readonly 'x-kubernetes-action': string;
  readonly 'x-kubernetes-group-version-kind': object;
}

interface Schema {
  readonly description?: string;
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema | undefined>>;
  readonly allOf?: readonly { $ref: string }[];
  readonly [key: string]: unknown;
}

interface Document {
  readonly paths: Readonly<
    Record<string, Readonly<Record<'get' | 'post' | 'put' | 'patch' | 'delete', Operation | undefined>>>
  >;
  readonly components: { readonly schemas: Readonly<Record<string, Schema | undefined>> };
}

const schema = recordedVersion().schema.openAPIV3Schema;
const custom: Kind = kindRow({
  group: 'plimsoll.dev',
  version: 'v1alpha1',
  kind: 'CustomAutoscaler',
  plural: 'customautoscalers',
  subresources: {
    status: true,
    scale: { specReplicasPath: '.spec.maxReplicas', statusReplicasPath: '.status.replicas' },
  },
  custom: { openAPIV3Schema: schema } as unknown as NonNullable<Kind['custom']>,
});
const kinds = [...builtInKinds, ...metricsKinds, custom];
const documentOf = (version: string): Document => openapiV3Document(version, kinds) as Document;
const versions = [...new Set(kinds.map(groupVersion))];

describe('the index of OpenAPI documents', () => {
  const { paths } = openapiV3Index(kinds) as { paths: Record<string, { serverRelativeURL: string }> };

  it('names a document for each group version', () => {
    const expected = versions.map((version) => (version === 'v1' ? 'api/v1' : `apis/${version}`));
    expect(Object.keys(paths)).to.have.members(expected);
    expect(paths['apis/apps/v1']?.serverRelativeURL).to.match(
      /^\/openapi\/v3\/apis\/apps\/v1\?hash=[0-9A-F]+$/,
    );
  });

  it('changes the address of a document with its content', () => {
    const changed = {
      ...custom,
      custom: { openAPIV3Schema: { type: 'object' } } as unknown as NonNullable<Kind['custom']>,
    };
    const after = openapiV3Index([...builtInKinds, changed]) as {
      paths: Record<string, { serverRelativeURL: string }>;
    };
    const at = (index: typeof paths, path: string) => index[path]?.serverRelativeURL;
    expect(at(after.paths, 'apis/plimsoll.dev/v1alpha1')).to.not.equal(
      at(paths, 'apis/plimsoll.dev/v1alpha1'),
    );
    expect(at(after.paths, 'apis/apps/v1')).to.equal(at(paths, 'apis/apps/v1'));
  });
});

for (const version of versions) {
  describe(`the OpenAPI document of ${version}`, () => {
    const document = documentOf(version);
    const operations = Object.values(document.paths).flatMap(({ post, put, patch }) => [post, put, patch]);

    it('refers to nothing that it does not have', () => {
      const refs = JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g);
      for (const [, name = ''] of refs) expect(document.components.schemas, name).to.have.property(name);
    });

    it('lets writes be validated by the server', () => {
      for (const operation of operations.filter((each) => each !== undefined)) {
        expect(operation.parameters).to.deep.include({
          name: 'fieldValidation',
          in: 'query',
          schema: { type: 'string', uniqueItems: true },
        });
      }
    });

    it('has a schema for each kind, found by group, version and kind', () => {
      for (const { group, version: own, kind } of kinds.filter((each) => groupVersion(each) === version)) {
        const found = Object.values(document.components.schemas).filter((each) =>
          JSON.stringify(each?.['x-kubernetes-group-version-kind'] ?? []).includes(
            JSON.stringify({ group, version: own, kind }),
          ),
        );
        expect(found).to.have.length(1);
      }
    });
  });
}

describe('operations', () => {
  const { paths } = documentOf('apps/v1');
  const one = paths['/apis/apps/v1/namespaces/{namespace}/deployments/{name}'];

  it('say which kind they are about and what they do', () => {
    expect(one?.patch?.['x-kubernetes-group-version-kind']).to.deep.equal({
      group: 'apps',
      version: 'v1',
      kind: 'Deployment',
    });
    expect(one?.patch?.['x-kubernetes-action']).to.equal('patch');
    expect(paths['/apis/apps/v1/deployments']?.get?.['x-kubernetes-action']).to.equal('list');
    expect(paths['/apis/apps/v1/deployments']?.post).to.equal(undefined);
  });

  it('on scale are about autoscaling/v1 Scale', () => {
    const scale = paths['/apis/apps/v1/namespaces/{namespace}/deployments/{name}/scale'];
    expect(scale?.patch?.['x-kubernetes-group-version-kind']).to.deep.equal({
      group: 'autoscaling',
      version: 'v1',
      kind: 'Scale',
    });
  });

  it('of what is only read are only reads', () => {
    const metrics = documentOf('metrics.k8s.io/v1beta1').paths;
    expect(metrics['/apis/metrics.k8s.io/v1beta1/nodes']?.get).to.not.equal(undefined);
    expect(metrics['/apis/metrics.k8s.io/v1beta1/nodes']?.post).to.equal(undefined);
  });

  it('of a custom resource are those that were recorded', () => {
    const root = '/apis/plimsoll.dev/v1alpha1';
    const namespaced = `${root}/namespaces/{namespace}/customautoscalers`;
    expect(Object.keys(documentOf('plimsoll.dev/v1alpha1').paths)).to.have.members([
      `${root}/customautoscalers`,
      namespaced,
      `${namespaced}/{name}`,
      `${namespaced}/{name}/scale`,
      `${namespaced}/{name}/status`,
    ]);
  });
});

describe('schemas', () => {
  const { schemas } = documentOf('apps/v1').components;

  it('describe fields that refer to others beside the reference', () => {
    expect(schemas['io.k8s.api.apps.v1.Deployment']?.properties?.spec).to.deep.equal({
      description: 'What is wanted.',
      allOf: [{ $ref: '#/components/schemas/io.k8s.api.apps.v1.DeploymentSpec' }],
    });
  });

  it('name quantities, as kubectl explain prints them', () => {
    const requests = schemas['io.k8s.api.core.v1.ResourceRequirements']?.properties?.requests;
    expect(requests?.additionalProperties).to.deep.equal({
      $ref: '#/components/schemas/io.k8s.apimachinery.pkg.api.resource.Quantity',
    });
  });

  it('carry the merge keys of lists', () => {
    const containers = schemas['io.k8s.api.core.v1.PodSpec']?.properties?.containers;
    expect(containers?.['x-kubernetes-patch-merge-key']).to.equal('name');
    expect(containers?.['x-kubernetes-patch-strategy']).to.equal('merge');
  });

  it("of a custom resource are the CRD's, with what every object has", () => {
    const found =
      documentOf('plimsoll.dev/v1alpha1').components.schemas['dev.plimsoll.v1alpha1.CustomAutoscaler'];
    const given = schema.properties as Record<string, unknown>;
    expect(found?.properties?.spec).to.deep.equal(given.spec);
    expect(found?.properties?.metadata?.allOf?.[0]?.$ref).to.match(/v1\.ObjectMeta$/);
    expect(Object.keys(found?.properties ?? {})).to.have.members([
      'apiVersion',
      'kind',
      'metadata',
      'spec',
      'status',
    ]);
  });
});

describe('merge keys', () => {
  it('are those by which the server merges', () => {
    for (const { schemaName = '', mergeRules } of builtInKinds) {
      const document = openapiV3Document(groupVersionOf(schemaName), kinds) as Document;
      for (const [path, { mergeKey }] of Object.entries(mergeRules)) {
        if (mergeKey === undefined) continue;
        const field = fieldAt(document.components.schemas, schemaName, path.split('.'));
        if (field !== undefined)
          expect(field['x-kubernetes-patch-merge-key'], `${schemaName} ${path}`).to.equal(mergeKey);
      }
    }
  });

  function groupVersionOf(name: string): string {
    return groupVersion(builtInKinds.find(({ schemaName }) => schemaName === name)!);
  }

  function fieldAt(
    schemas: Document['components']['schemas'],
    name: string,
    [key = '', ...rest]: string[],
  ): Schema | undefined {
    const field = schemas[name]?.properties?.[key];
    const items = field?.items as { $ref?: string } | undefined;
    const below = field?.allOf?.[0]?.$ref ?? items?.$ref;
    if (rest.length === 0) return field;
    return below === undefined
      ? undefined
      : fieldAt(schemas, below.replace('#/components/schemas/', ''), rest);
  }
});
