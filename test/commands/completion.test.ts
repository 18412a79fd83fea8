import { expect } from 'chai';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { flagValue, whatIsAsked } from '../../src/commands/completion/asked.ts';
import { TestCluster } from '../support/cluster.ts';
import { runInProcess } from '../support/in-process.ts';
import { kubeconfigText, temporaryFile } from '../support/local-api.ts';

const execute = promisify(execFile);
const bins = { plimsoll: 'plimsoll.js', 'kubectl_complete-plimsoll': 'kubectl_complete-plimsoll.js' };

/** The bins as they are installed, and a real bash. */
describe('completion', () => {
  let cluster: TestCluster;
  let folder: string;
  let env: Record<string, string>;
  before(async () => {
    cluster = await TestCluster.start();
    for (const name of ['web', 'worker', 'api']) {
      cluster.deploy(name, 1);
      cluster.autoscale(name);
    }
    folder = mkdtempSync(join(tmpdir(), 'plimsoll-bins-'));
    for (const [name, file] of Object.entries(bins)) symlinkSync(resolve('bin', file), join(folder, name));
    env = {
      PATH: [folder, dirname(process.execPath), process.env.PATH ?? ''].join(delimiter),
      KUBECONFIG: temporaryFile('kubeconfig', kubeconfigText(cluster.server.url)),
    };
  });
  after(async () => {
    rmSync(folder, { recursive: true });
    await cluster.close();
  });

  /** What TAB offers after each of these lines in bash, by the script as it is printed. A space at the end begins a new word. */
  async function inBash(...lines: string[]): Promise<string[][]> {
    const script = `
      source <(plimsoll completion bash)
      for line in "$@"; do
        COMP_WORDS=(plimsoll $line)
        [[ "$line" == *' ' ]] && COMP_WORDS+=('')
        COMP_CWORD=$((\${#COMP_WORDS[@]} - 1))
        __plimsoll_complete
        echo "\${COMPREPLY[*]}"
      done`;
    const { stdout } = await execute('bash', ['--norc', '-c', script, 'bash', ...lines], { env });
    return stdout.split('\n').map((line) => line.split(' '));
  }

  it('knows commands, flags, their values, and what the cluster has, in bash', async () => {
    const lines = [
      'ex',
      'watch --a',
      'watch -o ',
      'watch w',
      'watch --plain w',
      'watch -n kube-s',
      'autoscale deployment/a',
    ];
    expect(await inBash(...lines)).to.deep.equal([
      ['explain'],
      ['--all-namespaces', '--ascii'],
      ['text', 'json'],
      ['web', 'worker'],
      ['web', 'worker'],
      ['kube-system'],
      ['deployment/api'],
      [''],
    ]);
  });

  it('is silent when there is no cluster', async () => {
    const words = ['complete', '--', 'watch', '--kubeconfig', '/nowhere', ''];
    const { stdout, stderr } = await execute('plimsoll', words, { env });
    expect({ stdout, stderr }).to.deep.equal({ stdout: ':4\n', stderr: '' });
  });

  it('leaves files to the shell', async () => {
    expect((await runInProcess(['complete', '--', 'convert', 'x'])).stdout).to.equal(':0\n');
  });

  it('completes kubectl plimsoll', async () => {
    const { stdout } = await execute('kubectl_complete-plimsoll', ['watch', 'wo'], { env });
    expect(stdout).to.equal('worker\t\n:4\n');
  });

  it('has scripts for zsh, fish and PowerShell that ask plimsoll', async () => {
    const shells = ['zsh', 'fish', 'powershell'];
    const scripts = await Promise.all(
      shells.map(async (shell) => (await execute('plimsoll', ['completion', shell], { env })).stdout),
    );
    for (const script of scripts) expect(script).to.match(/plimsoll complete '?--/);
  });
});

describe('what a completion is asked for', () => {
  const cases: Readonly<Record<string, [string[], string | undefined]>> = {
    'an autoscaler': [['watch', ''], 'autoscalers'],
    'the autoscaler of a load': [['load', 'http://x/', '--autoscaler', ''], 'autoscalers'],
    'an autoscaler after a flag without a value': [['watch', '--plain', ''], 'autoscalers'],
    'nothing after a short flag with a value': [['watch', '-o', ''], undefined],
    'a namespace': [['explain', 'web', '-n', ''], 'namespaces'],
    'a namespace after an equals sign': [['watch', '--namespace=sh'], 'namespaces'],
    'a file for a flag': [['watch', '--kubeconfig', './p'], 'files'],
    'a file': [['replay', ''], 'files'],
    'a command, which the library knows': [['wat'], undefined],
    'a flag, which the library knows': [['watch', '--na'], undefined],
    'the value of a flag, which the library knows': [['watch', '--output', ''], undefined],
  };
  for (const [name, [words, of]] of Object.entries(cases))
    it(name, () => {
      expect(whatIsAsked(words, (_, flag) => flag !== '--plain')?.of).to.equal(of);
    });

  it('reads flags that were given already', () => {
    expect(flagValue(['watch', '-n', 'shop', ''], '-n', '--namespace')).to.equal('shop');
    expect(flagValue(['watch', '--namespace=shop', ''], '-n', '--namespace')).to.equal('shop');
    expect(flagValue(['watch', '-n', 'sh'], '-n')).to.equal(undefined);
  });
});
