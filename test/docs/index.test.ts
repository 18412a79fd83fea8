import { expect } from 'chai';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const readme = readFileSync('README.md', 'utf8');
const pages = readdirSync('docs').filter((name) => name.endsWith('.md'));

describe('the index of the docs', () => {
  const [, section = ''] = readme.split('\n## Documentation\n');
  const [index = ''] = section.split('\n## ');

  it('has one row for each page', () => {
    const rows = [...index.matchAll(/^\| \[[^\]]+\]\(docs\/([^)]+)\) \| .+ \|$/gm)].map(([, page]) => page);
    expect(rows.toSorted()).to.deep.equal(pages.toSorted());
  });

  it('says the right number of policies', () => {
    const count = readdirSync('examples/policies').length;
    const words = ['ten', 'eleven', 'twelve', 'thirteen', 'fourteen', 'fifteen', 'sixteen'];
    expect(index).to.include(`| ${words[count - 10] ?? String(count)} autoscalers to start from`);
  });
});

describe('links', () => {
  for (const file of ['README.md', 'CONTRIBUTING.md', ...pages.map((page) => `docs/${page}`)]) {
    it(`of ${file} lead to files and headings that there are`, () => {
      const text = readFileSync(file, 'utf8');
      for (const [, target = ''] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
        if (/^[a-z]+:/.test(target)) continue;
        const [path = '', anchor] = target.split('#');
        const linked = path === '' ? file : join(dirname(file), path);
        expect(existsSync(linked), target).to.equal(true);
        if (anchor !== undefined) expect(anchorsOf(linked), target).to.include(anchor);
      }
    });
  }
});

/** As GitHub makes them of headings, and those that a page names itself. */
function anchorsOf(file: string): string[] {
  const text = readFileSync(file, 'utf8').replaceAll(/^```[\s\S]*?^```/gm, '');
  const named = [...text.matchAll(/<a id="([^"]+)">/g)].map(([, id = '']) => id);
  const headings = [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
  return [...headings, ...named];
}
