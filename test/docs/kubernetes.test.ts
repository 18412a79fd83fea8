import { expect } from 'chai';
import { existsSync, readFileSync } from 'node:fs';
import { releases } from '../controlplane/programs.ts';
import { accepted } from '../kubernetes/definition-suite.ts';
import { hpaFlags } from '../kubernetes/support/settings.ts';
import { scenarios } from '../kubernetes/twin-scenarios.ts';

describe('docs/kubernetes.md', () => {
  const page = readFileSync('docs/kubernetes.md', 'utf8');
  const rows = page.split('\n').filter((line) => line.startsWith('| '));

  it('has each scenario of the twins, in their order', () => {
    const found = rows.map((row) => row.split(' | ')[0]!.slice(2)).filter((name) => name in scenarios);
    expect(found).to.deep.equal(Object.keys(scenarios));
  });

  for (const [release, file] of Object.entries(releases))
    it(`says which patch of ${release} is tested`, () => {
      const text = readFileSync(`test/controlplane/${file}`, 'utf8');
      const version = /^\s*k8s\.io\/kubernetes (v\S+)/m.exec(text)?.[1] ?? 'none';
      expect(
        rows.some((row) => row.startsWith(`| ${version} |`)),
        version,
      ).to.equal(true);
    });

  for (const [name, reason] of Object.entries(accepted))
    it(`says that the API server accepts this, and why: ${name}`, () => {
      expect(rows).to.include(`| ${name} | ${reason} |`);
    });

  it('names the flags of both twins', () => {
    const period = hpaFlags['horizontal-pod-autoscaler-sync-period'].replace('s', ' s');
    const window = hpaFlags['horizontal-pod-autoscaler-downscale-stabilization'].replace('s', ' s');
    expect(page).to.include(`a sync period of ${period}, a downscale stabilization of ${window}`);
  });

  it('names files that are there', () => {
    const files = [...page.matchAll(/`(test\/[\w./-]+)`/g)].map(([, file]) => file!);
    expect(files).to.have.length.at.least(4);
    for (const file of files) expect(existsSync(file), file).to.equal(true);
  });
});
