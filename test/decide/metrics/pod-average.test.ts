import { expect } from 'chai';
import { proposeResource } from '../../../src/decide/metrics/resource.ts';
import type { MetricInputs, Proposal } from '../../../src/decide/proposal.ts';
import type { PodFacts, PodUsage } from '../../../src/decide/snapshot.ts';
import * as given from '../builders.ts';

const cpu = (...millicores: number[]) => millicores.map((value, index) => given.usage(`web-${index}`, value));
const dark = given.pod('dark');
const pending = given.pod('late', { phase: 'Pending' });

interface World {
  readonly replicas: number;
  readonly pods: readonly PodFacts[];
  readonly usage: readonly PodUsage[];
  readonly percent?: number;
}

const propose = ({ replicas, pods, usage, percent = 50 }: World): Proposal =>
  proposeResource(
    {
      type: 'Resource',
      resource: 'cpu',
      target: { type: 'Utilization', averageUtilization: percent },
    },
    { ok: true, value: usage },
    {
      namespace: 'default',
      scale: given.scale(replicas),
      pods,
      tolerance: { up: 0.1, down: 0.1 },
      options: given.options,
      nowMs: given.now,
    },
  );

type Arithmetic = { readonly replicas: number } & Pick<MetricInputs, 'askedReplicas' | 'held'>;

/** Most pods without a sample, where the metric shows little: three of four at a tenth of their request. */
const down = (replicas: number): World => ({
  replicas,
  pods: [...given.pods(3), dark],
  usage: cpu(100, 100, 100),
});
/** One pod of three without a sample, the others as busy as can be. */
const up = (replicas: number): World => ({
  replicas,
  pods: [...given.pods(2), dark],
  usage: cpu(1000, 1000),
});

const cases: Record<string, [World, Arithmetic & { decidingRatio: number }]> = {
  'asks for what the pods show when every pod shows it': [
    { replicas: 2, pods: given.pods(2), usage: cpu(1000, 1000) },
    { replicas: 4, askedReplicas: 4, decidingRatio: 2 },
  ],
  'stays within the tolerance, and tells what the ratio alone asks for': [
    { replicas: 20, pods: given.pods(20), usage: cpu(...new Array<number>(20).fill(540)) },
    { replicas: 20, askedReplicas: 22, decidingRatio: 1.08, held: 'WithinTolerance' },
  ],
  'lets go of no more than assumed usage allows': [
    down(4),
    { replicas: 3, askedReplicas: 3, decidingRatio: 0.64 },
  ],
  'is not held where the assumed count is the current one, on the way down': [
    down(3),
    { replicas: 3, askedReplicas: 3, decidingRatio: 0.64 },
  ],
  'does not grow on the way down, though there are more pods than replicas': [
    down(1),
    { replicas: 1, askedReplicas: 1, decidingRatio: 0.64, held: 'PodsWithoutUsage' },
  ],
  'asks for no more than idle pods allow': [up(3), { replicas: 4, askedReplicas: 4, decidingRatio: 1.32 }],
  'is not held where the assumed count is the current one, on the way up': [
    up(4),
    { replicas: 4, askedReplicas: 4, decidingRatio: 1.32 },
  ],
  'does not shrink on the way up, though there are fewer pods than replicas': [
    up(10),
    { replicas: 10, askedReplicas: 4, decidingRatio: 1.32, held: 'PodsWithoutUsage' },
  ],
  'stays where assumed usage turns the way down round': [
    { replicas: 3, pods: [...given.pods(1), dark, given.pod('darker')], usage: cpu(400) },
    { replicas: 3, askedReplicas: 1, decidingRatio: 1.6, held: 'PodsWithoutUsage' },
  ],
  'stays where idle pods turn the way up round': [
    { replicas: 3, pods: [...given.pods(1), dark, pending], usage: cpu(1000) },
    { replicas: 3, askedReplicas: 2, decidingRatio: 0.66, held: 'PodsWithoutUsage' },
  ],
  'stays where idle pods level the way up, and tells what the level ratio asks for': [
    { replicas: 2, pods: [...given.pods(1), dark], usage: cpu(1040) },
    { replicas: 2, askedReplicas: 3, decidingRatio: 1.04, held: 'WithinTolerance' },
  ],
  'stays where busy pods level the way down, and tells what the level ratio asks for': [
    { replicas: 5, pods: [...given.pods(3), dark], usage: cpu(300, 300, 300) },
    { replicas: 5, askedReplicas: 4, decidingRatio: 0.94, held: 'WithinTolerance' },
  ],
  'counts samples of pods that are gone among those it multiplies by, as upstream does': [
    { ...up(3), usage: [...cpu(1000, 1000), given.usage('gone', 9000)] },
    { replicas: 6, askedReplicas: 6, decidingRatio: 1.32 },
  ],
  'assumes nothing at exactly the target': [
    { replicas: 9, pods: [...given.pods(1), dark, pending], usage: cpu(500) },
    { replicas: 9, askedReplicas: 1, decidingRatio: 1, held: 'WithinTolerance' },
  ],
};

describe('a proposal from samples of pods', () => {
  for (const [sentence, [world, { replicas, ...arithmetic }]] of Object.entries(cases)) {
    it(sentence, () => {
      const proposal = propose(world);
      expect(proposal.ok && proposal.replicas).to.equal(replicas);
      expect(proposal.ok && proposal.inputs).to.deep.include(arithmetic);
      expect(proposal.ok && proposal.inputs.held).to.equal(arithmetic.held);
    });
  }

  it('says how each group of pods was counted, on either way and on none', () => {
    const pods = [...given.pods(1), dark, pending, given.pod('old', { deleting: true })];
    const groups = (millicores: number) => {
      const proposal = propose({ replicas: 4, pods, usage: cpu(millicores) });
      return proposal.ok ? proposal.inputs.pods : undefined;
    };
    const ready = { count: 1, names: ['web-0'] };
    const ignored = { count: 1, names: ['old'] };
    const missing = { count: 1, names: ['dark'] };
    const unready = { count: 1, names: ['late'] };
    expect(groups(900)).to.deep.equal({
      ready,
      unready: { ...unready, countedAs: 'Idle' },
      missing: { ...missing, countedAs: 'Idle' },
      ignored,
    });
    expect(groups(100)).to.deep.equal({
      ready,
      unready,
      missing: { ...missing, countedAs: 'Busy' },
      ignored,
    });
    expect(groups(500)).to.deep.equal({ ready, unready, missing, ignored });
  });

  it('tells the age of the oldest sample that counted', () => {
    const usage = [
      given.usage('web-0', 100, { timestampMs: given.now - 40 * given.seconds }),
      given.usage('web-1', 100, { timestampMs: given.now - 20 * given.seconds }),
      given.usage('late', 100, { timestampMs: 0 }),
    ];
    const proposal = propose({ replicas: 3, pods: [...given.pods(2), pending], usage });
    expect(proposal.ok && proposal.inputs.sampleAgeMs).to.equal(40 * given.seconds);
  });

  it('tells no age of samples that came without a time', () => {
    const usage = [given.usage('web-0', 100, { timestampMs: Date.parse('0001-01-01T00:00:00Z') })];
    const proposal = propose({ replicas: 1, pods: given.pods(1), usage });
    expect(proposal.ok && proposal.inputs).not.to.have.property('sampleAgeMs');
  });
});
