import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { renderDemoReport } from '../../src/report/html/page.ts';
import { parseStrictly } from '../report/html/parse.ts';
import { fullResult } from '../report/html/samples.ts';
import { demoResult } from '../report/samples.ts';
import { runInProcess } from '../support/in-process.ts';

describe('docs/report.md', () => {
  const page = readFileSync('docs/report.md', 'utf8');

  it('lists the sections of a report, in their order', () => {
    const rows = [...page.matchAll(/^\| ([A-Z][^|]*?\??) \|/gm)].map(([, title]) => title);
    const elements = parseStrictly(renderDemoReport(demoResult({ load: fullResult() })));
    const titles = elements.filter(({ name }) => name === 'h2').map(({ text }) => text);
    expect(rows).to.deep.equal(titles);
  });

  for (const command of ['load', 'demo']) {
    it(`shows a flag that ${command} has`, async () => {
      expect(page).to.match(new RegExp(`plimsoll ${command} .*--report \\S+\\.html`));
      expect((await runInProcess([command, '--help'])).stdout).to.include('--report <file>');
    });
  }
});
