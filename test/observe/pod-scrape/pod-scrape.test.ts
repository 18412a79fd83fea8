import { expect } from 'chai';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { decide } from '../../../src/decide/decide.ts';
import type { Decision } from '../../../src/decide/decision.ts';
import { explain } from '../../../src/decide/explain.ts';
import type { PodFacts, ScrapeProblem } from '../../../src/decide/snapshot.ts';
import { isKubeError } from '../../../src/kube/errors.ts';
import { PodScraper } from '../../../src/observe/pod-scrape/pod-scrape.ts';
import type {
  PodScrapeAnswer,
  PodScraperOptions,
  PodScrapeSpec,
  ScrapeReport,
} from '../../../src/observe/pod-scrape/pod-scrape.ts';
import { options, pod, policy, snapshot } from '../../decide/builders.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { eventually } from '../../support/wait.ts';
import { closedPort, sendText, startEndpoint } from './endpoints.ts';
import type { Behaviour, PodEndpoint } from './endpoints.ts';

const spec: PodScrapeSpec = {
  type: 'PodScrape',
  port: 'metrics',
  path: '/metrics',
  metric: { name: 'hits_total' },
  target: { type: 'AverageValue', averageMilli: 10_000n },
};
const queue: PodScrapeSpec = { ...spec, metric: { name: 'queue' } };

const endless: Behaviour = (_, response) => {
  response.writeHead(200, { 'Content-Type': 'text/plain' });
  const more = (): void => {
    while (!response.destroyed && response.write('other_total{a="b"} 1\n'.repeat(1000)));
  };
  response.on('drain', more);
  more();
};

describe('PodScraper', () => {
  const endpoints: PodEndpoint[] = [];
  let clock: FakeClock;
  let reports: ScrapeReport[];

  beforeEach(() => {
    clock = new FakeClock();
    reports = [];
  });
  afterEach(async () => {
    for (const endpoint of endpoints.splice(0)) await endpoint.close();
  });

  async function start(behaviour: Behaviour): Promise<PodEndpoint> {
    const endpoint = await startEndpoint(behaviour);
    endpoints.push(endpoint);
    return endpoint;
  }

  function scraper(changes: Partial<PodScraperOptions> = {}): PodScraper {
    return new PodScraper({
      clock,
      limits: { timeoutMs: 2000, deadlineMs: 10_000, concurrency: 100 },
      syncPeriodMs: 15_000,
      mayLoopback: true,
      onScrape: (report) => reports.push(report),
      signal: new AbortController().signal,
      ...changes,
    });
  }

  const at = (name: string, port: number, changes: Partial<PodFacts> = {}): PodFacts =>
    pod(name, { ip: '127.0.0.1', ports: { metrics: port }, ...changes });

  const ask = (of: PodScraper, pods: readonly PodFacts[], metric = spec): Promise<PodScrapeAnswer> =>
    of.read({ namespace: 'default', spec: metric, pods });

  const values = ({ samples }: PodScrapeAnswer): Record<string, number> =>
    Object.fromEntries(
      samples.ok ? samples.value.map(({ podName, milli }) => [podName, Number(milli) / 1000]) : [],
    );
  const problems = ({ notScraped }: PodScrapeAnswer): Partial<Record<ScrapeProblem, string>> =>
    Object.fromEntries(
      notScraped.map(({ reason, names, detail }) => [
        reason,
        [names.join(' '), detail].filter(Boolean).join(': '),
      ]),
    );

  it('reads a gauge as it is, all its series together, stamped with the time', async () => {
    const { port } = await start((_, response) =>
      sendText(response, '# TYPE queue gauge\nqueue{a="x"} 3\nqueue{a="y"} 4.5\n'),
    );
    const answer = await ask(scraper(), [at('web-1', port)], queue);
    expect(answer).to.deep.equal({
      samples: {
        ok: true,
        value: [{ podName: 'web-1', timestampMs: clock.now(), windowMs: 0, milli: 7500n }],
      },
      notScraped: [],
    });
    expect(reports.map(({ outcome }) => outcome)).to.deep.equal(['Ok']);
  });

  it('asks for the path at the port, by name or by number, with nothing that would tell who asks', async () => {
    const seen: (string | undefined)[] = [];
    const { port } = await start((request, response) => {
      seen.push(
        request.url,
        request.headers.authorization,
        request.headers.cookie,
        request.headers['accept-encoding'],
      );
      sendText(response, 'queue 1\n');
    });
    const byNumber = { ...queue, port, path: '/probe?all=1' };
    expect(values(await ask(scraper(), [at('web-1', 1)], byNumber))).to.deep.equal({ 'web-1': 1 });
    expect(seen).to.deep.equal(['/probe?all=1', undefined, undefined, 'identity']);
    const other = at('web-1', port, { ports: { http: port } });
    expect(problems(await ask(scraper(), [other], queue))).to.deep.equal({ NoPort: 'web-1: metrics' });
  });

  describe('of a counter', () => {
    let count = 0;
    let body: () => string;
    let web: PodFacts;
    let counting: PodScraper;

    beforeEach(async () => {
      count = 100;
      body = () => `# TYPE hits_total counter\nhits_total ${count}\n`;
      const { port } = await start((_, response) => sendText(response, body()));
      web = at('web-1', port);
      counting = scraper();
    });

    async function after(ms: number, pods = [web], metric = spec): Promise<PodScrapeAnswer> {
      clock.advance(ms);
      return ask(counting, pods, metric);
    }

    it('tells the rate a second, from the second sample on', async () => {
      expect(problems(await ask(counting, [web]))).to.deep.equal({ FirstSample: 'web-1' });
      count += 150;
      const answer = await after(15_000);
      expect(values(answer)).to.deep.equal({ 'web-1': 10 });
      expect(answer.samples.ok && answer.samples.value[0]?.windowMs).to.equal(15_000);
    });

    it('follows `rate` where it is given, whatever the type', async () => {
      expect(values(await ask(counting, [web], { ...spec, rate: false }))).to.deep.equal({ 'web-1': 100 });
      body = () => `untyped_total ${count}\n`;
      const untyped = { ...spec, metric: { name: 'untyped_total' }, rate: true };
      await ask(counting, [web], untyped);
      count += 30;
      expect(values(await after(15_000, [web], untyped))).to.deep.equal({ 'web-1': 2 });
    });

    it('goes on after a restart of the container, from zero', async () => {
      await ask(counting, [web]);
      count = 45;
      expect(values(await after(15_000))).to.deep.equal({ 'web-1': 3 });
    });

    it('begins anew with another pod of the same name', async () => {
      await ask(counting, [web]);
      count += 150;
      const later = { ...web, startedAtMs: (web.startedAtMs ?? 0) + 1 };
      expect(problems(await after(15_000, [later]))).to.deep.equal({ FirstSample: 'web-1' });
    });

    it('bridges scrapes that fail, for a minute at most', async () => {
      await ask(counting, [web]);
      const good = body;
      body = () => '<html>';
      expect(problems(await after(15_000))).to.deep.equal({ NoSeries: 'web-1' });
      body = () => 'hits_total oops\n';
      expect(problems(await after(15_000))).to.have.property('Malformed');
      body = good;
      count += 450;
      expect(values(await after(15_000)), '450 in 45 s').to.deep.equal({ 'web-1': 10 });
      body = () => 'hits_total oops\n';
      for (let failures = 0; failures < 4; failures += 1) await after(15_000);
      body = good;
      expect(problems(await after(15_000))).to.deep.equal({ FirstSample: 'web-1' });
      count += 15;
      expect(values(await after(15_000))).to.deep.equal({ 'web-1': 1 });
    });

    it('is never a zero where the series is not there or says nothing', async () => {
      await ask(counting, [web]);
      for (const text of [
        '',
        '# TYPE hits_total counter\n',
        'hits_total NaN\n',
        'hits_total +Inf\n',
        'hits_total -1\n',
      ]) {
        body = () => `# TYPE hits_total counter\n${text}`;
        expect(values(await after(15_000)), text).to.deep.equal({});
      }
    });

    it('is asked for once by all who want the same within half a period', async () => {
      const endpoint = endpoints.at(-1);
      await Promise.all([ask(counting, [web]), ask(counting, [web])]);
      clock.advance(4999);
      await ask(counting, [web]);
      expect(endpoint?.asked()).to.equal(1);
      clock.advance(1);
      await ask(counting, [web]);
      expect(endpoint?.asked()).to.equal(2);
      clock.advance(1000);
      await counting.read({ namespace: 'default', spec, pods: [web], periodMs: 1000 });
      expect(endpoint?.asked()).to.equal(3);
    });

    it('is remembered from one period to the next, however long an autoscaler has set it', async () => {
      const rarely = { namespace: 'default', spec, pods: [web], periodMs: 300_000 };
      await counting.read(rarely);
      for (let hasty = 0; hasty < 10; hasty += 1) await after(30_000, [], queue);
      count += 600;
      expect(values(await counting.read(rarely))).to.deep.equal({ 'web-1': 2 });
    });

    it('is forgotten when its pod has been gone for a while', async () => {
      await ask(counting, [web, { ...web, name: 'web-2' }]);
      expect(counting.keptPods).to.equal(2);
      await after(30_000);
      await after(40_000);
      expect(counting.keptPods).to.equal(1);
      clock.advance(120_000);
      await ask(counting, [], queue);
      await after(30_000, [], queue);
      expect(counting.keptPods).to.equal(0);
    });
  });

  describe('leaves a pod out', () => {
    const refused: Readonly<Record<string, { behave: Behaviour; problem: ScrapeProblem; told: RegExp }>> = {
      'that redirects': {
        behave: (_, response) => response.writeHead(302, { Location: 'http://169.254.169.254/' }).end(),
        problem: 'Refused',
        told: /^web-1: answered 302$/,
      },
      'that answers with an error': {
        behave: (_, response) => response.writeHead(503).end('queue 5\n'),
        problem: 'Refused',
        told: /answered 503$/,
      },
      'that sends a page': {
        behave: (_, response) => sendText(response, '<html>queue 5', 'text/html'),
        problem: 'Refused',
        told: /its content is text\/html$/,
      },
      'that does not say what it sends': {
        behave: (_, response) => response.writeHead(200).end('queue 5\n'),
        problem: 'Refused',
        told: /of no type$/,
      },
      'that sends what is packed': {
        behave: (_, response) =>
          response.writeHead(200, { 'Content-Type': 'text/plain', 'Content-Encoding': 'gzip' }).end('x'),
        problem: 'Refused',
        told: /packed: gzip$/,
      },
      'whose body never ends': { behave: endless, problem: 'TooLarge', told: /more than 4 MiB$/ },
      'whose line never ends': {
        behave: (_, response) => sendText(response, 'queue'.repeat(100_000)),
        problem: 'TooLarge',
        told: /a line of more than 64 KiB$/,
      },
      'whose header is huge': {
        behave: (_, response) =>
          response
            .writeHead(200, { 'Content-Type': 'text/plain', 'X-Much': 'x'.repeat(20_000) })
            .end('queue 5\n'),
        problem: 'Unreachable',
        told: /Headers Overflow/,
      },
      'that breaks off': {
        behave: (_, response) => {
          response.writeHead(200, { 'Content-Type': 'text/plain', 'Content-Length': 100 });
          response.write('queue 5\n', () => response.destroy());
        },
        problem: 'Unreachable',
        told: /^web-1: /,
      },
      'without the metric': {
        behave: (_, response) => sendText(response, 'other 5\n'),
        problem: 'NoSeries',
        told: /^web-1$/,
      },
      'whose value is no number': {
        behave: (_, response) => sendText(response, 'queue NaN\n'),
        problem: 'NotFinite',
        told: /NaN$/,
      },
      'whose value is beyond all quantities': {
        behave: (_, response) => sendText(response, 'queue 1e300\n'),
        problem: 'NotFinite',
        told: /1e\+300$/,
      },
    };
    for (const [sentence, { behave, problem, told }] of Object.entries(refused))
      it(sentence, async () => {
        const { port } = await start(behave);
        const { port: goodPort } = await start((_, response) => sendText(response, 'queue 5\n'));
        const answer = await ask(scraper(), [at('web-1', port), at('web-2', goodPort)], queue);
        expect(values(answer)).to.deep.equal({ 'web-2': 5 });
        expect(Object.keys(problems(answer))).to.deep.equal([problem]);
        expect(problems(answer)[problem]).to.match(told);
      });

    it('at an address that is foreign, and asks nobody', async () => {
      const { port, asked } = await start((_, response) => sendText(response, 'queue 5\n'));
      const of = scraper({ mayLoopback: false });
      const pods = [at('web-1', port), at('web-2', port, { ip: '169.254.169.254' })];
      expect(problems(await ask(of, pods, queue))).to.deep.equal({
        ForeignAddress: 'web-1 web-2: 127.0.0.1',
      });
      expect(asked()).to.equal(0);
    });

    it('that has no address, or where nothing listens', async () => {
      const { ip, ...homeless } = at('web-1', 1);
      expect(ip).to.equal('127.0.0.1');
      const answer = await ask(scraper(), [homeless, at('web-2', await closedPort())], queue);
      expect(problems(answer).NoAddress).to.equal('web-1');
      expect(problems(answer).Unreachable).to.match(/^web-2: .*ECONNREFUSED/);
    });

    it('that does not run, without a word: it counts as unready or not at all', async () => {
      const { port, asked } = await start((_, response) => sendText(response, 'queue 5\n'));
      const pods = [
        at('a', port, { phase: 'Pending' }),
        at('b', port, { phase: 'Succeeded' }),
        at('c', port, { deleting: true }),
      ];
      expect(await ask(scraper(), pods, queue)).to.deep.equal({
        samples: { ok: true, value: [] },
        notScraped: [],
      });
      expect(asked()).to.equal(0);
    });

    it('that does not answer in its time', async () => {
      const { port, asked } = await start(() => undefined);
      const reading = ask(scraper(), [at('web-1', port)], queue);
      await eventually('the pod is asked', () => asked() === 1);
      clock.advance(2000);
      expect(problems(await reading)).to.deep.equal({ TimedOut: 'web-1' });
    });

    it('that answers drop by drop beyond its time', async () => {
      const { port, asked } = await start((_, response) => {
        response.writeHead(200, { 'Content-Type': 'text/plain' });
        response.write('queue 5\n');
      });
      const reading = ask(scraper(), [at('web-1', port)], queue);
      await eventually('the pod is asked', () => asked() === 1);
      clock.advance(2000);
      expect(problems(await reading)).to.deep.equal({ TimedOut: 'web-1' });
    });
  });

  it('ends at its deadline, with what it has, and asks the slow pods last from then on', async () => {
    const slow = await start(() => undefined);
    const good = await start((_, response) => sendText(response, 'queue 5\n'));
    const limits = { timeoutMs: 2000, deadlineMs: 3000, concurrency: 2 };
    const of = scraper({ limits });
    const pods = [
      ...Array.from({ length: 5 }, (_, index) => at(`a-slow-${index}`, slow.port)),
      ...Array.from({ length: 5 }, (_, index) => at(`good-${index}`, good.port)),
    ];
    const first = ask(of, pods, queue);
    await eventually('two are asked', () => slow.asked() === 2);
    clock.advance(2000);
    await eventually('two more are asked', () => slow.asked() === 4);
    clock.advance(1000);
    const { notScraped } = await first;
    expect(notScraped.map(({ reason, count }) => [reason, count])).to.deep.equal([
      ['OutOfTime', 8],
      ['TimedOut', 2],
    ]);
    clock.advance(12_000);
    const second = ask(of, pods, queue);
    // The one slow pod that was not asked yet comes first, and then all good ones.
    await eventually('two are asked', () => slow.asked() === 6);
    clock.advance(2000);
    await eventually(
      'the good ones have answered beside a slow one',
      () => reports.filter(({ outcome }) => outcome === 'Ok').length === 5,
    );
    clock.advance(1000);
    expect(Object.keys(values(await second))).to.have.length(5);
  });

  it('never takes longer than the period of who asks', async () => {
    const { port, asked } = await start(() => undefined);
    const reading = scraper().read({
      namespace: 'default',
      spec: queue,
      pods: [at('web-1', port)],
      periodMs: 1000,
    });
    await eventually('the pod is asked', () => asked() === 1);
    clock.advance(1000);
    expect((await reading).samples).to.deep.equal({ ok: true, value: [] });
  });

  it('waits no longer than its period for a scrape that it shares with one of a longer period', async () => {
    const { port, asked } = await start(() => undefined);
    const of = scraper();
    const question = { namespace: 'default', spec: queue, pods: [at('web-1', port)] };
    const slowly = of.read(question);
    await eventually('the pod is asked', () => asked() === 1);
    const hastily = of.read({ ...question, periodMs: 1000 });
    clock.advance(1000);
    expect(problems(await hastily)).to.deep.equal({ OutOfTime: 'web-1' });
    clock.advance(1000);
    expect(problems(await slowly)).to.deep.equal({ TimedOut: 'web-1' });
  });

  it('asks those last that hung for all of a period that is no longer than the time for one', async () => {
    const slow = await start(() => undefined);
    const good = await start((_, response) => sendText(response, 'queue 5\n'));
    const of = scraper({ limits: { timeoutMs: 2000, deadlineMs: 10_000, concurrency: 2 } });
    const pods = [at('a-1', slow.port), at('a-2', slow.port), at('good', good.port)];
    const read = async (): Promise<PodScrapeAnswer> => {
      const reading = of.read({ namespace: 'default', spec: queue, pods, periodMs: 1000 });
      const before = slow.asked();
      await eventually('the slow ones are asked', () => slow.asked() === before + 2);
      clock.advance(1000);
      return reading;
    };
    expect(values(await read())).to.deep.equal({});
    await eventually('all have ended', () => reports.length === 3);
    expect(values(await read())).to.deep.equal({ good: 5 });
  });

  it('gives up when the operator stops', async () => {
    const { port, asked } = await start(() => undefined);
    const stop = new AbortController();
    const reading = ask(scraper({ signal: stop.signal }), [at('web-1', port)], queue);
    await eventually('the pod is asked', () => asked() === 1);
    stop.abort();
    const error = await reading.catch((thrown: unknown) => thrown);
    expect(isKubeError(error, 'Aborted')).to.equal(true);
  });

  describe('with 1,000 pods, some slow, some garbage, some gone', function () {
    this.timeout(120_000);

    it('keeps its time and its memory, and tells which were left out', async () => {
      let hits = 0;
      const good = await start((_, response) =>
        sendText(response, `# TYPE hits_total counter\nhits_total{a="b"} ${hits}\n`),
      );
      const slow = await start(() => undefined);
      const garbage = await start((_, response) => sendText(response, 'hits_total{{{ 1\n'));
      const big = await start(endless);
      const ports = [
        slow.port,
        garbage.port,
        await closedPort(),
        ...Array.from({ length: 17 }, () => good.port),
      ];
      const pods = Array.from({ length: 1000 }, (_, index) =>
        at(`web-${String(index).padStart(3, '0')}`, ports[index % 20] ?? 0),
      );
      pods[999] = at('web-999', big.port);
      const of = scraper();
      const lasts = 2000;
      /** The slow ones are all that is waited for. */
      const round = async (): Promise<PodScrapeAnswer> => {
        clock.advance(15_000 - lasts);
        hits += 75;
        const [ended, hanging] = [reports.length + 950, slow.asked() + 50];
        const reading = ask(of, pods);
        await eventually('all but the slow ones', () => reports.length === ended && slow.asked() === hanging);
        clock.advance(lasts);
        return reading;
      };
      expect(values(await round())).to.deep.equal({});
      const answer = await round();
      expect(answer.notScraped.map(({ reason, count, names }) => [reason, count, names[1]])).to.deep.equal([
        ['Malformed', 50, 'web-021'],
        ['TimedOut', 50, 'web-020'],
        ['Unreachable', 50, 'web-022'],
        ['TooLarge', 1, undefined],
      ]);
      expect(Object.keys(values(answer))).to.have.length(849);
      expect(new Set(Object.values(values(answer)))).to.deep.equal(new Set([5]));
      expect(JSON.stringify(answer.notScraped)).to.have.length.below(1500);

      const decision = decide({
        policy: policy({ metrics: [spec], maxReplicas: 2000 }),
        snapshot: snapshot(1000, [{ type: 'PodScrape', ...answer }], { pods }),
        history: undefined,
        options,
        nowMs: clock.now(),
      });
      const words = explain(decision);
      expect(words).to.contain(
        '849 pods counted, 151 without metrics counted at the target, of the pods asked 50',
      );
      expect(words).to.contain(' 50 did not answer in time (web-000, web-020, web-040...)');
      expect(words).to.contain(', 1 gave too much (web-999: more than 4 MiB)');
      const [proposal] = decision.trace.proposals;
      const asked = proposal?.ok === true ? proposal.replicas : undefined;
      expect(asked, '849 at 5 a second, 151 counted at 10').to.equal(576);
      expect(trace(decision)).to.have.length.below(6000);

      const before = heapBytes();
      for (let rounds = 0; rounds < 2; rounds += 1) await round();
      expect(of.keptPods).to.equal(1000);
      // Connections that were cut are closed in the next turns of the event loop.
      await eventually('less than 2 MB more after two rounds', () => heapBytes() - before < 2_000_000);
      expect((await of.read({ namespace: 'default', spec, pods: [] })).notScraped).to.deep.equal([]);
      clock.advance(120_000);
      await of.read({ namespace: 'default', spec, pods: [] });
      expect(of.keptPods).to.equal(0);
    });
  });
});

function trace(decision: Decision): string {
  return JSON.stringify(decision.trace, (_, value: unknown) =>
    typeof value === 'bigint' ? Number(value) : value,
  );
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

function heapBytes(): number {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
