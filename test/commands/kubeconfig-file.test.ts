import { expect } from 'chai';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkReplaceable, writeKubeconfig } from '../../src/commands/kubeconfig-file.ts';
import { renderKubeconfig } from '../../src/devcluster/kubeconfig.ts';
import { UserError } from '../../src/lib/errors.ts';

describe('the kubeconfig of the dev cluster', () => {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-kubeconfig-'));
  const file = join(folder, 'kubeconfig');
  after(() => rmSync(folder, { recursive: true, force: true }));

  async function refusal(text: string): Promise<unknown> {
    writeFileSync(file, text);
    return checkReplaceable(file).then(
      () => undefined,
      (error: unknown) => error,
    );
  }

  it('may be written where nothing is, over an empty file, and over one of an earlier dev cluster', async () => {
    rmSync(file, { force: true });
    await checkReplaceable(file);
    expect(await refusal('')).to.equal(undefined);
    expect(await refusal(renderKubeconfig({ server: 'http://127.0.0.1:1' }))).to.equal(undefined);
  });

  const others = {
    "another cluster's": renderKubeconfig({ server: 'https://work', name: 'work' }),
    'no YAML': 'clusters: [',
    'some other file': 'dear diary',
  };
  for (const [what, text] of Object.entries(others)) {
    it(`is never written over a file that is ${what}`, async () => {
      const error = await refusal(text);
      expect(error).to.be.instanceOf(UserError);
      expect((error as Error).message).to.match(/kubeconfig.*was not written by plimsoll.*name another/);
      expect(readFileSync(file, 'utf8')).to.equal(text);
    });
  }

  it('is readable by its owner alone, and no draft is left beside it', async () => {
    writeFileSync(file, '', { mode: 0o644 });
    await writeKubeconfig(file, 'text');
    expect(statSync(file).mode & 0o777).to.equal(0o600);
    expect(readdirSync(folder)).to.deep.equal(['kubeconfig']);
  });
});
