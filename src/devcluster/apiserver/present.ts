import type { KubeObject } from '../cluster-api.ts';
import { ApiError, badRequest } from './errors.ts';
import { quote } from './field-error.ts';
import { encode } from './http.ts';
import type { ApiResponse } from './http.ts';
import { omit } from './json.ts';
import type { Kind } from './kind.ts';
import { groupVersion } from './kind.ts';
import type { ListMeta } from './list.ts';
import type { Negotiated } from './negotiate.ts';
import { toTable } from './tables/tables.ts';

export type IncludeObject = 'Metadata' | 'Object' | 'None';

export interface Presentation {
  readonly negotiated: Negotiated;
  readonly includeObject: IncludeObject;
  readonly nowMs: number;
}

/** @throws ApiError 400 */
export function parseIncludeObject(text: string | null): IncludeObject {
  if (text === null || text === '') return 'Metadata';
  if (text === 'Metadata' || text === 'Object' || text === 'None') return text;
  const reason = `Invalid value: ${quote(text)}: must be 'Metadata', 'Object', 'None', or empty`;
  throw badRequest(`Unable to convert to Table as requested: includeObject: ${reason}`);
}

function partial(object: KubeObject, version: string): object {
  return { kind: 'PartialObjectMetadata', apiVersion: `meta.k8s.io/${version}`, metadata: object.metadata };
}

function table(kind: Kind, objects: KubeObject[], listMeta: object, presentation: Presentation): object {
  const { negotiated, includeObject, nowMs } = presentation;
  const made = toTable(kind, objects, { nowMs, includeObject, listMeta });
  return { ...made, apiVersion: `meta.k8s.io/${negotiated.version ?? 'v1'}` };
}

/** One object as it was asked for. */
export function presentObject(kind: Kind, object: KubeObject, presentation: Presentation): unknown {
  const { as, version = 'v1' } = presentation.negotiated;
  if (as === 'Table') {
    const { resourceVersion } = object.metadata;
    return table(kind, [object], resourceVersion === undefined ? {} : { resourceVersion }, presentation);
  }
  return as === 'PartialObjectMetadata' ? partial(object, version) : object;
}

/** Items of built-in lists say neither kind nor apiVersion; those of custom resources do. */
function item(kind: Kind, object: KubeObject): unknown {
  if (kind.custom !== undefined) return object;
  return omit(object, ['kind', 'apiVersion']);
}

export function presentList(
  kind: Kind,
  objects: KubeObject[],
  metadata: ListMeta,
  presentation: Presentation,
): unknown {
  const { as, version = 'v1' } = presentation.negotiated;
  if (as === 'Table') return table(kind, objects, metadata, presentation);
  if (as === 'PartialObjectMetadataList') {
    const items = objects.map((object) => partial(object, version));
    return { kind: as, apiVersion: `meta.k8s.io/${version}`, metadata, items };
  }
  const shown = kind.custom === undefined ? metadata : { continue: '', ...metadata };
  const items = objects.map((object) => item(kind, object));
  return { kind: kind.listKind, apiVersion: groupVersion(kind), metadata: shown, items };
}

export function respondObject(
  status: number,
  kind: Kind,
  object: KubeObject,
  presentation: Presentation,
): ApiResponse {
  return encode(status, presentObject(kind, object, presentation), presentation.negotiated);
}

/** A list cannot be shown as one object's metadata. */
export function checkListView(kind: Kind, accept: string | undefined): void {
  if (accept === undefined || !/as=PartialObjectMetadata(;|,|$)/.test(accept)) return;
  if (/application\/json(,|$)/.test(accept)) return;
  const type = `*core.${kind.listKind}`;
  const message = `you requested PartialObjectMetadata, but the requested object is a list (${type})`;
  throw new ApiError(406, 'NotAcceptable', message);
}
