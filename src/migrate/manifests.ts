import { parseAllDocuments, type Document } from 'yaml';
import { isObject, type Json } from '../api/checks.ts';
import { errorMessage, UserError } from '../lib/errors.ts';

/** An object of an input, with where it stood. */
export interface Manifest {
  /** `hpa.yaml, document 2, items[3]`, as messages name it. */
  readonly origin: string;
  readonly object: Json;
}

/**
 * The objects of a YAML or JSON text: each document, and each item of a List.
 * @param input what messages call it
 * @throws UserError for a text that is neither, or a document that is no object
 */
export function readManifests(input: string, text: string): Manifest[] {
  const documents = parseAllDocuments(text, { prettyErrors: true, merge: true });
  const all = 'empty' in documents ? [] : documents;
  return all.flatMap((document, index) => {
    const origin = all.length > 1 ? `${input}, document ${index + 1}` : input;
    const value = valueOf(document, origin);
    if (value === null || value === undefined) return [];
    if (!isObject(value))
      throw new UserError(
        `${origin}: found ${JSON.stringify(value).slice(0, 60)}, expected a Kubernetes object`,
      );
    return itemsOf(value, origin);
  });
}

function valueOf(document: Document.Parsed, origin: string): unknown {
  const [error] = document.errors;
  if (error !== undefined) throw unreadable(origin, error);
  try {
    return document.toJS();
  } catch (cause) {
    throw unreadable(origin, cause); // aliases that grow beyond measure
  }
}

function unreadable(origin: string, cause: unknown): UserError {
  const why = firstLine(errorMessage(cause));
  return new UserError(`${origin}: this is neither YAML nor JSON: ${why}`, { cause });
}

function firstLine(text: string): string {
  return (text.split('\n', 1)[0] ?? text).replace(/:$/, '');
}

/** A List, or a list of one kind, as `kubectl get -o json` prints them: their items may lack a kind of their own. */
function itemsOf(object: Json, origin: string): Manifest[] {
  const { kind, apiVersion, items } = object;
  if (typeof kind !== 'string' || !kind.endsWith('List') || !Array.isArray(items))
    return [{ origin, object }];
  const own = kind === 'List' ? {} : { apiVersion, kind: kind.slice(0, -'List'.length) };
  return items.flatMap((item: unknown, index) => {
    const at = `${origin}, items[${index}]`;
    if (!isObject(item))
      throw new UserError(`${at}: found ${JSON.stringify(item).slice(0, 60)}, expected a Kubernetes object`);
    return itemsOf({ ...own, ...item }, at);
  });
}
