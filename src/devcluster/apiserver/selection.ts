import { parseSelector, SelectorError } from '../../lib/selector.ts';
import type { KubeObject } from '../cluster-api.ts';
import { badRequest } from './errors.ts';
import { parseFieldSelector } from './field-selector.ts';
import type { Kind } from './kind.ts';

/** Which objects of a kind a list or a watch is about. */
export interface Selection {
  readonly namespace: string | undefined;
  /** No selector was given: everything in the namespace matches. */
  readonly isWhole: boolean;
  /** @param object as this version of the kind shows it */
  matches(object: KubeObject): boolean;
}

export interface SelectionOptions {
  readonly namespace?: string | undefined;
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
}

/** @throws ApiError 400 for a selector that cannot be parsed */
export function parseSelection(kind: Kind, options: SelectionOptions): Selection {
  const labels = parseLabels(options.labelSelector ?? '');
  const fields = parseFieldSelector(kind, options.fieldSelector ?? '');
  const { namespace } = options;
  return {
    namespace,
    isWhole: labels.empty && fields.empty,
    matches: (object) =>
      (namespace === undefined || object.metadata.namespace === namespace) &&
      labels.matches(object.metadata.labels) &&
      fields.matches(object),
  };
}

function parseLabels(text: string): ReturnType<typeof parseSelector> {
  try {
    return parseSelector(text);
  } catch (error) {
    if (error instanceof SelectorError) throw badRequest(error.message);
    throw error;
  }
}
