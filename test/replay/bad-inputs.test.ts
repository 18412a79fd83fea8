import { expect } from 'chai';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { runInProcess } from '../support/in-process.ts';
import { plimsoll } from '../support/processes.ts';
import { changed, jsonLines, scaleUp } from './scenarios.ts';

const good = jsonLines(scaleUp('good'));
/** Scenarios that random bytes in their names keep from being packed to nothing. */
const many = jsonLines(
  ...Array.from({ length: 400 }, (_, index) => scaleUp(`many-${Math.sin(index)}-${Math.cos(index)}`)),
);
const packed = gzipSync(many);

function damaged(): Buffer {
  const copy = Buffer.from(packed);
  copy.fill(0xff, copy.length / 2, copy.length / 2 + 64);
  return copy;
}

/** One place out of shape, and what is said of it behind the file and the line. */
const shapes: Readonly<Record<string, [path: string, value: unknown, says: string]>> = {
  'text where a count belongs': [
    'ticks[1].scale.spec.replicas',
    'two',
    'ticks[1].scale.spec.replicas: expected a whole number of at most 32 bits, found "two"',
  ],
  'a fraction where a count belongs': [
    'ticks[0].scale.spec.replicas',
    1.5,
    'ticks[0].scale.spec.replicas: expected a whole number of at most 32 bits, found 1.5',
  ],
  'a count beyond 32 bits': [
    'autoscaler.spec.maxReplicas',
    2 ** 31,
    'autoscaler.spec.maxReplicas: expected a whole number of at most 32 bits, found 2147483648',
  ],
  'no autoscaler': ['autoscaler', undefined, 'autoscaler: expected an object: HorizontalPodAutoscaler'],
  'null for the autoscaler': ['autoscaler', null, 'found null'],
  'no ticks': ['ticks', undefined, 'ticks: expected a list of ticks, found nothing'],
  'ticks that are no list': ['ticks', {}, 'ticks: expected a list of ticks, found an object'],
  'no name': ['name', undefined, 'name: expected text, found nothing'],
  'no controller': ['controller', undefined, 'controller: expected an object with the flags'],
  'a flag as text': ['controller.tolerance', '0.1', 'controller.tolerance: expected a number, found "0.1"'],
  'no time': ['ticks[1].time', undefined, 'ticks[1].time: expected a time in RFC 3339'],
  'a time without its zone': [
    'ticks[1].time',
    '2030-01-01T00:00:00',
    'ticks[1].time: expected a time in RFC 3339, such as "2030-01-01T00:00:15Z", found "2030-01-01T00:00:00"',
  ],
  'a day that its month has not': ['ticks[0].time', '2030-02-30T00:00:00Z', 'ticks[0].time: expected a time'],
  'a time that is a number': ['ticks[0].time', 1893456000, 'ticks[0].time: expected a time'],
  'neither scale nor scaleError': [
    'ticks[0].scale',
    undefined,
    'ticks[0].scale: expected an object with spec and status, or scaleError in its place, found nothing',
  ],
  'an object where a list belongs': ['ticks[0].pods', {}, 'ticks[0].pods: expected a list, found an object'],
  'null in a list': ['ticks[0].pods[0]', null, 'ticks[0].pods[0]: expected an object, found null'],
  'a label that is no text': [
    'ticks[0].pods[0].metadata.labels["app.kubernetes.io/name"]',
    7,
    'ticks[0].pods[0].metadata.labels["app.kubernetes.io/name"]: expected text, found 7',
  ],
  'usage that is no quantity': [
    'ticks[0].resourceMetrics[0].containers[0].usage.cpu',
    '4 cores',
    'ticks[0].resourceMetrics[0].containers[0].usage.cpu: expected a quantity: a number, or text such as "250m", "2" or "1.5Gi", found "4 cores"',
  ],
  'a request that is no quantity': [
    'ticks[0].pods[0].spec.containers[0].resources.requests.cpu',
    true,
    'requests.cpu: expected a quantity',
  ],
  'a quantity whose exponent nothing needs': [
    'ticks[0].resourceMetrics[0].containers[0].usage.cpu',
    '1e2147483647',
    'usage.cpu: expected a quantity',
  ],
  'a window that is no duration': [
    'ticks[0].resourceMetrics[0].window',
    '15 seconds',
    'ticks[0].resourceMetrics[0].window: expected a duration',
  ],
  'another kind': [
    'autoscaler.kind',
    'ScaledObject',
    'autoscaler.kind: expected HorizontalPodAutoscaler (autoscaling/v2) or CustomAutoscaler (plimsoll.dev/v1), found "ScaledObject"',
  ],
  'another version': [
    'autoscaler.apiVersion',
    'autoscaling/v1',
    'autoscaler.apiVersion: expected "autoscaling/v2" for HorizontalPodAutoscaler, found "autoscaling/v1"',
  ],
  'no maxReplicas': [
    'autoscaler.spec.maxReplicas',
    undefined,
    'autoscaler.spec.maxReplicas: expected a whole',
  ],
  'a metric without the field of its type': [
    'autoscaler.spec.metrics[0].resource',
    undefined,
    'autoscaler.spec.metrics[0].resource: expected an object, found nothing',
  ],
  'a metric without a type': [
    'autoscaler.spec.metrics[0].type',
    undefined,
    'autoscaler.spec.metrics[0].type: expected text, found nothing',
  ],
  'a gate that is neither on nor off': [
    'featureGates',
    { HPAScaleToZero: 'true' },
    'featureGates.HPAScaleToZero: expected true or false, found "true"',
  ],
  'an update without a spec': [
    'ticks[1].autoscalerUpdate',
    { generation: 2 },
    'ticks[1].autoscalerUpdate.spec',
  ],
  'an expectation without scaledTo': [
    'ticks[0].expect.scaledTo',
    undefined,
    'ticks[0].expect.scaledTo: expected a whole number of at most 32 bits or null, found nothing',
  ],
  'an expectation of text for a count': [
    'ticks[0].expect.scaledTo',
    '2',
    'ticks[0].expect.scaledTo: expected a whole number of at most 32 bits or null, found "2"',
  ],
};

/** The whole content of a file, and what is said of it. Where `good` came first, its results are printed. */
const contents: Readonly<Record<string, [content: string | Buffer, says: RegExp]>> = {
  'a broken line': [
    `${good}{"name": "bad",\n`,
    /, line 2: expected a scenario in JSON on one line, found no JSON: /,
  ],
  'a broken line, without a second number of the line': [
    `${good}{"name": "bad"\n`,
    /, line 2: .* in JSON at position \d+$/,
  ],
  'JSON that is nested too deep': [
    `${good}${'['.repeat(100_000)}${']'.repeat(100_000)}\n`,
    /, line 2: expected a scenario \(an object\), found /,
  ],
  'text that is no JSON': [`${good}hello\n`, /, line 2: expected a scenario in JSON/],
  'a line without an end': [good + good.slice(0, 200), /, line 2: expected a scenario in JSON/],
  'JSON that is spread over lines': [
    good + JSON.stringify(scaleUp(), null, 2),
    /, line 2: expected .* found only \{: jq -c \. puts JSON of many lines on one$/,
  ],
  'a list in the place of a scenario': [
    `${good}[]\n`,
    /, line 2: expected a scenario \(an object\), found a list$/,
  ],
  'a number in the place of a scenario': [
    `${good}\n\n7\n`,
    /, line 4: expected a scenario \(an object\), found 7$/,
  ],
  'bytes that are not UTF-8': [
    Buffer.concat([Buffer.from(good), Buffer.from([0x22, 0xc3, 0x28, 0x22, 0x0a])]),
    /, line 2: expected text in UTF-8, found other bytes$/,
  ],
  'a colour code in a line': [`${good}\u001b[31m\n`, /, line 2: expected a scenario in JSON/],
};

const empty: Readonly<Record<string, string | Buffer>> = {
  'an empty file': '',
  'a file of empty lines': '\n  \r\n\n',
  'nothing, packed': gzipSync(''),
};

describe('plimsoll replay, on what is no recording', () => {
  let directory: string;
  const fileOf = (content: string | Buffer): string => {
    const file = join(directory, 'bad.jsonl');
    writeFileSync(file, content);
    return file;
  };

  before(() => {
    directory = mkdtempSync(join(tmpdir(), 'plimsoll-replay-'));
  });
  after(() => rmSync(directory, { recursive: true }));

  /** Exit code 2, one line on stderr; the ticks of the scenario that came before are there, and nothing else. */
  async function refusal(content: string | Buffer, earlierTicks: number): Promise<string> {
    const file = fileOf(content);
    const { code, stdout, stderr } = await runInProcess(['replay', file]);
    expect(code).to.equal(2);
    expect(stdout.split('\n')).to.have.length(earlierTicks + 1);
    expect(stderr).to.match(/^plimsoll: [^\n]*\n$/);
    expect(stderr).to.include(file);
    return stderr.trimEnd();
  }

  for (const [what, [path, value, says]] of Object.entries(shapes)) {
    it(`refuses ${what}`, async () => {
      const told = await refusal(good + jsonLines(changed(path, value)), 2);
      expect(told).to.include(', line 2: ');
      expect(told).to.include(says);
    });
  }

  for (const [what, [content, says]] of Object.entries(contents)) {
    it(`refuses ${what}`, async () => {
      const told = await refusal(content, 2);
      expect(told).to.match(says);
      expect(told).to.not.include('\u001b');
    });
  }

  for (const [what, content] of Object.entries(empty)) {
    it(`refuses ${what}`, async () => {
      expect(await refusal(content, 0)).to.match(
        /bad\.jsonl: expected one scenario a line, found no scenario$/,
      );
    });
  }

  it('refuses gzip that is cut short, wherever it is cut, after what came before', async () => {
    for (const share of [0.1, 0.5, 0.9, 0.999]) {
      const file = fileOf(packed.subarray(0, Math.floor(packed.length * share)));
      const { code, stdout, stderr } = await runInProcess(['replay', file]);
      const [, line = ''] = /, line (\d+): expected more gzip data, found its end: /.exec(stderr) ?? [];
      expect(code).to.equal(2);
      expect(Number(line), stderr).to.be.greaterThan(1);
      expect(stdout.split('\n')).to.have.length((Number(line) - 1) * 2 + 1);
    }
  });

  it('refuses gzip that is damaged, after what came before', async () => {
    const { code, stdout, stderr } = await runInProcess(['replay', fileOf(damaged())]);
    expect(code).to.equal(2);
    expect(stderr).to.match(/, line \d+: expected /);
    expect(stdout).to.match(/^\{"scenario":"many-0/);
  });

  it('refuses a file that is not there, and a directory', async () => {
    const missing = await runInProcess(['replay', join(directory, 'nothing.jsonl')]);
    expect(missing.code).to.equal(2);
    expect(missing.stderr).to.match(/nothing\.jsonl: expected a file of scenarios, found no such file$/m);
    const folder = await runInProcess(['replay', directory]);
    expect(folder.code).to.equal(2);
    expect(folder.stderr).to.match(/: expected a file of scenarios, found a directory$/m);
  });

  it('refuses a file that may not be read', async function () {
    if (process.getuid?.() === 0) this.skip(); // Root may read everything.
    const file = fileOf(good);
    chmodSync(file, 0o000);
    const { code, stderr } = await runInProcess(['replay', file]);
    chmodSync(file, 0o600);
    expect(code).to.equal(2);
    expect(stderr).to.include('found a file without permission to read it');
  });

  it('prints the results of files before the one that is bad', async () => {
    const first = join(directory, 'first.jsonl');
    writeFileSync(first, good);
    const { code, stdout } = await runInProcess(['replay', first, join(directory, 'nothing.jsonl')]);
    expect(code).to.equal(2);
    expect(stdout.split('\n')).to.have.length(3);
  });

  it('prints the differences before the bad line, and no totals of half a check', async () => {
    const content = jsonLines(changed('ticks[0].expect.scaledTo', 3), { name: 'bad' });
    const { code, stdout } = await runInProcess(['replay', '--check', fileOf(content)]);
    expect(code).to.equal(2);
    expect(stdout).to.equal('{"scenario":"web","tick":0,"path":"scaledTo","expected":3,"got":2}\n');
  });

  it('ends the process with 2 and one line, too', async () => {
    const { code, stdout, stderr } = await plimsoll(['replay', fileOf(`${good}{`)]);
    expect(code).to.equal(2);
    expect(stdout.split('\n')).to.have.length(3);
    expect(stderr).to.match(/^plimsoll: \S+bad\.jsonl, line 2: [^\n]+\n$/);
  });

  it('asks for a file', async () => {
    const { code, stderr } = await runInProcess(['replay']);
    expect(code).to.equal(2);
    expect(stderr).to.include("missing required argument 'files'");
  });

  it('refuses standard input that is given twice', async () => {
    const { code, stderr } = await runInProcess(['replay', '-', '-']);
    expect(code).to.equal(2);
    expect(stderr).to.include('- is given twice');
  });
});
