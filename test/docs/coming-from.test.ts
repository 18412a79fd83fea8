import { expect } from 'chai';
import { existsSync, readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { behaviorShape, type Shape } from '../../src/migrate/known-fields.ts';
import { scaledObjectShape } from '../../src/migrate/keda/from-scaled-object.ts';
import { convertPublished } from '../support/converted.ts';
import { runInProcess } from '../support/in-process.ts';

/** Every name in a shape. */
function fieldsOf(shape: Shape): string[] {
  if (shape === 'any') return [];
  return Array.isArray(shape)
    ? shape.flatMap(fieldsOf)
    : Object.entries(shape as Readonly<Record<string, Shape>>).flatMap(([name, one]) => [
        name,
        ...fieldsOf(one),
      ]);
}

for (const name of ['coming-from-the-hpa', 'coming-from-keda'])
  describe(`docs/${name}.md`, () => {
    const page = readFileSync(`docs/${name}.md`, 'utf8');
    const [source = '', result = ''] = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map(
      ([, yaml = '']) => yaml,
    );

    it('shows what its example becomes', async () => {
      const stdin = Readable.from([Buffer.from(source)]);
      const { code, stdout } = await runInProcess(['convert', '-'], { stdin });
      expect(code).to.equal(0);
      expect(stdout).to.equal(result);
    });

    it('links to files that there are', () => {
      const links = [...page.matchAll(/\]\(([^)#]+)\)/g)].map(([, link = '']) => link);
      expect(links).to.have.length.greaterThan(3);
      for (const link of links) expect(existsSync(`docs/${link}`), link).to.equal(true);
    });

    it('names flags that there are', async () => {
      const helps = await Promise.all(
        ['convert', 'takeover', 'operator'].map((command) => runInProcess([command, '--help'])),
      );
      const known = helps.map(({ stdout }) => stdout).join('');
      // The controller manager's, and that of kube-state-metrics.
      const upstream = ['--horizontal-pod-autoscaler-', '--metric-labels-allowlist'];
      for (const [flag] of page.matchAll(/--[a-z][a-z-]+/g))
        if (!upstream.includes(flag)) expect(known).to.include(flag);
    });
  });

describe('docs/coming-from-keda.md', () => {
  const page = readFileSync('docs/coming-from-keda.md', 'utf8');

  it('tells of every field that is looked at', () => {
    const ofTheHpa = fieldsOf(behaviorShape);
    const own = fieldsOf(scaledObjectShape).filter((field) => !ofTheHpa.includes(field));
    expect(own).to.have.length.greaterThan(15);
    for (const field of own) expect(page).to.include(field);
  });

  it('tells how many published ScaledObjects there are', () => {
    const [, count] = /Shown by (\d+) published/.exec(page) ?? [];
    const published = convertPublished('scaledobjects').filter(({ title }) =>
      title.startsWith('ScaledObject'),
    );
    expect(published).to.have.lengthOf(Number(count));
  });
});
