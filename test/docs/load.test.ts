import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { parseProfile } from '../../src/lib/load-profile-parse.ts';
import { expectationNames, parseExpectation } from '../../src/load/expectations.ts';
import { loadDefaults } from '../../src/load/load-options.ts';
import { defaultRotation, formatRotation } from '../../src/load/rotation.ts';
import { clusterColumns, csvColumns } from '../../src/report/load-csv.ts';
import type { LoadResult } from '../../src/report/load-result.ts';
import { listenHttp } from '../load/servers.ts';
import { simulate } from '../load/simulated.ts';
import { runInProcess } from '../support/in-process.ts';

describe('docs/load.md', () => {
  const page = readFileSync('docs/load.md', 'utf8');
  const section = (title: string): string => page.split(`\n## ${title}\n`)[1]?.split('\n## ')[0] ?? '';
  const codeIn = (text: string): string[] => [...text.matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code);
  /** The first cells of a table's rows. */
  const firstCells = (text: string): string[] =>
    [...text.matchAll(/^\| (`.*?) \|/gm)].map(([, cell = '']) => cell);

  it('tells of every flag', async () => {
    const { stdout } = await runInProcess(['load', '--help']);
    const flags = [...stdout.matchAll(/^ {2}(?:-\w, )?(--[a-z-]+)/gm)].map(([, flag = '']) => flag);
    expect(flags).to.have.length.greaterThan(19);
    for (const flag of flags.filter((name) => name !== '--help'))
      expect(page, flag).to.match(new RegExp(`\`${flag}[ \`]`));
  });

  it('shows only flags that there are', async () => {
    const { stdout } = await runInProcess(['load', '--help']);
    for (const code of codeIn(page).filter((text) => text.startsWith('--')))
      expect(stdout, code).to.include(code.split(' ')[0]!);
  });

  it('shows parts of profiles that are read', () => {
    const parts = firstCells(section('Profiles')).map((cell) => codeIn(cell)[0] ?? '');
    expect(parts).to.have.length(10);
    const readFile = (): string => '0,10\n60,0\n';
    for (const part of parts)
      expect(() => parseProfile(`1/s for 1s, ${part}`, { readFile }), part).not.to.throw();
    for (const rate of ['3000/m', '180000/h'])
      expect(parseProfile(`${rate} for 1s`)).to.deep.equal(parseProfile('50/s for 1s'));
  });

  it('names every expectation, with examples that are read', () => {
    const rows = section('Expectations');
    const named = firstCells(rows.split('| exit code')[0] ?? '').flatMap(codeIn);
    expect(named.toSorted()).to.deep.equal([...expectationNames].toSorted());
    const examples = codeIn(rows).filter((code) => /^[a-z][\w./-]*[<>=]+\w/.test(code));
    expect(examples).to.have.length.greaterThan(10);
    for (const example of examples) expect(() => parseExpectation(example), example).not.to.throw();
  });

  it('says which expectations need a cluster', () => {
    const needing = ['time-to-scale<1s', 'replicas.max<1', 'replicas.min<1', 'flaps<1'];
    for (const text of needing) expect(parseExpectation(text).needsCluster).to.equal(true);
    expect(page).to.include('The last three rows need a cluster to watch');
  });

  it('states the defaults', () => {
    expect(page).to.include(`The default is \`${formatRotation(defaultRotation)}\``);
    expect(page).to.include(`how many are kept at most, ${loadDefaults.connections} unless told`);
    expect(page).to.include(`\`--max-lag\` (${loadDefaults.maxLagMs}ms unless told)`);
    expect(page).to.include(`dropped; ${loadDefaults.timeoutMs / 1000}s |`);
    expect(page).to.include(`\`${loadDefaults.podHeader}\` unless told`);
  });

  it('lists the keys of a result and the columns of the CSV', async () => {
    const server = await listenHttp((_, response) => response.setHeader('X-Pod-Name', 'a').end());
    const flags = [
      'load',
      server.url.href,
      '--rate',
      '50',
      '--duration',
      '200ms',
      '-o',
      'json',
      '--expect',
      'errors=0',
    ];
    const { stdout } = await runInProcess(flags);
    await server.close();
    const result = JSON.parse(stdout) as LoadResult;
    const rows = section('Results');
    const listed = firstCells(rows).flatMap(codeIn);
    expect(listed.toSorted()).to.deep.equal(Object.keys(result).toSorted());
    const inner = [
      result.requests,
      result.rate,
      result.latencyMs,
      result.perPod.a!,
      result.balance,
      result.verdicts[0]!,
      result.generator,
    ];
    for (const key of inner.flatMap(Object.keys).filter((name) => name !== 'test'))
      expect(rows, key).to.include(`\`${key}\``);
    const columns = codeIn(/columns of the CSV: ([^]*?), then/.exec(rows)?.[1] ?? '');
    expect(columns).to.deep.equal(csvColumns);
  });

  it('names all that a watched cluster adds to a result and to the CSV', async () => {
    const replica = { desiredReplicas: 2, readyReplicas: 1, usageRatio: 1.5, targets: 'cpu: 75%/50%' };
    const { cluster, reactions } = await simulate(
      { answeredAtMs: (ms) => ms + 5 },
      { profile: parseProfile('10/s for 2s') },
      () => ({
        watch: (listener) => {
          listener.changed({ ...replica, readyPods: ['pod-a'], sessionAffinity: false });
          listener.happened({ type: 'Normal', reason: 'SuccessfulRescale', message: 'New size: 2;' });
          return () => undefined;
        },
      }),
    );
    const keys = [cluster!, cluster!.replicas[0]!, cluster!.events[0]!, reactions!].flatMap(Object.keys);
    expect(keys).to.include.members(Object.keys(replica));
    for (const key of [...keys, 'readyAtMs']) expect(section('Results'), key).to.include(`\`${key}\``);
    const columns = codeIn(/CSV has, before the pods, ([^]*?), and/.exec(page)?.[1] ?? '');
    expect(columns).to.deep.equal(clusterColumns);
  });

  it('shows commands that are taken', async () => {
    const server = await listenHttp((_, response) => response.end());
    const commands = [...page.matchAll(/^ {4}plimsoll (load .*)$/gm)].map(([, command = '']) => command);
    expect(commands).to.have.length(5);
    for (const command of commands) {
      const words = [...command.matchAll(/'([^']*)'|(\S+)/g)].map(
        ([, quoted, plain]) => quoted ?? plain ?? '',
      );
      const argv = words
        .map((word) => (word.startsWith('http:') ? server.url.href : word))
        .map((word) => (word.endsWith('.kubeconfig') ? '/no/such/kubeconfig' : word));
      const { code, stderr } = await runInProcess(argv, { signal: AbortSignal.timeout(100) });
      if (argv.includes('--kubeconfig'))
        expect(stderr).to.include('kubeconfig /no/such/kubeconfig does not exist');
      else expect(code, stderr).to.equal(130);
    }
    await server.close();
  });
});
