import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { expect } from 'chai';

import type { Handler } from '../../../src/devcluster/controllers/objects.ts';
import { probeOnce, startProbeLoop } from '../../../src/devcluster/node/probes.ts';
import type { ProbeTarget } from '../../../src/devcluster/node/probes.ts';
import { ProcessGroups } from '../../../src/devcluster/node/process-groups.ts';
import { eventually } from '../../support/wait.ts';

describe('a probe', () => {
  const processes = new ProcessGroups();
  let server: Server;
  let port: number;
  let status = 200;
  let asked = 0;

  before(async () => {
    server = createServer((request, response) => {
      asked += 1;
      if (request.url === '/hangs') return;
      response.statusCode = request.headers['x-token'] === 'bad' ? 403 : status;
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    ({ port } = server.address() as AddressInfo);
  });

  after(async () => {
    server.closeAllConnections();
    server.close();
    await processes.close(0);
  });

  const target = (): ProbeTarget => ({
    container: { name: 'c', ports: [{ name: 'http', containerPort: 8080 }] },
    place: { podIP: '127.0.0.1', hostIP: '127.0.0.1', ports: { 8080: port } },
    processes,
    env: { PATH: process.env.PATH ?? '' },
  });

  const rows: Record<
    string,
    { handler: () => Handler; status?: number; timeoutMs?: number; message?: RegExp }
  > = {
    'succeeds on 200': { handler: () => ({ httpGet: { port: 'http', path: '/x' } }) },
    'succeeds on a redirect': { handler: () => ({ httpGet: { port: 'http' } }), status: 302 },
    'fails on 503': {
      handler: () => ({ httpGet: { port: 'http' } }),
      status: 503,
      message: /^HTTP probe failed with statuscode: 503$/,
    },
    'finds a container port that is a port of its own': { handler: () => ({ httpGet: { port: 8080 } }) },
    'sends its headers': {
      handler: () => ({ httpGet: { port: 8080, httpHeaders: [{ name: 'X-Token', value: 'bad' }] } }),
      message: /403/,
    },
    'fails when nothing answers in time': {
      handler: () => ({ httpGet: { port: 8080, path: '/hangs' } }),
      timeoutMs: 30,
      message: /timeout/,
    },
    'fails for a port that the container does not have': {
      handler: () => ({ httpGet: { port: 'admin' } }),
      message: /couldn't find port "admin"/,
    },
    'succeeds when a port can be connected to': { handler: () => ({ tcpSocket: { port: 'http' } }) },
    'fails when a port refuses': { handler: () => ({ tcpSocket: { port: 1 } }), message: /ECONNREFUSED/ },
    'succeeds when a command does': { handler: () => ({ exec: { command: ['true'] } }) },
    'fails when a command does, and says what it printed': {
      handler: () => ({ exec: { command: ['sh', '-c', 'echo no luck; exit 4'] } }),
      message: /^no luck$/,
    },
    'fails when a command takes too long': {
      handler: () => ({ exec: { command: ['sleep', '60'] } }),
      timeoutMs: 30,
      message: /timed out/,
    },
    'fails when a command is missing': {
      handler: () => ({ exec: { command: ['/no/such'] } }),
      message: /ENOENT/,
    },
  };
  for (const [name, row] of Object.entries(rows)) {
    it(name, async () => {
      status = row.status ?? 200;
      const result = await probeOnce(row.handler(), target(), row.timeoutMs ?? 5000);
      if (row.message === undefined) expect(result).to.deep.equal({ ok: true });
      else expect(result).to.have.property('message').that.matches(row.message);
    });
  }

  it('tells of a threshold once it is reached, and of each failure', async () => {
    status = 500;
    const verdicts: string[] = [];
    const failures: string[] = [];
    const before = asked;
    const loop = startProbeLoop({
      probe: { httpGet: { port: 8080 }, periodSeconds: 0.01, failureThreshold: 3, successThreshold: 2 },
      target: target(),
      onVerdict: (verdict) => {
        verdicts.push(verdict);
        status = 200;
      },
      onFailure: (message) => failures.push(message),
    });
    try {
      await eventually('it succeeds again', () => verdicts.length === 2);
      expect(verdicts).to.deep.equal(['failure', 'success']);
      expect(failures).to.have.length(3);
      expect(asked - before).to.be.at.least(5);
    } finally {
      loop.stop();
    }
  });
});
