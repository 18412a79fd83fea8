import { expect } from 'chai';
import type { EndpointSliceJson, EventJson, WorkloadJson } from '../../../src/commands/load/objects.ts';
import { ClusterWatcher, type Watched } from '../../../src/commands/load/cluster-watcher.ts';
import type { ClusterListener, ClusterState } from '../../../src/load/cluster-feed.ts';

const watched: Watched = {
  autoscaler: 'web',
  target: { kind: 'Deployment', name: 'web' },
  sessionAffinity: false,
  balances: 'connections',
};

const workload = (replicas: number, readyReplicas?: number, name = 'web'): WorkloadJson => ({
  metadata: { name },
  spec: { replicas },
  status: readyReplicas === undefined ? {} : { readyReplicas },
});

const slice = (name: string, pods: Record<string, boolean | undefined>): EndpointSliceJson => ({
  metadata: { name },
  endpoints: Object.entries(pods).map(([pod, ready]) => ({
    conditions: ready === undefined ? {} : { ready },
    targetRef: { kind: 'Pod', name: pod },
  })),
});

const autoscaler = (utilization: number) => ({
  metadata: { name: 'web' },
  spec: { scaleTargetRef: { kind: 'Deployment', name: 'web' }, maxReplicas: 5 },
  status: {
    targets: `cpu: ${utilization}%/80%`,
    currentMetrics: [{ type: 'Resource', resource: { current: { averageUtilization: utilization } } }],
  },
});

const event = (
  name: string,
  about: [kind: string, name: string],
  changes: Partial<EventJson> = {},
): EventJson => ({
  ...{ metadata: { name }, regarding: { kind: about[0], name: about[1] } },
  ...{ type: 'Normal', reason: 'SuccessfulRescale', note: `about ${name}`, ...changes },
});

/** What a watcher told, in order. */
class Recorded implements ClusterListener {
  readonly states: ClusterState[] = [];
  readonly messages: string[] = [];
  readonly asked: { agoMs: number; replicas: number }[] = [];
  changed(state: ClusterState): void {
    this.states.push(state);
  }
  happened({ message }: { message: string }): void {
    this.messages.push(message);
  }
  recommended(recommendation: { agoMs: number; replicas: number }): void {
    this.asked.push(recommendation);
  }
  get last(): ClusterState | undefined {
    return this.states.at(-1);
  }
}

describe('the watcher of a cluster for a load run', () => {
  let watcher: ClusterWatcher;
  let told: Recorded;
  beforeEach(() => {
    watcher = new ClusterWatcher(watched);
    told = new Recorded();
  });

  it('tells what it knows at once, and then each change', () => {
    watcher.workloads.replace([workload(1, 1), workload(9, 9, 'other')]);
    watcher.slices.replace([slice('s1', { a: true })]);
    watcher.watch(told);
    watcher.workloads.upsert(workload(3, 1));
    watcher.slices.upsert(slice('s1', { a: true, b: true }));
    const state = { desiredReplicas: 1, readyReplicas: 1, readyPods: ['a'], sessionAffinity: false };
    expect(told.states).to.deep.equal([
      { ...state, balances: 'connections' },
      { ...state, balances: 'connections', desiredReplicas: 3 },
      { ...state, balances: 'connections', desiredReplicas: 3, readyPods: ['a', 'b'] },
    ]);
  });

  it('tells nothing when nothing differs, nor to whom it no longer concerns', () => {
    const end = watcher.watch(told);
    watcher.workloads.replace([workload(1, 1)]);
    watcher.workloads.upsert({ ...workload(1, 1), metadata: { name: 'web', resourceVersion: '7' } });
    watcher.workloads.upsert(workload(8, 8, 'other'));
    expect(told.states).to.have.length(1);
    end();
    watcher.workloads.upsert(workload(2, 1));
    expect(told.states).to.have.length(1);
  });

  it('knows the pods that may be chosen: ready or not said, once each, in the order of their names', () => {
    watcher.watch(told);
    watcher.slices.replace([slice('v4', { c: true, a: undefined, b: false }), slice('v6', { c: true })]);
    expect(told.last?.readyPods).to.deep.equal(['a', 'c']);
    watcher.slices.remove(slice('v4', {}));
    expect(told.last?.readyPods).to.deep.equal(['c']);
    watcher.slices.replace([]);
    expect(told.last?.readyPods).to.deep.equal([]);
  });

  it('knows no replicas of a target that is gone, and counts pods where it has no count', () => {
    watcher.watch(told);
    watcher.slices.replace([slice('s', { a: true, b: true })]);
    watcher.workloads.replace([workload(2)]);
    expect(told.last).to.include({ desiredReplicas: 2, readyReplicas: 2 });
    watcher.workloads.remove(workload(2));
    expect(told.last).to.include({ desiredReplicas: null, readyReplicas: null });
  });

  it('tells how far the metrics are above their targets', () => {
    watcher.watch(told);
    watcher.autoscalers.replace([autoscaler(120)]);
    expect(told.last).to.include({ usageRatio: 1.5, targets: 'cpu: 120%/80%' });
    watcher.autoscalers.upsert(autoscaler(40));
    expect(told.last).to.include({ usageRatio: 0.5, targets: 'cpu: 40%/80%' });
  });

  it('tells what the metrics asked for from now on, once, and how long ago by the clock of the autoscaler', () => {
    const at = (agoMs: number, replicas: number) => {
      return { time: new Date(Date.now() - agoMs).toISOString(), replicas };
    };
    const [before, first, second] = [at(60_000, 2), at(5000, 3), at(1000, 4)];
    const upsert = (...recommendations: { time: string; replicas: number }[]): void => {
      const { status, ...rest } = autoscaler(120);
      const history = { asOf: first.time, recommendations, scaleUps: [], scaleDowns: [] };
      watcher.autoscalers.upsert({ ...rest, status: { ...status, history } });
    };
    upsert(before);
    watcher.watch(told);
    upsert(before, first);
    upsert(before, first, second, { time: 'never', replicas: 9 });
    expect(told.asked.map(({ replicas }) => replicas)).to.deep.equal([3, 4]);
    expect(told.asked[0]!.agoMs).to.be.within(5000, 35_000);
  });

  it('tells of events about the autoscaler and its target that happen from now on, each time', () => {
    watcher.events.replace([event('old', ['CustomAutoscaler', 'web'])]);
    watcher.watch(told);
    watcher.events.upsert(event('old', ['CustomAutoscaler', 'web']));
    watcher.events.upsert(event('scaled', ['CustomAutoscaler', 'web']));
    watcher.events.upsert(event('target', ['Deployment', 'web']));
    for (const about of [
      ['CustomAutoscaler', 'other'],
      ['Pod', 'web'],
    ] as [string, string][])
      watcher.events.upsert(event(about.join(), about));
    watcher.events.upsert(event('old', ['CustomAutoscaler', 'web'], { series: { count: 2 } }));
    watcher.events.upsert(event('old', ['CustomAutoscaler', 'web'], { series: { count: 2 } }));
    expect(told.messages).to.deep.equal(['about scaled', 'about target', 'about old']);
  });

  it('tells of events that a new list shows, but of none twice', () => {
    watcher.events.replace([]);
    watcher.watch(told);
    const [a, b] = ['a', 'b'].map((name) => event(name, ['CustomAutoscaler', 'web']));
    watcher.events.upsert(a!);
    watcher.events.replace([a!, b!]);
    watcher.events.remove(a!);
    watcher.events.replace([b!]);
    expect(told.messages).to.deep.equal(['about a', 'about b']);
  });
});
