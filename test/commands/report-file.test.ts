import { expect } from 'chai';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { reportMark } from '../../src/report/html/page.ts';
import { listenHttp, type TestServer } from '../load/servers.ts';
import { parseStrictly } from '../report/html/parse.ts';
import { type CommandResult, runInProcess } from '../support/in-process.ts';

describe('--report', () => {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-report-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  let requests = 0;
  let server: TestServer;
  before(async () => {
    server = await listenHttp((_, response) => {
      requests += 1;
      response.setHeader('X-Pod-Name', 'pod-a').end('hello');
    });
  });
  after(async () => server.close());
  const load = async (file: string, ...flags: string[]): Promise<CommandResult> =>
    runInProcess([
      'load',
      server.url.href,
      '--rate',
      '50',
      '--duration',
      '200ms',
      '--report',
      file,
      ...flags,
    ]);

  it('writes one HTML page beside the result, and says where', async () => {
    const file = join(folder, 'run.html');
    const { code, stdout, stderr } = await load(file, '--output', 'json');
    expect(code, stderr).to.equal(0);
    expect(stderr).to.include(`report: ${file}\n`);
    const elements = parseStrictly(readFileSync(file, 'utf8'));
    const kept = elements.find(({ name }) => name === 'script')!.text;
    expect(JSON.parse(kept)).to.deep.equal(JSON.parse(stdout));
    expect(elements[0]!.text).to.include('pod-a');
  });

  it('replaces an earlier report, and a file with nothing in it', async () => {
    for (const before of [`${reportMark}<html>old`, '']) {
      const file = join(folder, 'again.html');
      writeFileSync(file, before);
      expect((await load(file)).code).to.equal(0);
      expect(readFileSync(file, 'utf8')).to.include('How to repeat it').and.not.include('>old');
    }
  });

  it('is written when the run is interrupted, too', async () => {
    const file = join(folder, 'interrupted.html');
    const { code } = await runInProcess(
      ['load', server.url.href, '--rate', '50', '--duration', '10m', '--report', file],
      { signal: AbortSignal.timeout(500) },
    );
    expect(code).to.equal(130);
    expect(readFileSync(file, 'utf8')).to.include('interrupted');
  });

  const commands: Record<string, (file: string) => Promise<CommandResult>> = {
    load,
    demo: async (file) => runInProcess(['demo', '--report', file]),
  };
  for (const [command, run] of Object.entries(commands)) {
    const refuses = async (file: string, words: RegExp): Promise<void> => {
      const before = requests;
      const { code, stdout, stderr } = await run(file);
      expect([code, stdout, requests - before]).to.deep.equal([2, '', 0]);
      expect(stderr)
        .to.match(words)
        .and.to.match(/^plimsoll: --report [^\n]*\n$/);
    };

    it(`of ${command} refuses a file of somebody else before the run, and leaves it alone`, async () => {
      const file = join(folder, 'thesis.html');
      writeFileSync(file, '<!doctype html>\n<p>years of work');
      await refuses(file, /thesis\.html: this file is not a report of plimsoll and would be lost/);
      expect(readFileSync(file, 'utf8')).to.equal('<!doctype html>\n<p>years of work');
    });

    it(`of ${command} refuses a folder that is not there, and what is no file, before the run`, async () => {
      await refuses(join(folder, 'nowhere', 'run.html'), /cannot write there: ENOENT/);
      await refuses(folder, /this is not a file/);
      await refuses('/dev/null', /this is not a file/);
    });

    it(`of ${command} refuses a folder that may not be written to`, async function () {
      if (process.getuid?.() === 0) this.skip(); // To root every folder is open.
      const locked = join(folder, `locked-${command}`);
      mkdirSync(locked);
      chmodSync(locked, 0o500);
      await refuses(join(locked, 'run.html'), /cannot write there: EACCES/);
    });
  }
});
