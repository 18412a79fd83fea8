import type { ClusterApi, KubeObject, ServedResource, WatchEvent } from '../cluster-api.ts';
import { createObject } from './create.ts';
import { checkPatched } from './decode.ts';
import { deleteObject } from './delete.ts';
import { unknownResource } from './errors.ts';
import { dropUnknownFields } from './fields.ts';
import { groupResource, groupVersion } from './kind.ts';
import type { Kind } from './kind.ts';
import { applyPatch } from './patch/patch.ts';
import type { Registry } from './registry.ts';
import { updateScale } from './scale.ts';
import { parseSelection } from './selection.ts';
import { updateObject } from './update.ts';
import type { Target } from './update.ts';
import { watchObjects } from './watch.ts';

const stored = { dryRun: false };

/**
 * ClusterApi over the registry: the same rules as a request from outside, without HTTP.
 * Watch callbacks run in order, each in a microtask of its own, so never inside another call.
 */
export function createClusterApi(registry: Registry): ClusterApi {
  const kindOf = (resource: string): Kind => {
    const kind = registry.byResource(resource);
    if (kind === undefined) throw unknownResource();
    return kind;
  };
  return {
    resources: () => resourcesOf(registry),
    get(resource, namespace, name) {
      const kind = kindOf(resource);
      const object = registry.collection(kind).get(namespace, name);
      return object === undefined ? undefined : registry.view(kind, object);
    },
    list(resource, options = {}) {
      const kind = kindOf(resource);
      const selection = parseSelection(kind, options);
      const objects = registry.collection(kind).list(options.namespace);
      return objects
        .map((object) => registry.view(kind, object))
        .filter((object) => selection.matches(object));
    },
    watch: (resource, callback) => watchKind(registry, kindOf(resource), callback),
    create(resource, object) {
      const kind = kindOf(resource);
      const typed = dropUnknownFields(kind, { ...object, kind: kind.kind }).object;
      return createObject(registry, kind, object.metadata.namespace, typed, stored);
    },
    update(resource, object, subresource = '') {
      const kind = kindOf(resource);
      const target = targetOf(kind, object.metadata.namespace, object.metadata.name, subresource);
      const sent = subresource === 'scale' ? object : dropUnknownFields(kind, object).object;
      return write(registry, target, { isPatch: false, apply: () => sent });
    },
    patch(resource, namespace, name, type, patch, subresource = '') {
      const kind = kindOf(resource);
      const apply = (current: KubeObject): KubeObject => {
        const patched = applyPatch(kind, type, current, patch);
        return subresource === 'scale' ? patched : checkPatched(kind, patched, 'Ignore').object;
      };
      return write(registry, targetOf(kind, namespace, name, subresource), { isPatch: true, apply });
    },
    delete(resource, namespace, name, { uid, ...options } = {}) {
      const target = { kind: kindOf(resource), namespace, name };
      const preconditions = uid === undefined ? {} : { preconditions: { uid } };
      deleteObject(registry, target, { ...options, ...preconditions, dryRun: false });
    },
  };
}

/** Each stored resource once, by its preferred version. */
function resourcesOf(registry: Registry): ServedResource[] {
  const storages = new Map(
    registry
      .kinds()
      .toReversed()
      .map((kind) => [kind.storage, kind]),
  );
  return [...storages.values()].toReversed().map((kind) => ({
    resource: groupResource(kind),
    apiVersion: groupVersion(kind),
    kind: kind.kind,
    namespaced: kind.namespaced,
  }));
}

function targetOf(kind: Kind, namespace: string | undefined, name: string, subresource: string): Target {
  return { kind, namespace, name, subresource: subresource as Target['subresource'] };
}

function write(
  registry: Registry,
  target: Target,
  change: { isPatch: boolean; apply: (current: KubeObject) => KubeObject },
): KubeObject {
  if (target.subresource === 'scale') return updateScale(registry, target, change, stored);
  return updateObject(registry, target, change, stored).object;
}

function watchKind(registry: Registry, kind: Kind, callback: (event: WatchEvent) => void): { stop(): void } {
  let isStopped = false;
  const selection = parseSelection(kind, {});
  const watch = watchObjects(
    registry,
    { kind, selection },
    { allowBookmarks: false, sendInitialEvents: false },
    {
      send: (message) => {
        if (message.type === 'ERROR' || message.type === 'BOOKMARK') return;
        const { type, object } = message;
        queueMicrotask(() => {
          if (!isStopped) callback({ type, object });
        });
      },
      end: () => undefined,
    },
  );
  return {
    stop() {
      isStopped = true;
      watch.stop();
    },
  };
}
