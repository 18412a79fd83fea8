import { isIPv6 } from 'node:net';
import { Client } from 'undici';
import type { Dispatcher } from 'undici';
import { errorMessage } from '../../lib/errors.ts';
import { ScrapeError } from './scrape-error.ts';

export interface Endpoint {
  /** An IP address that may be asked. */
  readonly address: string;
  readonly port: number;
  /** Begins with one `/`. */
  readonly path: string;
}

/** Bytes of one exposition, as they come: nothing is unpacked. */
const maxBodyBytes = 4 * 1024 * 1024;
const maxHeaderBytes = 16_384;
const contentTypes = /^(text\/plain|application\/openmetrics-text)\s*(;|$)/i;
const accept =
  'text/plain;version=0.0.4;q=1,application/openmetrics-text;version=1.0.0;q=0.9,text/plain;q=0.8,*/*;q=0.1';

/**
 * Asks one endpoint once, over a connection of its own that is closed afterwards: nothing is kept of pods that go. No redirect is
 * followed, no proxy asked, no credentials are sent, and nothing that is packed is unpacked.
 * @param onBody is given the body in pieces; what it throws is thrown
 * @returns how many bytes the body had
 * @throws ScrapeError, and what the signal was aborted with
 */
export async function fetchExposition(
  { address, port, path }: Endpoint,
  onBody: { readonly begin: () => void; readonly piece: (bytes: Uint8Array) => void },
  signal: AbortSignal,
): Promise<number> {
  const origin = `http://${isIPv6(address) ? `[${address}]` : address}:${port}`;
  const client = new Client(origin, { maxHeaderSize: maxHeaderBytes, headersTimeout: 0, bodyTimeout: 0 });
  try {
    const response = await client.request({
      ...{ method: 'GET', path, signal, reset: true },
      headers: { accept, 'accept-encoding': 'identity', 'user-agent': 'plimsoll' },
    });
    onBody.begin();
    requireExposition(response);
    return await read(response.body, onBody.piece);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof ScrapeError) throw error;
    throw new ScrapeError('Unreachable', errorMessage(error), { cause: error });
  } finally {
    void client.destroy().catch(() => undefined); // It is closed either way.
  }
}

function requireExposition({ statusCode, headers }: Dispatcher.ResponseData): void {
  if (statusCode !== 200) throw new ScrapeError('Refused', `answered ${statusCode}`);
  const { 'content-type': type, 'content-encoding': encoding = 'identity' } = headers;
  if (typeof type !== 'string' || !contentTypes.test(type))
    throw new ScrapeError(
      'Refused',
      `its content is ${type === undefined ? 'of no type' : String(type).slice(0, 60)}`,
    );
  if (encoding !== 'identity')
    throw new ScrapeError('Refused', `its content is packed: ${String(encoding).slice(0, 60)}`);
}

async function read(body: AsyncIterable<Uint8Array>, onPiece: (bytes: Uint8Array) => void): Promise<number> {
  let bytes = 0;
  for await (const piece of body) {
    bytes += piece.length;
    if (bytes > maxBodyBytes)
      throw new ScrapeError('TooLarge', `more than ${maxBodyBytes / 1024 / 1024} MiB`);
    onPiece(piece);
  }
  return bytes;
}
