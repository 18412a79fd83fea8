import type { Kind, MergeRule, Verb } from '../kind.ts';
import { groupResource } from '../kind.ts';
import { podSpecMergeRules } from './pod-spec.ts';

export const allVerbs: readonly Verb[] = [
  'create',
  'delete',
  'deletecollection',
  'get',
  'list',
  'patch',
  'update',
  'watch',
];

export const byKey = (mergeKey: string): MergeRule => ({ mergeKey, strategy: 'merge' });

/** Merge rules that every built-in kind has. */
const commonMergeRules: Readonly<Record<string, MergeRule>> = {
  'metadata.finalizers': { strategy: 'merge' },
  'metadata.ownerReferences': byKey('uid'),
};

export const conditions = { 'status.conditions': byKey('type') };

/** Of kinds with a pod template. */
export const template = {
  ...conditions,
  ...podSpecMergeRules('spec.template.spec'),
  'spec.template.metadata.finalizers': { strategy: 'merge' },
} as const;

export type Row = Pick<Kind, 'group' | 'version' | 'kind' | 'plural'> & Partial<Kind>;

/** A row with what most kinds have in common filled in. */
export function row(given: Row): Kind {
  return {
    listKind: `${given.kind}List`,
    singular: given.kind.toLowerCase(),
    shortNames: [],
    categories: [],
    namespaced: true,
    verbs: allVerbs,
    subresources: {},
    storage: groupResource(given),
    generation: 'none',
    upsert: false,
    unconditionalUpdate: true,
    deleteAnswersObject: false,
    statusMetadata: 'all',
    fieldSelectors: {},
    fieldSelectorError: 'known',
    ...given,
    mergeRules: { ...commonMergeRules, ...given.mergeRules },
  };
}

/** Field selectors that are called as their path. */
export const paths = (...list: string[]): Record<string, string> =>
  Object.fromEntries(list.map((path) => [path, path]));
