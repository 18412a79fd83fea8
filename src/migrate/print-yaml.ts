import { Document, isCollection, isMap, isScalar } from 'yaml';
import type { Converted } from './convert-manifests.ts';
import type { FieldPath, Remark } from './remarks.ts';

const width = 100;

/** The results as YAML documents: each with comments that say what changed its meaning, and what was not kept. */
export function printYaml(converted: readonly Converted[]): string {
  return converted.map(documentText).join('---\n');
}

function documentText({ title, object, remarks }: Converted): string {
  const document = new Document(object, { aliasDuplicateObjects: false });
  const inside = remarks.filter(({ at }) => object !== undefined && at !== undefined);
  const before = remarks.filter((remark) => !inside.includes(remark));
  const lines = [
    ...wrap(object === undefined ? `Not converted: ${title}.` : `From ${title}.`, '  '),
    ...section('Changed', before, 'changed'),
    ...section('Not kept', before, 'notKept'),
  ];
  for (const remark of inside) comment(document, remark);
  const text = object === undefined ? '' : document.toString({ lineWidth: 0, commentString });
  return `${commentString(lines.join('\n'))}\n${text}`;
}

function section(heading: string, remarks: readonly Remark[], kind: Remark['kind']): string[] {
  const own = remarks.filter((remark) => remark.kind === kind);
  if (own.length === 0) return [];
  return [`${heading}:`, ...own.flatMap(({ path, text }) => wrap(`- ${path}: ${text}`, '  '))];
}

/** Before the field, or before what holds it where the result does without it. */
function comment(document: Document, { path, text, at = [] }: Remark): void {
  const node = keyAt(document, at);
  const own = wrap(`${path}: ${text}`, '').join('\n');
  if (node === undefined) document.commentBefore = joined(document.commentBefore, own);
  else node.commentBefore = joined(node.commentBefore, own);
}

function joined(before: string | null | undefined, text: string): string {
  return before === null || before === undefined ? text : `${before}\n${text}`;
}

/** What a comment of a field stands at: the key of a map, the item of a list. */
function keyAt(document: Document, at: FieldPath): { commentBefore?: string | null } | undefined {
  if (at.length === 0) return undefined;
  const parent: unknown = document.getIn(at.slice(0, -1), true);
  const last = at.at(-1);
  if (isMap(parent)) {
    const pair = parent.items.find(({ key }) => isScalar(key) && key.value === last);
    if (isScalar(pair?.key)) return pair.key;
  } else if (isCollection(parent)) {
    const item: unknown = parent.get(last, true);
    if (isCollection(item) || isScalar(item)) return item;
  }
  return keyAt(document, at.slice(0, -1));
}

function commentString(text: string): string {
  return text.replace(/^(?!$)/gm, '# ');
}

/** Words in lines of at most `width`; the second and later ones are indented. */
function wrap(text: string, indent: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (longer.length > width && line !== '') {
      lines.push(line);
      line = `${indent}${word}`;
    } else line = longer;
  }
  return [...lines, line];
}
