import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { absentResources, absentSubresources } from '../../src/devcluster/apiserver/absent.ts';
import { groupVersion, type Kind } from '../../src/devcluster/apiserver/kind.ts';
import { builtInKinds, metricsKinds } from '../../src/devcluster/apiserver/kinds.ts';

/** The row that docs/dev-cluster.md has for a kind, from the same table that the server works from. */
function row(kind: Kind): string {
  const subresources = Object.entries(kind.subresources).flatMap(([name, served]) =>
    served === undefined ? [] : [name],
  );
  const verbs = kind.verbs.length === 8 ? 'all' : kind.verbs.join(', ');
  return `| ${groupVersion(kind)} | ${kind.kind} | ${verbs} | ${subresources.join(', ')} | ${kind.limit ?? ''} |`;
}

describe('docs/dev-cluster.md', () => {
  const page = readFileSync('docs/dev-cluster.md', 'utf8');

  for (const kind of [...builtInKinds, ...metricsKinds]) {
    it(`tells what is served of ${groupVersion(kind)} ${kind.kind}`, () => {
      expect(page.split('\n')).to.include(row(kind));
    });
  }

  it('names what answers 501', () => {
    for (const names of [...Object.values(absentResources), ...Object.values(absentSubresources)]) {
      for (const name of names) expect(page).to.include(`\`${name}\``);
    }
  });

  it('lists no kind that is not served', () => {
    const rows = page.split('\n').filter((line) => /^\| \S*v\d\S* \| /.test(line));
    expect(rows).to.have.length(builtInKinds.length + metricsKinds.length);
  });
});
