import { expect } from 'chai';
import type { CountedPods, Proposal } from '../../src/decide/proposal.ts';
import { traceOf } from '../../src/decide/trace.ts';

const group = (name: string) => ({ count: 1, names: [name] });
const pods: CountedPods = {
  ready: group('a'),
  unready: { ...group('b'), countedAs: 'Idle' },
  missing: { ...group('c'), countedAs: 'Busy' },
  ignored: group('d'),
};
const proposal = (counted?: CountedPods): Proposal => ({
  ok: true,
  replicas: 3,
  description: 'pods metric hits',
  status: { type: 'Pods', metric: { name: 'hits' }, averageMilli: 1n },
  inputs: {
    compared: { of: 'average', milli: 1n, targetMilli: 1n, format: 'DecimalSI' },
    usageRatio: 1,
    decidingRatio: 1,
    askedReplicas: 3,
    ...(counted === undefined ? {} : { pods: counted }),
  },
});
const failure = (message: string, error: string): Proposal => ({
  ok: false,
  reason: 'Failed',
  message,
  error,
});
const only = (one: Proposal): Proposal | undefined => traceOf([one], undefined, []).proposals[0];
const shortest = 'x'.repeat(512);
const longer = 'x'.repeat(513);
const cut = `${'x'.repeat(511)}…`;

describe('a trace', () => {
  it('has a winner only where there is one', () => {
    expect(traceOf([], undefined, [])).to.deep.equal({ proposals: [], limiters: [] });
    expect(traceOf([proposal()], 0, [])).to.deep.equal({ proposals: [proposal()], winner: 0, limiters: [] });
  });

  it('names the pods of ten metrics, and counts those of later ones', () => {
    const all = new Array<Proposal>(12).fill(proposal(pods));
    const { proposals } = traceOf(all, undefined, []);
    expect(proposals.slice(0, 10)).to.deep.equal(all.slice(0, 10));
    const unnamed: CountedPods = {
      ready: { count: 1, names: [] },
      unready: { count: 1, names: [], countedAs: 'Idle' },
      missing: { count: 1, names: [], countedAs: 'Busy' },
      ignored: { count: 1, names: [] },
    };
    expect(proposals.slice(10)).to.deep.equal([proposal(unnamed), proposal(unnamed)]);
  });

  it('leaves later metrics as they are that looked at no pod', () => {
    const all = new Array<Proposal>(12).fill(proposal());
    expect(traceOf(all, undefined, []).proposals).to.deep.equal(all);
  });

  it('holds 512 characters of a failure as they are', () => {
    expect(only(failure(shortest, shortest))).to.deep.equal(failure(shortest, shortest));
  });

  it('cuts what is longer, each text by itself', () => {
    expect(only(failure(longer, shortest))).to.deep.equal(failure(cut, shortest));
    expect(only(failure(shortest, longer))).to.deep.equal(failure(shortest, cut));
    expect(only(failure(longer, longer))).to.deep.equal(failure(cut, cut));
  });
});
