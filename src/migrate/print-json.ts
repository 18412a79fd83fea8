import type { Converted } from './convert-manifests.ts';
import type { Remark } from './remarks.ts';

/** The results as one List, which kubectl applies as it is; `conversions` says what YAML says in comments. */
export function printJson(converted: readonly Converted[]): string {
  const list = {
    apiVersion: 'v1',
    kind: 'List',
    items: converted.flatMap(({ object }) => object ?? []),
    conversions: converted.map(({ title, object, remarks }) => ({
      from: title,
      converted: object !== undefined,
      changed: ofKind(remarks, 'changed'),
      notKept: ofKind(remarks, 'notKept'),
    })),
  };
  return `${JSON.stringify(list)}\n`;
}

function ofKind(remarks: readonly Remark[], kind: Remark['kind']) {
  return remarks.filter((remark) => remark.kind === kind).map(({ path, text }) => ({ path, text }));
}
