import { expect } from 'chai';
import { advise } from '../../src/decide/advice.ts';
import { decide } from '../../src/decide/decide.ts';
import type { MetricSpec, Policy } from '../../src/decide/policy.ts';
import type { PodFacts, Snapshot } from '../../src/decide/snapshot.ts';
import type { Condition } from '../../src/decide/status.ts';
import * as given from './builders.ts';

const owners = ['replicaset', 'deployment'];

function conditions(changes: Partial<Snapshot>, policy: Partial<Policy> = {}): readonly Condition[] {
  const metrics = (policy.metrics ?? [given.cpuAt50Percent]).map(() => given.usages(500));
  const snapshot = given.snapshot(1, metrics, changes);
  const input = given.input({ policy: given.policy(policy), snapshot });
  return advise(given.noStatus, { ...input, decision: decide(input) }).conditions;
}

describe('the condition ForeignPods', () => {
  const told = (pods: readonly PodFacts[], changes: Partial<Snapshot> = { owners }): string | undefined =>
    conditions({ pods, ...changes }).find(({ type }) => type === 'ForeignPods')?.message;
  const own = given.pod('web-0', { ownerUid: 'replicaset' });
  const foreign = given.pod('job-0', { ownerUid: 'job' });

  it('names pods of others, and pods of nobody', () => {
    expect(told([own, foreign, given.pod('bare')])).to.equal(
      'the selector app=web also matches 2 pods that Deployment web does not own, counted all the same: bare, job-0',
    );
  });

  it('names five, and counts the others', () => {
    const many = Array.from({ length: 8 }, (_, index) => given.pod(`job-${index}`));
    expect(told([own, ...many])).to.match(/ 8 pods .*: job-0, job-1, job-2, job-3, job-4 and 3 more$/);
  });

  const silent: Record<string, [readonly PodFacts[], Partial<Snapshot>?]> = {
    'all pods are the target’s own': [[own]],
    'it is not known whose they are': [[foreign], {}],
    'they go by themselves': [[own, { ...foreign, deleting: true }]],
    'they are so new that their ReplicaSet may not be known yet': [
      [own, { ...foreign, createdAtMs: given.now - 5 * given.seconds }],
    ],
    'they failed, and their ReplicaSet may be forgotten': [[own, { ...foreign, phase: 'Failed' }]],
  };
  for (const [title, [pods, changes]] of Object.entries(silent))
    it(`is not there where ${title}`, () => {
      expect(told(pods, changes)).to.equal(undefined);
    });
});

describe('the condition RequestMissing', () => {
  const told = (pods: readonly PodFacts[], policy: Partial<Policy> = {}): string | undefined =>
    conditions({ pods }, policy).find(({ type }) => type === 'RequestMissing')?.message;
  const bare = (name: string): PodFacts => given.pod(name, { containers: [{ name: 'app', requests: {} }] });

  it('names each pod and container once', () => {
    const memory = { ...given.cpuAt50Percent, resource: 'memory' };
    expect(told([bare('web-0')], { metrics: [given.cpuAt50Percent, given.cpuAt50Percent, memory] })).to.equal(
      'no utilization can be told: missing request for cpu in container app of Pod web-0; missing request for memory in container app of Pod web-0',
    );
  });

  it('is not there for a metric that needs no request', () => {
    const metric: MetricSpec = {
      type: 'Resource',
      resource: 'cpu',
      target: { type: 'AverageValue', averageMilli: 100n },
    };
    expect(told([bare('web-0')], { metrics: [metric] })).to.equal(undefined);
  });

  it('looks at the container of a container metric alone', () => {
    const sidecar = { name: 'proxy', requests: {} };
    const pod = given.pod('web-0', { containers: [{ name: 'app', requests: { cpu: 1000 } }, sidecar] });
    const of = (container: string): Policy['metrics'] => [
      {
        type: 'ContainerResource',
        resource: 'cpu',
        container,
        target: { type: 'Utilization', averageUtilization: 50 },
      },
    ];
    const snapshotOf = (container: string): string | undefined => {
      const usage = { ok: true, value: [given.usage('web-0', 500)] } as const;
      const metrics = [{ type: 'ContainerResource', usage }] as const;
      return conditions({ pods: [pod], metrics }, { metrics: of(container) }).find(
        ({ type }) => type === 'RequestMissing',
      )?.message;
    };
    expect(snapshotOf('app')).to.equal(undefined);
    expect(snapshotOf('proxy')).to.include('container proxy of Pod web-0');
  });
});
