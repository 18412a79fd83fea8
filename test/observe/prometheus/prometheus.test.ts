import { expect } from 'chai';
import { writeFileSync } from 'node:fs';
import type { PrometheusFailureType } from '../../../src/observe/prometheus/failure.ts';
import { Prometheus } from '../../../src/observe/prometheus/prometheus.ts';
import type { PrometheusRequest } from '../../../src/observe/prometheus/server.ts';
import type { PrometheusServerOptions } from '../../../src/observe/prometheus/server-options.ts';
import { isKubeError } from '../../../src/kube/errors.ts';
import { selfSignedCertificate } from '../../support/certificate.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { temporaryFile } from '../../support/local-api.ts';
import { PrometheusApi, vector } from '../../support/prometheus-api.ts';
import type { PrometheusReply } from '../../support/prometheus-api.ts';
import { eventually } from '../../support/wait.ts';

const query = 'sum(rate(http_requests_total[1m]))';

describe('a Prometheus server', () => {
  let api: PrometheusApi;
  let clock: FakeClock;
  let end: AbortController;
  let requests: PrometheusRequest[];
  let failures: PrometheusFailureType[];

  beforeEach(async () => {
    api = await PrometheusApi.start(() => vector(5));
    clock = new FakeClock();
    end = new AbortController();
    requests = [];
    failures = [];
  });
  afterEach(async () => {
    end.abort();
    await api.close();
  });

  function prometheus(server: Partial<PrometheusServerOptions> = {}, timeoutMs = 10_000): Prometheus {
    return new Prometheus({
      servers: [{ name: 'main', url: api.url, ...server }],
      clock,
      limits: { timeoutMs },
      syncPeriodMs: 15_000,
      signal: end.signal,
      onRequest: (request) => requests.push(request),
      onFailure: (_, type) => failures.push(type),
    });
  }

  const messageOf = async (source: Prometheus, text = query): Promise<string> => {
    const { milli } = await source.read('main', text);
    return milli.ok ? `no failure but ${milli.value}` : milli.message;
  };

  it('is asked for the value of now, with its own deadline, and says when it was evaluated', async () => {
    api.reply = () => vector('12.5', 1700000000.25);
    const read = await prometheus({ url: `${api.url}/tenant/` }, 4000).read('main', query);
    expect(read).to.deep.equal({ milli: { ok: true, value: 12_500n }, timestampMs: 1_700_000_000_250 });
    expect(api.questions).to.deep.equal([
      {
        method: 'POST',
        path: '/tenant/api/v1/query',
        query,
        parameters: { query, timeout: '4000ms' },
        authorization: undefined,
      },
    ]);
    expect(requests.map(({ server, code }) => [server, code])).to.deep.equal([['main', 200]]);
    expect(failures).to.deep.equal([]);
  });

  it('is asked for the age of the sample where the query is a selector of series', async () => {
    api.reply = ({ query: text }) =>
      text.startsWith('timestamp(') ? vector('1699999970.5', 1700000000) : vector(3, 1700000000.25);
    const read = await prometheus().read('main', 'queue{app="web"}');
    expect(read).to.deep.equal({ milli: { ok: true, value: 3000n }, timestampMs: 1_699_999_970_500 });
    expect(api.questions.map(({ query: text, parameters }) => [text, parameters.time])).to.deep.equal([
      ['queue{app="web"}', undefined],
      ['timestamp(queue{app="web"})', '1700000000.250'],
    ]);
  });

  it('that cannot tell the age of a sample has not told the sample', async () => {
    api.reply = ({ query: text }) =>
      text.startsWith('timestamp(')
        ? { status: 'success', data: { resultType: 'vector', result: [] } }
        : vector(3);
    expect(await messageOf(prometheus(), 'queue')).to.match(/^no series/);
  });

  const odd: Record<string, [reply: PrometheusReply, type: PrometheusFailureType, message: RegExp]> = {
    "a refusal in Prometheus' form": [
      (response) =>
        response
          .writeHead(400)
          .end(JSON.stringify({ status: 'error', errorType: 'bad_data', error: '1:4: parse error' })),
      'Refused',
      /^answered 400, bad_data: 1:4: parse error$/,
    ],
    'a page of a proxy': [(response) => response.writeHead(502).end('<html>'), 'Refused', /^answered 502$/],
    'no content': [(response) => response.writeHead(204).end(), 'Refused', /^answered 204$/],
    'a token that is asked for': [(response) => response.writeHead(401).end(), 'Refused', /^answered 401$/],
    'a redirect': [
      (response) => response.writeHead(302, { location: 'http://127.0.0.1:1/steal?token=1' }).end(),
      'Refused',
      /^answered 302, a redirect to http:\/\/127\.0\.0\.1:1, which is not followed: register the server by its own address$/,
    ],
    'a redirect to nowhere': [
      (response) => response.writeHead(307).end(),
      'Refused',
      /^answered 307, a redirect, which is not followed/,
    ],
    'a huge body': [
      (response) => response.end(`{"status":"success","x":"${'x'.repeat(2 << 20)}"}`),
      'TooLarge',
      /is larger than 1048576 bytes$/,
    ],
    'an endless body': [
      (response) => {
        const more = (): void => {
          while (!response.destroyed && response.write('x'.repeat(65_536)));
        };
        response.on('drain', more);
        more();
      },
      'TooLarge',
      /is larger than 1048576 bytes$/,
    ],
    'a connection that breaks': [(response) => response.destroy(), 'Unreachable', /^cannot reach http:/],
    'half an answer': [
      (response) => {
        response.writeHead(200, { 'content-length': '1000' });
        response.write('{"status":');
        setImmediate(() => response.destroy());
      },
      'Unreachable',
      /^cannot reach http:/,
    ],
    'several series': [
      { status: 'success', data: { resultType: 'vector', result: [{ metric: { a: '1' } }, { metric: {} }] } },
      'SeveralSeries',
      /^2 series where one is needed \(\{a="1"\}, \{\}\)/,
    ],
    'a negative number': [vector(-1), 'Negative', /^the value is below zero/],
  };
  for (const [title, [reply, type, message]] of Object.entries(odd))
    it(`that answers with ${title} has not answered`, async () => {
      api.reply = () => reply;
      expect(await messageOf(prometheus())).to.match(message);
      expect(failures).to.deep.equal([type]);
      expect(requests).to.have.length(1);
    });

  it('follows no redirect', async () => {
    const elsewhere = await PrometheusApi.start(() => vector(99));
    api.reply = () => (response) =>
      response.writeHead(307, { location: `${elsewhere.url}/api/v1/query` }).end();
    const tokenFile = temporaryFile('token', 'secret');
    expect(await messageOf(prometheus({ tokenFile }))).to.match(/^answered 307, a redirect to http/);
    expect(elsewhere.questions).to.deep.equal([]);
    await elsewhere.close();
  });

  it('that is not there is a failure with its address', async () => {
    await api.close();
    expect(await messageOf(prometheus())).to.match(/^cannot reach http:\/\/127\.0\.0\.1:\d+: .*ECONNREFUSED/);
    expect(failures).to.deep.equal(['Unreachable']);
    expect(requests.map(({ code }) => code)).to.deep.equal([0]);
    api = await PrometheusApi.start(() => vector(1));
  });

  const slow: Record<string, PrometheusReply> = {
    'does not answer': () => undefined,
    'begins and does not end': (response: { write: (text: string) => unknown }) => response.write('{'),
  };
  for (const [title, reply] of Object.entries(slow))
    it(`that ${title} is given up after the deadline`, async () => {
      api.reply = () => reply;
      expect(await messageOf(prometheus({}, 200))).to.match(/^no answer from http:.* within 200ms$/);
      expect(failures).to.deep.equal(['Timeout']);
      await eventually('the connection is closed', () => api.pending === 0);
    });

  it('is asked no more than 10 questions at a time', async () => {
    const held: (() => void)[] = [];
    api.reply = () => (response) => held.push(() => response.end(JSON.stringify(vector(1))));
    const source = prometheus();
    const reads = Array.from({ length: 25 }, async (_, index) => source.read('main', `sum(a${index})`));
    for (let answered = 0; answered < 25;) {
      await eventually('questions', () => held.length > 0);
      for (const answer of held.splice(0)) {
        answer();
        answered += 1;
      }
    }
    for (const { milli } of await Promise.all(reads)) expect(milli).to.deep.equal({ ok: true, value: 1000n });
    expect(api.mostPending).to.equal(10);
  });

  it('that hangs is not asked by everybody for the whole deadline', async () => {
    api.reply = () => () => undefined;
    const source = prometheus({}, 300);
    await Promise.all(Array.from({ length: 10 }, async (_, index) => source.read('main', `sum(a${index})`)));
    const asked = api.questions.length;
    expect(await messageOf(source)).to.match(/^no answer from http:.* within 300ms$/);
    expect(api.questions).to.have.length(asked);

    api.reply = () => vector(4);
    clock.advance(7500); // of the fake clock, so that answers are not shared any more
    expect((await source.read('main', query)).milli).to.deep.equal({ ok: true, value: 4000n });
  });

  describe('asked the same by several', () => {
    it('is asked once within half a period, also for a failure', async () => {
      const source = prometheus();
      const [one, two] = await Promise.all([source.read('main', query), source.read('main', query)]);
      expect(one).to.deep.equal(two);
      clock.advance(4999);
      await source.read('main', query);
      expect(api.questions).to.have.length(1);
      clock.advance(1);
      api.reply = () => (response) => response.writeHead(503).end();
      expect((await source.read('main', query)).milli.ok).to.equal(false);
      clock.advance(1000);
      expect((await source.read('main', query)).milli.ok).to.equal(false);
      expect(api.questions).to.have.length(2);
    });

    it('is asked again by one with a short period of its own', async () => {
      const source = prometheus();
      await source.read('main', query, 2000);
      clock.advance(999);
      await source.read('main', query, 2000);
      expect(api.questions).to.have.length(1);
      clock.advance(1);
      await source.read('main', query, 2000);
      expect(api.questions).to.have.length(2);
    });

    it('is asked each query by itself', async () => {
      const source = prometheus();
      await Promise.all([source.read('main', 'sum(a)'), source.read('main', 'sum(b)')]);
      expect(api.queries).to.have.members(['sum(a)', 'sum(b)']);
    });
  });

  it('that is not registered is named, and so are the others', async () => {
    const { milli } = await prometheus().read('other', query);
    expect(milli).to.deep.equal({
      ok: false,
      message:
        'no Prometheus server "other" is registered with the operator by --prometheus (registered: "main")',
    });
    const none = new Prometheus({
      ...{ servers: [], clock, limits: { timeoutMs: 1000 }, syncPeriodMs: 1000, signal: end.signal },
    });
    expect((await none.read('default', query)).milli)
      .to.have.property('message')
      .that.matches(/\(none is\)$/);
  });

  it('gives up when the operator does', async () => {
    api.reply = () => () => undefined;
    const reading = prometheus().read('main', query);
    await eventually('it is asked', () => api.questions.length === 1);
    end.abort();
    const error: unknown = await reading.then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(isKubeError(error, 'Aborted')).to.equal(true);
    await eventually('the connection is closed', () => api.pending === 0);
  });

  describe('with a token', () => {
    it('gets it as it stands in the file now', async () => {
      const tokenFile = temporaryFile('token', 'first\n');
      const source = prometheus({ tokenFile });
      await source.read('main', query);
      writeFileSync(tokenFile, 'second');
      clock.advance(10_000);
      await source.read('main', query);
      expect(api.questions.map(({ authorization }) => authorization)).to.deep.equal([
        'Bearer first',
        'Bearer second',
      ]);
    });

    const unreadable: Record<string, [content: string, message: RegExp]> = {
      'an empty file': ['\n', /is empty: it must have a bearer token$/],
      'a file of two lines': ['se\ncret', /has no bearer token: /],
      'a huge file': ['x'.repeat((1 << 20) + 1), /it has 1048577 bytes, more than 1048576$/],
    };
    for (const [title, [content, message]] of Object.entries(unreadable))
      it(`is not asked without one: ${title}`, async () => {
        const said = await messageOf(prometheus({ tokenFile: temporaryFile('token', content) }));
        expect(said).to.match(message).and.not.to.match(/cret/);
        expect(failures).to.deep.equal(['Credentials']);
        expect(api.questions).to.deep.equal([]);
      });

    it('is not asked when the file is gone', async () => {
      expect(await messageOf(prometheus({ tokenFile: '/not/there' }))).to.match(
        /^cannot read \/not\/there: ENOENT/,
      );
    });

    it('has not told it, whatever the server answers', async () => {
      api.reply = ({ authorization = '' }) => ({
        status: 'error',
        errorType: 'auth',
        error: `bad ${authorization}`,
      });
      const said = await messageOf(prometheus({ tokenFile: temporaryFile('token', 'top-secret') }));
      expect(said).to.equal('auth: bad Bearer [token]');
    });
  });

  describe('over TLS', () => {
    const [one, two] = [selfSignedCertificate(), selfSignedCertificate()];

    it('is trusted by its CA alone, as it stands in the file now', async () => {
      const secure = await PrometheusApi.start(() => vector(8), one);
      const caFile = temporaryFile('ca.crt', two.cert);
      const source = prometheus({ url: secure.url, caFile });
      expect(await messageOf(source)).to.match(/^cannot reach https:.*certificate/);
      writeFileSync(caFile, one.cert);
      clock.advance(10_000);
      expect((await source.read('main', query)).milli).to.deep.equal({ ok: true, value: 8000n });
      expect(await messageOf(prometheus({ url: secure.url }))).to.match(/^cannot reach https:.*certificate/);
      await secure.close();
    });

    for (const [title, content] of Object.entries({
      'no certificate': 'hello',
      'a broken certificate': '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n',
    }))
      it(`is not asked when the CA's file has ${title}`, async () => {
        const said = await messageOf(prometheus({ caFile: temporaryFile('ca.crt', content) }));
        expect(said).to.match(/ has (no certificate in PEM form|a certificate that cannot be read)/);
        expect(failures).to.deep.equal(['Credentials']);
      });
  });
});
