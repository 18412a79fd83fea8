import { expect } from 'chai';
import type { ServerResponse } from 'node:http';
import type { RequestReport } from '../../src/kube/client.ts';
import { KubeError } from '../../src/kube/errors.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { clientOf, sendJson, startLocalApi, statusBody } from '../support/local-api.ts';
import type { Answer } from '../support/local-api.ts';
import { eventually } from '../support/wait.ts';

/** A clock whose sleepers wake at once and find that the time has gone by. */
class SkippingClock extends FakeClock {
  readonly slept: number[] = [];

  override sleep(ms: number): Promise<void> {
    this.slept.push(ms);
    this.advance(ms);
    return Promise.resolve();
  }
}

const busy = (response: ServerResponse, code: number, seconds?: number) =>
  sendJson(
    response,
    code,
    statusBody(code, 'Busy', 'busy'),
    seconds === undefined ? {} : { 'retry-after': `${seconds}` },
  );

describe('KubeClient under limits', () => {
  const open: { close(): Promise<void> }[] = [];
  afterEach(async () => {
    await Promise.all(open.splice(0).map((each) => each.close()));
  });

  async function serve(answer: Answer, options: Parameters<typeof clientOf>[1] = {}) {
    const api = await startLocalApi(answer);
    const client = clientOf(api.url, { random: () => 0, ...options });
    open.push(client, api);
    return { api, client };
  }

  async function failureOf(promise: Promise<unknown>): Promise<KubeError> {
    const error: unknown = await promise.catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(KubeError);
    return error as KubeError;
  }

  /** Answers `failures` requests with a refusal, then with success. */
  function failing(failures: number, code: number, seconds?: number): Answer {
    let left = failures;
    return (_, response) => (left-- > 0 ? busy(response, code, seconds) : { ok: true });
  }

  it('sends 200 requests over at most 16 connections unless told otherwise', async () => {
    const { api, client } = await serve(() => ({}));
    await Promise.all(Array.from({ length: 200 }, () => client.get('/api/v1/pods')));
    expect(api.requests).to.have.length(200);
    expect(api.connections()).to.be.within(1, 16);
  });

  it('needs no more than two connections for 200 requests in a row', async () => {
    const { api, client } = await serve(() => ({}));
    for (let sent = 0; sent < 200; sent += 1) await client.get('/api/v1/pods');
    expect(api.connections()).to.be.at.most(2);
  });

  it('keeps a slow pool from holding back another', async () => {
    const { client } = await serve(({ path }) => (path === '/slow' ? undefined : { ok: true }), {
      connections: 1,
    });
    const slow = failureOf(client.get('/slow', { pool: 'external', timeoutMs: 60_000 }));
    expect(await client.get('/fast')).to.deep.equal({ ok: true });
    await client.close();
    expect((await slow).type).to.equal('Unreachable');
  });

  it('sends so many a second, and tells how long each one waited', async () => {
    const clock = new SkippingClock();
    const waits: number[] = [];
    const { client } = await serve(() => ({}), {
      clock,
      qps: 2,
      burst: 1,
      onRateLimitWait: (waitedMs) => waits.push(waitedMs),
    });
    for (let sent = 0; sent < 3; sent += 1) await client.get('/x');
    expect(waits).to.deep.equal([0, 500, 500]);
  });

  it('counts the wait for the rate limit against no deadline', async () => {
    const clock = new SkippingClock();
    const { client } = await serve(() => ({}), { clock, qps: 0.01, burst: 1, timeoutMs: 5000 });
    await client.get('/x');
    expect(await client.get('/x')).to.deep.equal({});
    expect(clock.slept).to.deep.equal([100_000]);
  });

  it('gives up its place when its caller gives up, and sends nothing', async () => {
    const { api, client } = await serve(() => ({}), { clock: new FakeClock(), qps: 1, burst: 1 });
    await client.get('/x');
    const controller = new AbortController();
    const waiting = failureOf(client.get('/never', { signal: controller.signal }));
    controller.abort();
    expect((await waiting).type).to.equal('Aborted');
    expect(api.requests.map(({ path }) => path)).to.deep.equal(['/x']);
  });

  it('limits neither watches nor what must not wait', async () => {
    const { api, client } = await serve(
      ({ query }, response) => {
        if (!query.has('watch')) return {};
        response.writeHead(200).end();
        return undefined;
      },
      { clock: new FakeClock(), qps: 1, burst: 1 },
    );
    await client.get('/x');
    for await (const event of client.watch('/watch', {})) expect(event).to.equal(undefined);
    await client.get('/lease', { rateLimited: false });
    expect(api.requests).to.have.length(3);
  });

  it('sends again after the time that a busy server asks for, and reports each attempt', async () => {
    const clock = new SkippingClock();
    const reports: RequestReport[] = [];
    const { client } = await serve(failing(2, 429, 3), {
      clock,
      onRequest: (report) => reports.push(report),
    });
    expect(await client.patch('/x', {}, 'application/merge-patch+json')).to.deep.equal({ ok: true });
    expect(clock.slept).to.deep.equal([3000, 3000]);
    expect(reports.map(({ code, attempt }) => [code, attempt])).to.deep.equal([
      [429, 1],
      [429, 2],
      [200, 3],
    ]);
  });

  it('never sends a write again that may have been carried out', async () => {
    const { api, client } = await serve(failing(1, 500));
    expect((await failureOf(client.create('/x', {}))).status).to.equal(500);
    expect(api.requests).to.have.length(1);
  });

  it('does not wait longer than its deadline allows: the caller learns at once what the server asked for', async () => {
    const clock = new SkippingClock();
    const { api, client } = await serve(failing(1, 429, 30), { clock, timeoutMs: 10_000 });
    expect(await failureOf(client.get('/x'))).to.include({ type: 'TooManyRequests', retryAfterMs: 30_000 });
    expect(clock.slept).to.deep.equal([]);
    expect(api.requests).to.have.length(1);
  });

  it('stops after five attempts', async () => {
    const { api, client } = await serve(failing(99, 503), { clock: new SkippingClock() });
    expect((await failureOf(client.get('/x'))).status).to.equal(503);
    expect(api.requests).to.have.length(5);
  });

  it('leaves trying again to a caller that wants to', async () => {
    const { api, client } = await serve(failing(1, 429, 1));
    expect((await failureOf(client.get('/x', { retry: false }))).status).to.equal(429);
    expect(api.requests).to.have.length(1);
  });

  it('ends a pause when its caller gives up', async () => {
    const clock = new FakeClock();
    const { client } = await serve(failing(1, 429, 5), { clock });
    const controller = new AbortController();
    const asked = failureOf(client.get('/x', { signal: controller.signal }));
    await eventually('it pauses', () => clock.sleeping === 1);
    controller.abort();
    expect((await asked).type).to.equal('Aborted');
  });

  describe('behind a fence', () => {
    const down = () => {
      throw new KubeError('not leading', { type: 'Fenced' });
    };

    it('sends nothing when the fence is down', async () => {
      const reports: RequestReport[] = [];
      const { api, client } = await serve(() => ({}), { onRequest: (report) => reports.push(report) });
      expect((await failureOf(client.create('/x', {}, { fence: down }))).type).to.equal('Fenced');
      expect(api.requests).to.deep.equal([]);
      expect(reports).to.deep.equal([]);
      expect(await client.create('/x', {}, { fence: () => undefined })).to.deep.equal({});
    });

    it('asks before each attempt', async () => {
      let asked = 0;
      const fence = () => {
        asked += 1;
        if (asked > 1) down();
      };
      const { api, client } = await serve(failing(1, 429, 1), { clock: new SkippingClock() });
      expect((await failureOf(client.create('/x', {}, { fence }))).type).to.equal('Fenced');
      expect(api.requests).to.have.length(1);
    });

    it('asks after a request has waited for a free connection, not before', async () => {
      let up = true;
      let answerFirst: (() => void) | undefined;
      const { api, client } = await serve(
        ({ path }, response) => {
          if (path !== '/first') return {};
          answerFirst = () => sendJson(response, 200, {});
          return undefined;
        },
        { connections: 1 },
      );
      const first = client.get('/first');
      await eventually('the only connection is in use', () => answerFirst !== undefined);
      const second = failureOf(client.create('/second', {}, { fence: () => (up ? undefined : down()) }));
      await new Promise((resolve) => setImmediate(resolve));
      up = false;
      answerFirst?.();
      await first;
      expect((await second).type).to.equal('Fenced');
      expect(api.requests.map(({ path }) => path)).to.deep.equal(['/first']);
    });
  });
});
