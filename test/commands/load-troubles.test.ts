import { expect } from 'chai';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LoadResult } from '../../src/report/load-result.ts';
import { closedPortUrl, listenHttp, listenRaw, type TestServer } from '../load/servers.ts';
import { type CommandResult, runInProcess } from '../support/in-process.ts';

const brief = ['--rate', '20', '--duration', '300ms', '--max-lag', '1h'];
const hello = async (): Promise<TestServer> =>
  listenHttp((_, response) => response.setHeader('X-Pod-Name', 'a').end('hello'));

interface Trouble {
  readonly server: () => Promise<TestServer>;
  /** The target, as the server is; default its own URL. */
  readonly target?: (url: URL) => string;
  readonly flags: readonly string[];
  readonly exitCode: number;
  readonly stderr?: RegExp;
  /** Of the summary. Absent: the run never began, so that there is neither a result nor a report. */
  readonly stdout?: RegExp;
  readonly failures?: LoadResult['failures'];
}

const troubles: Readonly<Record<string, Trouble>> = {
  'an unknown word in a profile: its place, and what is allowed': {
    server: hello,
    flags: ['--profile', '50/s for 3s, wobble to 4'],
    exitCode: 2,
    stderr:
      /^plimsoll: --profile, character 14: found "wobble"; allowed is a rate such as 50\/s, or one of to, ramp, /,
  },
  'a target that nothing listens on': {
    server: async () => ({ url: await closedPortUrl(), accepted: () => 0, close: () => Promise.resolve() }),
    flags: brief,
    exitCode: 2,
    stderr: /cannot reach http:.*: connection refused; is the app running/,
  },
  'a target that does not speak TLS': {
    server: hello,
    target: ({ host }) => `https://${host}/`,
    flags: brief,
    exitCode: 2,
    stderr: /cannot reach https:.*TLS/i,
  },
  'an answer that is garbage': {
    server: async () => listenRaw('220 smtp.example ESMTP\r\n'),
    flags: [...brief, '--expect', 'errors=0'],
    exitCode: 1,
    stdout:
      /^✗ errors=0: it was 6\n✗ 0 requests of 6 answered well.*\n✗ 6 requests failed: the answer is not HTTP/,
    failures: { malformedResponse: 6 },
  },
  'a connection that is closed in the middle of a body': {
    server: async () =>
      listenRaw('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc', (socket) => socket.end()),
    flags: brief,
    exitCode: 1,
    stdout:
      /^✗ 0 requests of 6 answered well.*\n✗ 6 requests failed: connection closed before the answer was complete/,
    failures: { closedEarly: 6 },
  },
  'a rate beyond what the machine can send': {
    server: hello,
    flags: ['--rate', '1000000', '--duration', '300ms', '--timeout', '300ms', '--expect', 'errors<100%'],
    exitCode: 3,
    stdout:
      /^\? errors<100%: void, as the generator was too slow; it was .*\n✗ the generator did not keep up/,
  },
  'a balance that nothing was told about': {
    server: async () => listenHttp((_, response) => response.end()),
    flags: [...brief, '--expect', 'balance=fair'],
    exitCode: 1,
    stdout: /^✗ balance=fair: no answer named its pod\n✓ 6 requests of 6/,
    failures: {},
  },
};

describe('plimsoll load in trouble', () => {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-troubles-'));
  after(() => rmSync(folder, { recursive: true, force: true }));

  for (const [index, [what, trouble]] of Object.entries(troubles).entries()) {
    describe(`meets ${what}`, function () {
      this.timeout(60_000);
      const report = join(folder, `${index}.html`);
      let server: TestServer;
      let told: CommandResult;
      before(async () => {
        server = await trouble.server();
        const target = trouble.target?.(server.url) ?? server.url.href;
        told = await runInProcess(['load', target, ...trouble.flags, '--report', report]);
      });
      after(async () => server.close());

      it(`ends with ${trouble.exitCode}, and says why`, () => {
        expect(told.code, told.stderr).to.equal(trouble.exitCode);
        expect(told.stderr).to.match(trouble.stderr ?? /^report: /m);
        if (trouble.stdout === undefined) expect(told.stdout).to.equal('');
        else expect(told.stdout).to.match(trouble.stdout);
      });

      it(trouble.stdout === undefined ? 'writes no report' : 'keeps the report', () => {
        expect(existsSync(report)).to.equal(trouble.stdout !== undefined);
        if (trouble.stdout === undefined) return;
        const [, json = ''] = /id="result">([^]*?)<\/script>/.exec(readFileSync(report, 'utf8')) ?? [];
        const { failures, requests } = JSON.parse(json) as LoadResult;
        if (trouble.failures !== undefined) expect(failures).to.deep.equal(trouble.failures);
        expect(requests.sent + requests.dropped).to.be.at.least(6);
      });
    });
  }
});
