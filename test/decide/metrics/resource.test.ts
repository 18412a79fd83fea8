import { expect } from 'chai';
import { proposeContainerResource } from '../../../src/decide/metrics/container-resource.ts';
import { proposeResource } from '../../../src/decide/metrics/resource.ts';
import type { Tick } from '../../../src/decide/metrics/tick.ts';
import type { MetricTarget } from '../../../src/decide/policy.ts';
import type { Proposal } from '../../../src/decide/proposal.ts';
import type { PodUsage } from '../../../src/decide/snapshot.ts';
import * as given from '../builders.ts';

const tick = (replicas: number, changes: Partial<Tick> = {}): Tick => ({
  namespace: 'default',
  scale: given.scale(replicas),
  pods: given.pods(replicas),
  tolerance: { up: 0.1, down: 0.1 },
  options: given.options,
  nowMs: given.now,
  ...changes,
});
const at = (averageUtilization: number): MetricTarget => ({ type: 'Utilization', averageUtilization });
const average = (averageMilli: bigint): MetricTarget => ({ type: 'AverageValue', averageMilli });
const cpu = (...millicores: number[]) => millicores.map((value, index) => given.usage(`web-${index}`, value));

const propose = (target: MetricTarget, usage: readonly PodUsage[], on: Tick): Proposal =>
  proposeResource({ type: 'Resource', resource: 'cpu', target }, { ok: true, value: usage }, on);
const replicas = (proposal: Proposal) => (proposal.ok ? proposal.replicas : proposal.message);

const withUnready = (ready: number, unready: number) => [
  ...given.pods(ready),
  ...Array.from({ length: unready }, (_, index) => given.pod(`new-${index}`, { phase: 'Pending' })),
];
const pending = given.pod('late', { phase: 'Pending' });
const unmeasured = given.pod('dark');

interface Case {
  target: MetricTarget;
  usage: readonly PodUsage[];
  tick: Tick;
  replicas: number | string;
}

const cases: Record<string, Case> = {
  'cuts the utilization off to whole percents': {
    target: at(50),
    usage: cpu(549, 549),
    tick: tick(2),
    replicas: 2,
  },
  'counts both ends of the tolerance as within': {
    target: at(100),
    usage: cpu(1100, 1100),
    tick: tick(2),
    replicas: 2,
  },
  'acts just beyond the tolerance': { target: at(100), usage: cpu(1110, 1110), tick: tick(2), replicas: 3 },
  'multiplies by the ready pods, not by the replicas': {
    target: at(50),
    usage: cpu(1000, 1000),
    tick: tick(5, { pods: given.pods(2) }),
    replicas: 4,
  },
  'takes pods that are not ready for idle on the way up': {
    target: at(30),
    usage: cpu(700, 500, 600),
    tick: tick(4, { pods: withUnready(3, 1) }),
    replicas: 6,
  },
  'stays where idle pods would reverse the direction': {
    target: at(50),
    usage: cpu(1000),
    tick: tick(4, { pods: withUnready(1, 3) }),
    replicas: 4,
  },
  'leaves pods that are not ready out on the way down': {
    target: at(50),
    usage: cpu(100, 100),
    tick: tick(3, { pods: withUnready(2, 1) }),
    replicas: 1,
  },
  'takes missing pods for fully busy on the way down': {
    target: at(50),
    usage: cpu(100, 100, 100),
    tick: tick(4, { pods: [...given.pods(3), unmeasured] }),
    replicas: 3,
  },
  'takes missing pods for busier still where the target is above 100 %': {
    target: at(200),
    usage: cpu(100, 100, 100),
    tick: tick(4, { pods: [...given.pods(3), unmeasured] }),
    replicas: 2,
  },
  'takes missing pods for idle on the way up': {
    target: at(50),
    usage: cpu(1000, 1000),
    tick: tick(3, { pods: [...given.pods(2), unmeasured] }),
    replicas: 4,
  },
  'does not let missing pods turn a scale-down into a scale-up': {
    target: at(50),
    usage: cpu(400),
    tick: tick(3, { pods: [...given.pods(1), unmeasured, given.pod('darker')] }),
    replicas: 3,
  },
  'leaves missing pods out at exactly the target': {
    target: at(50),
    usage: cpu(500),
    tick: tick(2, { pods: [...given.pods(1), unmeasured] }),
    replicas: 2,
  },
  'skips samples of pods that are gone': {
    target: at(50),
    usage: [...cpu(1000), given.usage('gone', 9000)],
    tick: tick(1),
    replicas: 2,
  },
  'has no answer without pods': {
    target: at(50),
    usage: cpu(1000),
    tick: tick(0),
    replicas: 'failed to get cpu utilization: no pods returned by selector while calculating replica count',
  },
  'has no answer when no pod of use has a sample': {
    target: at(50),
    usage: [given.usage('late', 100)],
    tick: tick(1, { pods: [pending] }),
    replicas:
      'failed to get cpu utilization: did not receive metrics for targeted pods (pods might be unready)',
  },
  'has no answer when nothing was requested': {
    target: at(50),
    usage: cpu(100),
    tick: tick(1, { pods: given.pods(1, { containers: [{ name: 'app', requests: { cpu: 0 } }] }) }),
    replicas: 'failed to get cpu utilization: no metrics returned matched known pods',
  },
  'has no answer without any target': {
    target: { type: 'Value' },
    usage: cpu(100),
    tick: tick(1),
    replicas:
      'invalid resource metric source: neither an average utilization target nor an average value (usage) target was set',
  },
  'holds a plain average against its target': {
    target: average(300n),
    usage: cpu(900, 900),
    tick: tick(2),
    replicas: 6,
  },
  'counts samples of pods that are gone in a plain average': {
    target: average(300n),
    usage: [...cpu(300), given.usage('gone', 900)],
    tick: tick(1),
    replicas: 2,
  },
  'takes missing pods for as busy as the target in a plain average': {
    target: average(1000n),
    usage: cpu(500, 500),
    tick: tick(3, { pods: [...given.pods(2), unmeasured] }),
    replicas: 2,
  },
  'prefers an average value where both targets are set': {
    target: { ...at(50), ...average(300n) },
    usage: cpu(300),
    tick: tick(1),
    replicas: 1,
  },
};

describe('a Resource metric', () => {
  for (const [sentence, { target, usage, tick: on, replicas: expected }] of Object.entries(cases)) {
    it(sentence, () => {
      expect(replicas(propose(target, usage, on))).to.equal(expected);
    });
  }

  it('shows the figures before anything was filled in', () => {
    const on = tick(3, { pods: [...given.pods(2), unmeasured] });
    const proposal = propose(at(50), cpu(100, 200), on);
    expect(proposal.ok && proposal.status).to.deep.equal({
      type: 'Resource',
      resource: 'cpu',
      averageMilli: 150n,
      averageUtilization: 15,
    });
    expect(proposal.ok && proposal.inputs).to.deep.include({
      usageRatio: 0.3,
      decidingRatio: 0.86,
      compared: { of: 'utilization', percent: 15, targetPercent: 50 },
      pods: {
        ready: { count: 2, names: ['web-0', 'web-1'] },
        unready: { count: 0, names: [] },
        missing: { count: 1, names: ['dark'], countedAs: 'Busy' },
        ignored: { count: 0, names: [] },
      },
    });
  });

  it('has no sample of a pod that lists no container, or one without the resource', () => {
    const empty = given.usage('web-0', 0, { containers: [] });
    const half = given.usage('web-1', 0, {
      containers: [
        { name: 'app', usage: { cpu: 100 } },
        { name: 'side', usage: { memory: 100 } },
      ],
    });
    const proposal = propose(average(100n), [empty, half, given.usage('web-2', 500)], tick(3));
    expect(proposal.ok && proposal.inputs.pods?.missing.names).to.deep.equal(['web-0', 'web-1']);
  });

  it('counts exactly where sums leave the safe integers', () => {
    const huge = 2 ** 52 + 1;
    const proposal = propose(average(10n ** 15n), cpu(huge, huge, huge), tick(3));
    expect(proposal.ok && proposal.status).to.deep.include({ averageMilli: BigInt(huge) });
  });

  it('tells why the metrics could not be fetched', () => {
    const spec = { type: 'Resource', resource: 'memory', target: at(50) } as const;
    const proposal = proposeResource(spec, { ok: false, message: 'connection refused' }, tick(1));
    expect(proposal).to.deep.equal({
      ok: false,
      reason: 'FailedGetResourceMetric',
      message:
        'failed to get memory utilization: unable to get metrics for resource memory: unable to fetch metrics from resource metrics API: connection refused',
      error:
        'failed to get memory resource metric value: failed to get memory utilization: unable to get metrics for resource memory: unable to fetch metrics from resource metrics API: connection refused',
    });
  });
});

describe('a ContainerResource metric', () => {
  const spec = { type: 'ContainerResource', resource: 'cpu', container: 'app', target: at(50) } as const;
  const busySide = (name: string) =>
    given.usage(name, 0, {
      containers: [
        { name: 'side', usage: { cpu: 5000 } },
        { name: 'app', usage: { cpu: 500 } },
      ],
    });

  it('looks at its container only', () => {
    const usage = { ok: true, value: [busySide('web-0'), busySide('web-1')] } as const;
    const proposal = proposeContainerResource(spec, usage, tick(2));
    expect(replicas(proposal)).to.equal(2);
    expect(proposal.ok && proposal.status).to.deep.equal({
      type: 'ContainerResource',
      resource: 'cpu',
      container: 'app',
      averageMilli: 500n,
      averageUtilization: 50,
    });
  });

  it('misses pods whose sample lacks the container', () => {
    const other = given.usage('web-1', 0, { containers: [{ name: 'side', usage: { cpu: 1 } }] });
    const proposal = proposeContainerResource(spec, { ok: true, value: [busySide('web-0'), other] }, tick(2));
    expect(proposal.ok && proposal.inputs.pods?.missing.names).to.deep.equal(['web-1']);
  });

  it('fails under its own reason', () => {
    const proposal = proposeContainerResource(spec, { ok: true, value: [] }, tick(2));
    expect(proposal.ok ? '' : proposal.reason).to.equal('FailedGetContainerResourceMetric');
    expect(proposal.ok ? '' : proposal.error).to.match(/^failed to get cpu container metric value: /);
  });
});
