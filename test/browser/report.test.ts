import { expect } from 'chai';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { renderDemoReport } from '../../src/report/html/page.ts';
import { demoResult } from '../report/samples.ts';
import { fullResult } from '../report/html/samples.ts';
import { eventually } from '../support/wait.ts';
import { findChromium, Page } from './chromium.ts';

const program = findChromium(process.env);
const title = 'HTML report in a browser';

describe(program === undefined ? `${title} (skipped: no chromium on the PATH)` : title, function () {
  this.timeout(120_000);
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-report-'));
  const file = pathToFileURL(join(folder, 'report.html')).href;
  let page: Page;
  before(async function () {
    if (program === undefined) this.skip();
    writeFileSync(join(folder, 'report.html'), renderDemoReport(demoResult({ load: fullResult() })));
    page = await Page.start(program);
  });
  after(() => {
    if (program !== undefined) page.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const open = async (width: number, scheme: 'light' | 'dark'): Promise<void> => {
    const device = { width, height: 800, deviceScaleFactor: 1, mobile: false };
    await page.send('Emulation.setDeviceMetricsOverride', device);
    const features = [{ name: 'prefers-color-scheme', value: scheme }];
    await page.send('Emulation.setEmulatedMedia', { features });
    await page.send('Page.navigate', { url: file });
    const isThere = `location.href === ${JSON.stringify(file)} && document.readyState === 'complete'`;
    await eventually('the page', async () => (await page.evaluate(isThere)) === true);
  };

  for (const width of [320, 390, 768, 1280]) {
    it(`fits a window of ${width} px: no scrolling sideways, no picture wider than the page`, async () => {
      await open(width, 'light');
      expect(await page.evaluate('document.documentElement.scrollWidth')).to.be.at.most(width);
      const outside = `[...document.querySelectorAll('.plot text')].filter((text) => {
        const { left, right, width } = text.getBoundingClientRect();
        return width > 0 && (left < 0 || right > innerWidth);
      }).map((text) => text.textContent)`;
      expect(await page.evaluate(outside)).to.deep.equal([]);
    });
  }

  it('draws lines where the numbers are: the charts over time share one axis', async () => {
    await open(1280, 'light');
    const starts = `[...document.querySelectorAll('section:nth-of-type(2) .plot > svg')].map((svg) => {
      const { left, width } = svg.getBoundingClientRect();
      return [left, width];
    })`;
    const places = (await page.evaluate(starts)) as number[][];
    expect(places).to.have.length(4);
    for (const place of places) expect(place).to.deep.equal(places[0]);
  });

  it('is dark where the reader wants it dark', async () => {
    const colors =
      '[getComputedStyle(document.documentElement).backgroundColor, getComputedStyle(document.body).color]';
    await open(800, 'light');
    expect(await page.evaluate(colors)).to.deep.equal(['rgb(253, 253, 251)', 'rgb(23, 32, 43)']);
    await open(800, 'dark');
    expect(await page.evaluate(colors)).to.deep.equal(['rgb(17, 22, 28)', 'rgb(232, 235, 238)']);
  });

  it('takes the colours that are chosen in it, without a script', async () => {
    const color = 'getComputedStyle(document.documentElement).backgroundColor';
    await open(800, 'light');
    expect(await page.evaluate(`document.getElementById('dark').click(); ${color}`)).to.equal(
      'rgb(17, 22, 28)',
    );
    await open(800, 'dark');
    expect(await page.evaluate(`document.getElementById('light').click(); ${color}`)).to.equal(
      'rgb(253, 253, 251)',
    );
  });

  it('asks for nothing but itself, and breaks no rule of its own policy', async () => {
    page.told.length = 0;
    await open(800, 'light');
    const asked = page.told
      .filter(({ method }) => method === 'Network.requestWillBeSent')
      .map(({ params }) => (params!.request as { url: string }).url);
    expect(asked).to.deep.equal([file]);
    const complaints = page.told.filter(({ method }) => method === 'Log.entryAdded');
    expect(complaints.map(({ params }) => JSON.stringify(params))).to.deep.equal([]);
  });
});
