import { execFile } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { expect } from 'chai';

import { nameHookUrl } from '../../../src/devcluster/network/name-hook.ts';
import type { Names } from '../../../src/devcluster/network/name-hook.ts';

const run = promisify(execFile);
const host = '127.0.0.1';

/** Prints what a program does that asks for a URL in one of the ways that Node programs have. */
const programs: Readonly<Record<string, string>> = {
  fetch: 'fetch(url).then((answer) => answer.text()).then(console.log)',
  'node:http': "require('http').get(url, (answer) => answer.on('data', (data) => console.log(String(data))))",
  'an agent that keeps connections': `
    const agent = new (require('http').Agent)({ keepAlive: true });
    require('http').get(url, { agent }, (answer) =>
      answer.on('data', (data) => console.log(String(data))).on('end', () => agent.destroy()))`,
  'node:net': `
    const { hostname, port } = new URL(url);
    const socket = require('net').connect(Number(port || 80), hostname, () => socket.write('GET / HTTP/1.0\\r\\n\\r\\n'));
    socket.on('data', (data) => console.log(String(data).split('\\r\\n\\r\\n')[1]))`,
};

describe('the names of services in a pod', function () {
  this.timeout(30_000);
  const file = join(tmpdir(), `plimsoll-names-test-${process.pid}.json`);
  let server: Server;
  let real: { host: string; port: number };

  before(async () => {
    server = createServer((request, response) => response.end(`hello ${request.socket.remoteAddress ?? ''}`));
    await new Promise<void>((resolve) => server.listen(0, host, resolve));
    real = { host, port: (server.address() as AddressInfo).port };
    const web = { ip: '127.96.0.10', clusterIP: '10.96.0.10', ports: { '80': real } };
    const names: Names = {
      'default/web': web,
      'other/api': { ...web, ip: '127.96.0.11', clusterIP: '10.96.0.11' },
    };
    writeFileSync(file, JSON.stringify(names));
  });
  after(() => {
    server.close();
    rmSync(file);
  });

  async function node(program: string, podIP?: string): Promise<string> {
    const settings = { file, namespace: 'default', ...(podIP !== undefined && { podIP }) };
    const env = { PATH: process.env.PATH, NODE_OPTIONS: `--import=${nameHookUrl(settings)}` };
    const { stdout } = await run(process.execPath, ['-e', program], { env });
    return stdout.trim();
  }

  for (const [what, program] of Object.entries(programs)) {
    it(`lead ${what} to where the port really listens`, async () => {
      expect(await node(`const url = 'http://web/';${program}`)).to.equal(`hello ${host}`);
    });
  }

  for (const name of [
    'web',
    'web.default',
    'web.default.svc',
    'web.default.svc.cluster.local',
    'WEB',
    'api.other',
  ]) {
    it(`are known as ${name}`, async () => {
      expect(await node(`const url = 'http://${name}/';${programs.fetch}`)).to.equal(`hello ${host}`);
    });
  }

  it('lead connections to the cluster IP too, where it could not be had', async () => {
    expect(await node(`const url = 'http://10.96.0.10/';${programs.fetch}`)).to.equal(`hello ${host}`);
  });

  it("are looked up as addresses, in all of lookup's forms", async () => {
    const text = await node(`
      const dns = require('dns');
      dns.lookup('web', (error, address, family) => console.log(error, address, family));
      dns.lookup('web', { all: true }, (error, all) => console.log(error, JSON.stringify(all)));
      dns.promises.lookup('web').then((found) => console.log(JSON.stringify(found)));
      import('node:dns/promises').then(({ lookup }) => lookup('web', { all: true })).then((all) => console.log(all.length));`);
    expect(text.split('\n')).to.have.members([
      'null 127.96.0.10 4',
      'null [{"address":"127.96.0.10","family":4}]',
      '{"address":"127.96.0.10","family":4}',
      '1',
    ]);
  });

  it('leave all other names alone', async () => {
    const text = await node(`
      const dns = require('dns');
      for (const name of ['api', 'web.other', 'web.default.example.com', 'localhost'])
        dns.lookup(name, (error, address) => console.log(name, error?.code ? 'unknown' : address));
      fetch('http://${host}:${real.port}/').then((answer) => answer.text()).then(console.log)`);
    expect(text).to.match(/^web\.default\.example\.com unknown$/m);
    expect(text).to.match(/^web\.other unknown$/m);
    expect(text).to.match(/^api unknown$/m);
    expect(text).to.match(/^localhost (127\.0\.0\.1|::1)$/m);
    expect(text).to.include(`hello ${host}`);
  });

  it("make connections come from the pod's own address, where it has one", async function () {
    if (process.platform !== 'linux') this.skip();
    expect(await node(`const url = 'http://web/';${programs.fetch}`, '127.64.0.99')).to.equal(
      'hello 127.64.0.99',
    );
  });
});
