import { expect } from 'chai';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { isKubeError } from '../../src/kube/errors.ts';
import type { KubeError } from '../../src/kube/errors.ts';
import type { KubeClient, RequestReport } from '../../src/kube/client.ts';
import {
  clientOf,
  pageNotFound,
  sendJson,
  startLocalApi,
  statusBody,
  temporaryFile,
} from '../support/local-api.ts';
import type { Answer } from '../support/local-api.ts';

describe('KubeClient', () => {
  const open: { close(): Promise<void> }[] = [];
  afterEach(async () => {
    await Promise.all(open.splice(0).map((each) => each.close()));
  });

  async function serve(answer: Answer, options: Parameters<typeof clientOf>[1] = {}, user: object = {}) {
    const api = await startLocalApi(answer);
    const client = clientOf(api.url, options, user);
    open.push(client, api);
    return { api, client };
  }

  async function failureOf(promise: Promise<unknown>): Promise<KubeError> {
    const error: unknown = await promise.then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).to.have.property('name', 'KubeError');
    return error as KubeError;
  }

  it('sends a query, an accept header and its name, and returns the JSON', async () => {
    const { api, client } = await serve(() => ({ kind: 'Pod' }));
    expect(
      await client.get('/api/v1/pods', {
        query: { limit: 1, labelSelector: 'app in (a,b)', left: undefined },
      }),
    ).to.deep.equal({
      kind: 'Pod',
    });
    const [request] = api.requests;
    expect(Object.fromEntries(request!.query)).to.deep.equal({ limit: '1', labelSelector: 'app in (a,b)' });
    expect(request!.headers).to.include({ accept: 'application/json', 'user-agent': 'plimsoll' });
  });

  it('sends a patch with its content type, and a POST as JSON', async () => {
    const { api, client } = await serve(() => ({}));
    await client.patch('/apis/apps/v1/x', { a: null }, 'application/merge-patch+json', {
      query: { fieldManager: 'plimsoll' },
    });
    await client.create('/api/v1/x', { b: 1 });
    expect(
      api.requests.map(({ method, body, headers }) => [method, body, headers['content-type']]),
    ).to.deep.equal([
      ['PATCH', '{"a":null}', 'application/merge-patch+json'],
      ['POST', '{"b":1}', 'application/json'],
    ]);
  });

  it('uses at most its pool of connections for many requests at once', async () => {
    const { api, client } = await serve(() => ({}), { connections: 4 });
    await Promise.all(Array.from({ length: 200 }, () => client.get('/api/v1/pods')));
    expect(api.requests).to.have.length(200);
    expect(api.connections()).to.be.at.most(4);
  });

  it('gives watches connections of their own, so that they starve no request', async () => {
    const { api, client } = await serve(
      (request, response) => {
        if (!request.query.has('watch')) return { ok: true };
        response.writeHead(200).write('\n');
        return undefined;
      },
      { connections: 1 },
    );
    const controller = new AbortController();
    const watches = [1, 2, 3].map(async (number) => {
      for await (const event of client.watch(`/api/v1/watch${number}`, { signal: controller.signal }))
        expect(event).to.equal(undefined);
    });
    const ended = Promise.allSettled(watches);
    while (api.requests.length < 3) await new Promise((resolve) => setImmediate(resolve));
    expect(await client.get('/api/v1/pods')).to.deep.equal({ ok: true });
    controller.abort();
    for (const outcome of await ended) expect(outcome).to.have.nested.property('reason.type', 'Aborted');
  });

  it('lists page by page until there is no continue token', async () => {
    const pages: Record<string, object> = {
      '': { metadata: { resourceVersion: '7', continue: 'next' }, items: [1, 2] },
      next: { metadata: { resourceVersion: '7', continue: '' }, items: [3] },
    };
    const { client } = await serve(({ query }) => pages[query.get('continue') ?? '']);
    const got: unknown[] = [];
    for await (const page of client.list('/api/v1/pods')) got.push(...page.items);
    expect(got).to.deep.equal([1, 2, 3]);
  });

  const sizes: Record<string, { bytes: number; limits: string[] }> = {
    'small objects, up to a limit': { bytes: 200, limits: ['100', '500', '500'] },
    'pods of 10 KB': { bytes: 10_000, limits: ['100', '150', '150'] },
    'huge objects, down to a limit': { bytes: 500_000, limits: ['100', '25', '25'] },
  };
  for (const [title, { bytes, limits }] of Object.entries(sizes)) {
    it(`asks for as many objects as make a page: ${title}`, async () => {
      const { api, client } = await serve(({ query }) => ({
        metadata: { continue: { none: 'one', one: 'two' }[query.get('continue') ?? 'none'] ?? '' },
        items: Array.from({ length: 10 }, () => 'x'.repeat(bytes)),
      }));
      for await (const page of client.list('/api/v1/pods')) expect(page.items).to.have.length(10);
      expect(api.requests.map(({ query }) => query.get('limit'))).to.deep.equal(limits);
    });
  }

  const refusals: Record<string, { answer: Answer; type: string; message: string; retryAfterMs?: number }> = {
    'a path that nothing serves': {
      answer: (_, response) => pageNotFound(response),
      type: 'NotFound',
      message: 'the server could not find the requested resource (get pods.metrics.k8s.io)',
    },
    'an object that does not exist': {
      answer: (_, response) =>
        sendJson(response, 404, statusBody(404, 'NotFound', 'deployments.apps "web" not found')),
      type: 'NotFound',
      message: 'deployments.apps "web" not found',
    },
    'a stale resourceVersion': {
      answer: (_, response) =>
        sendJson(response, 409, statusBody(409, 'Conflict', 'the object has been modified')),
      type: 'Conflict',
      message: 'the object has been modified',
    },
    'a name that is taken': {
      answer: (_, response) => sendJson(response, 409, statusBody(409, 'AlreadyExists', 'it exists')),
      type: 'AlreadyExists',
      message: 'it exists',
    },
    'a list that is too old': {
      answer: (_, response) => sendJson(response, 410, statusBody(410, 'Expired', 'too old')),
      type: 'Gone',
      message: 'too old',
    },
    'missing rights': {
      answer: (_, response) =>
        sendJson(response, 403, statusBody(403, 'Forbidden', 'pods is forbidden: User "x" cannot list')),
      type: 'Forbidden',
      message: 'pods is forbidden: User "x" cannot list',
    },
    'too many requests, with a time to wait': {
      answer: (_, response) => sendJson(response, 429, {}, { 'retry-after': '3' }),
      type: 'TooManyRequests',
      message:
        'the server has received too many requests and has asked us to try again later (get pods.metrics.k8s.io)',
      retryAfterMs: 3000,
    },
    'a metrics server that is down': {
      answer: (_, response) => {
        response.writeHead(503).end('service unavailable');
      },
      type: 'ServerError',
      message: 'the server is currently unable to handle the request (get pods.metrics.k8s.io)',
    },
  };
  for (const [title, { answer, type, message, retryAfterMs }] of Object.entries(refusals)) {
    it(`reports ${title}`, async () => {
      const { client } = await serve(answer);
      const error = await failureOf(client.get('/apis/metrics.k8s.io/v1beta1/namespaces/shop/pods'));
      expect({ type: error.type, message: error.message, retryAfterMs: error.retryAfterMs }).to.deep.equal({
        type,
        message,
        retryAfterMs,
      });
    });
  }

  it('reports an API server that refuses connections, with its address', async () => {
    const { api, client } = await serve(() => ({}));
    await api.close();
    const error = await failureOf(client.get('/version'));
    expect(error.type).to.equal('Unreachable');
    expect(error.message).to.contain(`cannot reach the API server at ${api.url}: connect ECONNREFUSED`);
  });

  it('reports a host name that does not resolve', async () => {
    const client = clientOf('http://no-such-host.invalid:1');
    open.push(client);
    expect((await failureOf(client.get('/version'))).type).to.equal('Unreachable');
  });

  it('gives up when the deadline is over, also in the middle of an answer', async () => {
    const { client } = await serve(
      (request, response) => {
        if (request.path === '/slow-body') response.writeHead(200).write('{');
        return undefined;
      },
      { timeoutMs: 50 },
    );
    for (const path of ['/never', '/slow-body']) {
      const error = await failureOf(client.get(path));
      expect(error.type).to.equal('Timeout');
      expect(error.message).to.contain(`within 50 ms (GET ${path})`);
    }
  });

  it('gives up when its caller does', async () => {
    const { client } = await serve(() => undefined);
    const controller = new AbortController();
    const asked = failureOf(client.get('/never', { signal: controller.signal }));
    controller.abort();
    expect((await asked).type).to.equal('Aborted');
  });

  it('reports an answer that is not JSON', async () => {
    const { client } = await serve((_, response) => {
      response.writeHead(200).end('<html>');
    });
    expect((await failureOf(client.get('/x'))).message).to.equal("the server's answer is not JSON (GET /x)");
  });

  it('asks once more with fresh credentials when a token was refused', async () => {
    const tokenFile = temporaryFile('token', 'old');
    const { api, client } = await serve(
      ({ headers }, response) => {
        if (headers.authorization === 'Bearer new') return { ok: true };
        writeFileSync(tokenFile, 'new');
        sendJson(response, 401, statusBody(401, 'Unauthorized', 'Unauthorized'));
      },
      {},
      {
        exec: {
          apiVersion: 'client.authentication.k8s.io/v1',
          command: process.execPath,
          args: ['-e', execPlugin(tokenFile)],
        },
      },
    );
    expect(await client.get('/x')).to.deep.equal({ ok: true });
    expect(api.requests.map(({ headers }) => headers.authorization)).to.deep.equal([
      'Bearer old',
      'Bearer new',
    ]);
  });

  const users: Record<string, { user: object; authorization: string }> = {
    'a bearer token': { user: { token: 'secret' }, authorization: 'Bearer secret' },
    'a user name and a password': {
      user: { username: 'me', password: 'pass' },
      authorization: `Basic ${Buffer.from('me:pass').toString('base64')}`,
    },
  };
  for (const [title, { user, authorization }] of Object.entries(users)) {
    it(`is let in with ${title}`, async () => {
      const { api, client } = await serve(() => ({}), {}, user);
      await client.get('/x');
      expect(api.requests[0]!.headers.authorization).to.equal(authorization);
    });
  }

  it('reads the events of a watch, also when they arrive in pieces', async () => {
    const { client } = await serve((_, response) => {
      response.writeHead(200);
      const text = '{"type":"ADDED","object":{"name":"é"}}\n{"type":"BOOKMARK","object":{}}\n{"type":"MODI';
      for (const byte of Buffer.from(text)) response.write(Buffer.of(byte));
      response.end();
    });
    const events: unknown[] = [];
    for await (const event of client.watch('/api/v1/pods', {})) events.push(event);
    expect(events).to.deep.equal([
      { type: 'ADDED', object: { name: 'é' } },
      { type: 'BOOKMARK', object: {} },
    ]);
  });

  it('throws the ERROR event of a watch', async () => {
    const { client } = await serve((_, response) => {
      response
        .writeHead(200)
        .end(
          `{"type":"ERROR","object":${JSON.stringify(statusBody(410, 'Expired', 'too old resource version'))}}\n`,
        );
    });
    const error = await failureOf(client.watch('/api/v1/pods', {}).next());
    expect(isKubeError(error, 'Gone')).to.equal(true);
    expect(error.message).to.equal('too old resource version');
  });

  it('tells telemetry how each request ended', async () => {
    const reports: RequestReport[] = [];
    const { api, client } = await serve(
      ({ path }, response) => (path === '/ok' ? {} : pageNotFound(response)),
      {
        onRequest: (report) => reports.push(report),
      },
    );
    await client.get('/ok');
    await failureOf(client.get('/missing'));
    await api.close();
    await failureOf(client.create('/down', {}));
    expect(reports.map(({ method, code }) => [method, code])).to.deep.equal([
      ['GET', 200],
      ['GET', 404],
      ['POST', 0],
    ]);
  });

  it('leaves no connection open after close', async () => {
    const sockets = new Set<unknown>();
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket)).on('error', () => socket.destroy());
      socket.on('data', () => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}'));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const client: KubeClient = clientOf(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    await client.get('/x');
    expect(sockets.size).to.equal(1);
    await client.close();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  });
});

function execPlugin(tokenFile: string): string {
  const credential = "{apiVersion:'client.authentication.k8s.io/v1',kind:'ExecCredential',status:{token}}";
  return `const token=require('fs').readFileSync(${JSON.stringify(tokenFile)},'utf8');console.log(JSON.stringify(${credential}))`;
}
