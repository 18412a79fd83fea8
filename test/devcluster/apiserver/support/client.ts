import { createHandler } from '../../../../src/devcluster/apiserver/handler.ts';
import type { Handler, Sources } from '../../../../src/devcluster/apiserver/handler.ts';
import type { ApiResponse } from '../../../../src/devcluster/apiserver/http.ts';
import type { Registry } from '../../../../src/devcluster/apiserver/registry.ts';
import { settled, startRegistry } from '../../../../src/devcluster/apiserver/start-registry.ts';
import type { StartOptions } from '../../../../src/devcluster/apiserver/start-registry.ts';

export interface Sent {
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string | null | undefined>>;
  readonly body?: unknown;
}

export interface Answer {
  readonly status: number;
  readonly headers: ApiResponse['headers'];
  /** The JSON, or the text of any other type. */
  readonly body: unknown;
}

export interface TestServer {
  readonly registry: Registry;
  readonly sources: Sources;
  readonly handler: Handler;
  send(request: Sent): Promise<Answer>;
  /** Opens a watch or a log; `next` waits for the next line. */
  open(path: string, headers?: Record<string, string>): Promise<TestStream>;
}

/** An event of a watch, or the Status that came in its place. */
interface StreamLine {
  readonly type?: string;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the JSON of any object
  readonly object?: any;
}

interface TestStream {
  readonly status: number;
  /** The next line, parsed; undefined at the end of the stream. */
  next(): Promise<StreamLine | undefined>;
  close(): void;
}

function headersOf(sent: Sent['headers']): Record<string, string> {
  const given = { accept: 'application/json', ...sent };
  const entries = Object.entries(given).flatMap(([key, value]) =>
    typeof value === 'string' ? [[key, value]] : [],
  );
  return Object.fromEntries(entries) as Record<string, string>;
}

function bytes(body: unknown): Uint8Array {
  if (body === undefined) return new Uint8Array();
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
}

async function text(body: ApiResponse['body']): Promise<string> {
  if (typeof body === 'string') return body;
  if (body instanceof Uint8Array) return Buffer.from(body).toString();
  const chunks: string[] = [];
  for await (const chunk of body)
    chunks.push(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString());
  return chunks.join('');
}

function parsed(response: ApiResponse, body: string): unknown {
  const type = String(response.headers['content-type']);
  return type.startsWith('application/json') && body !== '' ? (JSON.parse(body) as unknown) : body;
}

/** The real handler without sockets. Requests default to `accept: application/json`, as the transcripts do. */
export async function startTestServer(options: StartOptions = {}): Promise<TestServer> {
  const registry = await startRegistry(options);
  const sources: Sources = {};
  const problems: string[] = [];
  const log = (line: string): void => void problems.push(line);
  const handler = createHandler({ registry, sources, serverAddress: () => '127.0.0.1:6443', log });
  const request = (sent: Sent, signal: AbortSignal): Promise<ApiResponse> =>
    handler({
      method: sent.method,
      url: sent.path,
      headers: headersOf(sent.headers),
      body: bytes(sent.body),
      signal,
    });
  return {
    registry,
    sources,
    handler,
    async send(sent) {
      const response = await request(sent, new AbortController().signal);
      const body = await text(response.body);
      await settled();
      if (problems.length > 0) throw new Error(problems.splice(0).join('\n'));
      return { status: response.status, headers: response.headers, body: parsed(response, body) };
    },
    async open(path, headers = {}) {
      const ending = new AbortController();
      const response = await request({ method: 'GET', path, headers }, ending.signal);
      return stream(response, ending);
    },
  };
}

function stream(response: ApiResponse, ending: AbortController): TestStream {
  if (typeof response.body === 'string' || response.body instanceof Uint8Array) {
    const lines = [parsed(response, String(response.body)) as StreamLine];
    return { status: response.status, next: () => Promise.resolve(lines.shift()), close: () => undefined };
  }
  const iterator = response.body[Symbol.asyncIterator]();
  return {
    status: response.status,
    async next() {
      const result = await iterator.next();
      return result.done === true ? undefined : (JSON.parse(String(result.value)) as StreamLine);
    },
    close() {
      ending.abort();
    },
  };
}
