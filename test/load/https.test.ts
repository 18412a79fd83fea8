import { expect } from 'chai';
import { createServer as createHttps } from 'node:https';
import { selfSignedCertificate } from '../support/certificate.ts';
import { rampProfile } from '../../src/lib/load-profile.ts';
import { runLoad } from '../../src/load/run-load.ts';
import type { TlsOptions } from '../../src/load/target.ts';
import type { LoadResult } from '../../src/report/load-result.ts';
import { hostedOn, listenHttp, type TestServer } from './servers.ts';

const certificate = selfSignedCertificate();

async function listenHttps(shown = certificate): Promise<TestServer> {
  const server = createHttps(shown, (_, response) => {
    response.setHeader('X-Pod-Name', 'pod-a').end('hello');
  });
  return hostedOn(server, 'https:');
}

async function load(server: TestServer, tls: TlsOptions, host = '127.0.0.1'): Promise<LoadResult> {
  const url = new URL(server.url);
  url.hostname = host;
  const profile = rampProfile({ ratePerSecond: 50, durationMs: 400, rampMs: 0 });
  try {
    const rotation = { type: 'requests', requests: 4 } as const;
    return await runLoad(
      { url, profile, tls, connections: 2, rotation },
      { signal: new AbortController().signal },
    );
  } finally {
    await server.close();
  }
}

async function refusal(server: TestServer, tls: TlsOptions): Promise<string> {
  const error: unknown = await load(server, tls).then(() => undefined, (reason: unknown) => reason); // prettier-ignore
  expect(error).to.include({ name: 'UserError', exitCode: 2 });
  return (error as Error).message;
}

describe('load over TLS', () => {
  for (const host of ['127.0.0.1', 'localhost']) {
    it(`trusts the authority that it is given, for ${host}, and rotates connections`, async () => {
      const result = await load(await listenHttps(), { ca: certificate.cert }, host);
      expect(result.requests).to.deep.equal({ sent: 20, ok: 20, failed: 0, dropped: 0 });
      expect(result.connections.opened).to.be.at.least(3);
      expect(result.connectMs.p50).to.be.above(0);
    });
  }

  it('trusts anybody when told', async () => {
    const result = await load(await listenHttps(), { insecure: true });
    expect(result.requests.ok).to.equal(20);
  });

  it('refuses to start with a certificate that nobody trusts, and says what to do', async () => {
    expect(await refusal(await listenHttps(), {})).to.match(
      /^cannot reach https:.*self-signed certificate; give --cacert FILE .* or --insecure/,
    );
  });

  it('refuses to start with a certificate for another name', async () => {
    const other = selfSignedCertificate('127.0.0.9');
    expect(await refusal(await listenHttps(other), { ca: other.cert })).to.match(
      /^cannot reach https:.*not in the cert.*; give a name that is in its certificate, or --insecure/,
    );
  });

  it('says in one line when the two sides have no version of TLS in common', async () => {
    const old = createHttps({ ...certificate, minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2', ciphers: 'PSK' });
    const message = await refusal(await hostedOn(old, 'https:'), { insecure: true });
    expect(message).to.match(
      /^cannot reach https:\S+: .*handshake failure; do versions and ciphers of TLS fit\?$/i,
    );
  });

  it('refuses to start on a port that does not speak TLS', async () => {
    const plain = await listenHttp((_, response) => response.end());
    const server = { ...plain, url: new URL(plain.url.href.replace('http:', 'https:')) };
    expect(await refusal(server, { insecure: true })).to.match(
      /^cannot reach (https:\S+): what listens there does not speak TLS; give http:\/\/ if it is to be loaded without$/,
    );
  });
});
