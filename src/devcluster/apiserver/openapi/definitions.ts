/**
 * The language in which the schemas of the built-in kinds are written, one definition a paragraph:
 *
 * ```
 * kind Pod: What it is.                          `kind` adds apiVersion, kind and metadata
 *   spec PodSpec What it is for.
 * EphemeralContainer < Container: As Container.  `<` takes the other's fields first
 *   name! string What it is for.                 `!` required
 *   ports []ContainerPort @containerPort ...     `@` the key by which a strategic merge patch tells the items apart
 * ```
 *
 * A type is the name of a definition (of the same package, or else the only one of that name), `[]T`, `map<T>`, or one
 * of the simple types below. `any` is an object of which nothing more is said: all that is in it is known.
 */
export interface Definition {
  /** `io.k8s.api.core.v1.Pod`. */
  readonly name: string;
  readonly description: string;
  readonly fields: Readonly<Record<string, Field>>;
}

export interface Field {
  readonly type: FieldType;
  readonly description: string;
  readonly isRequired: boolean;
  readonly mergeKey?: string;
}

export type FieldType =
  | { readonly simple: SimpleType }
  /** The full name of a definition. */
  | { readonly ref: string }
  | { readonly list: FieldType }
  | { readonly map: FieldType };

export const simpleTypes = {
  string: { type: 'string' },
  bool: { type: 'boolean' },
  int32: { type: 'integer', format: 'int32' },
  int64: { type: 'integer', format: 'int64' },
  bytes: { type: 'string', format: 'byte' },
  time: { type: 'string', format: 'date-time' },
  microTime: { type: 'string', format: 'date-time' },
  quantity: { oneOf: [{ type: 'string' }, { type: 'number' }] },
  intOrString: { oneOf: [{ type: 'integer' }, { type: 'string' }], format: 'int-or-string' },
  any: { type: 'object' },
} as const;

export type SimpleType = keyof typeof simpleTypes;

interface Draft {
  readonly package: string;
  readonly name: string;
  readonly isKind: boolean;
  readonly base: string | undefined;
  readonly description: string;
  readonly lines: string[];
}

const header = /^(kind )?(\w+)(?: < (\w+))?: (.+)$/;
const line = /^ {2}(\w+)(!?) (\S+)(?: @(\w+))?(?: (.+))?$/;

const kindLines = [
  '  apiVersion string The version of the schema, as GROUP/VERSION.',
  '  kind string What the object is.',
  '  metadata ObjectMeta What all objects have: a name, labels, versions.',
];

/**
 * Reads the definitions of several packages.
 * @throws Error for a line that is not of the language, and for a type that no definition has
 */
export function parseDefinitions(
  packages: Readonly<Record<string, string>>,
): ReadonlyMap<string, Definition> {
  const drafts = Object.entries(packages).flatMap(([name, text]) => parseDrafts(name, text));
  const byName = new Map(drafts.map((draft) => [fullName(draft), draft]));
  const resolve = (type: string, from: string): string => {
    const own = `${from}.${type}`;
    if (byName.has(own)) return own;
    const others = drafts.filter(({ name }) => name === type);
    const [only] = others;
    if (only === undefined || others.length > 1)
      throw new Error(`no definition, or several, of ${type}, used in ${from}`);
    return fullName(only);
  };
  const fieldsOf = (draft: Draft): Record<string, Field> => {
    const base = draft.base === undefined ? undefined : byName.get(resolve(draft.base, draft.package));
    const lines = [...(draft.isKind ? kindLines : []), ...draft.lines];
    const own = lines.map((text) => parseField(text, (type) => resolve(type, draft.package)));
    return { ...(base === undefined ? {} : fieldsOf(base)), ...Object.fromEntries(own) };
  };
  const definitions = drafts.map((draft) => {
    const definition = { name: fullName(draft), description: draft.description, fields: fieldsOf(draft) };
    return [definition.name, definition] as const;
  });
  return new Map(definitions);
}

function fullName(draft: Pick<Draft, 'package' | 'name'>): string {
  return `${draft.package}.${draft.name}`;
}

function parseDrafts(packageName: string, text: string): Draft[] {
  const drafts: Draft[] = [];
  for (const each of text.split('\n').filter((part) => part.trim() !== '')) {
    if (each.startsWith(' ')) {
      drafts.at(-1)?.lines.push(each);
      continue;
    }
    const [, kind, name, base, description] = header.exec(each) ?? [];
    if (name === undefined || description === undefined) throw new Error(`not a definition: ${each}`);
    drafts.push({ package: packageName, name, isKind: kind !== undefined, base, description, lines: [] });
  }
  return drafts;
}

function parseField(text: string, resolve: (type: string) => string): readonly [string, Field] {
  const [, name, mark, type, mergeKey, description = ''] = line.exec(text) ?? [];
  if (name === undefined || type === undefined) throw new Error(`not a field: ${text}`);
  const merge = mergeKey === undefined ? {} : { mergeKey };
  return [name, { type: parseType(type, resolve), description, isRequired: mark === '!', ...merge }];
}

function parseType(text: string, resolve: (type: string) => string): FieldType {
  if (text.startsWith('[]')) return { list: parseType(text.slice(2), resolve) };
  const [, values] = /^map<(.+)>$/.exec(text) ?? [];
  if (values !== undefined) return { map: parseType(values, resolve) };
  return isSimple(text) ? { simple: text } : { ref: resolve(text) };
}

function isSimple(text: string): text is SimpleType {
  return Object.hasOwn(simpleTypes, text);
}
