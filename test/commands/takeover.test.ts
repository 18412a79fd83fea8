import { expect } from 'chai';
import type { TestCluster } from '../support/cluster.ts';
import { runInProcess, type CommandResult } from '../support/in-process.ts';
import { Plimsoll } from '../support/processes.ts';
import { Stage } from '../support/stage.ts';
import { autoscalerResource, hpaOf, hpaResource, hpaWants } from '../support/takeover-stage.ts';
import { eventually } from '../support/wait.ts';

function expectFits({ stdout, stderr }: CommandResult): void {
  const long = `${stdout}${stderr}`.split('\n').filter((line) => line.length > 80);
  expect(long).to.deep.equal([]);
}

describe('plimsoll takeover and handback', () => {
  let stage: Stage;
  let cluster: TestCluster;

  beforeEach(async () => {
    stage = await Stage.open();
    ({ cluster } = stage);
    cluster.deploy('web', 2);
    cluster.load('web', 50);
  });
  afterEach(async () => {
    await stage.close();
  });

  const startOperator = () => stage.startOperator({ syncPeriodMs: 200, statusMetricsIntervalMs: 1 });
  const addHpa = (metadata: object = {}): void => {
    cluster.api.create(hpaResource, hpaOf('web', metadata));
    hpaWants(cluster, 'web', 2);
  };
  const run = (...args: readonly string[]): Promise<CommandResult> => stage.run(...args);
  const hpa = () => cluster.api.get(hpaResource, 'default', 'web');
  const autoscaler = () => cluster.api.get(autoscalerResource, 'default', 'web');

  it('makes a shadow, says what it lacks and who would bring the HPA back, switches, and gives back', async () => {
    await startOperator();
    addHpa({ finalizers: ['example.com/audit'], labels: { 'kustomize.toolkit.fluxcd.io/name': 'shop' } });
    const shadow = await run('takeover', 'hpa/web');
    expectFits(shadow);
    expect(shadow).to.include({
      code: 0,
      stderr: 'creating CustomAutoscaler default/web in mode DryRun beside the HPA\n',
    });
    expect(shadow.stdout).to.equal(
      [
        'CustomAutoscaler default/web (DryRun) is beside the HPA, which scales.',
        ' agreement         nothing compared yet; no operator has looked at it so far',
        ' not kept          metadata.finalizers: belongs to the object that was converted',
        ' applied by        Flux: remove it there too, or it comes back',
        ' next              the same again, or plimsoll handback web -n default --confirm',
        '',
      ].join('\n'),
    );
    expect(autoscaler()?.metadata.labels ?? {}).to.deep.equal({});

    cluster.api.patch(hpaResource, 'default', 'web', 'merge', { metadata: { finalizers: null } });
    const done = await run('takeover', 'hpa/web', '--confirm', '--min-ticks', '2');
    expect(done.code).to.equal(0);
    expect(done.stderr).to.match(
      /^(comparing .*\n)+making .* Active; .*\n(waiting .*\n)?removing Horizontal.*\n(waiting .*\n)?$/,
    );
    expect(done.stdout).to.match(
      /^CustomAutoscaler default\/web has taken over; the HPA is gone\.\n replicas {10}2, 2 wanted\n/,
    );
    expectFits(done);
    expect(hpa()).to.equal(undefined);

    cluster.api.patch(autoscalerResource, 'default', 'web', 'merge', { spec: { maxReplicas: 20 } });
    const asked = await run('handback', 'web');
    expect(asked.code).to.equal(0);
    expectFits(asked);
    expect(asked.stdout).to.contain(' goes with it      maxReplicas: not as the HPA has it\n');
    expect(hpa()).to.equal(undefined);
    const back = await run('handback', 'web', '--confirm', '-o', 'json');
    expect(JSON.parse(back.stdout)).to.deep.equal({ namespace: 'default', name: 'web', state: 'HandedBack' });
    expect(hpa()?.spec).to.deep.equal(hpaOf('web').spec);
    expect(hpa()?.metadata.labels).to.deep.equal({ 'kustomize.toolkit.fluxcd.io/name': 'shop' });
    expect(autoscaler()).to.equal(undefined);
    expect(cluster.api.get('deployments.apps', 'default', 'web')?.metadata.generation).to.equal(1);
  });

  it('tells on stdout in JSON how far the two agree', async () => {
    await startOperator();
    addHpa();
    await run('takeover', 'hpa/web');
    hpaWants(cluster, 'web', 3);
    const report = await eventually('a difference', async () => {
      const { stdout } = await run('takeover', 'hpa/web', '-o', 'json');
      const json = JSON.parse(stdout) as { firstDifference?: object };
      return json.firstDifference !== undefined && json;
    });
    expect(report).to.include({ state: 'Shadow', mode: 'DryRun' });
    expect(report.firstDifference).to.include({ ours: 2, theirs: 3 });
    const { code, stdout } = await run('takeover', 'hpa/web', '--confirm', '--timeout', '1s');
    expect(code).to.equal(1);
    expect(stdout).to.contain(' gave up           they did not agree in time; nothing was switched\n');
    expect(stdout).to.match(/\n first difference {2}\S+: ours 2, the HPA's 3\n {19}ours: /);
    expect(autoscaler()?.spec).to.include({ mode: 'DryRun' });
    expect(hpa()).to.not.equal(undefined);
  });

  it('does not switch without an operator', async () => {
    addHpa();
    const { code, stdout } = await run('takeover', 'hpa/web', '--confirm', '--timeout', '1s');
    expect(code).to.equal(1);
    expect(stdout).to.contain(' gave up           no operator has looked at it: is one running?\n');
  });

  it('says when the HPA has no count of its own to compare with, as no controller evaluates it', async () => {
    await startOperator();
    cluster.api.create(hpaResource, hpaOf('web'));
    const never = 'nothing compared yet; the HPA was never evaluated: does its controller run?';
    const unfolded = (text: string): string => text.replaceAll(/\s+/g, ' ');
    const first = await run('takeover', 'hpa/web');
    expect(unfolded(first.stdout)).to.contain(`agreement ${never}`);
    await eventually('the operator has looked', () => {
      const { shadow } = (autoscaler()?.status ?? {}) as { shadow?: { ticks: number } };
      return shadow?.ticks === 0;
    });

    const second = await run('takeover', 'hpa/web', '-o', 'json');
    expect(JSON.parse(second.stdout))
      .to.include({ state: 'Shadow', ticks: 0 })
      .and.not.have.property('agreementPercent');
    const gaveUp = await run('takeover', 'hpa/web', '--confirm', '--timeout', '1s');
    expectFits(gaveUp);
    expect(gaveUp.code).to.equal(1);
    expect(unfolded(gaveUp.stderr)).to.equal(`comparing default/web with the HPA: ${never} `);
    expect(unfolded(gaveUp.stdout)).to.contain(
      'gave up nothing could be compared in time; the HPA was never evaluated: does its controller run?; nothing was switched',
    );
  });

  it('stops when it is interrupted, and says how to go on', async () => {
    addHpa();
    const args = ['takeover', 'hpa/web', '--confirm', '--kubeconfig', stage.kubeconfig];
    const ended = runInProcess(args, { signal: AbortSignal.timeout(1500) });
    const { code, stderr } = await ended;
    expect(code).to.equal(130);
    expect(stderr).to.match(
      /\nplimsoll: interrupted; run it again to go on, or plimsoll handback to undo\n$/,
    );
  });

  it('goes on after it was killed', async () => {
    await startOperator();
    addHpa();
    const args = ['takeover', 'hpa/web', '--confirm', '--min-ticks', '2', '--kubeconfig', stage.kubeconfig];
    const killed = new Plimsoll(args);
    await killed.told(/making /);
    await killed.stop('SIGKILL');
    const { code, stdout } = await runInProcess(args);
    expect(code).to.equal(0);
    expect(stdout).to.contain('has taken over');
    expect(hpa()).to.equal(undefined);
    expect(autoscaler()?.spec).to.include({ mode: 'Active' });
  });

  const keda = {
    ownerReferences: [{ apiVersion: 'keda.sh/v1alpha1', kind: 'ScaledObject', name: 'orders', uid: 'x' }],
  };
  const mistakes: Readonly<Record<string, readonly [() => void, readonly string[], RegExp]>> = {
    'no HPA': [
      () => undefined,
      ['takeover', 'hpa/web'],
      /^plimsoll: hpa\/web: namespace default has no such HorizontalPodAutoscaler\n$/,
    ],
    "an HPA of KEDA's": [
      () => addHpa(keda),
      ['takeover', 'hpa/web'],
      /^plimsoll: hpa\/web: it belongs to ScaledObject orders, .*; see plimsoll convert scaledobject\/orders\n$/,
    ],
    'a CustomAutoscaler of somebody': [
      () => {
        addHpa();
        cluster.autoscale('web');
      },
      ['takeover', 'hpa/web'],
      /^plimsoll: hpa\/web: CustomAutoscaler web \(mode Active\) is there already and was not made by takeover/,
    ],
    'nothing to give back': [
      () => cluster.autoscale('web'),
      ['handback', 'web', '--confirm'],
      /^plimsoll: web: it was not made by takeover, so that there is nothing to give back/,
    ],
    'no CustomAutoscaler': [
      () => undefined,
      ['handback', 'web'],
      /^plimsoll: web: namespace default has no such CustomAutoscaler\n$/,
    ],
    'another kind': [() => undefined, ['takeover', 'deploy/web'], /Allowed is hpa\/NAME, such as hpa\/web/],
  };
  for (const [name, [prepare, args, told]] of Object.entries(mistakes))
    it(`says in one line what is wrong, and changes nothing: ${name}`, async () => {
      prepare();
      const before = JSON.stringify([hpa(), autoscaler()]);
      const { code, stderr, stdout } = await run(...args);
      expect({ code, stdout }).to.deep.equal({ code: 2, stdout: '' });
      expect(stderr).to.match(told);
      expect(JSON.stringify([hpa(), autoscaler()])).to.equal(before);
    });

  it('says when the cluster lacks the definition', async () => {
    await stage.close();
    stage = await Stage.open({ crds: false });
    const { code, stderr } = await run('takeover', 'hpa/web');
    expect(code).to.equal(2);
    expect(stderr).to.equal(
      'plimsoll: the cluster serves no customautoscalers.plimsoll.dev: kubectl apply -f crds/\n',
    );
  });
});
