import { expect } from 'chai';
import type { MetricReading } from '../../../src/decide/snapshot.ts';
import { freshReading } from '../../../src/decide/trust/fresh-reading.ts';
import * as given from '../builders.ts';
import { cpuAt, Story } from './story.ts';

const ago = (seconds: number): number => given.now - seconds * given.seconds;
const minute = given.minutes;
const fresh = (reading: MetricReading) => freshReading(reading, minute, given.now);
const podCpu = (...agesSeconds: number[]): MetricReading => ({
  type: 'Resource',
  usage: {
    ok: true,
    value: agesSeconds.map((age, index) => given.usage(`web-${index}`, 500, { timestampMs: ago(age) })),
  },
});
const queueOf = (timestampMs?: number): MetricReading => ({
  type: 'External',
  milli: { ok: true, value: [20_000n] },
  ...(timestampMs === undefined ? {} : { timestampMs }),
});

describe('samples that are too old', () => {
  it('are none where no age is asked for', () => {
    const reading = podCpu(3600);
    expect(freshReading(reading, undefined, given.now).reading).to.equal(reading);
  });

  it('are those beyond the age, to the millisecond', () => {
    expect(fresh(queueOf(ago(60))).reading).to.deep.equal(queueOf(ago(60)));
    expect(fresh(queueOf(ago(60) - 1)).reading).to.deep.include({
      milli: { ok: false, message: 'its value is older than 1 m' },
    });
  });

  it('are left out where they belong to pods, and the pods are named', () => {
    const { reading, stale } = fresh(podCpu(10, 61, 90));
    expect(reading).to.deep.equal(podCpu(10));
    expect(stale).to.deep.equal({ count: 2, names: ['web-1', 'web-2'], maxAgeMs: minute });
  });

  it('are an error where none is left, which tells of the newest', () => {
    const { reading, stale } = fresh(podCpu(300, 61));
    expect(reading).to.deep.include({
      usage: {
        ok: false,
        message: 'every sample is older than 1 m',
      },
    });
    expect(stale).to.equal(undefined);
  });

  it('are told of custom metrics of pods too', () => {
    const sample = (podName: string, age: number) => ({
      podName,
      timestampMs: ago(age),
      windowMs: 0,
      milli: 1n,
    });
    const { reading, stale } = fresh({
      type: 'Pods',
      samples: { ok: true, value: [sample('web-0', 90), sample('web-1', 1)] },
    });
    expect(reading).to.deep.equal({ type: 'Pods', samples: { ok: true, value: [sample('web-1', 1)] } });
    expect(stale?.names).to.deep.equal(['web-0']);
  });

  const unknown: Record<string, MetricReading> = {
    'whose source tells no time': queueOf(),
    "that bear Go's zero time": queueOf(Date.UTC(1, 0, 1)),
    'of a clock that runs ahead': queueOf(given.now + 3_600_000),
    'that could not be had': { type: 'Object', milli: { ok: false, message: 'gone' } },
    'of pods that could not be had': { type: 'Resource', usage: { ok: false, message: 'gone' } },
    'of no pod': { type: 'Resource', usage: { ok: true, value: [] } },
    'of a type that nobody knows': { type: 'Unknown' },
  };
  for (const [name, reading] of Object.entries(unknown)) {
    it(`are not those ${name}`, () => {
      expect(fresh(reading)).to.deep.equal({ reading });
    });
  }
});

describe('a pod whose sample is too old', () => {
  const policy = given.policy({ metrics: [{ ...given.cpuAt50Percent, maxAgeMs: minute }] });

  it('counts as one without a sample: against every change', () => {
    const story = new Story(policy, 2);
    const value = [given.usage('web-0', 100), given.usage('web-1', 100, { timestampMs: ago(300) })];
    const told = story.tick([{ type: 'Resource', usage: { ok: true, value } }]);
    expect(told.replicas).to.equal(2);
    expect(told.words).to.equal(
      'stays at 2: cpu at 10 % of request against 50 % asks for 2 (2 instead of 3: ratio 1.1 within 0.9-1.1, 1 pod counted, 1 without metrics counted at 100 %, 1 sample left out as older than 1 m)',
    );
  });

  it('fails the metric when all are so, and is told of once, not in each tick', () => {
    const story = new Story(policy, 2);
    story.tick([cpuAt(100, 2, ago(300))]);
    const condition = story.condition('MetricFailing');
    expect(condition).to.deep.include({
      status: 'True',
      reason: 'Held',
      message:
        'cpu has failed since 2000-01-01T12:00:15Z (every sample is older than 1 m): nothing is scaled down without it',
    });
    expect(story.ticks(() => [cpuAt(100, 2, ago(300))], 600).replicas).to.equal(2);
    expect(story.condition('MetricFailing')).to.deep.equal(condition);
    expect(story.ticks((nowMs) => [cpuAt(100, 2, nowMs)], 330).replicas).to.equal(1);
    expect(story.condition('MetricFailing')?.status).to.equal('False');
  });
});
