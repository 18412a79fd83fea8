export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** Names of the elements around it, outermost first. */
  readonly within: readonly string[];
  /** What stands between its tags, tags of inner elements left out. */
  text: string;
}

const alone = new Set(['meta', 'br', 'link', 'img']);
const raw = new Set(['style', 'script']);

/**
 * Reads HTML more strictly than a browser: every element is closed in order, every attribute is quoted.
 * @throws Error for anything else
 */
export function parseStrictly(html: string): Element[] {
  const elements: Element[] = [];
  const open: Element[] = [];
  let at = html.indexOf('<html');
  while (at < html.length) {
    const next = html.indexOf('<', at);
    const text = unescape(html.slice(at, next === -1 ? html.length : next));
    for (const element of open) element.text += text;
    if (next === -1) break;
    const end = html.indexOf('>', next);
    const tag = html.slice(next + 1, end);
    at = end + 1;
    if (tag.startsWith('/')) {
      if (open.pop()?.name !== tag.slice(1)) throw new Error(`<${tag}> closes nothing`);
      continue;
    }
    const element = elementOf(tag, open);
    elements.push(element);
    if (raw.has(element.name)) {
      const close = html.indexOf(`</${element.name}`, at);
      element.text = html.slice(at, close);
      at = html.indexOf('>', close) + 1;
    } else if (!alone.has(element.name) && !tag.endsWith('/')) open.push(element);
  }
  if (open.length > 0) throw new Error(`<${open.at(-1)!.name}> is not closed`);
  return elements;
}

function elementOf(tag: string, open: readonly Element[]): Element {
  const [, name = '', rest = ''] = /^([a-z][a-z0-9]*)([^]*?)\/?$/i.exec(tag) ?? [];
  if (name === '') throw new Error(`<${tag}> is no tag`);
  const attributes: Record<string, string> = {};
  const left = rest.replace(/\s+([a-zA-Z0-9-]+)="([^"]*)"/g, (_, key: string, value: string) => {
    attributes[key] = unescape(value);
    return '';
  });
  if (left.trim() !== '') throw new Error(`<${tag}> has something unquoted: ${left}`);
  return { name, attributes, within: open.map((element) => element.name), text: '' };
}

function unescape(text: string): string {
  return text.replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => {
    return { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" }[name]!;
  });
}
