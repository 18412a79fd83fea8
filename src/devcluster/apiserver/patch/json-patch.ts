import fastJsonPatch from 'fast-json-patch';
import type { Operation } from 'fast-json-patch';
import { ApiError, badRequest } from '../errors.ts';
import { clone, isObject } from '../json.ts';
import type { JsonObject } from '../json.ts';

/** Kubernetes does not say which operation failed. */
function rejected(): ApiError {
  const message = 'the server rejected our request due to an error in our request';
  return new ApiError(422, 'Invalid', message, {});
}

/** The container of a pointer's last part, and that part; undefined where the way there is missing. */
function target(document: unknown, pointer: string): { container: unknown; key: string } | undefined {
  const parts = pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  const key = parts.pop();
  if (key === undefined) return undefined;
  let container: unknown = document;
  for (const part of parts) {
    if (Array.isArray(container)) container = (container as unknown[])[Number(part)];
    else if (isObject(container)) container = container[part];
    else return undefined;
  }
  return { container, key };
}

/** `replace` of a missing key of a map acts as `add`. */
function lenient(document: unknown, operation: Operation): Operation {
  if (operation.op !== 'replace') return operation;
  const found = target(document, operation.path);
  const isMissing = found !== undefined && isObject(found.container) && !(found.key in found.container);
  return isMissing ? { ...operation, op: 'add' } : operation;
}

/**
 * RFC 6902, with Kubernetes' one deviation (`replace` of a missing map key).
 * @throws ApiError 400 when the patch is no list, 422 when an operation fails
 */
export function applyJsonPatch(document: JsonObject, patch: unknown): JsonObject {
  if (!Array.isArray(patch)) {
    const text = 'json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp';
    throw badRequest(`error decoding patch: ${text}`);
  }
  let result: unknown = clone(document);
  try {
    for (const operation of patch as Operation[]) {
      const patched = fastJsonPatch.applyOperation(result, lenient(result, operation), true);
      result = patched.newDocument;
    }
  } catch (error) {
    if (error instanceof Error) throw rejected();
    throw error;
  }
  if (!isObject(result)) throw rejected();
  return result;
}
