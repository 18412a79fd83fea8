import { expect } from 'chai';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TestCluster } from '../support/cluster.ts';
import { plimsoll } from '../support/processes.ts';

/** A kubeconfig for a server on loopback; the text is what a user would have. */
function kubeconfigFor(server: string): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'x',
    clusters: [{ name: 'x', cluster: { server, 'insecure-skip-tls-verify': true } }],
    contexts: [{ name: 'x', context: { cluster: 'x', user: 'x' } }],
    users: [{ name: 'x', user: {} }],
  });
}

/** The operator's own port is of no interest here, and may be taken. */
const anyPort = ['--bind-address', '127.0.0.1:0'];

describe('bad input', () => {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-bad-input-'));
  const file = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  let busy: Server;
  let busyPort: number;
  let api: TestCluster;

  before(async () => {
    busy = createServer((_request, response) =>
      response.writeHead(404, { 'content-type': 'text/plain' }).end('404 page not found\n'),
    );
    await new Promise<void>((resolve) => busy.listen(0, '127.0.0.1', resolve));
    busyPort = (busy.address() as AddressInfo).port;
    api = await TestCluster.start();
  });
  after(async () => {
    await api.close();
    busy.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const cases: Record<string, [args: () => string[], said: RegExp | (() => RegExp)]> = {
    'a kubeconfig that does not exist': [
      () => ['operator', '--kubeconfig', join(folder, 'none')],
      /none.*(does not exist|no such file)/i,
    ],
    'no kubeconfig at all': [() => ['operator'], /no kubeconfig.*--kubeconfig.*plimsoll cluster/],
    'a kubeconfig that is not YAML': [
      () => ['operator', '--kubeconfig', file('broken', 'clusters: [')],
      /broken.*(cannot|not)/i,
    ],
    'an API server that refuses the connection': [
      () => [
        ...['operator', ...anyPort],
        ...['--kubeconfig', file('refused', kubeconfigFor('http://127.0.0.1:1'))],
      ],
      /127\.0\.0\.1:1\b.*refused/i,
    ],
    'a CRD that is not installed': [
      () => [
        ...['operator', ...anyPort],
        ...['--kubeconfig', file('no-crd', kubeconfigFor(`http://127.0.0.1:${busyPort}`))],
      ],
      /customautoscalers.*kubectl apply -f crds/i,
    ],
    'a bind address in use': [
      () => [
        ...['operator', '--bind-address', `127.0.0.1:${busyPort}`],
        ...['--kubeconfig', file('works', kubeconfigFor(api.server.url))],
      ],
      () => new RegExp(`--bind-address 127\\.0\\.0\\.1:${busyPort}: .*in use`),
    ],
    'a port of the cluster in use': [
      () => ['cluster', '--port', String(busyPort), '--kubeconfig', join(folder, 'k')],
      /port.*in use.*--port/i,
    ],
    'a folder that the kubeconfig cannot be written to': [
      () => ['cluster', '--port', '0', '--kubeconfig', join(folder, 'no', 'such', 'folder')],
      /cannot write the kubeconfig to .*folder.*--kubeconfig/i,
    ],
    'a target that does not answer': [
      () => ['load', 'http://127.0.0.1:1/', '--rate', '10'],
      /cannot reach http:\/\/127\.0\.0\.1:1.*refused/i,
    ],
    'a URL that is none': [() => ['load', 'web', '--rate', '10'], /URL web: not a URL/],
    'a remote target': [() => ['load', 'http://192.0.2.1/', '--rate', '10'], /192\.0\.2\.1.*--allow-remote/],
    'a rate that is none': [
      () => ['load', 'http://127.0.0.1:1/', '--rate', 'fast'],
      /--rate.*'fast'.*requests per second/,
    ],
    'a ramp longer than the run': [
      () => ['load', 'http://127.0.0.1:1/', '--rate', '1', '--ramp', '1m'],
      /--ramp is longer than --duration/,
    ],
    'a duration without a unit': [
      () => ['operator', '--sync-period', '15'],
      /--sync-period.*'15'.*duration such as 15s/,
    ],
    'a duration of zero': [() => ['operator', '--sync-period', '0s'], /--sync-period.*above 0/],
    'a negative tolerance': [() => ['operator', '--tolerance=-1'], /--tolerance.*ratio of 0 or more/],
    'an unknown feature gate': [
      () => ['operator', '--feature-gates', 'Foo=true'],
      /--feature-gates.*Foo.*HPAScaleToZero/,
    ],
    'an unknown flag': [
      () => ['operator', '--sync-perod', '15s'],
      /unknown option '--sync-perod' \(Did you mean --sync-period\?\)/,
    ],
    'an unknown flag of demo': [() => ['demo', '--fast'], /unknown option '--fast'/],
    'an unknown command': [() => ['clutser'], /unknown command 'clutser'.*cluster/],
    'an unknown output': [() => ['demo', '--output', 'xml'], /--output.*'xml'.*text, json/],
  };

  for (const [sentence, [args, said]] of Object.entries(cases)) {
    it(`says in a line what is wrong and what to do: ${sentence}`, async () => {
      const { code, stdout, stderr } = await plimsoll(args(), {
        env: { PATH: process.env.PATH, HOME: folder },
      });
      expect(stderr).to.match(said instanceof RegExp ? said : said());
      expect(stderr).not.to.match(/\n {4}at /);
      expect(stderr.trim().split('\n')).to.have.length(1);
      expect(stdout).to.equal('');
      expect(code).to.equal(2);
    });
  }

  it('leaves a kubeconfig alone that it has not written', async () => {
    const text = kubeconfigFor('https://192.0.2.1:6443');
    const own = file('own', text);
    const { code, stdout, stderr } = await plimsoll(['cluster', '--port', '0', '--kubeconfig', own]);
    expect(stderr).to.match(/--kubeconfig .*own.* was not written by plimsoll/);
    expect(stderr.trim().split('\n')).to.have.length(1);
    expect(stdout).to.equal('');
    expect(code).to.equal(2);
    expect(readFileSync(own, 'utf8')).to.equal(text);
  });
});
