import { expect } from 'chai';
import { groupPods } from '../../../src/decide/metrics/group-pods.ts';
import type { Sample } from '../../../src/decide/metrics/group-pods.ts';
import type { PodFacts } from '../../../src/decide/snapshot.ts';
import { bare, minutes, now, options, pod, seconds } from '../builders.ts';

const freshSample: Sample = { value: 1, timestampMs: now, windowMs: 15 * seconds };

const groupOf = (facts: PodFacts, cpu = true) => {
  const samples = new Map([[facts.name, freshSample]]);
  const { ready, unready, missing, ignored } = groupPods([facts], samples, { cpu, options, nowMs: now });
  return {
    ready: ready.length,
    unready: unready.length,
    missing: missing.length,
    ignored: ignored.length,
  };
};

const is = (group: 'ready' | 'unready' | 'missing' | 'ignored') => ({
  ready: 0,
  unready: 0,
  missing: 0,
  ignored: 0,
  [group]: 1,
});

const young = now - minutes;
const cases: Record<string, [Partial<PodFacts>, group: 'ready' | 'unready' | 'missing' | 'ignored']> = {
  'a running pod counts': [{}, 'ready'],
  'a pod that is being deleted is ignored': [{ deleting: true }, 'ignored'],
  'a failed pod is ignored': [{ phase: 'Failed' }, 'ignored'],
  'a pending pod is unready': [{ phase: 'Pending' }, 'unready'],
  'a succeeded pod with a sample counts': [{ phase: 'Succeeded' }, 'ready'],
  'a pod that turned unready long after its start counts': [
    { ready: { status: 'False', sinceMs: now - minutes } },
    'ready',
  ],
  'a pod that never became ready is unready, however old': [
    { ready: { status: 'False', sinceMs: now - 60 * minutes + 29 * seconds } },
    'unready',
  ],
  'a pod that became unready exactly at the end of the readiness delay counts': [
    { ready: { status: 'False', sinceMs: now - 60 * minutes + 30 * seconds } },
    'ready',
  ],
  'a young pod that is not ready is unready': [
    { startedAtMs: young, ready: { status: 'False', sinceMs: young + 50 * seconds } },
    'unready',
  ],
  'a young pod counts once a whole window was measured since it became ready': [
    { startedAtMs: young, ready: { status: 'True', sinceMs: now - 15 * seconds } },
    'ready',
  ],
  'a young pod is unready while its sample reaches back before it became ready': [
    { startedAtMs: young, ready: { status: 'True', sinceMs: now - 14 * seconds } },
    'unready',
  ],
  'a pod is no longer young exactly at the end of the initialization period': [
    { startedAtMs: now - 5 * minutes, ready: { status: 'True', sinceMs: now } },
    'ready',
  ],
  'a pod of unknown readiness counts': [{ ready: { status: 'Unknown', sinceMs: now } }, 'ready'],
};

describe('grouping pods for CPU', () => {
  for (const [sentence, [changes, group]] of Object.entries(cases)) {
    it(sentence, () => {
      expect(groupOf(pod('web-0', changes))).to.deep.equal(is(group));
    });
  }

  it('a pod without a sample is missing', () => {
    const { missing } = groupPods([pod('web-0')], new Map(), { cpu: true, options, nowMs: now });
    expect(missing.map(({ name }) => name)).to.deep.equal(['web-0']);
  });

  it('a pod without a Ready condition or a start time is unready', () => {
    expect(groupOf({ ...bare, startedAtMs: now })).to.deep.equal(is('unready'));
    expect(groupOf({ ...bare, ready: { status: 'True', sinceMs: now } })).to.deep.equal(is('unready'));
  });
});

describe('grouping pods for anything but CPU', () => {
  it('readiness plays no part', () => {
    expect(groupOf(bare, false)).to.deep.equal(is('ready'));
  });

  it('a pending pod is unready all the same', () => {
    expect(groupOf(pod('web-0', { phase: 'Pending' }), false)).to.deep.equal(is('unready'));
  });
});
