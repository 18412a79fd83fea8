import { expect } from 'chai';
import { DecisionRing, defaultRingLimits } from '../../src/operator/decision-ring.ts';
import type { RingLimits, Told } from '../../src/operator/decision-ring.ts';
import { decisionsHandler } from '../../src/operator/decisions-handler.ts';
import { now, seconds } from '../decide/builders.ts';

const time = (second: number): string => new Date(now + second * seconds).toISOString().replace('.000Z', 'Z');

function evaluation(second: number, from: number, to = from, reason = `at ${second}`): Told {
  return {
    decision: { atMs: now + second * seconds, verdict: 'Computed' },
    told: { time: time(second), from, to, reason },
    outcome: { type: from === to ? 'NotNeeded' : 'Scaled' },
  };
}

const shop = 'shop/web';

function ringOf(evaluations: readonly Told[], limits?: RingLimits): DecisionRing {
  const ring = new DecisionRing(limits);
  for (const each of evaluations) ring.record(shop, each);
  return ring;
}

/** 2 -> 4 at second 15, then 4 -> 3 at 60. */
const day = [
  evaluation(0, 2),
  evaluation(15, 2, 4),
  evaluation(30, 4),
  evaluation(45, 4),
  evaluation(60, 4, 3),
  evaluation(75, 3),
];

describe('DecisionRing', () => {
  const reasons = (ring: DecisionRing, query: object) =>
    ring.read(shop, query)?.decisions.map(({ reason }) => reason);

  it('gives the last decisions, the newest first', () => {
    expect(reasons(ringOf(day), {})).to.deep.equal(['at 75']);
    expect(reasons(ringOf(day), { last: 3 })).to.deep.equal(['at 75', 'at 60', 'at 45']);
    expect(reasons(ringOf(day), { last: 50 })).to.have.length(5);
  });

  it('keeps evaluations in a row that come out alike as one, with the words of the last', () => {
    const [, , calm] = ringOf(day).read(shop, { last: 3 })?.decisions ?? [];
    expect(calm).to.deep.equal({
      ...{ time: time(45), from: 4, to: 4, reason: 'at 45' },
      ...{ since: time(30), evaluations: 2, outcome: 'NotNeeded' },
    });
  });

  it('finds what was decided at a time', () => {
    const at = (second: number) => reasons(ringOf(day), { atMs: now + second * seconds });
    expect([at(15), at(29), at(44), at(60), at(1000)]).to.deep.equal([
      ['at 15'],
      ['at 15'],
      ['at 45'],
      ['at 60'],
      ['at 75'],
    ]);
    const early = ringOf(day).read(shop, { atMs: now - seconds });
    expect(early).to.deep.equal({ decisions: [], oldest: time(0) });
  });

  it('tells a scale that was refused from one that was written, with the reason', () => {
    const refused: Told = { ...evaluation(15, 2, 4), outcome: { type: 'Refused', message: 'forbidden' } };
    const ring = ringOf([evaluation(0, 2, 4), refused]);
    expect(
      ring.read(shop, { last: 2 })?.decisions.map(({ outcome, error }) => [outcome, error]),
    ).to.deep.equal([
      ['Refused', 'forbidden'],
      ['Scaled', undefined],
    ]);
  });

  it('forgets what was deleted, and all that it took', () => {
    const ring = ringOf(day);
    ring.forget(shop);
    expect(ring.read(shop)).to.equal(undefined);
    expect(ring.bytes).to.equal(0);
  });

  it('keeps so many of each', () => {
    const ring = ringOf(Array.from({ length: 200 }, (_, second) => evaluation(second, second)));
    expect(reasons(ring, { last: 1000 })).to.have.length(defaultRingLimits.each);
  });

  it('takes no more memory than its bound for ten thousand autoscalers, and keeps the newest', () => {
    const ring = new DecisionRing();
    const long = 'x'.repeat(1000);
    for (let second = 0; second < 10; second += 1) {
      for (let index = 0; index < 10_000; index += 1)
        ring.record(`shop/web-${index}`, evaluation(second, second, second, long));
      expect(ring.bytes).to.be.at.most(defaultRingLimits.bytes);
    }
    expect(ring.bytes).to.be.greaterThan(0.9 * defaultRingLimits.bytes);
    expect(ring.read('shop/web-0', { last: 50 })?.decisions[0]?.to).to.equal(9);
    expect(ring.read('shop/web-9999', { last: 50 })?.decisions).to.have.length.lessThan(10);
  });

  it('keeps one that has held for long, however many decisions others have made meanwhile', () => {
    const ring = new DecisionRing({ each: 50, bytes: 20_000 });
    for (let second = 0; second < 200; second += 1) {
      ring.record('shop/calm', evaluation(second, 2));
      ring.record('shop/restless', evaluation(second, second));
    }
    expect(ring.bytes).to.be.at.most(20_000);
    expect(ring.read('shop/restless', { last: 50 })?.decisions).to.have.length.lessThan(50);
    const calm = ring.read('shop/calm', { atMs: now + 20 * seconds });
    expect(calm?.decisions[0]).to.include({ since: time(0), evaluations: 200 });
  });

  it('keeps nothing where there is no room for one', () => {
    expect(ringOf(day, { each: 50, bytes: 10 }).read(shop)).to.equal(undefined);
  });
});

describe('GET /decisions', () => {
  async function ask(path: string, ring: DecisionRing | undefined = ringOf(day)) {
    const response = await decisionsHandler(() => ring)(new Request(`http://operator${path}`));
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  }

  it('answers with the decisions of an autoscaler', async () => {
    const { status, body } = await ask('/decisions/shop/web?last=2');
    expect(status).to.equal(200);
    expect(body).to.include({ autoscaler: shop, oldest: time(0) });
    expect(body.decisions).to.have.length(2);
  });

  it('answers with what was decided at a time', async () => {
    const { body } = await ask(`/decisions/shop/web?at=${time(20)}`);
    expect((body.decisions as { to: number }[])[0]?.to).to.equal(4);
  });

  const refused: Record<string, { path: string; status: number; message: RegExp }> = {
    'an autoscaler that it does not know': {
      path: '/decisions/shop/wbe',
      status: 404,
      message: /shop\/wbe/,
    },
    'a path without a name': { path: '/decisions/shop', status: 404, message: /NAMESPACE\/NAME/ },
    'a path that goes on': { path: '/decisions/shop/web/x', status: 404, message: /NAMESPACE\/NAME/ },
    'no number': { path: '/decisions/shop/web?last=none', status: 400, message: /last=none.*whole number/ },
    'a number of none': { path: '/decisions/shop/web?last=0', status: 400, message: /last=0/ },
    'no time': { path: '/decisions/shop/web?at=noon', status: 400, message: /at=noon.*RFC 3339/ },
  };
  for (const [title, { path, status, message }] of Object.entries(refused)) {
    it(`refuses ${title}`, async () => {
      const answer = await ask(path);
      expect(answer.status).to.equal(status);
      expect(answer.body).to.include({ kind: 'Status', code: status });
      expect(answer.body.message).to.match(message);
    });
  }

  it('says that it stands by while another one leads', async () => {
    const response = await decisionsHandler(() => undefined)(
      new Request('http://operator/decisions/shop/web'),
    );
    expect(response.status).to.equal(503);
    expect(await response.json()).to.include({ reason: 'StandsBy' });
  });
});
