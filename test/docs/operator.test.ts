import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { PassThrough } from 'node:stream';
import { run } from '../../src/commands/program.ts';
import { watchedPaths } from '../../src/operator/caches.ts';
import { metricTable, perAutoscalerMetrics } from '../../src/operator/metric-table.ts';
import { Telemetry } from '../../src/operator/telemetry.ts';

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
    expect(flags).to.have.length.greaterThan(19);
    for (const flag of flags.filter((name) => name !== '--kubeconfig'))
      expect(page).to.include(`\`${flag ?? ''}\``);
  });

  it('lists exactly the metrics that there are, with their types, labels and meaning', () => {
    const rows = Object.entries(metricTable).map(
      ([name, { type, help, labels }]) =>
        `| \`plimsoll_${name}\` | ${type} | ${labels.map((label) => `\`${label}\``).join(', ')} | ${help} |`,
    );
    const shown = page.split('\n').filter((line) => /^\| `plimsoll_\w+` \|/.test(line));
    expect(shown).to.deep.equal(rows);
    expect(
      rows.slice(-perAutoscalerMetrics.length).map((row) => /plimsoll_(\w+)/.exec(row)?.[1]),
    ).to.deep.equal(perAutoscalerMetrics);
  });

  it('names only metrics that /metrics serves', async () => {
    const text = await new Telemetry().text();
    const named = [...page.matchAll(/`(plimsoll_[a-z0-9_]*[a-z0-9])`/g)].map(([, name = '']) => name);
    expect(named).to.have.length.greaterThan(30);
    for (const name of named) expect(text).to.contain(`# TYPE ${name} `);
  });

  it('names every resource that is watched, with the right to list and watch it', () => {
    for (const resource of Object.keys(watchedPaths(undefined)))
      expect(page).to.match(new RegExp(`^\\|[^|]*\\|[^|]*\\b${resource}\\b[^|]*\\| list, watch \\|`, 'm'));
  });
});
