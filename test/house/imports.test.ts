import { execFileSync } from 'node:child_process';
import { expect } from 'chai';

interface Config {
  readonly forbidden: readonly { readonly name: string }[];
}

const configFile = new URL('../../.dependency-cruiser.js', import.meta.url).href;
const { default: config } = (await import(configFile)) as { default: Config };

interface CruiseResult {
  readonly summary: {
    readonly totalCruised: number;
    readonly violations: { readonly rule: { name: string } }[];
  };
}

/** Runs the checks' own tool and configuration on a tree of rooms. */
function cruise(root: string): CruiseResult {
  const output = execFileSync(
    process.execPath,
    [
      'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs',
      root,
      '--config',
      '.dependency-cruiser.js',
      '--output-type',
      'json',
    ],
    { env: { ...process.env, PLIMSOLL_CRUISE_ROOT: root }, maxBuffer: 1 << 28 },
  );
  return JSON.parse(output.toString()) as CruiseResult;
}

describe('the import rules of the house', () => {
  const fixture = cruise('test/fixtures/imports/src');
  const fired = new Set(fixture.summary.violations.map(({ rule }) => rule.name));

  for (const rule of config.forbidden) {
    it(`fires where it is broken: ${rule.name}`, () => {
      expect([...fired]).to.include(rule.name);
    });
  }

  it('holds in src, where the tool saw the modules', () => {
    const { summary } = cruise('src');
    expect(summary.violations.map(({ rule }) => rule.name)).to.deep.equal([]);
    expect(summary.totalCruised).to.be.greaterThan(100);
  });
});
