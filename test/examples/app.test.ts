import { expect } from 'chai';
import { Agent, get, type IncomingMessage } from 'node:http';
import { hostname } from 'node:os';
import { spawnApp, startApp, type AppProcess } from './app-process.ts';

interface Reply {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
}

/** One request, on a connection of its own unless an agent keeps one. */
function ask(
  app: AppProcess,
  path: string,
  options: { agent?: Agent; headers?: Record<string, string> } = {},
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const request = get(new URL(app.url), {
      path,
      agent: options.agent ?? false,
      headers: options.headers ?? {},
    });
    request.on('error', reject).on('response', (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('error', reject).on('end', () => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
      });
    });
  });
}

/** The value of a metric at /metrics; throws when it is not there. */
async function metric(app: AppProcess, name: string): Promise<number> {
  const { text } = await ask(app, '/metrics');
  const line = text.split('\n').find((candidate) => candidate.startsWith(`${name} `));
  if (line === undefined) throw new Error(`no ${name} in ${text}`);
  return Number(line.slice(name.length + 1));
}

describe('walkthrough app', () => {
  const running: AppProcess[] = [];

  async function start(env?: Record<string, string>): Promise<AppProcess> {
    const app = await startApp(env);
    running.push(app);
    return app;
  }

  afterEach(async () => {
    for (const app of running.splice(0)) {
      app.child.kill('SIGKILL');
      await app.exit;
    }
  });

  it('answers any path and says which pod it is', async () => {
    const app = await start({ CPU_MS: '1' });
    for (const path of ['/', '/shop/cart?x=1', '//odd']) {
      const { status, headers, text } = await ask(app, path);
      expect(status).to.equal(200);
      expect(headers['x-pod-name']).to.equal('web-1');
      expect(text).to.equal('Hello from web-1 after 1 ms of CPU time\n');
    }
  });

  it('answers JSON to those who ask for it', async () => {
    const app = await start();
    const { headers, text } = await ask(app, '/?cpu=0', { headers: { accept: 'application/json' } });
    expect(headers['content-type']).to.equal('application/json');
    expect(JSON.parse(text)).to.deep.equal({ pod: 'web-1', cpuMs: 0 });
  });

  it('goes by the host name without a pod name', async () => {
    const app = await start({ POD_NAME: '' });
    expect((await ask(app, '/?cpu=0')).headers['x-pod-name']).to.equal(hostname());
  });

  it('burns the CPU time that is asked for, by default 10 ms a request', async () => {
    const app = await start();
    const cpu = (): Promise<number> => metric(app, 'process_cpu_seconds_total');
    const before = await cpu();
    for (let i = 0; i < 20; i += 1) await ask(app, '/');
    const afterDefault = await cpu();
    for (let i = 0; i < 4; i += 1) await ask(app, '/?cpu=100');
    const afterLong = await cpu();
    expect(afterDefault - before).to.be.within(0.2, 0.6);
    expect(afterLong - afterDefault).to.be.within(0.4, 0.8);
  });

  for (const cpu of ['-1', 'much', '1001', '1e9', '']) {
    it(`refuses to burn ${JSON.stringify(cpu)} and says what is allowed`, async () => {
      const app = await start();
      const { status, text } = await ask(app, `/?cpu=${cpu}`);
      expect(status).to.equal(400);
      expect(text).to.equal(`cpu must be milliseconds from 0 to 1000, not ${JSON.stringify(cpu)}\n`);
    });
  }

  it('survives paths that are none', async () => {
    const app = await start();
    expect((await ask(app, 'http://[')).status).to.equal(400);
    expect((await ask(app, '/?cpu=0')).status).to.equal(200);
  });

  it('counts requests by status, without probes and scrapes', async () => {
    const app = await start();
    expect(await metric(app, 'http_requests_total{code="200"}')).to.equal(0);
    for (const path of ['/?cpu=0', '/?cpu=0', '/?cpu=0', '/?cpu=x', '/healthz', '/readyz', '/metrics'])
      await ask(app, path);
    expect(await metric(app, 'http_requests_total{code="200"}')).to.equal(3);
    expect(await metric(app, 'http_requests_total{code="400"}')).to.equal(1);
  });

  it('exposes metrics in the Prometheus text format, each with its type', async () => {
    const { headers, text } = await ask(await start(), '/metrics');
    expect(headers['content-type']).to.equal('text/plain; version=0.0.4; charset=utf-8');
    expect(text).to.match(/\n$/);
    for (const line of text.trimEnd().split('\n')) {
      expect(line).to.match(/^(# (HELP|TYPE) [a-z_]+ .+|[a-z_]+(\{[a-z]+="[^"]*"\})? [0-9.e+]+)$/);
    }
    for (const name of [
      'http_requests_total',
      'process_cpu_seconds_total',
      'process_resident_memory_bytes',
    ]) {
      expect(text).to.match(new RegExp(`# TYPE ${name} (counter|gauge)\n${name}`));
    }
  });

  it('answers probes between two requests, not after the whole queue of them', async () => {
    const app = await start();
    let answered = 0;
    const work = Array.from({ length: 30 }, () => ask(app, '/?cpu=50').then(() => (answered += 1)));
    await Promise.race(work);
    expect((await ask(app, '/healthz')).status).to.equal(200);
    expect(answered).to.be.below(15);
    await Promise.all(work);
  });

  it('closes a kept connection after the requests that it is told', async () => {
    const app = await start({ MAX_REQUESTS_PER_SOCKET: '2' });
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const connections = [];
    for (let i = 0; i < 4; i += 1)
      connections.push((await ask(app, '/?cpu=0', { agent })).headers.connection);
    agent.destroy();
    expect(connections).to.deep.equal(['keep-alive', 'close', 'keep-alive', 'close']);
  });

  it('stops on SIGTERM: not ready at once, serves on and asks clients to leave, then ends with 0', async () => {
    const app = await start({ DRAIN_MS: '1500' });
    expect((await ask(app, '/readyz')).status).to.equal(200);
    app.child.kill('SIGTERM');
    await app.printed(/SIGTERM: not ready any more/);
    expect((await ask(app, '/readyz')).status).to.equal(503);
    expect((await ask(app, '/healthz')).status).to.equal(200);
    const agent = new Agent({ keepAlive: true });
    const { status, headers } = await ask(app, '/?cpu=0', { agent });
    expect(status).to.equal(200);
    expect(headers.connection).to.equal('close');
    agent.destroy();
    expect(await app.exit).to.equal(0);
  });

  it('finishes the requests that it has when it stops, and does not wait for idle connections', async () => {
    const app = await start({ DRAIN_MS: '0' });
    const agent = new Agent({ keepAlive: true });
    await ask(app, '/?cpu=0', { agent });
    const slow = [1, 2, 3].map(() => ask(app, '/?cpu=200'));
    await ask(app, '/?cpu=1');
    app.child.kill('SIGTERM');
    const statuses = (await Promise.all(slow)).map(({ status }) => status);
    expect(statuses).to.deep.equal([200, 200, 200]);
    expect(await app.exit).to.equal(0);
    agent.destroy();
  });

  it('listens on the address of its pod where that is a loopback address', async function () {
    if (process.platform !== 'linux') this.skip();
    const app = await start({ HOST: '', POD_IP: '127.42.0.7' });
    expect(app.url).to.contain('127.42.0.7');
    expect((await ask(app, '/healthz')).status).to.equal(200);
  });

  it('listens on all addresses else, so that port-forward finds it', async () => {
    const app = spawnApp({ PORT: '0', POD_IP: '10.1.2.3' });
    running.push(app);
    await app.printed(/listens on (::|0\.0\.0\.0) port/);
  });

  const wrong: Record<string, Record<string, string>> = {
    'PORT must be a number from 0 to 65535, not "http"': { PORT: 'http' },
    'PORT must be a number from 0 to 65535, not "99999"': { PORT: '99999' },
    'CPU_MS must be a number from 0 to 1000, not "-5"': { CPU_MS: '-5' },
  };
  for (const [message, env] of Object.entries(wrong)) {
    it(`ends with one line: ${message}`, async () => {
      const app = spawnApp(env);
      expect(await app.exit).to.equal(1);
      expect(app.lines).to.deep.equal([message]);
    });
  }

  it('ends with one line when its port is taken', async () => {
    const first = await start();
    const second = spawnApp({ HOST: '127.0.0.1', PORT: new URL(first.url).port });
    expect(await second.exit).to.equal(1);
    expect(second.lines).to.have.length(1);
    expect(second.lines[0]).to.match(/^cannot listen: .*EADDRINUSE/);
  });
});
