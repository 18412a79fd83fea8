import type { FieldError } from './field-error.ts';
import type { Kind } from './kind.ts';

export interface StatusCause {
  readonly reason: string;
  readonly message: string;
  readonly field?: string;
}

export interface StatusDetails {
  readonly name?: string;
  readonly group?: string;
  readonly kind?: string;
  readonly uid?: string;
  readonly causes?: readonly StatusCause[];
  readonly retryAfterSeconds?: number;
}

/** metav1.Status, the body of every failure and of most deletions. */
export interface Status {
  readonly kind: 'Status';
  readonly apiVersion: 'v1';
  readonly metadata: { readonly continue?: string };
  readonly status: 'Failure' | 'Success';
  readonly message?: string;
  readonly reason?: string;
  readonly details?: StatusDetails;
  readonly code?: number;
}

/** A refusal as the API gives it; thrown through ClusterApi too. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: Status;

  constructor(code: number, reason: string | undefined, message: string, details?: StatusDetails) {
    super(message);
    this.status = {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message,
      ...(reason === undefined ? {} : { reason }),
      ...(details === undefined ? {} : { details }),
      code,
    };
  }

  get code(): number {
    return this.status.code ?? 500;
  }

  get reason(): string {
    return this.status.reason ?? '';
  }
}

type Named = Pick<Kind, 'group' | 'kind' | 'plural'>;

/** Names the resource: `details.kind` is the plural in everything but Invalid. */
function resourceDetails(kind: Named, name: string): StatusDetails {
  return {
    ...(name === '' ? {} : { name }),
    ...(kind.group === '' ? {} : { group: kind.group }),
    kind: kind.plural,
  };
}

function resourceText(kind: Named): string {
  return kind.group === '' ? kind.plural : `${kind.plural}.${kind.group}`;
}

function kindText(kind: Pick<Named, 'group' | 'kind'>): string {
  return kind.group === '' ? kind.kind : `${kind.kind}.${kind.group}`;
}

export function notFound(kind: Named, name: string): ApiError {
  return new ApiError(
    404,
    'NotFound',
    `${resourceText(kind)} "${name}" not found`,
    resourceDetails(kind, name),
  );
}

export function alreadyExists(kind: Named, name: string, isBeingDeleted = false): ApiError {
  const text = `${resourceText(kind)} "${name}" already exists`;
  const message = isBeingDeleted ? `object is being deleted: ${text}` : text;
  return new ApiError(409, 'AlreadyExists', message, resourceDetails(kind, name));
}

const modifiedText =
  'the object has been modified; please apply your changes to the latest version and try again';

export function conflict(kind: Named, name: string, text: string = modifiedText): ApiError {
  const message = `Operation cannot be fulfilled on ${resourceText(kind)} "${name}": ${text}`;
  return new ApiError(409, 'Conflict', message, resourceDetails(kind, name));
}

/** A failed precondition of DELETE names the Kind instead of the resource. */
export function deleteConflict(kind: Named, name: string, text: string): ApiError {
  const message = `Operation cannot be fulfilled on ${kindText(kind)} "${name}": ${text}`;
  const details = { name, ...(kind.group === '' ? {} : { group: kind.group }), kind: kind.kind };
  return new ApiError(409, 'Conflict', message, details);
}

export function forbidden(
  kind: Named,
  name: string,
  text: string,
  causes?: readonly StatusCause[],
): ApiError {
  const message = `${resourceText(kind)} "${name}" is forbidden: ${text}`;
  const details = { ...resourceDetails(kind, name), ...(causes === undefined ? {} : { causes }) };
  return new ApiError(403, 'Forbidden', message, details);
}

/** 422: every problem of the object, each with its path. */
export function invalid(
  kind: Pick<Kind, 'group' | 'kind'>,
  name: string,
  errors: readonly FieldError[],
): ApiError {
  const texts = errors.map((error) => `${error.field}: ${error.message}`);
  const unique = [...new Set(texts)];
  const text = unique.length === 1 ? (unique[0] ?? '') : `[${unique.join(', ')}]`;
  const causes = errors.map(({ type, message, field }) => ({ reason: type, message, field }));
  const details = {
    ...(name === '' ? {} : { name }),
    ...(kind.group === '' ? {} : { group: kind.group }),
    ...(kind.kind === '' ? {} : { kind: kind.kind }),
    causes,
  };
  return new ApiError(422, 'Invalid', `${kindText(kind)} "${name}" is invalid: ${text}`, details);
}

export function badRequest(message: string): ApiError {
  return new ApiError(400, 'BadRequest', message);
}

export function internalError(message: string): ApiError {
  return new ApiError(500, undefined, message);
}

/** Kubernetes knows the group, but not this version, resource or subresource. */
export function unknownResource(): ApiError {
  return new ApiError(404, 'NotFound', 'the server could not find the requested resource', {});
}

export function methodNotAllowed(): ApiError {
  const message = 'the server does not allow this method on the requested resource';
  return new ApiError(405, 'MethodNotAllowed', message, {});
}

/** Kubernetes has it and the dev cluster has not. */
export function notImplemented(what: string): ApiError {
  const message = `the dev cluster does not have ${what}; docs/dev-cluster.md lists what it leaves out`;
  return new ApiError(501, 'NotImplemented', message, {});
}

export function unsupportedMediaType(accepted: readonly string[], hint = ''): ApiError {
  const text = 'the body of the request was in an unknown format - accepted media types include: ';
  return new ApiError(415, 'UnsupportedMediaType', `${text}${accepted.join(', ')}${hint}`);
}

export function invalidOptions(options: string, error: FieldError): ApiError {
  return invalid({ group: 'meta.k8s.io', kind: options }, '', [error]);
}

/** A value that cannot be read as its field's type: a quantity, a time. What is made of it depends on the request. */
export class DecodeError extends Error {
  override readonly name = 'DecodeError';
}

/**
 * Runs what reads values. Where one cannot be read, POST and PUT answer 400 and PATCH answers 422 on `patch`.
 * @param patched the result of the patch, for the message
 */
export function decoding<T>(kind: Pick<Kind, 'kind' | 'version'>, patched: unknown, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    if (patched !== undefined) throw invalidPatch(patched, error.message);
    throw badRequest(
      `${kind.kind} in version "${kind.version}" cannot be handled as a ${kind.kind}: ${error.message}`,
    );
  }
}

/** A patch whose result is no object of the kind: neither name nor kind is told. */
export function invalidPatch(patched: unknown, text: string): ApiError {
  const message = `Invalid value: ${JSON.stringify(JSON.stringify(patched))}: ${text}`;
  return invalid({ group: '', kind: '' }, '', [{ type: 'FieldValueInvalid', field: 'patch', message }]);
}
