import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { abilities } from '../../src/replay/abilities.ts';
import { scenarioSchema } from '../../src/replay/schema.ts';
import { runInProcess } from '../support/in-process.ts';

interface Fields {
  readonly properties: Readonly<Record<string, unknown>>;
  readonly $defs?: Readonly<Record<string, Fields>>;
}

describe('docs/replay.md', () => {
  const page = readFileSync('docs/replay.md', 'utf8');
  const [example = '', firstTick = ''] = [...page.matchAll(/```json\n([^]*?)```/g)].map(
    ([, json]) => json ?? '',
  );
  const line = `${JSON.stringify(JSON.parse(example))}\n`;
  const replay = async (...args: string[]) =>
    runInProcess(['replay', ...args, '-'], { stdin: Readable.from([Buffer.from(line)]) });

  it('shows what its example prints for people', async () => {
    const { code, stdout } = await replay('--output', 'table');
    const [, shown = ''] = /--output table -\n((?: {4}.*\n)+)/.exec(page) ?? [];
    expect(stdout.trimEnd().split('\n')).to.deep.equal(
      shown
        .trimEnd()
        .split('\n')
        .map((text) => text.slice(4)),
    );
    expect(code).to.equal(0);
  });

  it('shows what the first tick of its example prints', async () => {
    const { stdout } = await replay();
    expect(JSON.parse(stdout.split('\n')[0]!)).to.deep.equal(JSON.parse(firstTick));
  });

  it('tells of every key of a scenario and of a tick', () => {
    const { properties, $defs } = scenarioSchema as unknown as Fields;
    const tick = $defs!.tick!.properties;
    const derived = /^(resource|custom|external)MetricsError$/; // Told of once, in the row of all three.
    for (const key of [...Object.keys(properties), ...Object.keys(tick)].filter(
      (one) => !derived.test(one),
    )) {
      expect(page, key).to.include(`\`${key}\``);
    }
  });

  it('names every ability that a scenario may require', () => {
    for (const ability of abilities) {
      const shown = ability.startsWith('featureGate:') ? 'featureGate:NAME=true' : ability;
      expect(page).to.include(`\`${shown}\``);
    }
  });

  it('shows a refusal as it is printed', async () => {
    const [, shown = '', found = ''] =
      /: (ticks\[3\]\.scale\.spec\.replicas: .* found "(\w+)")\n/.exec(page) ?? [];
    const scenario = JSON.parse(example) as { ticks: unknown[] };
    const tick = { time: '2030-01-01T00:01:00Z', scale: { spec: { replicas: found } } };
    scenario.ticks.push(scenario.ticks[1], tick);
    const stdin = Readable.from([Buffer.from(`${JSON.stringify(scenario)}\n`)]);
    const { code, stderr } = await runInProcess(['replay', '-'], { stdin });
    expect(stderr).to.equal(`plimsoll: standard input, line 1: ${shown}\n`);
    expect(code).to.equal(2);
  });
});
