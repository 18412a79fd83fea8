import { expect } from 'chai';
import { built, overlays, withoutKustomize } from '../deploy/manifests.ts';
import type { Manifest } from '../deploy/manifests.ts';
import { ApiFailure, path } from './support/api.ts';
import { sharedStage } from './support/shared-stage.ts';
import type { Stage } from './support/stage.ts';

interface Resource {
  readonly name: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

/** What an administrator applies, read by a real API server, strictly, and not stored. */
describe('a real API server with the objects of deploy/', function () {
  let stage: Stage;
  const known = new Map<string, Promise<readonly Resource[]>>();

  before(async function () {
    if (withoutKustomize !== undefined) return this.skip();
    stage = await sharedStage();
  });

  /** Empty when the group is not served, as those of add-ons. */
  async function resourcesOf(apiVersion: string): Promise<readonly Resource[]> {
    const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    const list = known.get(apiVersion) ?? stage.api.find(root).then((found) => resources(found));
    known.set(apiVersion, list);
    return list;
  }

  /** @returns what was wrong with an object; an object that is there already was accepted before */
  async function refusal({ ...object }: Manifest): Promise<string | undefined> {
    const resource = (await resourcesOf(object.apiVersion)).find(({ kind }) => kind === object.kind);
    if (resource === undefined) return `${object.apiVersion} has no ${object.kind}`;
    // Its own namespace need not be there for a dry run in another one.
    const namespace = resource.namespaced ? 'default' : undefined;
    const query = '?dryRun=All&fieldValidation=Strict';
    const moved = { ...object, metadata: { ...object.metadata, ...(namespace && { namespace }) } };
    try {
      await stage.api.create(`${path(object.apiVersion, resource.name, namespace)}${query}`, moved);
      return undefined;
    } catch (error) {
      if (error instanceof ApiFailure && error.message.includes('AlreadyExists')) return undefined;
      throw error;
    }
  }

  for (const overlay of overlays)
    it(`accepts each of overlays/${overlay}`, async () => {
      const objects = built(`deploy/overlays/${overlay}`);
      expect(objects).not.to.be.empty;
      for (const object of objects)
        expect(await refusal(object), `${object.kind} ${object.metadata.name}`).to.equal(undefined);
    });
});

function resources(list: object | undefined): readonly Resource[] {
  const all = (list as { resources?: readonly Resource[] } | undefined)?.resources ?? [];
  return all.filter(({ name }) => !name.includes('/'));
}
