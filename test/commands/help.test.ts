import { expect } from 'chai';
import { runInProcess } from '../support/in-process.ts';

/** What `plimsoll --help` lists, but for help itself. */
async function commands(): Promise<string[]> {
  const { stdout } = await runInProcess(['--help']);
  const listed = stdout.slice(stdout.indexOf('Commands:'));
  return [...listed.matchAll(/^ {2}([a-z]+)/gm)]
    .map(([, name = '']) => name)
    .filter((name) => name !== 'help');
}

describe('--help', () => {
  it('lists the commands', async () => {
    expect(await commands()).to.have.members([
      ...['demo', 'cluster', 'operator', 'load', 'watch', 'explain', 'autoscale', 'completion'],
      ...['replay', 'simulate', 'convert', 'takeover', 'handback'],
    ]);
  });

  it('of each command has an example and fits 80 columns', async () => {
    for (const command of await commands()) {
      const { code, stdout } = await runInProcess([command, '--help']);
      expect(code, command).to.equal(0);
      expect(stdout, command).to.match(/^Examples?:\n {2}\S/m);
      expect(
        stdout.split('\n').filter((line) => line.length > 80),
        command,
      ).to.deep.equal([]);
    }
  });
});
