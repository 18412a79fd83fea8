import { expect } from 'chai';
import { existsSync, readFileSync } from 'node:fs';
import { wayAnnotations } from '../../src/devcluster/network/service-proxy.ts';
import { runInProcess } from '../support/in-process.ts';

describe('docs/load-balancing.md', () => {
  const page = readFileSync('docs/load-balancing.md', 'utf8');

  it('links to files that there are', () => {
    const links = [...page.matchAll(/\]\(([^)#]+)\)/g)].map(([, link = '']) => link);
    expect(links).to.have.length.greaterThan(4);
    for (const link of links)
      expect(existsSync(new URL(`../../docs/${link}`, import.meta.url)), link).to.equal(true);
    const files = [...page.matchAll(/\b(?:test|bench)\/[\w/.-]+\.ts/g)].map(([file]) => file);
    expect(files).to.have.length.greaterThan(2);
    for (const file of files) expect(existsSync(file), file).to.equal(true);
  });

  it('names the annotations that the dev cluster writes, as its own page does', () => {
    const other = readFileSync('docs/dev-cluster.md', 'utf8');
    for (const annotation of Object.values(wayAnnotations)) {
      expect(page).to.include(annotation.replace('plimsoll.dev/', 'plimsoll\\.dev/'));
      expect(other).to.include(`\`${annotation}\``);
    }
  });

  it('shows only flags of load that there are', async () => {
    const { stdout } = await runInProcess(['load', '--help']);
    const commands = page.split('\n').filter((line) => /\bload "?http/.test(line));
    expect(commands).to.have.length(2);
    for (const [flag] of commands.join(' ').matchAll(/(?<= )--(?!image|restart| )[a-z-]+/g)) {
      expect(stdout).to.include(flag);
    }
  });

  it('has tables whose requests add up to what was sent', () => {
    const rows = page
      .split('\n')
      .filter((line) => /^\| \w+ \| (`(off|age=2.5s|each)`|[\d, ]+) \|/.test(line));
    const lists = rows.flatMap((row) => row.split('|').filter((cell) => /^ (\d+, ){3}\d+ $/.test(cell)));
    const sums = lists.map((list) => list.split(',').reduce((sum, count) => sum + Number(count), 0));
    expect(sums.filter((sum) => sum === 1000)).to.have.length(12);
    expect(sums.filter((sum) => sum === 3000)).to.have.length(5);
  });
});
