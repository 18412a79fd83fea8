import { request as send } from 'node:http';
import { text } from 'node:stream/consumers';
import { expect } from 'chai';
import { createLogger } from '../../src/lib/logger.ts';
import type { Handler } from '../../src/operator/health.ts';
import { serve } from '../../src/operator/serve.ts';
import type { HealthServer } from '../../src/operator/serve.ts';

const handler: Handler = (request) => {
  const { pathname } = new URL(request.url);
  if (pathname === '/broken') return Promise.reject(new Error('no metrics'));
  return Promise.resolve(new Response(`${request.method} ${pathname}\n`, { headers: { 'x-served': 'yes' } }));
};

describe('serve', () => {
  const lines: string[] = [];
  const logger = createLogger({ format: 'json', stream: { write: (line) => lines.push(line) } });
  let server: HealthServer;
  beforeEach(async () => {
    lines.length = 0;
    server = await serve(handler, { host: '127.0.0.1', port: 0 }, logger);
  });
  afterEach(() => server.close());

  /** As given: fetch would refuse some methods, and mend some paths. */
  async function ask(method: string, path: string) {
    return new Promise<{ status: number; allow: string | undefined; body: string }>((resolve, reject) => {
      const { hostname, port } = new URL(server.url);
      send({ method, path, hostname, port, agent: false }, (response) => {
        const { statusCode: status = 0, headers } = response;
        text(response).then((body) => resolve({ status, allow: headers.allow, body }), reject);
      })
        .on('error', reject)
        .end();
    });
  }

  const rows: Record<string, { method: string; path: string; status: number; body: string }> = {
    'hands a question to its handler': { method: 'GET', path: '/a?b', status: 200, body: 'GET /a\n' },
    'sends no body for HEAD': { method: 'HEAD', path: '/a', status: 200, body: '' },
    'refuses to be written to': { method: 'POST', path: '/a', status: 405, body: 'only GET and HEAD\n' },
    'survives a method that no Request may have': {
      method: 'TRACE',
      path: '/healthz',
      status: 405,
      body: 'only GET and HEAD\n',
    },
    'survives OPTIONS *': { method: 'OPTIONS', path: '*', status: 405, body: 'only GET and HEAD\n' },
    'survives a path that is none': { method: 'GET', path: '//x:99999/', status: 400, body: 'not a path\n' },
    'answers 500 when its handler breaks': {
      method: 'GET',
      path: '/broken',
      status: 500,
      body: 'internal error\n',
    },
  };
  for (const [title, { method, path, status, body }] of Object.entries(rows)) {
    it(title, async () => {
      const allow = status === 405 ? 'GET, HEAD' : undefined;
      expect(await ask(method, path)).to.deep.equal({ status, allow, body });
      expect((await ask('GET', '/after')).status).to.equal(200);
    });
  }

  it('says in the log why its handler broke', async () => {
    await ask('GET', '/broken');
    expect(lines).to.have.length(1);
    expect(lines[0]).to.contain('no metrics').and.to.contain('/broken');
  });

  it('takes a free port for 0, gives it back, and passes headers on', async () => {
    const response = await fetch(server.url);
    expect(response.headers.get('x-served')).to.equal('yes');
    await server.close();
    const again = await serve(handler, { host: '127.0.0.1', port: Number(new URL(server.url).port) }, logger);
    await again.close();
    server = await serve(handler, { host: '127.0.0.1', port: 0 }, logger);
  });
});
