import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { PassThrough } from 'node:stream';
import { run } from '../../src/commands/program.ts';

async function helpOf(command: string): Promise<string> {
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  const signal = new AbortController().signal;
  const stdin = new PassThrough();
  await run([command, '--help'], { stdin, stdout, stderr, env: {}, signal, onExit: () => undefined });
  return String(stdout.read());
}

describe('docs/operator.md', () => {
  const page = readFileSync('docs/operator.md', 'utf8');

  it('tells of every flag', async () => {
    const flags = [...(await helpOf('operator')).matchAll(/^ {2}(--[a-z-]+)/gm)].map(([, flag]) => flag);
    expect(flags).to.have.length.greaterThan(9);
    for (const flag of flags.filter((name) => name !== '--kubeconfig'))
      expect(page).to.include(`\`${flag ?? ''}\``);
  });

  it('tells of every metric of our own', () => {
    const source = readFileSync('src/operator/telemetry.ts', 'utf8');
    const names = [...source.matchAll(/'([a-z]+(?:_[a-z]+)+)',\s*'[A-Z]/g)].map(([, name = '']) => name);
    expect(names).to.have.length.greaterThan(12);
    for (const name of names) {
      const shown = name
        .replace(/^(current|desired|min|max)_replicas$/, '$1')
        .replace('metric_computation_duration_seconds', '_duration_seconds');
      expect(page).to.include(shown);
    }
  });
});
