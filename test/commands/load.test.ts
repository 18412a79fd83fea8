import { expect } from 'chai';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LoadResult } from '../../src/report/load-result.ts';
import { csvColumns } from '../../src/report/load-csv.ts';
import { closedPortUrl, listenHttp, listenRaw, type TestServer } from '../load/servers.ts';
import { type CommandResult, runInProcess } from '../support/in-process.ts';

const hello: RequestListener = (_, response) => {
  response.setHeader('X-Pod-Name', 'pod-a').end('hello');
};

/** Flags with which a slow machine makes nothing void. */
const patient = ['--max-lag', '1h'];

describe('plimsoll load', () => {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-load-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const file = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  let server: TestServer;
  before(async () => (server = await listenHttp(hello)));
  after(async () => server.close());
  const load = async (...flags: string[]): Promise<CommandResult> =>
    runInProcess(['load', server.url.href, ...flags]);
  const loadJson = async (...flags: string[]): Promise<LoadResult> => {
    const { stdout, stderr } = await load(...flags, '--output', 'json');
    expect(stdout.trimEnd().split('\n'), stderr).to.have.length(1);
    return JSON.parse(stdout) as LoadResult;
  };

  it('prints one JSON object with what its contract names, and all that is needed to repeat the run', async () => {
    const result = await loadJson(
      '--rate',
      '100',
      '--duration',
      '300ms',
      '--ramp',
      '100ms',
      '--seed',
      '7',
      '-H',
      'Authorization: s3cret',
      '--header=X-Access-Token: s3cret',
      '-kHCookie: s3cret',
      '-dpassword=s3cret',
    );
    expect(result).to.include.all.keys(
      ...['requests', 'rate', 'latencyMs', 'serviceMs', 'sendLagMs', 'perPod', 'balance', 'verdicts'],
    );
    expect(result.requests).to.deep.equal({ sent: 25, ok: 25, failed: 0, dropped: 0 });
    expect(result.latencyMs).to.have.all.keys('p50', 'p90', 'p99', 'p999', 'max');
    expect(result.perPod['pod-a']).to.include.all.keys(
      'requests',
      'connections',
      'share',
      'firstResponseAtMs',
    );
    const { run } = result;
    expect(run).to.include({ seed: 7, mode: 'open', rotate: 'age=2.5s', connections: 50, method: 'POST' });
    expect(run.command?.slice(0, 4)).to.deep.equal(['plimsoll', 'load', server.url.href, '--rate']);
    expect(run.versions).to.have.all.keys('plimsoll', 'node', 'machine');
    expect(JSON.stringify(result)).to.not.contain('s3cret');
  });

  it('repeats a run from its own result: the same profile and, with its seed, the same arrivals', async () => {
    const profile =
      'ramp from 10/s to 200/s over 200ms, sine from 50/s to 100/s every 100ms for 200ms, poisson arrivals';
    const first = await loadJson('--profile', profile);
    const name = file('result.json', JSON.stringify(first));
    const again = await loadJson('--profile', `@${name}`, '--seed', String(first.run.seed));
    expect(again.run.profile).to.deep.equal(first.run.profile);
    expect(again.requests.sent).to.equal(first.requests.sent);
    expect(first.run.command).to.include.members(['--seed', String(first.run.seed)]);
  });

  it('reads a profile from a file, with a CSV beside it, and a CSV alone', async () => {
    file('trace.csv', 'seconds,rate\n0,100\n0.1,50\n0.2,0\n');
    const name = file('day.profile', '# as on Monday\nreplay trace.csv\n100/s for 100ms\n');
    expect((await loadJson('--profile', `@${name}`)).requests.sent).to.equal(25);
    expect((await loadJson('--profile', `@${join(folder, 'trace.csv')}`)).requests.sent).to.equal(15);
  });

  it('prints the timeline as CSV, which it reads as a profile', async () => {
    const { code, stdout } = await load('--profile', '50/s for 2500ms', '-o', 'csv');
    expect(code).to.equal(0);
    const [header = '', ...lines] = stdout.trimEnd().split('\n');
    expect(header.split(',')).to.deep.equal([...csvColumns, 'pod-a']);
    expect(lines).to.have.length.within(2, 4);
    for (const line of lines) expect(line.split(',')).to.have.length(csvColumns.length + 1);
    const again = await loadJson('--profile', `replay ${file('out.csv', stdout)} sped up by 10`);
    expect(again.requests.sent).to.be.within(12, 13);
  });

  it('puts the verdicts first, and ends with 1 when one was not met', async () => {
    const flags = ['--rate', '50', '--duration', '200ms', ...patient];
    const { code, stdout } = await load(...flags, '--expect', 'errors=0', '--expect', 'p50<0.001ms');
    expect(code).to.equal(1);
    expect(stdout.split('\n').slice(0, 3)).to.satisfy(
      ([first, second, third]: string[]) =>
        first === '✓ errors=0: it was 0' &&
        second!.startsWith('✗ p50<0.001ms: it was ') &&
        third!.startsWith('✓ 10 requests of 10'),
    );
    expect((await load(...flags, '--expect', 'errors=0', '--expect', 'p50<1h')).code).to.equal(0);
  });

  it('ends with 3 when the generator was too slow, with the report, and with 0 when nothing was expected', async () => {
    const flags = ['--rate', '100', '--duration', '200ms', '--max-lag', '1us'];
    const { code, stdout } = await load(...flags, '--expect', 'errors=0');
    expect(code).to.equal(3);
    expect(stdout).to.match(
      /^\? errors=0: void, as the generator was too slow; it was 0\n✗ the generator did not keep up/,
    );
    expect(stdout).to.contain('20 requests of 20 answered well');
    expect((await load(...flags)).code).to.equal(0);
  });

  it('ends with 130 when interrupted, with the report', async () => {
    const { code, stdout } = await runInProcess(
      ['load', server.url.href, '--rate', '100', '--duration', '10m', '-o', 'json', '--expect', 'errors=0'],
      { signal: AbortSignal.timeout(700) },
    );
    expect(code).to.equal(130);
    const result = JSON.parse(stdout) as LoadResult;
    expect(result.interrupted).to.equal(true);
    expect(result.requests.ok).to.be.within(1, 1000);
    expect(result.verdicts).to.have.length(1);
  });

  it('sends the body of a file, with the method that it is told', async () => {
    const seen = new Set<string>();
    const listening = await listenHttp((request, response) => {
      let body = '';
      request.on('data', (piece: Buffer) => (body += piece.toString()));
      request.on('end', () => {
        seen.add(`${request.method} ${request.headers['content-type']} ${body}`);
        response.end();
      });
    });
    const data = file('body.json', '{"a":1}');
    const { code } = await runInProcess([
      ...['load', listening.url.href, '--rate', '50', '--duration', '100ms', '-X', 'PUT'],
      ...['-H', 'Content-Type: application/json', '--data', `@${data}`],
    ]);
    await listening.close();
    expect(code).to.equal(0);
    expect([...seen]).to.deep.equal(['PUT application/json {"a":1}']);
  });

  it('runs a closed loop when connections alone are given', async () => {
    const { run, sendLagMs } = await loadJson('--connections', '2', '--duration', '200ms');
    expect(run).to.include({ mode: 'closed', connections: 2, durationMs: 200 });
    expect(sendLagMs.p50).to.equal(null);
  });

  it('sends a modest load for a bounded time when nothing says how much, and says so', async () => {
    const { code, stdout, stderr } = await load('--duration', '400ms', '--ramp', '200ms', '-o', 'json');
    expect(code).to.equal(0);
    expect((JSON.parse(stdout) as LoadResult).requests.sent).to.equal(3);
    expect(stderr).to.match(
      /^10 requests\/s for 400ms, as nothing says how much load: give --rate N, --profile/,
    );
  });

  it('keeps the report when the server answers garbage, and ends with 1', async () => {
    const garbage = await listenRaw('220 smtp.example ESMTP\r\n');
    const { code, stdout } = await runInProcess([
      'load',
      garbage.url.href,
      '--rate',
      '50',
      '--duration',
      '200ms',
    ]);
    await garbage.close();
    expect(code).to.equal(1);
    expect(stdout).to.contain('✗ 10 requests failed: the answer is not HTTP/1.x');
  });

  it('says when nothing listens, and ends with 2', async () => {
    const url = await closedPortUrl();
    const { code, stderr } = await runInProcess(['load', url.href, '--rate', '5', '--duration', '1s']);
    expect(code).to.equal(2);
    expect(stderr).to.match(/cannot reach .*connection refused; is the app running/);
  });

  const refused: Record<string, [flags: string[], message: RegExp]> = {
    'a profile beside a rate': [
      ['--profile', '5/s for 1s', '--rate', '5'],
      /--profile and --rate: the profile says all of this itself/,
    ],
    'a profile beside a duration': [
      ['--profile', '5/s for 1s', '--duration', '5s'],
      /--profile and --duration/,
    ],
    'a ramp without a rate': [
      ['--connections', '5', '--ramp', '5s'],
      /--ramp: there is no rate to apply it to/,
    ],
    'a ramp longer than the run': [
      ['--rate', '5', '--duration', '5s', '--ramp', '6s'],
      /--ramp is longer than --duration/,
    ],
    'an unknown word in a profile': [
      ['--profile', '50/s for 30s, frob'],
      /--profile, character 15: found "frob"; allowed is/,
    ],
    'a profile without load': [['--profile', '0/s for 1s'], /asks for no request at all/],
    'a rate at which nothing falls due': [
      ['--rate', '0.01', '--duration', '3s'],
      /asks for no request at all in 3s, for 0\.03 on average; give a higher rate or a longer time/,
    ],
    'a run without an end in sight': [
      ['--rate', '5', '--duration', '99999h'],
      /duration must be at most 720h0m0s, not 99999h0m0s/,
    ],
    'a file that is not there': [
      ['--profile', '@/no/such/file'],
      /cannot read \/no\/such\/file: no such file$/m,
    ],
    'an unknown rotation': [['--rate', '5', '--rotate', 'often'], /--rotate often: allowed is requests=N/],
    'an unknown expectation': [
      ['--rate', '5', '--expect', 'p98<1s'],
      /--expect "p98<1s": unknown name p98; allowed are/,
    ],
    'an expectation that needs a cluster': [
      ['--rate', '5', '--expect', 'flaps<=2'],
      /--expect flaps<=2: this needs to watch the replicas/,
    ],
    'a body that cannot be read': [
      ['--rate', '5', '--data', '@/no/such/file'],
      /--data @\/no\/such\/file: cannot read the file: no such file$/m,
    ],
    'a namespace by its short flag where the kubeconfig is not there': [
      ['--rate', '5', '-n', 'shop', '--kubeconfig', '/no/such/file'],
      /kubeconfig \/no\/such\/file/,
    ],
    'a header that cannot be sent': [['--rate', '5', '-H', 'nonsense'], /cannot send header "nonsense"/],
    'a rate beyond the limit': [['--rate', '2000000'], /--rate.*up to 1000000/],
    'authorities that are none': [
      ['--rate', '5', '--cacert', file('none.pem', 'nonsense')],
      /--cacert \S+none\.pem: no certificate in it; give a PEM file/,
    ],
    'authorities that are broken': [
      [
        '--rate',
        '5',
        '--cacert',
        file('bad.pem', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----'),
      ],
      /--cacert \S+bad\.pem: not a certificate: /,
    ],
    'an unknown output': [['--rate', '5', '-o', 'yaml'], /Allowed choices are text, json, csv/],
  };
  for (const [sentence, [flags, message]] of Object.entries(refused)) {
    it(`refuses ${sentence}, before it sends anything, and ends with 2`, async () => {
      const { code, stdout, stderr } = await load(...flags);
      expect(stderr).to.match(message);
      expect(code).to.equal(2);
      expect(stdout).to.equal('');
    });
  }

  it('names the status of what failed, and the header that an ingress would need', async () => {
    const ingress = await listenHttp((_, response) => response.writeHead(404).end());
    const words = ['load', ingress.url.href, '--rate', '40', '--duration', '500ms', ...patient];
    const { code, stdout } = await runInProcess(words);
    await ingress.close();
    expect(code).to.equal(1);
    expect(stdout)
      .to.match(/^✗ 20 requests failed: status 404$/m)
      .and.to.contain("-H 'Host: NAME'");
  });

  it('refuses a target on another machine', async () => {
    const { code, stderr } = await runInProcess(['load', 'http://192.0.2.1/', '--rate', '5']);
    expect(stderr).to.match(/192\.0\.2\.1 is not a loopback address; give --allow-remote/);
    expect(code).to.equal(2);
  });

  for (const flags of [
    ['--connections', '5', '--arrivals', 'poisson'],
    ['--rate', '5', '--balances', 'nothing'],
  ]) {
    it(`refuses ${flags.join(' ')}`, async () => expect((await load(...flags)).code).to.equal(2));
  }
});
