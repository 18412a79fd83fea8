import { UserError } from '../lib/errors.ts';

/** What is asked for, the same in every request. */
export interface RequestOptions {
  /** Default GET, or POST with a body. */
  readonly method?: string;
  /** `Name: value`, in order; a name that the generator sets itself (Host, User-Agent, Accept, Content-Type) replaces its value. */
  readonly headers?: readonly string[];
  readonly body?: Buffer;
}

/** A request as it is written: in the texts, one character is one byte (latin1), which sockets write faster than buffers. */
export interface RequestBytes {
  readonly method: string;
  /** Asks the server to keep the connection. */
  readonly keep: string;
  /** Asks it to close the connection after the answer. */
  readonly last: string;
  /** May be sent again when the connection ended before any answer (RFC 9110, section 9.2.2). */
  readonly isIdempotent: boolean;
}

const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const fieldValue = /^[\t\x20-\x7e\x80-\xff]*$/;
const idempotent = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE']);
/** What the generator must know to find the end of an answer and to rotate connections. */
const reserved = new Set(['connection', 'content-length', 'transfer-encoding', 'upgrade', 'expect']);

/** @throws UserError for a method or a header that cannot be sent */
export function requestBytes(url: URL, options: RequestOptions = {}): RequestBytes {
  const { body, headers = [] } = options;
  const method = options.method ?? (body === undefined ? 'GET' : 'POST');
  if (!token.test(method) || method === 'CONNECT')
    throw new UserError(
      `cannot send method ${JSON.stringify(method)}; allowed is one such as GET, HEAD, POST or PUT`,
    );
  const fields = new Map<string, string[]>([
    ['host', [`Host: ${url.host}`]],
    ['user-agent', ['User-Agent: plimsoll-load']],
    ['accept', ['Accept: */*']],
    ...(body === undefined ? [] : contentFields(body)),
  ]);
  for (const [name, lines] of Map.groupBy(headers.map(checkHeader), ({ name }) => name))
    fields.set(
      name,
      lines.map(({ line }) => line),
    );
  const write = (connection: string): string => {
    const lines = [
      `${method} ${url.pathname}${url.search} HTTP/1.1`,
      ...[...fields.values()].flat(),
      `Connection: ${connection}`,
    ];
    return `${lines.join('\r\n')}\r\n\r\n${body?.toString('latin1') ?? ''}`;
  };
  return { method, keep: write('keep-alive'), last: write('close'), isIdempotent: idempotent.has(method) };
}

/** The type is curl's for --data; give a Content-Type header for another. */
function contentFields(body: Buffer): [string, string[]][] {
  return [
    ['content-type', ['Content-Type: application/x-www-form-urlencoded']],
    ['content-length', [`Content-Length: ${body.length}`]],
  ];
}

function checkHeader(line: string): { name: string; line: string } {
  const colon = line.indexOf(':');
  const name = line.slice(0, Math.max(colon, 0)).trim();
  const value = line.slice(colon + 1).trim();
  if (!token.test(name) || !fieldValue.test(value))
    throw new UserError(
      `cannot send header ${JSON.stringify(colon === -1 ? line : `${name}: ...`)}; allowed is 'Name: value' on one line`,
    );
  if (reserved.has(name.toLowerCase()))
    throw new UserError(`cannot send header ${name}: the generator sets it itself; leave it out`);
  return { name: name.toLowerCase(), line: `${name}: ${value}` };
}
