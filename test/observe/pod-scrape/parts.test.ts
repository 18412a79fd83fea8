import { expect } from 'chai';
import { isForeignAddress, isLoopbackServer } from '../../../src/observe/pod-scrape/address.ts';
import { FairLimit } from '../../../src/observe/pod-scrape/fair-limit.ts';
import { countFailures } from '../../../src/observe/pod-scrape/not-scraped.ts';
import type { Failure } from '../../../src/observe/pod-scrape/not-scraped.ts';
import { ratePerSecond } from '../../../src/observe/pod-scrape/rate.ts';
import { identityOf, ScrapeMemory } from '../../../src/observe/pod-scrape/scrape-memory.ts';
import type { KeptPod } from '../../../src/observe/pod-scrape/scrape-memory.ts';
import { bare } from '../../decide/builders.ts';

describe('isForeignAddress', () => {
  for (const address of [
    '10.244.1.7',
    '192.168.3.4',
    '100.64.0.9',
    '203.0.113.5',
    'fd12:3456::7',
    '2001:db8::1',
  ])
    it(`lets a pod at ${address} be asked`, () => {
      expect(isForeignAddress(address, false)).to.equal(false);
      expect(isForeignAddress(address, true)).to.equal(false);
    });

  for (const address of [
    ...[
      '169.254.169.254',
      '169.254.170.2',
      '168.63.129.16',
      '100.100.100.200',
      '192.0.0.192',
      'fd00:ec2::254',
    ],
    ...['fe80::1', 'fe80::1%eth0', '0.0.0.0', '::', '224.0.0.1', '255.255.255.255', 'ff02::1'],
    ...['::ffff:169.254.169.254', '::ffff:10.0.0.1', '0:0:0:0:0:ffff:a9fe:a9fe', '64:ff9b::a9fe:a9fe'],
    ...[
      '',
      'localhost',
      'metadata.google.internal',
      '10.0.0.1:80',
      '10.0.0.1@evil',
      '2130706433',
      '0x7f.1',
      '10.0.0',
    ],
  ])
    it(`never lets ${JSON.stringify(address)} be asked`, () => {
      expect(isForeignAddress(address, false)).to.equal(true);
      expect(isForeignAddress(address, true)).to.equal(true);
    });

  for (const address of ['127.0.0.1', '127.64.3.2', '::1'])
    it(`lets ${address} be asked only where pods are on loopback`, () => {
      expect(isForeignAddress(address, false)).to.equal(true);
      expect(isForeignAddress(address, true)).to.equal(false);
    });
});

describe('isLoopbackServer', () => {
  const servers = {
    'http://127.0.0.1:6443': true,
    'https://localhost:8443': true,
    'https://[::1]:6443': true,
    'https://10.96.0.1:443': false,
    'https://localhost.example.com': false,
    'https://[fd00::1]:6443': false,
  };
  for (const [server, expected] of Object.entries(servers))
    it(`is ${expected} of ${server}`, () => expect(isLoopbackServer(server)).to.equal(expected));
});

describe('ratePerSecond', () => {
  const counters = (atMs: number, ...values: [number, number][]) => ({ atMs, series: new Map(values) });
  const rates: Readonly<
    Record<string, { before: [number, number][]; now: [number, number][]; rate: number }>
  > = {
    'the growth of each series by the time between': {
      before: [
        [1, 100],
        [2, 10],
      ],
      now: [
        [1, 130],
        [2, 30],
      ],
      rate: 5,
    },
    'what a counter has counted since it began again, not less than nothing': {
      before: [[1, 100]],
      now: [[1, 20]],
      rate: 2,
    },
    'of each series by itself: one that began again takes nothing from another': {
      before: [
        [1, 100],
        [2, 10],
      ],
      now: [
        [1, 5],
        [2, 25],
      ],
      rate: 2,
    },
    'a new series from zero': {
      before: [[1, 100]],
      now: [
        [1, 100],
        [2, 20],
      ],
      rate: 2,
    },
    'nothing of a series that went': {
      before: [
        [1, 100],
        [2, 10],
      ],
      now: [[1, 110]],
      rate: 1,
    },
    'zero where nothing grew': { before: [[1, 100]], now: [[1, 100]], rate: 0 },
  };
  for (const [sentence, { before, now, rate }] of Object.entries(rates))
    it(`is ${sentence}`, () =>
      expect(ratePerSecond(counters(5000, ...before), counters(15_000, ...now))).to.equal(rate));
});

describe('FairLimit', () => {
  const turn = async (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

  it('lets so many work at once, those of different lines in turns, and frees all places in the end', async () => {
    const limit = new FairLimit(2);
    const [long, short] = [limit.line(), limit.line()];
    const log: string[] = [];
    let running = 0;
    const work = (name: string) => async (): Promise<string> => {
      running += 1;
      expect(running).to.be.at.most(2);
      log.push(name);
      await turn();
      running -= 1;
      return name;
    };
    const all = [
      ...['a', 'b', 'c', 'd', 'e', 'f'].map((name) => long.run(work(name))),
      ...['X', 'Y'].map((name) => short.run(work(name))),
    ];
    expect((await Promise.all(all)).join('')).to.equal('abcdefXY');
    expect(log.join('')).to.equal('abcXdYef');
    expect(await limit.line().run(work('z'))).to.equal('z');
  });

  it('goes on after work that failed', async () => {
    const limit = new FairLimit(1);
    const line = limit.line();
    const failing = line.run(() => Promise.reject(new Error('broken')));
    const next = line.run(() => Promise.resolve('fine'));
    expect(await failing.catch((error: unknown) => String(error))).to.equal('Error: broken');
    expect(await next).to.equal('fine');
  });

  it('sends those away who still wait when their line is dismissed, and nobody else', async () => {
    const limit = new FairLimit(1);
    const [one, other] = [limit.line(), limit.line()];
    const first = one.run(async () => turn().then(() => 'worked'));
    const waiting = one.run(() => Promise.resolve('never'));
    const stays = other.run(() => Promise.resolve('later'));
    one.dismiss();
    expect(await Promise.all([first, waiting, stays])).to.deep.equal(['worked', undefined, 'later']);
  });
});

describe('ScrapeMemory', () => {
  const entry = (keepUntilMs: number): KeptPod => ({
    ...{ identity: 'a', keepUntilMs, begunMs: 0, isSlow: false },
    outcome: Promise.resolve({ ok: false, problem: 'NoSeries', detail: '' }),
  });

  it('forgets pods that nobody wanted for a while, of whatever metric, and keeps the others', () => {
    const memory = new ScrapeMemory();
    memory.of('hits', 0).set('gone', entry(60_000)).set('there', entry(110_000));
    memory.of('queue', 0).set('gone', entry(60_000));
    expect(memory.size).to.equal(3);
    memory.of('other', 61_000);
    expect([...memory.of('hits', 61_000).keys()]).to.deep.equal(['there']);
    expect(memory.size).to.equal(1);
  });

  it('tells a pod from a later one of its name', () => {
    const pod = { ...bare, ip: '10.0.0.1', createdAtMs: 1 };
    expect(identityOf(pod)).not.to.equal(identityOf({ ...pod, createdAtMs: 2 }));
    expect(identityOf(pod)).not.to.equal(identityOf({ ...pod, ip: '10.0.0.2' }));
    expect(identityOf(pod)).to.equal(identityOf({ ...pod, phase: 'Failed' }));
  });
});

describe('countFailures', () => {
  it('counts by reason, the most first, with ten names at most and the detail of the first', () => {
    const failures: readonly Failure[] = [
      { podName: 'web-0', problem: 'Refused', detail: 'answered 302' },
      ...Array.from({ length: 900 }, (_, at) => ({
        podName: `slow-${at}`,
        problem: 'TimedOut' as const,
        detail: '',
      })),
    ];
    const [slow, refused, ...more] = countFailures(failures);
    expect(more).to.deep.equal([]);
    expect(slow).to.deep.equal({
      reason: 'TimedOut',
      count: 900,
      names: Array.from({ length: 10 }, (_, at) => `slow-${at}`),
    });
    expect(refused).to.deep.equal({ reason: 'Refused', count: 1, names: ['web-0'], detail: 'answered 302' });
  });
});
