import { createServer, request as httpRequest } from 'node:http';
import type { IncomingHttpHeaders, RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

import { expect } from 'chai';

import type { Backend } from '../../../src/devcluster/network/connection-proxy.ts';
import { createHttpBalancer } from '../../../src/devcluster/network/http-balancer.ts';
import type { HttpBalancer } from '../../../src/devcluster/network/http-balancer.ts';
import { freePort } from '../../../src/devcluster/network/loopback.ts';

const host = '127.0.0.1';

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

describe('the balancer of requests', () => {
  const servers: Server[] = [];
  let balancer: HttpBalancer;

  beforeEach(() => {
    balancer = createHttpBalancer();
  });
  afterEach(async () => {
    balancer.close();
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  });

  async function serve(listener: RequestListener): Promise<Backend & { connections: () => number }> {
    let connections = 0;
    const server = createServer(listener);
    server.on('connection', () => (connections += 1));
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, host, resolve));
    return { host, port: (server.address() as AddressInfo).port, connections: () => connections };
  }

  /** A front that sends every request to these. */
  const front = (...backends: Backend[]): Promise<Backend> =>
    serve((request, response) => void balancer.forward(request, response, backends));

  function ask(
    { port }: Backend,
    { method = 'GET', headers = {}, body = '' }: { method?: string; headers?: object; body?: string } = {},
  ): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const options = { host, port, method, path: '/a?b=c', headers: { ...headers }, agent: false as const };
      const request = httpRequest(options, (response) => {
        text(response)
          .then((answer) =>
            resolve({ status: response.statusCode ?? 0, headers: response.headers, body: answer }),
          )
          .catch(reject);
      });
      request.once('error', reject);
      request.end(body);
    });
  }

  const echo: RequestListener = (request, response) => {
    void text(request).then((body) => response.end(`${request.method ?? ''} ${request.url ?? ''} ${body}`));
  };
  const breaking: RequestListener = (request) => request.socket.resetAndDestroy();
  const refusing = async (): Promise<Backend> => ({ host, port: await freePort() });

  it('brings method, path, query and body to the pod, and its answer back', async () => {
    const pod = await serve((request, response) => {
      response.setHeader('x-pod-name', 'p');
      response.statusCode = 418;
      echo(request, response);
    });
    const { status, headers, body } = await ask(await front(pod), { method: 'POST', body: 'hello' });
    expect({ status, body }).to.deep.equal({ status: 418, body: 'POST /a?b=c hello' });
    expect(headers).to.include({ 'x-pod-name': 'p' });
  });

  it('brings bodies that are large, or of unknown length', async () => {
    const pod = await serve(echo);
    const large = 'x'.repeat(300_000);
    const entry = await front(pod);
    expect((await ask(entry, { method: 'POST', body: large })).body).to.have.length(
      large.length + 'POST /a?b=c '.length,
    );
    const headers = { 'transfer-encoding': 'chunked' };
    expect((await ask(entry, { method: 'PUT', headers, body: 'parts' })).body).to.equal('PUT /a?b=c parts');
  });

  it('keeps its connection to the pod while clients come and go', async () => {
    const pod = await serve((_, response) => response.end('x'));
    const entry = await front(pod);
    for (let time = 0; time < 5; time += 1) await ask(entry, { headers: { connection: 'close' } });
    expect(pod.connections()).to.equal(1);
  });

  it("keeps the client's connection though the pod closes its own", async () => {
    const pod = await serve((_, response) => response.setHeader('connection', 'close').end('x'));
    const { headers } = await ask(await front(pod), { headers: { connection: 'keep-alive' } });
    expect(headers.connection).to.equal('keep-alive');
  });

  it('tells the pod who asked and how, and believes nobody else about it', async () => {
    const pod = await serve((request, response) => response.end(JSON.stringify(request.headers)));
    const entry = await front(pod);
    const lies = { host: 'shop.example.com', 'x-forwarded-for': '1.2.3.4', 'x-forwarded-proto': 'https' };
    const seen = JSON.parse((await ask(entry, { headers: lies })).body) as IncomingHttpHeaders;
    expect(seen).to.include({
      host: 'shop.example.com',
      'x-real-ip': host,
      'x-forwarded-for': host,
      'x-forwarded-host': 'shop.example.com',
      'x-forwarded-port': String(entry.port),
      'x-forwarded-proto': 'http',
    });
  });

  describe('when a pod just went away', () => {
    for (const [method, body] of [
      ['GET', ''],
      ['PUT', 'again'],
      ['DELETE', ''],
    ] as const) {
      it(`asks the next one for ${method}, whether it was refused or broken off`, async () => {
        const alive = await serve(echo);
        const entry = await front(await refusing(), await serve(breaking), alive);
        const answer = await ask(entry, { method, body });
        expect(answer).to.include({ status: 200, body: `${method} /a?b=c ${body}` });
      });
    }

    it('asks the next one for POST when the connection was refused', async () => {
      const entry = await front(await refusing(), await serve(echo));
      expect(await ask(entry, { method: 'POST', body: 'once' })).to.include({ body: 'POST /a?b=c once' });
    });

    it('does not send POST twice when a pod may have begun with it', async () => {
      let seen = 0;
      const entry = await front(
        await serve(breaking),
        await serve((_, response) => {
          seen += 1;
          response.end();
        }),
      );
      expect(await ask(entry, { method: 'POST', body: 'once' })).to.include({ status: 502 });
      expect(seen).to.equal(0);
    });

    it('says 502 when none of those that it tries is there', async () => {
      const { status, body } = await ask(await front(await refusing(), await refusing()));
      expect(status).to.equal(502);
      expect(body).to.match(/^502 Bad Gateway: .*ECONNREFUSED/);
    });

    it('breaks the answer off when the pod did after its head', async () => {
      const pod = await serve((_, response) => {
        response.setHeader('content-length', 100).write('half');
        setTimeout(() => response.socket?.resetAndDestroy(), 10);
      });
      const error = await ask(await front(pod, await serve(echo))).catch((caught: unknown) => caught);
      expect(error).to.be.instanceOf(Error);
    });

    it('repeats a request on a kept connection that the pod had closed', async () => {
      let answered = 0;
      const pod = await serve((request, response) => {
        answered += 1;
        if (answered === 2) request.socket.resetAndDestroy();
        else response.end('x');
      });
      const entry = await front(pod, pod);
      expect((await ask(entry)).status).to.equal(200);
      expect((await ask(entry)).status).to.equal(200);
      expect(answered).to.equal(3);
    });
  });

  it('ends the request to the pod when the client goes', async () => {
    const { promise: gone, resolve } = Promise.withResolvers<undefined>();
    const { promise: asked, resolve: ask2 } = Promise.withResolvers<undefined>();
    const pod = await serve((request) => {
      request.socket.once('close', () => resolve(undefined));
      ask2(undefined);
    });
    const { port } = await front(pod);
    const request = httpRequest({ host, port, agent: false });
    request.once('error', () => undefined);
    request.end();
    await asked;
    request.destroy();
    await gone;
  });
});
