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

/**
 * Parses the head of an answer: the text before the empty line.
 * @param podHeader name of the header that names the pod, in lower case
 * @throws MalformedResponse
 */
export function parseHead(text: string, podHeader: string): ResponseHead {
  const lines = text.split('\r\n');
  const match = statusLine.exec(lines[0] ?? '');
  if (!match)
    throw new MalformedResponse(
      `not an HTTP/1.x status line: ${JSON.stringify((lines[0] ?? '').slice(0, 80))}`,
    );
  const headers = collectHeaders(lines, new Set([...framingHeaders, podHeader]));
  const status = Number(match[2]);
  const body = bodyLength(status, headers);
  const keepAliveMs = keepAliveTimeout(headers.get('keep-alive'));
  const pod = podName(headers.get(podHeader));
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

/** Repeated headers are joined with a comma, as the RFC has it. */
function collectHeaders(lines: readonly string[], wanted: ReadonlySet<string>): Map<string, string> {
  const headers = new Map<string, string>();
  for (const line of lines.slice(1)) {
    const colon = line.indexOf(':');
    if (colon <= 0) throw new MalformedResponse(`not a header line: ${JSON.stringify(line.slice(0, 80))}`);
    const name = line.slice(0, colon).toLowerCase();
    if (!wanted.has(name)) continue;
    const value = line.slice(colon + 1).trim();
    const before = headers.get(name);
    headers.set(name, before === undefined ? value : `${before}, ${value}`);
  }
  return headers;
}

function bodyLength(status: number, headers: ReadonlyMap<string, string>): BodyLength {
  if (status < 200 || status === 204 || status === 304) return { type: 'fixed', bytes: 0 };
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
