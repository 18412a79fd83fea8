import { expect } from 'chai';
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { Expectation, Scenario } from '../../src/replay/scenario.ts';
import { recordingPath } from '../conformance/recordings.ts';
import { runInProcess } from '../support/in-process.ts';
import { plimsoll, runProgram } from '../support/processes.ts';
import { changed, changedAll, jsonLines, scaleUp } from './scenarios.ts';

/** A line of stdout: a tick, a difference, or the totals. */
interface Printed extends Partial<Expectation> {
  readonly scenario: string;
  readonly tick: number;
  readonly path?: string;
}

const parsed = (text: string): Printed[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Printed);

/** The scenarios of a recorded file. */
function recordedIn(name: string): Scenario[] {
  const lines = gunzipSync(readFileSync(recordingPath(name)))
    .toString()
    .trimEnd()
    .split('\n');
  return lines.map((line) => JSON.parse(line) as Scenario);
}

const reasons = (list: readonly object[] | null | undefined): unknown[] =>
  (list ?? []).map((one) => (one as { reason?: unknown }).reason);

/** Replays what stands on standard input, in pieces of so many bytes. */
async function replayed(content: string | Buffer, args: readonly string[] = [], pieceBytes = 1 << 16) {
  const bytes = Buffer.from(content);
  const pieces = Array.from({ length: Math.ceil(bytes.length / pieceBytes) }, (_, index) =>
    bytes.subarray(index * pieceBytes, (index + 1) * pieceBytes),
  );
  return runInProcess(['replay', ...args, '-'], { stdin: Readable.from(pieces, { objectMode: false }) });
}

describe('plimsoll replay', () => {
  it('prints one line a tick, with the keys of the format and no others', async () => {
    const { code, stdout, stderr } = await replayed(jsonLines(scaleUp('web'), scaleUp('shop')));
    const lines = parsed(stdout);
    expect(code).to.equal(0);
    expect(stderr).to.equal('');
    expect(lines.map(({ scenario, tick }) => [scenario, tick])).to.deep.equal([
      ['web', 0],
      ['web', 1],
      ['shop', 0],
      ['shop', 1],
    ]);
    for (const [index, { scenario, tick, ...result }] of lines.entries()) {
      expect(scenario).to.be.a('string');
      expect(tick).to.equal(index % 2);
      expect(result).to.deep.equal(scaleUp().ticks[index % 2]!.expect);
    }
    expect(Object.keys(lines[0]!)).to.deep.equal([
      'scenario',
      'tick',
      'scaledTo',
      'statusWritten',
      'status',
      'events',
    ]);
  });

  it('prints for every recorded tick what was recorded, to the letter', async () => {
    const { stdout } = await runInProcess(['replay', recordingPath('extras')]);
    const recorded = recordedIn('extras').flatMap(({ name: scenario, ticks }) =>
      ticks.map(({ expect: result, notes }, tick) => ({ notes, line: { scenario, tick, ...result } })),
    );
    const got = parsed(stdout);
    expect(got).to.have.length(recorded.length);
    for (const [index, { notes, line }] of recorded.entries()) {
      if (notes === undefined) expect(got[index]).to.deep.equal(line);
    }
  });

  it('reads standard input, also gzipped, in pieces of any size', async () => {
    const content = jsonLines(scaleUp('čtyři 🐟'), scaleUp('web'));
    for (const bytes of [content, gzipSync(content)]) {
      for (const pieceBytes of [1, 2, 3, 7, 1000]) {
        const { code, stdout } = await replayed(bytes, ['--check'], pieceBytes);
        expect(stdout).to.equal('2 scenarios, 4 ticks, 0 differences, 0 skipped\n');
        expect(code).to.equal(0);
      }
    }
    const { stdout } = await replayed(content, [], 1);
    expect(parsed(stdout)[0]!.scenario).to.equal('čtyři 🐟');
  });

  it('reads two gzip files that were put together, a byte order mark, CRLF, empty lines, and a last line without a break', async () => {
    const line = jsonLines(scaleUp());
    const contents = [
      Buffer.concat([gzipSync(line), gzipSync(line)]),
      `\ufeff${line}\n \n${line.trimEnd()}`,
      line.replace('\n', '\r\n') + line,
    ];
    for (const content of contents) {
      const { code, stdout } = await replayed(content, ['--check']);
      expect(stdout).to.equal('2 scenarios, 4 ticks, 0 differences, 0 skipped\n');
      expect(code).to.equal(0);
    }
  });

  it('tells gzip by its content, whatever the name says', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'plimsoll-replay-'));
    const [plainFile, packedFile] = [join(directory, 'plain.jsonl.gz'), join(directory, 'packed.jsonl')];
    writeFileSync(plainFile, jsonLines(scaleUp()));
    writeFileSync(packedFile, gzipSync(jsonLines(scaleUp())));
    const { stdout } = await runInProcess(['replay', '--check', plainFile, packedFile]);
    rmSync(directory, { recursive: true });
    expect(stdout).to.equal('2 scenarios, 4 ticks, 0 differences, 0 skipped\n');
  });

  it('prints results as they come, not when the input ends', async () => {
    const stdin = new PassThrough();
    const running = runInProcess(['replay', '-'], { stdin });
    stdin.write(jsonLines(scaleUp()));
    stdin.write('not JSON\n'); // The end of the input is not written: only the bad line can end this.
    const { code, stdout } = await running;
    expect(code).to.equal(2);
    expect(parsed(stdout)).to.have.length(2);
  });

  it('ends with 130 when it is interrupted', async () => {
    const interrupt = new AbortController();
    const running = runInProcess(['replay', '-'], { stdin: new PassThrough(), signal: interrupt.signal });
    interrupt.abort('SIGINT');
    expect((await running).code).to.equal(130);
  });

  it('takes a CustomAutoscaler as it takes an HPA', async () => {
    const kind = changed('autoscaler.kind', 'CustomAutoscaler');
    const { stdout } = await replayed(jsonLines(changed('autoscaler.apiVersion', 'plimsoll.dev/v1', kind)), [
      '--check',
    ]);
    expect(stdout).to.equal('1 scenarios, 2 ticks, 0 differences, 0 skipped\n');
  });

  it('takes a pod without a namespace for one of the autoscaler', async () => {
    const scenario = changedAll({
      'ticks[0].pods[0].metadata.namespace': undefined,
      'ticks[1].pods[1].metadata.namespace': null,
    });
    const { stdout } = await replayed(jsonLines(scenario), ['--check']);
    expect(stdout).to.equal('1 scenarios, 2 ticks, 0 differences, 0 skipped\n');
  });

  it('moves nothing by a behavior without policies, as the controller does', async () => {
    const none = changed('autoscaler.spec.behavior', { scaleUp: { policies: [] } });
    const { code, stdout } = await replayed(jsonLines(none));
    expect(code).to.equal(0);
    const [first] = parsed(stdout);
    expect(first!.scaledTo).to.equal(null);
    expect(reasons(first!.status!.conditions)).to.include('ScaleUpLimit');
  });

  it('passes over keys that it does not know, and takes null for absent', async () => {
    const scenario = changedAll({
      comment: { by: 'hand' },
      otherAutoscalers: null,
      'autoscaler.status': { currentMetrics: null, conditions: null, desiredReplicas: 1 },
      'ticks[0].pods[0].metadata.deletionTimestamp': null,
      'ticks[0].pods[0].status.qosClass': null,
      'ticks[0].customMetrics': null,
      'ticks[0].expect.status.observedGeneration': 3,
      'ticks[0].expect.status.conditions[0].message': 'told in other words',
    });
    const { stdout } = await replayed(jsonLines(scenario), ['--check']);
    expect(stdout).to.equal('1 scenarios, 2 ticks, 0 differences, 0 skipped\n');
  });

  it('answers what decodes and makes no sense as the controller does', async () => {
    const unknownType = changed('autoscaler.spec.metrics', [{ type: 'CheddarCheese' }]);
    const badSelector = changed('ticks[0].scale.status.selector', 'app in web)');
    const { code, stdout } = await replayed(jsonLines(unknownType, badSelector));
    expect(code).to.equal(0);
    const [cheese, , selector] = parsed(stdout);
    expect(reasons(cheese!.events)).to.deep.equal([
      'InvalidMetricSourceType',
      'FailedComputeMetricsReplicas',
    ]);
    expect(reasons(selector!.status!.conditions)).to.include('InvalidSelector');
  });
});

/** A recorded value that was changed, and the difference that must be told. */
const corruptions: Readonly<Record<string, [path: string, value: unknown, expected: unknown, got: unknown]>> =
  {
    'another count': ['scaledTo', 3, 3, 2],
    'a write that was none': ['scaledTo', null, null, 2],
    'a status that was not written': ['statusWritten', false, false, true],
    'another condition reason': [
      'status.conditions[1].reason',
      'FailedGetResourceMetric',
      'FailedGetResourceMetric',
      'ValidMetricFound',
    ],
    'another condition status': ['status.conditions[2].status', 'True', 'True', 'False'],
    'a condition too many': [
      'status.conditions[3]',
      { type: 'ScaledToZero', status: 'False', reason: 'NotScaledToZero' },
      { type: 'ScaledToZero', status: 'False', reason: 'NotScaledToZero' },
      null,
    ],
    'another value of a metric': [
      'status.currentMetrics[0].resource.current.averageValue',
      '401m',
      '401m',
      '400m',
    ],
    'another percentage': ['status.currentMetrics[0].resource.current.averageUtilization', 81, 81, 80],
    'another time': [
      'status.lastScaleTime',
      '2030-01-01T01:00:01Z',
      '2030-01-01T01:00:01Z',
      '2030-01-01T01:00:00Z',
    ],
    'another desired count': ['status.desiredReplicas', 7, 7, 2],
    'an event less': ['events', [], null, { type: 'Normal', reason: 'SuccessfulRescale' }],
    'another event': ['events[0].reason', 'FailedRescale', 'FailedRescale', 'SuccessfulRescale'],
  };

describe('plimsoll replay --check', () => {
  for (const [what, [path, value, expected, got]] of Object.entries(corruptions)) {
    it(`finds ${what}, and nothing else`, async () => {
      const scenario = changed(`ticks[0].expect.${path}`, value);
      const { code, stdout } = await replayed(jsonLines(scaleUp('good'), scenario), ['--check']);
      const [difference, totals] = stdout.trimEnd().split('\n');
      expect(JSON.parse(difference!)).to.deep.equal({
        scenario: 'web',
        tick: 0,
        path: path === 'events' ? 'events[0]' : path,
        expected,
        got,
      });
      expect(totals).to.equal('2 scenarios, 4 ticks, 1 differences, 0 skipped');
      expect(code).to.equal(1);
    });
  }

  it('finds one changed number among all recorded ticks', async () => {
    const scenarios: unknown[] = recordedIn('random-zero');
    const { name, ticks } = scenarios[40] as Scenario;
    const wrong = (ticks[3]!.expect!.status.currentReplicas ?? 0) + 1;
    scenarios[40] = changed('ticks[3].expect.status.currentReplicas', wrong, scenarios[40]);
    const { code, stdout } = await replayed(jsonLines(...scenarios), ['--check', '--output', 'json']);
    const [difference, totals] = parsed(stdout);
    expect(difference).to.include({ scenario: name, tick: 3, path: 'status.currentReplicas' });
    expect(totals).to.deep.equal({ scenarios: 71, ticks: 860, differences: 1, skipped: 0 });
    expect(code).to.equal(1);
  });

  it('judges each tick by itself, also after a difference', async () => {
    const scenario = changedAll({ 'ticks[0].expect.scaledTo': 4, 'ticks[1].expect.scaledTo': 4 });
    const { stdout } = await replayed(jsonLines(scenario), ['--check']);
    expect(stdout).to.match(
      /"tick":0[^\n]*\n[^\n]*"tick":1[^\n]*\n1 scenarios, 2 ticks, 2 differences, 0 skipped\n$/,
    );
  });

  it('reads quantities that are numbers without quotes, fractions too', async () => {
    const lines = ['0.4', '"400m"', '4e-1'].map((usage) =>
      JSON.stringify(
        changedAll({
          'autoscaler.spec.metrics[0].resource.target': { type: 'AverageValue', averageValue: 0.2 },
          'autoscaler.spec.behavior': { scaleUp: { tolerance: 0.05 } },
          'ticks[0].resourceMetrics[0].containers[0].usage.cpu': '@usage',
        }),
      ).replace('"@usage"', usage),
    );
    const { code, stdout } = await replayed(`${lines.join('\n')}\n`, []);
    const counts = parsed(stdout).map(({ tick, scaledTo }) => [tick, scaledTo]);
    const each = [
      [0, 2],
      [1, null],
    ];
    expect(counts).to.deep.equal([...each, ...each, ...each]);
    expect(code).to.equal(0);
  });

  it('takes a quantity that is written in another way for the same', async () => {
    const path = 'ticks[0].expect.status.currentMetrics[0].resource.current.averageValue';
    const { stdout } = await replayed(jsonLines(changed(path, '0.4')), ['--check']);
    expect(stdout).to.equal('1 scenarios, 2 ticks, 0 differences, 0 skipped\n');
  });

  it('does not compare what a note calls an artefact, and all else of that tick', async () => {
    const path = 'ticks[0].expect.status.currentMetrics[0].resource.current.averageValue';
    const scenario = changedAll({
      [path]: '-9223372036854775808m',
      'ticks[0].expect.scaledTo': 3,
      'ticks[0].notes': ['status-average-divides-by-zero'],
    });
    const { stdout } = await replayed(jsonLines(scenario), ['--check', '--output', 'json']);
    expect(parsed(stdout).map((line) => line.path)).to.deep.equal(['scaledTo', undefined]);
    const other = changed('ticks[0].notes', ['a note of another kind'], scenario);
    expect((await replayed(jsonLines(other), ['--check'])).stdout).to.include('2 ticks, 2 differences');
  });

  it('skips a scenario that requires what is not modelled, and says what', async () => {
    const scenario = changed('requires', ['initialState', 'timeTravel'], scaleUp('odd'));
    for (const args of [['--check'], []]) {
      const { code, stdout, stderr } = await replayed(jsonLines(scenario, scaleUp()), args);
      expect(code).to.equal(1);
      expect(stderr).to.equal(
        'plimsoll: standard input, line 1: skipped odd: it requires timeTravel, which is not modelled\n',
      );
      if (args.length > 0) expect(stdout).to.equal('1 scenarios, 2 ticks, 0 differences, 1 skipped\n');
      else expect(parsed(stdout)).to.have.length(2);
    }
  });

  it('exits with 1 where nothing was recorded to compare with, and says where', async () => {
    const { code, stdout, stderr } = await replayed(jsonLines(changed('ticks[1].expect', undefined)), [
      '--check',
    ]);
    expect(code).to.equal(1);
    expect(stdout).to.equal('1 scenarios, 2 ticks, 0 differences, 0 skipped\n');
    expect(stderr).to.equal(
      'plimsoll: standard input, line 1: ticks[1].expect: 1 of 2 ticks of web have nothing to compare with\n',
    );
  });

  it('needs no expectation without --check', async () => {
    const { code, stdout } = await replayed(jsonLines(changed('ticks[1].expect', undefined)));
    expect(code).to.equal(0);
    expect(parsed(stdout)).to.have.length(2);
  });
});

describe('plimsoll replay --output table', () => {
  it('tells each tick in words, within 80 columns', async () => {
    const { stdout } = await runInProcess(['replay', '--output', 'table', recordingPath('upstream-tables')]);
    const lines = stdout.trimEnd().split('\n');
    expect(
      lines.filter((line) => line.length > 80 && line.startsWith('  ') && line.trim().includes(' ')),
    ).to.deep.equal([]);
    expect(lines.filter((line) => /^ {2,}\d+ +\d+ -> \d+/.test(line))).to.have.length.greaterThan(50);
  });

  it('shows the replicas and the reason', async () => {
    const { stdout } = await replayed(jsonLines(scaleUp()), ['--output', 'table']);
    const [heading, first] = stdout.split('\n');
    expect(heading).to.equal('web');
    expect(first).to.match(/^ +0 +1 -> 2 +cpu .*80 %/);
  });

  it('says of a dry run what was not written', async () => {
    const scenario = changedAll({
      'autoscaler.apiVersion': 'plimsoll.dev/v1',
      'autoscaler.kind': 'CustomAutoscaler',
      'autoscaler.spec.mode': 'DryRun',
    });
    const { stdout } = await replayed(jsonLines(scenario), ['--output', 'table']);
    expect(stdout.replaceAll(/\s+/g, ' ')).to.match(/ 0 1 cpu at 80 % .*; 2 not written: a dry run 1 2 cpu /);
  });

  it('passes over a mode that an HPA does not have', async () => {
    const scenario = changedAll({ 'autoscaler.spec.mode': 'DryRun' });
    const { stdout } = await replayed(jsonLines(scenario));
    expect(parsed(stdout)[0]?.scaledTo).to.equal(2);
  });

  it('tells differences and totals in words', async () => {
    const scenario = changed('ticks[0].expect.scaledTo', 3);
    const { stdout } = await replayed(jsonLines(scenario), ['--check', '--output', 'table']);
    expect(stdout).to.equal(
      'web, tick 0: scaledTo\n  expected 3\n  got      2\n1 scenarios, 2 ticks, 1 differences, 0 skipped\n',
    );
  });
});

describe('plimsoll replay, as a process', () => {
  it('reads a file that is given on standard input', async () => {
    const { code, stdout } = await runProgram(
      process.execPath,
      ['bin/plimsoll.js', 'replay', '--check', '-'],
      {
        input: jsonLines(scaleUp()),
      },
    );
    expect(stdout).to.equal('1 scenarios, 2 ticks, 0 differences, 0 skipped\n');
    expect(code).to.equal(0);
  });

  it('says why its results cannot be written', async function () {
    if (!existsSync('/dev/full')) this.skip();
    const command = `"${process.execPath}" bin/plimsoll.js replay ${recordingPath('random-1')} > /dev/full`;
    const { code, stderr } = await runProgram('/bin/sh', ['-c', command]);
    expect(stderr).to.match(/^plimsoll: cannot write the results: .*ENOSPC.*\n$/);
    expect(code).to.equal(1);
  });

  it('ends quietly when its reader has seen enough', async () => {
    const command = `"${process.execPath}" bin/plimsoll.js replay ${recordingPath('random-1')} | head -n 1`;
    const { stdout, stderr } = await new Promise<{ stdout: string; stderr: string }>((resolve) =>
      execFile('sh', ['-c', command], (_, out, err) => resolve({ stdout: out, stderr: err })),
    );
    expect(parsed(stdout)).to.have.length(1);
    expect(stderr).to.equal('');
  });

  it('shows an example in its help', async () => {
    const { code, stdout } = await plimsoll(['replay', '--help']);
    expect(code).to.equal(0);
    expect(stdout).to.include('plimsoll replay --check recording.jsonl.gz');
  });
});
