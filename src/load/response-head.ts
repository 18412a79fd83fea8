/** How the end of an answer's body is known (RFC 9112, section 6.3). */
type BodyLength =
  | { readonly type: 'fixed'; readonly bytes: number }
  | { readonly type: 'chunked' }
  | { readonly type: 'untilClose' };

/** What the generator reads of an answer's head. */
export interface ResponseHead {
  readonly status: number;
  readonly body: BodyLength;
  /** The connection may be used again after this answer. */
  readonly keepAlive: boolean;
  /** How long the server keeps an idle connection (`Keep-Alive: timeout=5`); absent when it does not say. */
  readonly keepAliveMs?: number;
  /** Value of the pod header; absent when the answer has none, or one that cannot be a name. */
  readonly pod?: string;
}

/** An answer that is not HTTP/1.x, or breaks its own framing. */
export class MalformedResponse extends Error {
  override readonly name = 'MalformedResponse';
}

const statusLine = /^HTTP\/1\.([01]) ([1-9]\d\d)(?: [^\r\n]*)?$/;

/** What must be known of the request to read its answer. */
export interface Asked {
  /** Name of the header that names the pod, in lower case. */
  readonly podHeader: string;
  /** The request was HEAD: whatever the head says, no body follows. */
  readonly isHead?: boolean;
}

/**
 * Parses the head of an answer: the text before the empty line.
 * @throws MalformedResponse
 */
export function parseHead(text: string, asked: Asked): ResponseHead {
  const endOfLine = text.indexOf('\r\n');
  const first = endOfLine === -1 ? text : text.slice(0, endOfLine);
  const match = statusLine.exec(first);
  if (!match)
    throw new MalformedResponse(`not an HTTP/1.x status line: ${JSON.stringify(first.slice(0, 80))}`);
  const headers = collectHeaders(text, first.length + 2, asked.podHeader);
  const status = Number(match[2]);
  const body = bodyLength(status, headers, asked.isHead === true);
  const keepAliveMs = keepAliveTimeout(headers.get('keep-alive'));
  const pod = podName(headers.get(asked.podHeader));
  return {
    status,
    body,
    keepAlive: body.type !== 'untilClose' && isKeptAlive(match[1] === '1', headers.get('connection')),
    ...(keepAliveMs === undefined ? {} : { keepAliveMs }),
    ...(pod === undefined ? {} : { pod }),
  };
}

/** Only what can be a name: it will be printed, and counted under. */
function podName(value: string | undefined): string | undefined {
  return value !== undefined && /^[\x21-\x7e]{1,253}$/.test(value) ? value : undefined;
}

const framingHeaders = ['content-length', 'transfer-encoding', 'connection', 'keep-alive'];

/**
 * The headers that matter here, by name in lower case; the others are only looked over, by their length, since this is
 * where a generator's time goes. Repeated ones are joined with a comma, as the RFC has it.
 */
function collectHeaders(text: string, from: number, podHeader: string): Map<string, string> {
  const headers = new Map<string, string>();
  for (let start = from; start < text.length;) {
    const found = text.indexOf('\r\n', start);
    const end = found === -1 ? text.length : found;
    const colon = text.indexOf(':', start);
    if (colon <= start || colon > end)
      throw new MalformedResponse(
        `not a header line: ${JSON.stringify(text.slice(start, Math.min(end, start + 80)))}`,
      );
    const name = wantedName(text, start, colon, podHeader);
    if (name !== undefined) {
      const value = text.slice(colon + 1, end).trim();
      const before = headers.get(name);
      headers.set(name, before === undefined ? value : `${before}, ${value}`);
    }
    start = end + 2;
  }
  return headers;
}

function wantedName(text: string, start: number, colon: number, podHeader: string): string | undefined {
  const length = colon - start;
  if (length !== podHeader.length && !framingHeaders.some((name) => name.length === length)) return undefined;
  const name = text.slice(start, colon).toLowerCase();
  return name === podHeader || framingHeaders.includes(name) ? name : undefined;
}

function bodyLength(status: number, headers: ReadonlyMap<string, string>, isHead: boolean): BodyLength {
  if (isHead || status < 200 || status === 204 || status === 304) return { type: 'fixed', bytes: 0 };
  const coding = headers.get('transfer-encoding')?.toLowerCase();
  if (coding !== undefined)
    return /(^|,)\s*chunked$/.test(coding) ? { type: 'chunked' } : { type: 'untilClose' };
  const length = headers.get('content-length');
  if (length === undefined) return { type: 'untilClose' };
  const values = new Set(length.split(',').map((value) => value.trim()));
  const [only = ''] = values;
  if (values.size !== 1 || !/^\d{1,15}$/.test(only))
    throw new MalformedResponse(`not a Content-Length: ${JSON.stringify(length)}`);
  return { type: 'fixed', bytes: Number(only) };
}

/** HTTP/1.1 keeps the connection unless told otherwise, HTTP/1.0 the other way round. */
function isKeptAlive(isHttp11: boolean, connection: string | undefined): boolean {
  const options = (connection ?? '')
    .toLowerCase()
    .split(',')
    .map((option) => option.trim());
  return isHttp11 ? !options.includes('close') : options.includes('keep-alive');
}

function keepAliveTimeout(value: string | undefined): number | undefined {
  const match = /(?:^|[,\s])timeout=(\d{1,9})/i.exec(value ?? '');
  return match ? Number(match[1]) * 1000 : undefined;
}
