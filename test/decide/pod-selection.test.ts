import { expect } from 'chai';
import fc from 'fast-check';
import { decide } from '../../src/decide/decide.ts';
import { podChoice, selectPods, withSelectedPods } from '../../src/decide/pod-selection.ts';
import type { PodFacts } from '../../src/decide/snapshot.ts';
import * as given from './builders.ts';

const owners = ['new', 'old', 'deployment'];
const pod = (name: string, ownerUid: string, changes: Partial<PodFacts> = {}): PodFacts =>
  given.pod(name, { ownerUid, ...changes });
const names = (pods: readonly PodFacts[]): string[] => pods.map(({ name }) => name);
const starting = { ready: { status: 'False', sinceMs: given.now } } as const;

describe('selectPods', () => {
  const cases: Record<string, [readonly PodFacts[], number, string[]]> = {
    'takes the newest ReplicaSet first': [
      [pod('a', 'old'), pod('b', 'old'), pod('c', 'new'), pod('d', 'new')],
      3,
      ['a', 'c', 'd'],
    ],
    'takes ready pods of one ReplicaSet before others': [
      [pod('a', 'old', starting), pod('b', 'old'), pod('c', 'old')],
      2,
      ['b', 'c'],
    ],
    'takes pods of the newest ReplicaSet even where they are not ready': [
      [pod('a', 'old'), pod('b', 'new', starting)],
      1,
      ['b'],
    ],
    'takes pods that the target owns itself, as a StatefulSet does': [[pod('a', 'deployment')], 1, ['a']],
    'takes none of others, and none that nobody owns': [[pod('a', 'job'), given.pod('b')], 5, []],
    'takes no finished and no deleted ones': [
      [
        pod('a', 'new', { phase: 'Failed' }),
        pod('b', 'new', { phase: 'Succeeded' }),
        pod('c', 'new', { deleting: true }),
        pod('d', 'new', { phase: 'Pending' }),
      ],
      5,
      ['d'],
    ],
    'takes none at zero': [[pod('a', 'new')], 0, []],
  };
  for (const [title, [pods, replicas, expected]] of Object.entries(cases))
    it(title, () => {
      expect(names(selectPods(pods, owners, replicas).pods)).to.deep.equal(expected);
    });

  it('puts each pod in one place, at most so many of them chosen', () => {
    const anyPod = fc.record({
      name: fc.string({ minLength: 1 }),
      ownerUid: fc.constantFrom('new', 'old', 'job'),
      phase: fc.constantFrom('Running', 'Pending', 'Succeeded', 'Failed'),
      deleting: fc.boolean(),
    });
    const anyPods = fc.uniqueArray(anyPod, { selector: ({ name }) => name });
    fc.assert(
      fc.property(anyPods, fc.nat({ max: 20 }), (some, replicas) => {
        const pods = some.map(({ name, ownerUid, ...changes }) => pod(name, ownerUid, changes));
        const { pods: chosen, leftOut } = selectPods(pods, owners, replicas);
        const all = [...chosen, ...Object.values(leftOut).flat()];
        expect(names(all).toSorted()).to.deep.equal(names(pods).toSorted());
        expect(chosen.length).to.be.at.most(replicas);
        if (leftOut.Surge.length > 0) expect(chosen.length).to.equal(replicas);
      }),
    );
  });
});

describe('podChoice', () => {
  const all = [pod('a', 'new'), pod('b', 'old'), pod('c', 'job')];

  it('is none without podSelection: Owned', () => {
    expect(podChoice(given.policy())).to.equal(undefined);
    expect(podChoice(given.policy({ podSelection: 'Selector' }))).to.equal(undefined);
  });

  it('is of the pods that count, or of all while it is not known which do', () => {
    const choose = podChoice(given.policy({ podSelection: 'Owned' }));
    expect(names(choose?.(all, owners, 1) ?? [])).to.deep.equal(['a']);
    expect(choose?.(all, undefined, 1)).to.equal(all);
  });
});

describe('withSelectedPods', () => {
  const snapshot = given.snapshot(1, [given.usages(500, 700)], {
    pods: [pod('web-0', 'new'), pod('web-1', 'job')],
    owners,
  });

  it('is the very same snapshot without podSelection: Owned', () => {
    expect(withSelectedPods(given.policy(), snapshot)).to.deep.equal({ snapshot, serving: snapshot.pods });
    expect(withSelectedPods(given.policy({ podSelection: 'Selector' }), snapshot).snapshot).to.equal(
      snapshot,
    );
  });

  it('leaves out what was measured of other pods', () => {
    const { snapshot: selected, mark } = withSelectedPods(given.policy({ podSelection: 'Owned' }), snapshot);
    expect(names(selected.pods)).to.deep.equal(['web-0']);
    expect(selected.metrics).to.deep.equal([given.usages(500)]);
    expect(mark).to.deep.equal({
      byOwner: true,
      counted: 1,
      leftOut: [{ reason: 'NotOwned', count: 1, names: ['web-1'] }],
    });
  });

  it('goes by the selector, and says so, where the owners are not known', () => {
    const unknown = given.snapshot(1, snapshot.metrics, { pods: snapshot.pods });
    const policy = given.policy({ podSelection: 'Owned' });
    const { snapshot: selected, mark } = withSelectedPods(policy, unknown);
    expect(selected).to.equal(unknown);
    expect(mark).to.deep.equal({ byOwner: false, counted: 2, leftOut: [] });
  });

  it('names ten pods in the trace, and counts them all', () => {
    const strangers = Array.from({ length: 1000 }, (_, index) => pod(`batch-${index}`, 'job'));
    const many = { ...snapshot, pods: [...snapshot.pods, ...strangers] };
    const { trace } = decide(
      given.input({ policy: given.policy({ podSelection: 'Owned' }), snapshot: many }),
    );
    expect(trace.podSelection?.leftOut[0]).to.deep.include({ reason: 'NotOwned', count: 1001 });
    expect(trace.podSelection?.leftOut[0]?.names).to.have.length(10);
  });
});
