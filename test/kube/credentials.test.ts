import { expect } from 'chai';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { createServer } from 'node:https';
import type { Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from '../../src/kube/client.ts';
import type { KubeClient } from '../../src/kube/client.ts';
import { Connection } from '../../src/kube/connection.ts';
import type { KubeError } from '../../src/kube/errors.ts';
import { loadKubeConfig } from '../../src/kube/kubeconfig.ts';

const fixture = (name: string) => readFileSync(new URL(`../fixtures/tls/${name}`, import.meta.url), 'utf8');

/** A server that has a certificate of authority 1 or 2, and lets in clients of one of them, or by a token. */
class TlsServer {
  readonly server: Server;
  readonly seen: { authorization: string | undefined; client: string | undefined }[] = [];
  token: string | undefined;

  constructor() {
    const secure = { key: fixture('server1.key'), cert: fixture('server1.crt'), ca: fixture('ca1.crt') };
    this.server = createServer({ ...secure, requestCert: true, rejectUnauthorized: false });
    this.server.on('request', (request, response) => {
      const { authorization } = request.headers;
      this.seen.push({ authorization, client: clientOf(request) });
      const known = this.token === undefined || authorization === `Bearer ${this.token}`;
      response.writeHead(known ? 200 : 401).end('{}');
    });
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `https://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** New connections get the certificate of this authority, and those that are open are cut. */
  use(authority: 1 | 2): void {
    this.server.setSecureContext({
      key: fixture(`server${authority}.key`),
      cert: fixture(`server${authority}.crt`),
      ca: fixture(`ca${authority}.crt`),
    });
    this.server.closeAllConnections();
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }
}

function clientOf(request: IncomingMessage): string | undefined {
  const { getPeerCertificate } = request.socket as {
    getPeerCertificate?: () => { subject?: { CN?: string } };
  };
  return getPeerCertificate?.call(request.socket).subject?.CN;
}

describe('Credentials that rotate', () => {
  let folder: string;
  let server: TlsServer;
  let url: string;
  let client: KubeClient;
  const file = (name: string) => join(folder, name);

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'plimsoll-test-'));
    server = new TlsServer();
    url = await server.listen();
    for (const name of ['ca', 'client']) writeFileSync(file(`${name}.crt`), fixture(`${name}1.crt`));
    writeFileSync(file('client.key'), fixture('client1.key'));
  });
  afterEach(async () => {
    await client.close();
    await server.close();
    rmSync(folder, { recursive: true });
  });

  function kubeconfig(user: object): string {
    const cluster = { server: url, 'certificate-authority': file('ca.crt') };
    const config = {
      clusters: [{ name: 'c', cluster }],
      users: [{ name: 'u', user }],
      contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
      'current-context': 'x',
    };
    writeFileSync(file('kubeconfig'), JSON.stringify(config));
    return file('kubeconfig');
  }

  it('reads a token file anew when the server refuses its token', async () => {
    writeFileSync(file('token'), 'first\n');
    server.token = 'first';
    client = connect({ kubeconfig: kubeconfig({ token: 'stands back', tokenFile: 'token' }) });
    await client.get('/x');
    writeFileSync(file('token'), 'second\n');
    server.token = 'second';
    expect(await client.create('/x', {})).to.deep.equal({});
    expect(server.seen.map(({ authorization }) => authorization)).to.deep.equal([
      'Bearer first',
      'Bearer first',
      'Bearer second',
    ]);
  });

  it('reads a token file in passing, before its token is refused', async () => {
    writeFileSync(file('token'), 'first');
    const config = kubeconfig({ tokenFile: file('token') });
    client = connect({ kubeconfig: config });
    const connection = new Connection(() => loadKubeConfig({ kubeconfig: config }), {
      connections: 1,
      credentialsMaxAgeMs: -1,
    });
    const tokens: (string | undefined)[] = [];
    for (const token of ['first', 'second', undefined]) {
      if (token === undefined) rmSync(file('token'));
      else writeFileSync(file('token'), token);
      tokens.push((await connection.access('requests')).headers.authorization);
    }
    await connection.close();
    expect(tokens).to.deep.equal(['Bearer first', 'Bearer second', 'Bearer second']);
  });

  it('keeps its connections while the certificates are the same', async () => {
    const connection = new Connection(() => loadKubeConfig({ kubeconfig: kubeconfig({}) }), {
      connections: 1,
      credentialsMaxAgeMs: -1,
    });
    client = connect({ kubeconfig: kubeconfig({}) });
    const first = await connection.access('requests');
    expect((await connection.access('requests')).dispatcher).to.equal(first.dispatcher);
    writeFileSync(file('ca.crt'), fixture('ca2.crt'));
    expect((await connection.access('requests')).dispatcher).to.not.equal(first.dispatcher);
    await connection.close();
  });

  it('trusts the new authority when server and CA file have changed, at the first request', async () => {
    client = connect({ kubeconfig: kubeconfig({}) });
    await client.get('/x');
    writeFileSync(file('ca.crt'), fixture('ca2.crt'));
    server.use(2);
    expect(await client.create('/x', {})).to.deep.equal({});
    expect(server.seen).to.have.length(2);
  });

  it('refuses a server whose authority is not the one in the CA file', async () => {
    client = connect({ kubeconfig: kubeconfig({}) });
    await client.get('/x');
    server.use(2);
    const error = (await client.get('/x').catch((thrown: unknown) => thrown)) as KubeError;
    expect(error.type).to.equal('Unreachable');
    expect(error.message).to.match(/certificate/i);
    expect(server.seen).to.have.length(1);
  });

  it('shows a new client certificate', async () => {
    const user = { 'client-certificate': file('client.crt'), 'client-key': file('client.key') };
    client = connect({ kubeconfig: kubeconfig(user) });
    await client.get('/x');
    writeFileSync(file('client.crt'), fixture('client2.crt'));
    writeFileSync(file('client.key'), fixture('client2.key'));
    server.token = 'none'; // an API server answers 401 to a certificate that it does not know
    await client.get('/x').catch(() => undefined);
    expect(server.seen.map(({ client: name }) => name)).to.deep.equal(['client-1', 'client-1', 'client-2']);
  });

  it('keeps a watch of its own going when tokens change: the next one has the new token', async () => {
    writeFileSync(file('token'), 'first');
    server.token = 'first';
    client = connect({ kubeconfig: kubeconfig({ tokenFile: file('token') }) });
    for await (const event of client.watch('/x', {}))
      expect(event).to.deep.equal({ type: undefined, object: undefined });
    writeFileSync(file('token'), 'second');
    server.token = 'second';
    const refused = (await client
      .watch('/x', {})
      .next()
      .catch((thrown: unknown) => thrown)) as KubeError;
    expect(refused.type).to.equal('Unauthorized');
    await client.watch('/x', {}).next();
    expect(server.seen.at(-1)!.authorization).to.equal('Bearer second');
  });

  it('does not wait for an exec plugin that hangs longer than the deadline', async () => {
    const exec = {
      apiVersion: 'client.authentication.k8s.io/v1',
      command: process.execPath,
      args: ['-e', 'setTimeout(() => {}, 3000)'],
    };
    client = connect({ kubeconfig: kubeconfig({ exec }), timeoutMs: 100 });
    const error = (await client.get('/x').catch((thrown: unknown) => thrown)) as KubeError;
    expect(error.type).to.equal('Timeout');
  });
});
