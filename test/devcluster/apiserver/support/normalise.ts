type Json = Record<string, unknown>;

const uid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
/** Times of 2025 or later are the server's own; the client's are of 2020. */
const time = /20(?:2[5-9]|[3-9]\d)-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g;

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const byKey: Readonly<Record<string, (value: unknown) => unknown>> = {
  resourceVersion: (value) => (value === '' || value === '0' ? value : '<rv>'),
  continue: (value) => (value === '' ? value : '<continue>'),
  clusterIP: (value) => (typeof value === 'string' && value.startsWith('10.96.') ? '<ip>' : value),
  clusterIPs: (value) =>
    Array.isArray(value)
      ? (value as unknown[]).map((ip) => (typeof ip === 'string' && ip.startsWith('10.96.') ? '<ip>' : ip))
      : value,
  nodePort: (value) => ([30080, 30081, 30082].includes(Number(value)) ? value : '<port>'),
  healthCheckNodePort: () => '<port>',
};

function normaliseText(text: string): string {
  return text.replaceAll(uid, '<uid>').replaceAll(time, '<time>');
}

/** Replaces what differs from run to run as the recorder of the transcripts did. */
export function normalise(value: unknown, key = ''): unknown {
  const special = byKey[key];
  if (special !== undefined && typeof value !== 'object') return special(value);
  if (special !== undefined && Array.isArray(value)) return special(value);
  if (typeof value === 'string') return normaliseText(value);
  if (Array.isArray(value)) return value.map((item) => normalise(item));
  if (!isObject(value)) return value;
  const entries = Object.entries(value).map(([name, item]) => [name, normalise(item, name)] as const);
  return generatedName(Object.fromEntries(entries));
}

/** `gen-x7k2p` with generateName `gen-` becomes `gen-<rand>`. */
function generatedName(object: Json): Json {
  const { name, generateName: prefix } = object;
  if (typeof name !== 'string' || typeof prefix !== 'string') return object;
  if (!name.startsWith(prefix) || name.length !== prefix.length + 5) return object;
  return { ...object, name: `${prefix}<rand>` };
}

/** Marks of the recorder for what it left out. */
const leftOut = ['<trimmed>', '<as sent>'];

/**
 * What of an answer to compare with the recorded one: parts that the recorder left out are left out here too, and lists
 * that it trimmed to names become names. Descriptions of columns are our own; ages are those of the recording.
 */
export function likeRecorded(actual: unknown, recorded: unknown, key = ''): unknown {
  if (typeof recorded === 'string' && leftOut.includes(recorded)) return recorded;
  if (recorded === '<age>') return recorded;
  if (key === 'cell' && typeof recorded === 'string' && /^\d+[smhdy]/.test(recorded)) return recorded;
  if (Array.isArray(recorded) && Array.isArray(actual)) {
    if (key === 'items' && recorded.length > 0 && recorded.every((item) => typeof item === 'string')) {
      return actual.map((item: { metadata: { name: string } }) => item.metadata.name);
    }
    const inner = key === 'columnDefinitions' ? 'column' : key === 'cells' ? 'cell' : '';
    return actual.map((item, index) => likeRecorded(item, recorded[index], inner));
  }
  if (!isObject(recorded) || !isObject(actual)) return actual;
  if (key === 'column') return { ...actual, description: recorded.description };
  return Object.fromEntries(
    Object.entries(actual).map(([name, item]) => [name, likeRecorded(item, recorded[name], name)]),
  );
}
