import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { parse } from 'yaml';
import { recordingPath, recordings, scenariosOf } from '../conformance/recordings.ts';
import type { Scenario } from '../../src/replay/scenario.ts';
import { runInProcess } from '../support/in-process.ts';
import { Readable } from 'node:stream';

type Counts = Map<string, number>;

/** Upstream's tests have a metric type that does not exist. */
const metricNames = new Map<string, string>([['CheddarCheese', 'a type that nobody knows']]);

function count(counts: Counts, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

/** The rows of a table of the page, below the line that has its title. */
function rowsBelow(page: string, title: string): string[] {
  const lines = page.split('\n');
  const start = lines.findIndex((line) => line.startsWith(`| ${title}`)) + 2;
  const end = lines.findIndex((line, index) => index >= start && !line.startsWith('|'));
  return lines.slice(start, end).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim())
      .join(' | '),
  );
}

const rowsOf = (counts: Counts): string[] => [...counts].map(([key, number]) => `${key} | ${number}`);

describe('docs/conformance.md', () => {
  const page = readFileSync('docs/conformance.md', 'utf8');
  const all: Record<'files' | 'metrics' | 'conditions' | 'events', Counts> = {
    files: new Map(),
    metrics: new Map(),
    conditions: new Map(),
    events: new Map(),
  };
  let notedTicks = 0;

  before(async () => {
    for (const file of Object.keys(recordings)) {
      let [scenarios, ticks] = [0, 0];
      for await (const scenario of scenariosOf(file)) {
        scenarios += 1;
        ticks += scenario.ticks.length;
        countScenario(scenario);
      }
      all.files.set(`${file} | ${scenarios}`, ticks);
    }
  });

  function countScenario({ autoscaler, ticks }: Scenario): void {
    const updates = ticks.flatMap(({ autoscalerUpdate }) =>
      autoscalerUpdate === undefined ? [] : [autoscalerUpdate.spec],
    );
    for (const { type } of [autoscaler.spec, ...updates].flatMap((spec) => spec.metrics ?? [])) {
      count(all.metrics, metricNames.get(type) ?? type);
    }
    for (const { expect: recorded, notes } of ticks) {
      if (notes !== undefined) notedTicks += 1;
      for (const one of (recorded?.status.conditions ?? []) as Record<string, string>[])
        count(all.conditions, `${one.type}=${one.status} ${one.reason}`);
      for (const one of (recorded?.events ?? []) as Record<string, string>[])
        count(all.events, `${one.type} ${one.reason}`);
    }
  }

  it('counts the scenarios and ticks of each file', () => {
    const rows = rowsBelow(page, 'file').map((row) => row.split(' | ').slice(0, 3).join(' | '));
    const sum = (position: number) =>
      Object.values(recordings).reduce((total, numbers) => total + (numbers[position] ?? 0), 0);
    expect(rows).to.deep.equal([...rowsOf(all.files), `all | ${sum(0)} | ${sum(1)}`]);
  });

  it('counts the metrics, conditions and events that the files hold', () => {
    expect(rowsBelow(page, 'metrics in the specs')).to.have.members(rowsOf(all.metrics));
    expect(rowsBelow(page, 'condition after a tick')).to.have.members(rowsOf(all.conditions));
    expect(rowsBelow(page, 'event')).to.have.members(rowsOf(all.events));
  });

  it('counts the ticks with an artefact', () => {
    expect(page).to.include(`in ${notedTicks} ticks upstream divides by zero`);
  });

  it('names the limits of our CRD', () => {
    const [limited] =
      /\| metrics in a spec \|.*\n\| policies in one direction \|.*\n\| length.*\n/.exec(page) ?? [];
    const crd = parse(readFileSync('crds/customautoscalers.plimsoll.dev.yaml', 'utf8')) as {
      spec: { versions: { schema: { openAPIV3Schema: Schema } }[] };
    };
    const spec = crd.spec.versions[0]!.schema.openAPIV3Schema.properties!.spec!.properties!;
    const metricLimit = spec.metrics!.maxItems;
    const target = spec.metrics!.items!.properties!.external!.properties!.target!.properties!;
    const policyLimit = spec.behavior!.properties!.scaleUp!.properties!.policies!.maxItems;
    expect(limited).to.match(
      new RegExp(
        `no limit +\\| ${metricLimit} +\\|[^]*no limit +\\| ${policyLimit} +\\|[^]*no limit +\\| ${target.value!.maxLength} characters`,
      ),
    );
  });

  it('tells how to see that a difference would be found', async () => {
    const lines = gunzipSync(readFileSync(recordingPath('extras')))
      .toString()
      .split('\n');
    const [pattern = '', replacement = ''] = /sed '1s\/(.*?)\/(.*?)\/'/.exec(page)?.slice(1) ?? [];
    lines[0] = lines[0]!.replace(pattern, replacement);
    const stdin = Readable.from([Buffer.from(lines.join('\n'))]);
    const { code, stdout } = await runInProcess(['replay', '--check', '-'], { stdin });
    expect(code).to.equal(1);
    expect(stdout).to.match(
      /"path":"scaledTo","expected":7[^\n]*\n140 scenarios, 196 ticks, 1 differences, 0 skipped\n$/,
    );
  });
});

interface Schema {
  properties?: Record<string, Schema>;
  items?: Schema;
  maxItems?: number;
  maxLength?: number;
}
