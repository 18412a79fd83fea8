import { ApiError } from './errors.ts';

/** How the answer is to look. */
export interface Negotiated {
  readonly encoding: 'json' | 'yaml';
  /** What the object is shown as; undefined: itself. */
  readonly as?: 'Table' | 'PartialObjectMetadata' | 'PartialObjectMetadataList' | 'APIGroupDiscoveryList';
  /** The version of `as`: `v1`, `v1beta1`, `v2`. */
  readonly version?: string;
}

interface MediaType {
  readonly type: string;
  readonly parameters: Readonly<Record<string, string>>;
}

export function parseMediaType(text: string): MediaType {
  const [type = '', ...rest] = text.split(';').map((part) => part.trim());
  const pairs = rest.map((part) => {
    const at = part.indexOf('=');
    return at < 0 ? [part, ''] : [part.slice(0, at), part.slice(at + 1)];
  });
  return { type: type.toLowerCase(), parameters: Object.fromEntries(pairs) as Record<string, string> };
}

const encodings: Readonly<Record<string, Negotiated['encoding']>> = {
  'application/json': 'json',
  'application/yaml': 'yaml',
  '*/*': 'json',
};

/** What a kind of answer can be shown as, with its versions. */
export type Views = Readonly<Record<string, readonly string[]>>;

export const objectViews: Views = { Table: ['v1', 'v1beta1'], PartialObjectMetadata: ['v1', 'v1beta1'] };
export const listViews: Views = { Table: ['v1', 'v1beta1'], PartialObjectMetadataList: ['v1', 'v1beta1'] };
export const discoveryViews: Views = { APIGroupDiscoveryList: ['v2'] };

const accepted = 'application/json, application/yaml, application/vnd.kubernetes.protobuf';

/**
 * The first entry of the Accept header that can be served; its q values are ignored, as Kubernetes does. Protobuf is
 * never served: a list that goes on with JSON gets JSON.
 * @throws ApiError 406 when there is none
 */
export function negotiate(accept: string | undefined, views: Views): Negotiated {
  if (accept === undefined || accept.trim() === '') return { encoding: 'json' };
  const entries = accept.split(',').map(parseMediaType);
  for (const { type, parameters } of entries) {
    const encoding = encodings[type];
    if (encoding === undefined) continue;
    const as = parameters.as;
    if (as === undefined) return { encoding };
    const version = parameters.v ?? '';
    if (views[as]?.includes(version) === true)
      return { encoding, as: as as NonNullable<Negotiated['as']>, version };
  }
  throw notAcceptable(entries);
}

function notAcceptable(entries: readonly MediaType[]): ApiError {
  const known = entries.some(({ type }) => type in encodings || type.includes('protobuf'));
  if (known) {
    return new ApiError(406, 'NotAcceptable', `only the following media types are accepted: ${accepted}`);
  }
  const streams = 'application/json;stream=watch, application/vnd.kubernetes.protobuf;stream=watch';
  const message = `406: Not Acceptable\n\nAvailable representations: ${accepted}, ${streams}`;
  return new ApiError(406, 'NotAcceptable', message, {});
}
