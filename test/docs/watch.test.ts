import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { parseKeys } from '../../src/commands/watch/position.ts';
import { runInProcess } from '../support/in-process.ts';
import { visibleWidth } from '../../src/report/style.ts';
import { watchLine } from '../../src/report/watch-lines.ts';
import { watchState } from '../report/watch-samples.ts';

describe('docs/watch.md', () => {
  const page = readFileSync('docs/watch.md', 'utf8');

  for (const command of ['watch', 'autoscale'])
    it(`names only flags that ${command} has`, async () => {
      const { stdout } = await runInProcess([command, '--help']);
      const section = page
        .slice(page.indexOf(`## plimsoll ${command}`))
        .split('\n## ', 2)
        .join('\n## ');
      const own = section.slice(0, section.indexOf('\n## ', 3)).replaceAll(/Not there:[^]*?(\n\n|$)/g, '');
      const flags = [...own.matchAll(/(?<![-\w])--[a-z][a-z-]+/g)].map(([flag]) => flag);
      const others = ['--status-metrics-interval'];
      for (const flag of flags) if (!others.includes(flag)) expect(stdout).to.contain(flag);
    });

  it('says, as the README does, how kubectl finds the plugin of a clone', () => {
    const { bin } = JSON.parse(readFileSync('package.json', 'utf8')) as { bin: Record<string, string> };
    expect(bin).to.include.all.keys('plimsoll', 'kubectl-plimsoll');
    for (const text of [page, readFileSync('README.md', 'utf8')]) expect(text).to.contain('`npm link`');
  });

  it('shows lines as they are printed', () => {
    expect(page).to.contain(watchLine(watchState()).slice('12:00:00'.length));
  });

  it('shows a view of at most 80 columns', () => {
    const [, view = ''] = /```\n([^]*?)```/.exec(page) ?? [];
    expect(view).to.match(/ replicas [^]* why [^]* metric [^]* pods [^]* events\n/);
    for (const line of view.split('\n')) expect(visibleWidth(line), line).to.be.at.most(80);
  });

  it('names keys that mean something', () => {
    const keys = [...page.matchAll(/^\| (.*) \| .* \|$/gm)]
      .map(([, cell = '']) => cell)
      .filter((cell) => /^`[qper?]`/.test(cell))
      .flatMap((cell) => [...cell.matchAll(/`(.)`/g)].map(([, key = '']) => key));
    expect(keys).to.have.members(['q', 'p', 'e', 'r', '?']);
    for (const key of keys) expect(parseKeys(key), key).to.have.length(1);
  });
});
