import { expect } from 'chai';
import { ESLint } from 'eslint';

/** Lints a text as if it stood in src/, with the rules that need no types. */
async function rulesBrokenBy(text: string, filePath: string): Promise<string[]> {
  const eslint = new ESLint({
    overrideConfig: { languageOptions: { parserOptions: { projectService: false } } },
    ruleFilter: ({ ruleId }) => ruleId.startsWith('no-'),
  });
  const [result] = await eslint.lintText(text, { filePath });
  return (result?.messages ?? []).map(({ ruleId, message }) => ruleId ?? message);
}

describe('decide/ stays pure', () => {
  const impure: Record<string, [text: string, rule: string]> = {
    'reads the clock': ['export const now = Date.now();', 'no-restricted-properties'],
    'makes a date of now': ['export const now = new Date();', 'no-restricted-syntax'],
    'draws by chance': ['export const x = Math.random();', 'no-restricted-properties'],
    'sets a timer': ['setTimeout(() => undefined, 1);', 'no-restricted-globals'],
    'reads the process': ['export const home = process.env.HOME;', 'no-restricted-globals'],
    prints: ["console.log('x');", 'no-restricted-globals'],
  };

  for (const [sentence, [text, rule]] of Object.entries(impure)) {
    it(`refuses code that ${sentence}`, async () => {
      expect(await rulesBrokenBy(text, 'src/decide/impure.ts')).to.include(rule);
    });
  }

  it('accepts arithmetic', async () => {
    expect(await rulesBrokenBy('export const x = Math.ceil(1.5);', 'src/decide/pure.ts')).to.deep.equal([]);
  });

  it('lets only main.ts end the process', async () => {
    expect(await rulesBrokenBy('process.exit(1);', 'src/kube/x.ts')).to.include('no-restricted-properties');
    expect(await rulesBrokenBy('process.exit(1);', 'src/main.ts')).to.deep.equal([]);
  });
});
