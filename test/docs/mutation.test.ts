import { expect } from 'chai';
import { existsSync, readFileSync } from 'node:fs';

describe('docs/mutation.md', () => {
  const page = readFileSync('docs/mutation.md', 'utf8');

  const settings = readFileSync('stryker.config.js', 'utf8');
  const setting = (pattern: RegExp) => pattern.exec(settings)?.[1] ?? 'none';

  it('tells the score below which the script fails', () => {
    expect(page).to.include(`below a score of ${setting(/break: (\d+)/)} %`);
  });

  it('names where the reports are', () => {
    expect(page).to.include(setting(/incrementalFile: '(.*)'/));
    expect(page).to.include(setting(/htmlReporter: { fileName: '(.*)'/));
  });

  it('names only files that are mutated', () => {
    const files = [...page.matchAll(/`((?:metrics\/)?[a-z0-9-]+\.ts)`/g)].map(([, name = '']) => name);
    expect(files).to.have.length.greaterThan(10);
    for (const name of files) {
      const places = [`src/decide/${name}`, `src/decide/metrics/${name}`];
      expect(places.some(existsSync), name).to.equal(true);
    }
  });
});
