import { errorMessage } from '../lib/errors.ts';

/** What a caller may do about a failed request, beyond showing its message. */
export type KubeErrorType =
  | 'NotFound'
  | 'AlreadyExists'
  | 'Conflict'
  | 'Gone'
  | 'Unauthorized'
  | 'Forbidden'
  | 'Invalid'
  | 'TooManyRequests'
  | 'ServerError'
  | 'Unreachable'
  | 'Timeout'
  | 'Aborted'
  /** Not sent, or no more: its fence was down (`CallOptions.fence`). */
  | 'Fenced'
  | 'Other';

/** metav1.Status, as far as errors go. */
interface Status {
  readonly kind: 'Status';
  readonly message?: string;
  readonly reason?: string;
  readonly code?: number;
  readonly details?: { readonly retryAfterSeconds?: number };
}

/** A request that the API server refused, or that did not get that far. The message is what client-go would say. */
export class KubeError extends Error {
  override readonly name = 'KubeError';
  readonly type: KubeErrorType;
  /** HTTP status code; 0 when there was no answer. */
  readonly status: number;
  /** The Status' reason (`NotFound`, `Expired`...); empty when there was none. */
  readonly reason: string;
  /** How long the server asked to wait. */
  readonly retryAfterMs: number | undefined;

  constructor(
    message: string,
    facts: {
      type: KubeErrorType;
      status?: number;
      reason?: string;
      retryAfterMs?: number | undefined;
      cause?: unknown;
    },
  ) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.type = facts.type;
    this.status = facts.status ?? 0;
    this.reason = facts.reason ?? '';
    this.retryAfterMs = facts.retryAfterMs;
  }
}

/** True when `error` is a KubeError of one of the types. */
export function isKubeError(error: unknown, ...types: readonly KubeErrorType[]): error is KubeError {
  return error instanceof KubeError && types.includes(error.type);
}

/** A request as error messages name it. */
export interface RequestName {
  readonly method: string;
  readonly path: string;
}

const typeOfReason: Readonly<Record<string, KubeErrorType>> = {
  AlreadyExists: 'AlreadyExists',
  Conflict: 'Conflict',
  Expired: 'Gone',
  Gone: 'Gone',
};

const typeOfCode: Readonly<Record<number, KubeErrorType>> = {
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  409: 'Conflict',
  410: 'Gone',
  422: 'Invalid',
  429: 'TooManyRequests',
};

/** What client-go says about an answer that carries no Status, by HTTP status code. */
const genericMessages: Readonly<Record<number, string>> = {
  400: 'the server rejected our request for an unknown reason',
  401: 'the server has asked for the client to provide credentials',
  404: 'the server could not find the requested resource',
  405: 'the server does not allow this method on the requested resource',
  409: 'the server reported a conflict',
  422: 'the server rejected our request due to an error in our request',
  429: 'the server has received too many requests and has asked us to try again later',
  503: 'the server is currently unable to handle the request',
  504: 'the server was unable to return a response in the time allotted, but may still be processing the request',
};

/** The error behind an answer with a status code of 400 or more. */
export function errorFromResponse(
  code: number,
  body: string,
  request: RequestName,
  retryAfter?: string,
): KubeError {
  const status = parseStatus(body);
  const message = status?.message ?? genericMessage(code, body, request);
  const seconds = Number(retryAfter ?? status?.details?.retryAfterSeconds ?? Number.NaN);
  return new KubeError(message, {
    type: errorType(code, status?.reason),
    status: code,
    reason: status?.reason ?? '',
    retryAfterMs: Number.isFinite(seconds) ? seconds * 1000 : undefined,
  });
}

/** The error behind the ERROR event of a watch, whose object is a Status. */
export function errorFromWatchEvent(object: unknown, request: RequestName): KubeError {
  const code = (object as Status | undefined)?.code ?? 500;
  return errorFromResponse(code, JSON.stringify(object), request);
}

/** The error behind a request that got no answer. */
export function errorFromFailure(cause: unknown, server: string, request: RequestName): KubeError {
  const message = `cannot reach the API server at ${server}: ${errorMessage(cause)} (${nameOfRequest(request)})`;
  return new KubeError(message, { type: 'Unreachable', cause });
}

function errorType(code: number, reason: string | undefined): KubeErrorType {
  return typeOfReason[reason ?? ''] ?? typeOfCode[code] ?? (code >= 500 ? 'ServerError' : 'Other');
}

function parseStatus(body: string): Status | undefined {
  if (!body.startsWith('{')) return undefined;
  try {
    const parsed = JSON.parse(body) as Partial<Status>;
    return parsed.kind === 'Status' && parsed.message !== '' ? (parsed as Status) : undefined;
  } catch {
    return undefined; // a broken body is no Status: the generic message stands in
  }
}

function genericMessage(code: number, body: string, request: RequestName): string {
  const text = genericMessages[code] ?? (code === 403 ? body.trim() : '');
  const shown =
    text === ''
      ? `an error on the server (${JSON.stringify(body.slice(0, 200))}) has prevented the request`
      : text;
  return `${shown} (${nameOfRequest(request)})`;
}

/** `get pods.metrics.k8s.io`, `patch deployments.apps web`; the bare path when it names no resource. */
function nameOfRequest({ method, path }: RequestName): string {
  const verb = method.toLowerCase();
  const match = /^\/api(?:s\/([^/]+))?\/[^/]+\/(?:namespaces\/[^/]+\/)?([^/?]+)(?:\/([^/?]+))?/.exec(path);
  const [, group, resource, name] = match ?? [];
  if (resource === undefined) return `${verb} ${path}`;
  const qualified = group === undefined ? resource : `${resource}.${group}`;
  return name === undefined ? `${verb} ${qualified}` : `${verb} ${qualified} ${decodeURIComponent(name)}`;
}
