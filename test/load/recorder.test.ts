import { expect } from 'chai';
import { Recorder } from '../../src/load/recorder.ts';

/** A recorder on a clock that the test sets; the run starts at 1000. */
function recorderAt(): { recorder: Recorder; clock: { now: number } } {
  const clock = { now: 1000 };
  return {
    recorder: new Recorder({ now: () => clock.now, bucketMs: 1000, maxLagMs: 10 }),
    clock,
  };
}

const answer = {
  intendedAtMs: 1000,
  sentAtMs: 1000,
  status: 200,
  firstOnConnection: false,
  isOtherPod: false,
};

describe('recorder', () => {
  it('measures latency from the intended start, service from the sending, lag to the taking up', () => {
    const { recorder, clock } = recorderAt();
    recorder.offered(1000, 1003);
    clock.now = 1500;
    recorder.answered({ ...answer, intendedAtMs: 1000, sentAtMs: 1490 });
    const result = recorder.result(1000, 0);
    expect(result.latencyMs.max).to.equal(500);
    expect(result.serviceMs.max).to.equal(10);
    expect(result.sendLagMs.max).to.equal(3);
  });

  it('accounts for every arrival', () => {
    const { recorder } = recorderAt();
    for (let i = 0; i < 10; i += 1) recorder.offered(1000, 1000);
    for (let i = 0; i < 4; i += 1) recorder.answered(answer);
    recorder.answered({ ...answer, status: 503 });
    recorder.failed('timeout');
    recorder.failed('timeout');
    recorder.dropped();
    const result = recorder.result(1000, 2);
    expect(result.requests).to.deep.equal({ sent: 7, ok: 4, failed: 3, dropped: 1 });
    expect(result.failures).to.deep.equal({ status5xx: 1, timeout: 2 });
    expect(result.failedStatuses).to.deep.equal({ 503: 1 });
  });

  it('counts requests, connections and share for each pod, and when it first answered', () => {
    const { recorder, clock } = recorderAt();
    clock.now = 1250;
    for (const firstOnConnection of [true, true, false])
      recorder.answered({ ...answer, pod: 'a', firstOnConnection });
    clock.now = 2750;
    recorder.answered({ ...answer, pod: 'b', firstOnConnection: true });
    recorder.answered(answer);
    expect(recorder.pods.perPod()).to.deep.equal({
      a: { requests: 3, connections: 2, share: 0.75, firstResponseAtMs: 250 },
      b: { requests: 1, connections: 1, share: 0.25, firstResponseAtMs: 1750 },
    });
  });

  it('tells rates over the schedule for what was offered, and to the last answer for what was done', () => {
    const { recorder, clock } = recorderAt();
    for (let i = 0; i < 20; i += 1) recorder.offered(1000, 1000);
    clock.now = 1000 + 4000;
    for (let i = 0; i < 20; i += 1) recorder.answered(answer);
    expect(recorder.result(2000, 0).rate).to.deep.equal({ offered: 10, done: 5 });
  });

  it('tells progress for the interval since the last, and counts since the start', () => {
    const { recorder } = recorderAt();
    for (let i = 0; i < 6; i += 1) recorder.offered(1000, 1000);
    recorder.answered(answer);
    expect(recorder.progress(2000, 9000, 0)).to.deep.include({ offeredPerSecond: 3, donePerSecond: 0.5 });
    recorder.offered(1000, 1000);
    const second = recorder.progress(4000, 9000, 0);
    expect(second).to.deep.include({ atMs: 4000, durationMs: 9000, offeredPerSecond: 0.5, donePerSecond: 0 });
    expect(second.latencyMs.p50).to.equal(null);
    expect(second.requests.sent).to.equal(7);
  });

  it('counts no arrival as sent that waits for a connection, in progress as in the result', () => {
    const { recorder } = recorderAt();
    for (let i = 0; i < 9; i += 1) recorder.offered(1000, 1000);
    recorder.answered(answer);
    recorder.dropped();
    const counts = { sent: 5, ok: 1, failed: 0, dropped: 1 };
    expect(recorder.progress(1000, 9000, 3).requests).to.deep.equal(counts);
    expect(recorder.result(1000, 3).requests).to.deep.equal(counts);
  });

  it('says what it does not know as null, and no rate of a run that took no time', () => {
    const { recorder } = recorderAt();
    const result = recorder.result(0, 0);
    expect(result.latencyMs.p99).to.equal(null);
    expect(result.rate).to.deep.equal({ offered: 0, done: 0 });
    expect(result.timeline).to.deep.equal([]);
    expect(result.spectrum).to.deep.equal({ latencyMs: [], serviceMs: [] });
    expect(recorder.pods.perPod()).to.deep.equal({});
  });

  it('cuts the run into seconds, the last one as long as it was', () => {
    const { recorder, clock } = recorderAt();
    recorder.offered(1000, 1025);
    recorder.opened();
    clock.now = 1400;
    recorder.answered({ ...answer, pod: 'a', firstOnConnection: true });
    recorder.tick(400);
    recorder.tick(1010);
    recorder.tick(1990);
    clock.now = 3200;
    recorder.failed('timeout');
    recorder.dropped();
    recorder.answered({ ...answer, intendedAtMs: 2050, pod: 'b', firstOnConnection: true });
    recorder.tick(2020);
    const { timeline } = recorder.result(2500, 0);
    expect(timeline.map(({ fromMs, toMs }) => [fromMs, toMs])).to.deep.equal([[0, 1010], [1010, 2020], [2020, 2500]]); // prettier-ignore
    expect(timeline[0]).to.deep.include({
      offeredPerSecond: 0.99,
      donePerSecond: 0.99,
      opened: 1,
      lagging: true,
      pods: { a: 1 },
    });
    expect(timeline[0]?.latencyMs.max).to.equal(400);
    expect(timeline[1]).to.deep.include({ failed: 1, dropped: 1, opened: 0, lagging: false, pods: { b: 1 } });
    expect(timeline[2]).to.deep.include({ donePerSecond: 0, failed: 0, pods: {} });
    expect(timeline[2]?.latencyMs.max).to.equal(null);
  });

  it('leaves seconds in which the generator was late out of what is judged, and answers to what was due in them', () => {
    const { recorder, clock } = recorderAt();
    const second = (atMs: number, lagMs: number, answers: { intendedAtMs: number; atMs: number }[]): void => {
      recorder.offered(atMs + 1000, atMs + 1000 + lagMs);
      for (const one of answers) {
        clock.now = 1000 + one.atMs;
        recorder.answered({ ...answer, intendedAtMs: 1000 + one.intendedAtMs, sentAtMs: clock.now - 1 });
      }
      recorder.tick(atMs + 1000);
    };
    second(0, 0, [{ intendedAtMs: 100, atMs: 110 }]);
    recorder.dropped();
    second(1000, 500, [{ intendedAtMs: 1000, atMs: 1900 }]);
    second(2000, 0, [{ intendedAtMs: 1950, atMs: 2700 }]);
    second(3000, 0, [{ intendedAtMs: 2990, atMs: 3010 }]);
    const { timeline, judged, latencyMs, rate } = recorder.result(4000, 0);
    expect(timeline.map(({ lagging }) => lagging)).to.deep.equal([false, true, true, false]);
    expect(judged).to.deep.include({ leftOutMs: 2000, donePerSecond: 1, dropped: 0 });
    expect(judged.latencyMs.max).to.equal(20);
    expect(judged.serviceMs.max).to.equal(1);
    expect(latencyMs.max, 'the whole is told all the same').to.equal(900);
    expect(rate.done).to.equal(1);
  });

  it('judges what was lost as longer than any time, and tells answers alone beside it', () => {
    const { recorder, clock } = recorderAt();
    clock.now = 1100;
    for (let i = 0; i < 94; i += 1) recorder.answered(answer);
    recorder.answered({ ...answer, status: 503 });
    for (let i = 0; i < 3; i += 1) recorder.failed('timeout');
    for (let i = 0; i < 2; i += 1) recorder.dropped();
    const { judged, latencyMs } = recorder.result(1000, 0);
    expect(latencyMs.max).to.equal(100);
    expect(judged).to.deep.include({ lost: 3, dropped: 2 });
    expect(judged.latencyMs.p90).to.be.closeTo(100, 0.1);
    expect(judged.latencyMs).to.deep.include({ p99: null, p999: null, max: null });
    expect(judged.serviceMs).to.deep.include({ p99: null, max: null });
  });

  it('judges what was lost while the generator was on time, after the last answer too', () => {
    const { recorder } = recorderAt();
    recorder.offered(1000, 1500);
    recorder.failed('timeout');
    recorder.tick(1000);
    recorder.answered({ ...answer, intendedAtMs: 2100 });
    recorder.failed('timeout');
    recorder.tick(2000);
    recorder.failed('timeout');
    recorder.dropped();
    expect(recorder.result(1500, 0).judged).to.deep.include({ leftOutMs: 1000, lost: 2, dropped: 1 });
  });

  it('judges the whole when the generator was never late', () => {
    const { recorder, clock } = recorderAt();
    recorder.offered(1000, 1001);
    clock.now = 1400;
    recorder.answered(answer);
    const { judged, latencyMs, serviceMs, rate } = recorder.result(1000, 0);
    expect(judged).to.deep.equal({
      leftOutMs: 0,
      latencyMs,
      serviceMs,
      donePerSecond: rate.done,
      ...{ dropped: 0, lost: 0 },
    });
  });

  it('counts answers by second and by latency, in columns of half a doubling', () => {
    const { recorder, clock } = recorderAt();
    for (const latencyMs of [2.1, 3, 3.1]) {
      clock.now = 1000 + latencyMs;
      recorder.answered(answer);
    }
    recorder.tick(1000);
    clock.now = 2500;
    recorder.answered({ ...answer, intendedAtMs: 2496 });
    expect(recorder.result(1500, 0).heatmap).to.deep.equal({
      lowMs: [2.048, 3.072],
      counts: [[2, 1], [0, 1]], // prettier-ignore
    });
    expect(recorderAt().recorder.result(0, 0).heatmap).to.deep.equal({ lowMs: [], counts: [] });
  });

  it('knows the time of connecting apart, and the whole shape of the latency', () => {
    const { recorder, clock } = recorderAt();
    recorder.connected(7);
    clock.now = 1100;
    recorder.answered(answer);
    clock.now = 1300;
    recorder.answered(answer);
    const { connectMs, spectrum } = recorder.result(1000, 0);
    expect(connectMs.max).to.equal(7);
    const at = new Map(spectrum.latencyMs);
    expect(at.get(0)).to.be.closeTo(100, 0.1);
    expect(at.get(50)).to.be.closeTo(100, 0.1);
    expect(at.get(100)).to.equal(300);
  });

  it('tells the latency of each pod, and counts names beyond a thousand under one', () => {
    const { recorder, clock } = recorderAt();
    clock.now = 1010;
    for (let pod = 0; pod < 1500; pod += 1) recorder.answered({ ...answer, pod: `pod-${pod}` });
    const perPod = recorder.pods.perPodInFull((pod) => (pod === 'pod-1' ? 5 : undefined));
    expect(Object.keys(perPod)).to.have.length(1001);
    expect(perPod['(others)']?.requests).to.equal(500);
    expect(Object.keys(recorder.pods.activity()), 'what is balanced').to.have.length(1000);
    expect(perPod['pod-0']).to.deep.include({ share: 1 / 1500, firstResponseAtMs: 10 });
    expect(perPod['pod-0']).not.to.have.property('readyAtMs');
    expect(perPod['pod-1']).to.include({ readyAtMs: 5 });
    expect(perPod['pod-1']?.latencyMs?.max).to.equal(10);
  });
});
