import { expect } from 'chai';
import type { Simulation } from '../../src/replay/simulate.ts';
import { runInProcess } from '../support/in-process.ts';

const policy = (name: string): string => `examples/policies/${name}.yaml`;
const step = '20/s for 10m, 100/s for 20m';
const run = (...words: string[]) =>
  runInProcess(['simulate', policy('fast-up-slow-down'), '--capacity', '10', '--profile', step, ...words]);
type Printed = Simulation & { readonly policy: string };

describe('plimsoll simulate', () => {
  it('prints a chart of several policies and their figures side by side', async () => {
    const { code, stdout, stderr } = await run(policy('slow-start'));
    expect([code, stderr]).to.deep.equal([0, '']);
    const lines = stdout.split('\n');
    expect(lines[0]).to.match(/^begins \d{4}-\d\d-\d\d \d\d:\d\d UTC, which is now$/);
    expect(lines[1]).to.match(/^load +▂.*█ {2}up to 100\/s$/);
    expect(lines[2]).to.match(/^fast-up-slow-down\.yaml: news .* 3 to 20$/);
    const [title, ...rows] = lines.slice(lines.indexOf('') + 1, -1);
    expect(title?.trim().split(/ {2,}/)).to.deep.equal([
      'POLICY',
      'REPLICA-HOURS',
      'SHORT',
      'SERVED',
      'RESCALES',
      'FLAPS',
    ]);
    expect(rows).to.have.length(2);
    for (const line of lines) expect(line.length, line).to.be.at.most(80);
  });

  it('prints one JSON object, the same for the same seed', async () => {
    const words = ['-o', 'json', '--begin', '2027-05-04T10:00:00Z', '--profile', `poisson arrivals, ${step}`];
    const [first, second] = [await run(...words), await run(...words)];
    expect(first).to.deep.equal(second);
    const { begin, policies } = JSON.parse(first.stdout) as { begin: string; policies: Printed[] };
    expect(begin).to.equal('2027-05-04T10:00:00.000Z');
    expect(policies[0]?.policy).to.equal('examples/policies/fast-up-slow-down.yaml: news');
    expect(policies[0]?.samples.at(-1)).to.include({ replicas: 20, readyReplicas: 20 });
    expect(policies[0]?.changes[0]?.words).to.match(/^3 -> \d+: cpu at/);
  });

  it('tells how long work has waited where it does', async () => {
    const { stdout } = await run('--queue');
    expect(stdout).to.match(/^POLICY .* WAIT /m);
  });

  it('goes by the time at which the load begins', async () => {
    const { stdout } = await runInProcess([
      ...['simulate', policy('office-hours'), '--capacity', '10', '--profile', '10/s for 1h', '-o', 'json'],
      ...['--begin', '2027-05-04T08:00:00+02:00'],
    ]);
    const { policies } = JSON.parse(stdout) as { policies: Printed[] };
    expect(policies[0]?.totals.mostReplicas).to.equal(8);
  });

  it('lets work wait with --queue, and loses none of it', async () => {
    const [lost, waits] = [await run('-o', 'json'), await run('-o', 'json', '--queue')];
    const totals = [lost, waits].map(
      ({ stdout }) => (JSON.parse(stdout) as { policies: Printed[] }).policies[0]?.totals,
    );
    expect(totals[0]?.served).to.be.lessThan(totals[0]?.offered ?? 0);
    expect(totals[1]?.served).to.be.closeTo(totals[1]?.offered ?? 0, 1e-3);
    expect(totals[1]?.longestWaitSeconds).to.be.greaterThan(0);
  });

  it('comes back from zero with the feature gate alone, as the operator does', async () => {
    const words = ['simulate', policy('queue-to-zero'), '--capacity', '5', '--queue', '-o', 'json'];
    const load = ['--profile', '10/s for 5m, 0/s for 20m, 10/s for 10m'];
    const gated = await runInProcess([...words, ...load, '--feature-gates', 'HPAScaleToZero=true']);
    const plain = await runInProcess([...words, ...load]);
    const [back, gone] = [gated, plain].map(
      ({ stdout }) => (JSON.parse(stdout) as { policies: Printed[] }).policies[0],
    );
    expect(back?.totals.leastReplicas).to.equal(0);
    expect(back?.samples.at(-1)?.replicas).to.be.greaterThan(0);
    expect(gone?.samples.at(-1)?.replicas).to.equal(0);
  });

  it('says when the load begins, and that schedules go by it where it was not told', async () => {
    const words = ['simulate', policy('office-hours'), '--capacity', '10', '--profile', '10/s for 1h'];
    const [now, told] = [
      await runInProcess(words),
      await runInProcess([...words, '--begin', '2027-05-04T08:00:00+02:00']),
    ];
    expect(now.stdout).to.match(/^begins .* UTC, which is now; schedules go by it: see --begin\n/);
    expect(told.stdout).to.match(/^begins 2027-05-04 06:00 UTC\n/);
  });

  it('simulates a dry run as active, and says so', async () => {
    const dry = await runInProcess([
      ...['simulate', policy('dry-run'), '--capacity', '10', '-o', 'json'],
      ...['--profile', '20/s for 10m, 200/s for 20m'],
    ]);
    const { policies } = JSON.parse(dry.stdout) as { policies: Printed[] };
    expect(dry.stderr).to.match(
      /^examples\/policies\/dry-run\.yaml.*: .* its mode is DryRun; simulated as Active\.\n$/,
    );
    expect(policies[0]?.totals.mostReplicas).to.be.greaterThan(policies[0]?.totals.leastReplicas ?? 0);
  });

  it('simulates a pause of one direction as it is', async () => {
    const { stderr } = await runInProcess([
      ...['simulate', policy('hold-for-a-release'), '--capacity', '10'],
      ...['--profile', '20/s for 10m', '--begin', '2027-05-04T08:00:00Z'],
    ]);
    expect(stderr).to.match(/its mode is Paused; simulated as it is\.\n$/);
  });

  const mistakes: Record<string, readonly [words: readonly string[], says: RegExp]> = {
    'a file that is not there': [['none.yaml'], /cannot read none\.yaml: no such file$/m],
    'a file without a policy': [
      ['deploy/base/service.yaml'],
      /no CustomAutoscaler or HorizontalPodAutoscaler/,
    ],
    'a rate of no pod': [['--capacity', '0'], /--capacity.*Allowed is a number above 0/],
    'a time without a zone': [['--begin', '2027-05-04T10:00'], /--begin.*Allowed is a time with its zone/],
    'a patience where nothing waits': [['--patience', '5m'], /--patience.*give --queue too/],
    'a profile that is none': [['--profile', 'much'], /profile/],
  };
  for (const [name, [words, says]] of Object.entries(mistakes)) {
    it(`refuses ${name}, in one line`, async () => {
      const { code, stdout, stderr } = await run(...words);
      expect([code, stdout]).to.deep.equal([2, '']);
      expect(stderr).to.match(says);
      expect(stderr.trimEnd().split('\n')).to.have.length(1);
    });
  }
});
