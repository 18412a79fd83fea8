import { expect } from 'chai';
import fc from 'fast-check';
import { parseAutoscaler } from '../../src/api/parse.ts';
import { parseCron } from '../../src/api/cron.ts';
import type { Schedule } from '../../src/api/generated/custom-autoscaler.ts';
import { boundsAt } from '../../src/decide/schedules/bounds.ts';
import type { CronFields } from '../../src/decide/policy.ts';
import { convertObject } from '../../src/migrate/convert.ts';

interface Times {
  readonly start: string;
  readonly end: string;
  readonly replicas?: number;
  readonly timeZone?: string;
}

function cronTrigger({ start, end, replicas = 5, timeZone = 'Etc/UTC' }: Times): object {
  return { type: 'cron', metadata: { timezone: timeZone, start, end, desiredReplicas: String(replicas) } };
}

const cpu = { type: 'cpu', metricType: 'Utilization', metadata: { value: '60' } };

function convert(triggers: readonly object[], spec: object = {}) {
  const source = {
    ...{ apiVersion: 'keda.sh/v1alpha1', kind: 'ScaledObject', metadata: { name: 'web' } },
    spec: { scaleTargetRef: { name: 'web' }, triggers, ...spec },
  };
  const conversion = convertObject(source);
  if (conversion?.ok !== true) throw new Error(JSON.stringify(conversion));
  return conversion;
}

/** The schedules beside a CPU metric, where the minimum is not 0: only the windows. */
function windows(times: Times, spec: object = {}): Partial<Schedule>[] {
  const { object } = convert([cronTrigger(times), cpu], { minReplicaCount: 1, ...spec });
  return (object?.spec.schedules ?? []).map(({ start, duration }) => ({ start, duration }));
}

const said: Readonly<Record<string, readonly [Times, readonly Partial<Schedule>[]]>> = {
  'the same days': [
    { start: '0 8 * * 1-5', end: '30 18 * * 1-5' },
    [{ start: '0 8 * * 1-5', duration: '10h30m' }],
  ],
  'the same days, by their names': [
    { start: '0 8 * * mon-fri', end: '0 18 * * MON-FRI' },
    [{ start: '0 8 * * mon-fri', duration: '10h' }],
  ],
  'over midnight': [{ start: '0 22 * * *', end: '0 6 * * *' }, [{ start: '0 22 * * *', duration: '8h' }]],
  'over midnight on some days': [
    { start: '0 22 * * 5', end: '0 6 * * 6' },
    [{ start: '0 22 * * 5', duration: '8h' }],
  ],
  'over the weekend, around the end of the week': [
    { start: '0 18 * * 5', end: '0 8 * * 1' },
    [{ start: '0 18 * * 5', duration: '62h' }],
  ],
  'several times a day': [
    { start: '0 8,14 * * *', end: '0 10,16 * * *' },
    [{ start: '0 8,14 * * *', duration: '2h' }],
  ],
  'every hour': [{ start: '30 * * * *', end: '45 * * * *' }, [{ start: '30 * * * *', duration: '15m' }]],
  'a start that another start follows before the end, which KEDA forgets': [
    { start: '0 8,12 * * *', end: '0 18 * * *' },
    [{ start: '0 12 * * *', duration: '6h' }],
  ],
  'several ends, of which KEDA takes the last before the next start': [
    { start: '0 8 * * *', end: '0 18,20 * * *' },
    [{ start: '0 8 * * *', duration: '12h' }],
  ],
  'a start that has no end of its own': [
    { start: '0 8 * * 1-5', end: '0 18 * * 1-4' },
    [{ start: '0 8 * * 1-4', duration: '10h' }],
  ],
  'days of different length': [
    { start: '0 8 * * 1,5', end: '0 18 * * 1,6' },
    [
      { start: '0 8 * * 1', duration: '10h' },
      { start: '0 8 * * 5', duration: '34h' },
    ],
  ],
  'a day of the year': [
    { start: '0 8 24 12 *', end: '0 20 24 12 *' },
    [{ start: '0 8 24 12 *', duration: '12h' }],
  ],
  'days of a month': [
    { start: '37 10 4,5,6,7 1 *', end: '45  10 4,5,6,7 1 *' },
    [{ start: '37 10 4,5,6,7 1 *', duration: '8m' }],
  ],
};

const notSaid: Readonly<Record<string, Times>> = {
  'an end on another day of the month': { start: '0 8 1 * *', end: '0 8 3 * *' },
  'days of the month or of the week, which are both here': { start: '0 8 1 * 1', end: '0 9 1 * 1' },
};

describe("a cron trigger's start and end become start and duration", () => {
  for (const [name, [times, expected]] of Object.entries(said))
    it(name, () => {
      expect(windows(times)).to.deep.equal(expected);
    });

  for (const [name, times] of Object.entries(notSaid))
    it(`cannot say, and says so: ${name}`, () => {
      const { object, remarks } = convert([cronTrigger(times), cpu], { minReplicaCount: 1 });
      expect(object?.spec).not.to.have.property('schedules');
      expect(remarks.filter(({ kind }) => kind === 'notKept').map(({ path }) => path)).to.deep.equal([
        'spec.triggers[0]',
      ]);
    });

  it('with a count above the maximum, is brought below it', () => {
    const { object } = convert([cronTrigger({ ...said['over midnight']![0], replicas: 50 }), cpu], {
      ...{ minReplicaCount: 1, maxReplicaCount: 20 },
    });
    expect(object?.spec.schedules?.[0]).to.include({ minReplicas: 20 });
  });

  it('with no count sets nothing', () => {
    const { object, remarks } = convert([
      cronTrigger({ start: '0 8 * * *', end: '0 9 * * *', replicas: 0 }),
      cpu,
    ]);
    expect(object?.spec).not.to.have.property('schedules');
    expect(remarks.map(({ path }) => path)).to.include('spec.triggers[0].metadata.desiredReplicas');
  });

  it('with names of their own, as labels and each once', () => {
    const named = { ...cronTrigger({ start: '0 8 * * *', end: '0 9 * * *' }), name: 'Rush Hour' };
    const { object } = convert([named, named, cpu], { minReplicaCount: 1 });
    expect(object?.spec.schedules?.map(({ name }) => name)).to.deep.equal(['rush-hour', 'rush-hour-2']);
  });
});

const dayMs = 86_400_000;
const minuteMs = 60_000;
const sunday = Date.parse('2030-01-06T00:00:00Z');

/** The first minute after a moment at which an expression fires, in UTC. */
function nextMinute(fields: CronFields, ms: number): number {
  for (let at = Math.floor(ms / minuteMs + 1) * minuteMs; at <= ms + 8 * dayMs; at += minuteMs) {
    const date = new Date(at);
    const fires =
      fields.minute.includes(date.getUTCMinutes()) &&
      fields.hour.includes(date.getUTCHours()) &&
      fields.dayOfWeek.includes(date.getUTCDay());
    if (fires) return at;
  }
  throw new Error('it never fires');
}

function fieldsOf(text: string): CronFields {
  const parsed = parseCron(text);
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed.fields;
}

/** As KEDA sees it: the next end comes before the next start. */
function isOpenForKeda({ start, end }: Times, ms: number): boolean {
  const nextStart = nextMinute(fieldsOf(start), ms);
  const nextEnd = nextMinute(fieldsOf(end), ms);
  return nextStart >= nextEnd;
}

const days = fc.subarray([0, 1, 2, 3, 4, 5, 6], { minLength: 1 });
const expression = fc
  .tuple(
    fc.constantFrom(0, 15, 30, 45),
    fc.subarray([0, 6, 8, 12, 18, 23], { minLength: 1, maxLength: 2 }),
    days,
  )
  .map(([minute, hour, on]) => `${minute} ${hour.join(',')} * * ${on.join(',')}`);
const times = fc
  .record({ start: expression, end: expression, replicas: fc.integer({ min: 1, max: 9 }) })
  .filter(({ start, end }) => start !== end);

/** Minutes of two weeks, not on a boundary. */
const moment = fc
  .integer({ min: 0, max: 14 * 24 * 60 - 1 })
  .map((minute) => sunday + minute * minuteMs + 30_000);

describe('the time that KEDA sees open', () => {
  const policyOf = (triggers: readonly object[], spec: object) => {
    const parsed = parseAutoscaler(convert(triggers, spec).object);
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
    return parsed.policy;
  };
  const isSaid = (policy: { schedules?: readonly unknown[] }): boolean => (policy.schedules ?? []).length > 0;

  // A start and an end in the same minute are one's word against the other's.
  const apart = times.filter(({ start, end }) => {
    const minutes = ({ hour, minute, dayOfWeek }: CronFields): string[] =>
      dayOfWeek.flatMap((day) => hour.flatMap((h) => minute.map((m) => `${day} ${h} ${m}`)));
    const ends = new Set(minutes(fieldsOf(end)));
    return !minutes(fieldsOf(start)).some((one) => ends.has(one));
  });

  it('is the time in which the schedules raise the minimum', () => {
    fc.assert(
      fc.property(apart, fc.array(moment, { minLength: 4, maxLength: 8 }), (given, moments) => {
        const policy = policyOf([cronTrigger(given), cpu], { minReplicaCount: 1 });
        fc.pre(isSaid(policy));
        for (const ms of moments)
          expect(boundsAt(policy, ms).minReplicas, new Date(ms).toISOString()).to.equal(
            isOpenForKeda(given, ms) ? given.replicas : 1,
          );
      }),
      { numRuns: 60 },
    );
  });

  it('has its count, and all other time the minimum, where cron alone counts', () => {
    fc.assert(
      fc.property(
        fc.array(apart, { minLength: 1, maxLength: 2 }),
        fc.array(moment, { minLength: 4, maxLength: 8 }),
        fc.integer({ min: 0, max: 2 }),
        (given, moments, minReplicaCount) => {
          const policy = policyOf(given.map(cronTrigger), { minReplicaCount });
          fc.pre(isSaid(policy) && policy.schedules?.some(({ name }) => name.startsWith('outside')) === true);
          for (const ms of moments) {
            const open = given.filter((one) => isOpenForKeda(one, ms)).map(({ replicas }) => replicas);
            const count = open.length > 0 ? Math.max(...open) : minReplicaCount;
            const { minReplicas, maxReplicas, conflict } = boundsAt(policy, ms);
            expect({ minReplicas, maxReplicas, conflict }, new Date(ms).toISOString()).to.deep.equal({
              ...{ minReplicas: count, maxReplicas: count, conflict: undefined },
            });
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('leaves a target at zero outside it, with cpu beside cron and a minimum of 0', () => {
    const office = { start: '0 8 * * 1-5', end: '0 18 * * 1-5', replicas: 2 };
    const policy = policyOf([cronTrigger(office), cpu], { minReplicaCount: 0, maxReplicaCount: 9 });
    const at = (text: string) => {
      const { minReplicas, maxReplicas } = boundsAt(policy, Date.parse(text));
      return [minReplicas, maxReplicas];
    };
    expect(at('2030-01-07T12:00:00Z')).to.deep.equal([2, 9]); // a Monday
    expect(at('2030-01-07T20:00:00Z')).to.deep.equal([0, 0]);
    expect(at('2030-01-12T12:00:00Z')).to.deep.equal([0, 0]); // a Saturday
  });

  it('of two time zones cannot be said as one week', () => {
    const berlin = { start: '0 8 * * *', end: '0 18 * * *', timeZone: 'Europe/Berlin' };
    const { object, remarks } = convert([
      cronTrigger(berlin),
      cronTrigger({ ...berlin, timeZone: 'Asia/Tokyo' }),
    ]);
    expect(object?.spec.schedules?.map(({ replicas }) => replicas)).to.deep.equal([5, 5]);
    expect(remarks.filter(({ kind }) => kind === 'notKept').map(({ path }) => path)).to.deep.equal([
      'spec.triggers[0].metadata.end',
      'spec.triggers[1].metadata.end',
    ]);
  });
});
