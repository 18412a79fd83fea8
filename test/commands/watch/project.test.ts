import { expect } from 'chai';
import type { AutoscalerJson } from '../../../src/commands/load/objects.ts';
import type { Moment } from '../../../src/commands/watch/moment.ts';
import { usageOf, watchedPod, type WatchedPod } from '../../../src/commands/watch/objects.ts';
import { podView } from '../../../src/commands/watch/pod-view.ts';
import { project } from '../../../src/commands/watch/project.ts';

const nowMs = Date.parse('2026-11-22T12:00:00Z');

function autoscaler(spec: object = {}, status: object = {}): AutoscalerJson {
  return {
    metadata: { namespace: 'shop', name: 'web' },
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
      maxReplicas: 10,
      ...spec,
    },
    status: { currentReplicas: 3, desiredReplicas: 3, ...status },
  };
}

function pod(name: string, parts: object = {}): WatchedPod {
  const startTime = '2026-11-22T11:00:00Z';
  return watchedPod({
    metadata: { namespace: 'shop', name, creationTimestamp: startTime },
    spec: { nodeName: 'n1', containers: [{ name: 'app', resources: { requests: { cpu: '100m' } } }] },
    status: {
      ...{ phase: 'Running', startTime },
      conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: startTime }],
      ...parts,
    },
  });
}

const usage = usageOf([
  { metadata: { name: 'web-0' }, containers: [{ name: 'app', usage: { cpu: '150m', memory: '10Mi' } }] },
  { metadata: { name: 'web-1' }, containers: [{ name: 'app', usage: { cpu: '51m', memory: '10Mi' } }] },
]);

function moment(one: AutoscalerJson, parts: Partial<Moment> = {}): Moment {
  return {
    ...{ atMs: nowMs, autoscalers: [one], followed: 'shop/web', pods: [pod('web-0'), pod('web-1')], usage },
    ...{ events: [], readyReplicas: 2 },
    ...parts,
  };
}

describe('an autoscaler as it is watched', () => {
  it('has the CPU that its pods use now, and the target that the HPA would take for none', () => {
    const one = autoscaler();
    const [cpu] = project(one, moment(one)).metrics;
    expect(cpu).to.deep.include({ name: 'cpu', type: 'Resource', current: '100%', target: '80%' });
  });

  it('has the metric of its status where metrics.k8s.io does not answer', () => {
    const one = autoscaler(
      {},
      {
        currentMetrics: [
          { type: 'Resource', resource: { name: 'cpu', current: { averageUtilization: 42 } } },
        ],
      },
    );
    expect(project(one, moment(one, { usage: new Map() })).metrics[0]?.current).to.equal('42%');
  });

  it('has what the decision says of each metric', () => {
    const decision = {
      ...{ time: '2026-11-22T11:59:50Z', from: 3, to: 6, reason: '3 -> 6: busy' },
      metrics: [{ metric: 'Resource/cpu', proposedReplicas: 8, wins: true }],
      limits: [{ limiter: 'rate', reason: 'ScaleUpLimit', from: 8, to: 6, until: '2026-11-22T12:00:05Z' }],
    };
    const one = autoscaler({ syncPeriodSeconds: 15 }, { decision, desiredReplicas: 6 });
    const state = project(one, moment(one));
    expect(state).to.deep.include({ why: '3 -> 6: busy', whyAtMs: nowMs - 10_000 });
    expect(state.metrics[0]).to.deep.include({ wants: 8, wins: true });
    expect(state.limits[0]?.untilMs).to.equal(nowMs + 5000);
    expect(state.next.decisionAtMs).to.equal(nowMs + 5000);
    expect(state.state.word).to.equal('scaling up');
  });

  it('stays at its count while no metric can be read, though the status says 0 then', () => {
    const conditions = [
      { type: 'ScalingActive', status: 'False', reason: 'FailedGetResourceMetric', message: 'no' },
    ];
    const one = autoscaler({}, { desiredReplicas: 0, conditions });
    const state = project(one, moment(one));
    expect(state.replicas.desired).to.equal(3);
    expect(state).to.deep.include({ why: 'no' });
  });

  it('has no count while its target is missing, though the status says 0 then', () => {
    const conditions = [{ type: 'AbleToScale', status: 'False', reason: 'FailedGetScale', message: 'no' }];
    const one = autoscaler({}, { desiredReplicas: 0, conditions });
    delete one.status?.currentReplicas;
    expect(project(one, moment(one)).replicas).not.to.have.any.keys('current', 'desired');
  });

  it('has no pods and no events of another one that is followed', () => {
    const one = autoscaler();
    const state = project(one, moment(one, { followed: 'shop/api' }));
    expect(state).to.deep.include({ pods: [], events: [] });
    expect(state.replicas).not.to.have.property('ready');
  });

  it('has a curve of five minutes, with gaps where nothing was known', () => {
    const one = autoscaler();
    const past = [240_000, 10_000, 0].map((agoMs) => moment(one, { atMs: nowMs - agoMs }));
    const { samples } = project(one, moment(one), past).metrics[0]!;
    expect(samples).to.have.length(60);
    expect(samples.flatMap((value, index) => (value === null ? [] : [index]))).to.deep.equal([11, 57, 59]);
  });

  it('is active again past the end of a pause', () => {
    const paused = (until: string) => autoscaler({ mode: 'Paused', suspend: { until } });
    const [before, after] = [paused('2026-11-22T13:00:00Z'), paused('2026-11-22T11:00:00Z')];
    expect(project(before, moment(before))).to.deep.include({ mode: 'Paused' });
    expect(project(before, moment(before)).next.suspendedUntilMs).to.equal(nowMs + 3_600_000);
    expect(project(after, moment(after))).to.deep.include({ mode: 'Active' });
  });
});

describe('a pod as it is watched', () => {
  const unready = (lastTransitionTime: string) => ({
    conditions: [{ type: 'Ready', status: 'False', lastTransitionTime }],
  });
  const waiting = (reason: string) => ({
    ...unready('2026-11-22T11:00:00Z'),
    containerStatuses: [{ restartCount: 4, state: { waiting: { reason } } }],
  });
  const cases: Readonly<Record<string, [object, string]>> = {
    'is ready': [{}, 'Ready'],
    'starts until it was ready': [unready('2026-11-22T11:00:01Z'), 'Starting'],
    'is not ready when it was before': [unready('2026-11-22T11:30:00Z'), 'NotReady'],
    'fails when its container does': [waiting('CrashLoopBackOff'), 'Failing'],
    'starts while its container is created': [waiting('ContainerCreating'), 'Starting'],
    'fails for good': [{ phase: 'Failed' }, 'Failing'],
    'is finished': [{ phase: 'Succeeded' }, 'Finished'],
  };
  for (const [name, [status, expected]] of Object.entries(cases))
    it(name, () => {
      expect(podView(pod('web-0', status), usage).state).to.equal(expected);
    });

  it('has its restarts, and why it fails', () => {
    const view = podView(pod('web-0', waiting('CrashLoopBackOff')), usage);
    expect(view).to.deep.include({
      restarts: 4,
      note: 'CrashLoopBackOff',
      cpuMillis: 150,
      memoryBytes: 10_485_760,
    });
  });
});
