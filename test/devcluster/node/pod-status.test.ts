import { expect } from 'chai';

import type { ContainerState, ContainerStatus, Pod } from '../../../src/devcluster/controllers/objects.ts';
import { podPhase, podStatus } from '../../../src/devcluster/node/pod-status.ts';

const time = '2030-01-01T00:00:00Z';
const running: ContainerState = { running: { startedAt: time } };
const waiting: ContainerState = { waiting: { reason: 'ContainerCreating' } };
const ended = (exitCode: number): ContainerState => ({
  terminated: { exitCode, reason: exitCode === 0 ? 'Completed' : 'Error', startedAt: time, finishedAt: time },
});

function container(state: ContainerState, more: Partial<ContainerStatus> = {}): ContainerStatus {
  return { name: 'c', state, lastState: {}, ready: false, restartCount: 0, image: 'x', imageID: '', ...more };
}

describe('the phase of a pod', () => {
  const backOff = container({ waiting: { reason: 'CrashLoopBackOff' } }, { lastState: ended(1) });
  const rows: Record<string, { containers: ContainerStatus[]; restartPolicy: string; phase: string }> = {
    'is Pending until every container has started': {
      containers: [container(running), container(waiting)],
      restartPolicy: 'Always',
      phase: 'Pending',
    },
    'is Running while one runs': {
      containers: [container(running), container(ended(0))],
      restartPolicy: 'Never',
      phase: 'Running',
    },
    'is Running in a crash loop': { containers: [backOff], restartPolicy: 'Always', phase: 'Running' },
    'is Succeeded when all ended well': {
      containers: [container(ended(0)), container(ended(0))],
      restartPolicy: 'OnFailure',
      phase: 'Succeeded',
    },
    'is Failed when one ended badly and none is restarted': {
      containers: [container(ended(0)), container(ended(1))],
      restartPolicy: 'Never',
      phase: 'Failed',
    },
    'stays Running when a failure will be restarted': {
      containers: [container(ended(1))],
      restartPolicy: 'OnFailure',
      phase: 'Running',
    },
  };
  for (const [name, { containers, restartPolicy, phase }] of Object.entries(rows)) {
    it(name, () => {
      expect(podPhase(containers, restartPolicy)).to.equal(phase);
    });
  }
});

describe('the conditions of a pod', () => {
  const pod: Pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p', namespace: 'n' },
    spec: { containers: [] },
  };
  const place = { podIP: '127.64.0.1', hostIP: '127.0.0.1', ports: {} };

  function statusOf(containers: ContainerStatus[], given: Partial<Pod> = {}) {
    const status = podStatus({
      pod: { ...pod, ...given },
      containers,
      initContainers: [],
      place,
      startedMs: Date.parse(time),
      nowMs: Date.parse('2030-01-01T00:01:00Z'),
    });
    const conditions = status.conditions as {
      type: string;
      status: string;
      reason?: string;
      lastTransitionTime: string;
    }[];
    return new Map(conditions.map((condition) => [condition.type, condition]));
  }

  it('are Ready when all containers are', () => {
    expect(statusOf([container(running, { ready: true })]).get('Ready')?.status).to.equal('True');
  });

  it('are not Ready while a container is not', () => {
    expect(statusOf([container(running)]).get('Ready')).to.include({
      status: 'False',
      reason: 'ContainersNotReady',
    });
  });

  it('wait for readiness gates, whose conditions are kept', () => {
    const spec = { containers: [], readinessGates: [{ conditionType: 'acme/lb' }] };
    const ready = [container(running, { ready: true })];
    expect(statusOf(ready, { spec }).get('Ready')).to.include({
      status: 'False',
      reason: 'ReadinessGatesNotReady',
    });
    const status = { conditions: [{ type: 'acme/lb', status: 'True' as const }] };
    const open = statusOf(ready, { spec, status });
    expect(open.get('Ready')?.status).to.equal('True');
    expect(open.get('acme/lb')?.status).to.equal('True');
  });

  it('keep their transition time while the status is the same', () => {
    const status = { conditions: [{ type: 'Ready', status: 'True' as const, lastTransitionTime: time }] };
    const same = statusOf([container(running, { ready: true })], { status });
    expect(same.get('Ready')?.lastTransitionTime).to.equal(time);
    const changed = statusOf([container(running)], { status });
    expect(changed.get('Ready')?.lastTransitionTime).to.equal('2030-01-01T00:01:00Z');
  });
});
