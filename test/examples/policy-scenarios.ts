import { hpaSpec } from '../../src/api/hpa.ts';
import type { CustomAutoscalerSpec } from '../../src/api/generated/custom-autoscaler.ts';
import type { SimulationInput } from '../../src/replay/simulation/model.ts';

/** A load and an app that show what a policy of examples/policies/ is for. */
export interface PolicyScenario extends Omit<
  SimulationInput,
  'policy' | 'profile' | 'startMs' | 'beside' | 'options'
> {
  /** RFC 3339. */
  readonly start: string;
  /** Of the times below the chart; also the policy's, where it has one. */
  readonly timeZone: string;
  /** In the language of load profiles. */
  readonly load: string;
  readonly says: string;
  /** The first decision for another count whose words match is shown. */
  readonly quotes: RegExp;
  /** What the policy is compared with. */
  readonly instead: {
    readonly name: string;
    readonly spec: (spec: CustomAutoscalerSpec) => CustomAutoscalerSpec;
  };
  readonly scaleToZero?: true;
}

const asHpa = { name: 'as an HPA', spec: hpaSpec };
const without = (name: string, ...fields: (keyof CustomAutoscalerSpec)[]) => ({
  name,
  spec: (spec: CustomAutoscalerSpec): CustomAutoscalerSpec =>
    Object.fromEntries(
      Object.entries(spec).filter(([field]) => !(fields as string[]).includes(field)),
    ) as unknown as CustomAutoscalerSpec,
});
const byCpu = {
  name: 'by CPU at 60 %',
  spec: (spec: CustomAutoscalerSpec): CustomAutoscalerSpec => ({
    ...spec,
    metrics: [
      {
        type: 'Resource',
        resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 60 } },
      },
    ],
  }),
};

/** By the name of the file, in the order of the page. */
export const policyScenarios: Readonly<Record<string, PolicyScenario>> = {
  'office-hours': {
    start: '2027-05-04T05:00:00+02:00',
    timeZone: 'Europe/Berlin',
    load: '4/s for 3h55m, to 60/s over 5m, 60/s for 3h, 45/s for 1h, 60/s for 4h, to 4/s over 1h, 4/s for 3h',
    app: { capacityPerSecond: 10, start: { readySeconds: 45 } },
    says: 'Everybody logs in at nine. The floor is there before them, in the time zone of the office, and not on holidays.',
    quotes: /office-hours/,
    startReplicas: 2,
    instead: asHpa,
  },
  'night-zero': {
    start: '2027-05-07T12:00:00-04:00',
    timeZone: 'America/New_York',
    load: '15/s for 6h, 0/s for 62h, 15/s for 10h',
    app: { capacityPerSecond: 10, start: { readySeconds: 45 } },
    says: "A test environment that is off from 20 to 7 o'clock, and from Friday evening to Monday morning.",
    quotes: /-> 0: .*night/,
    startReplicas: 3,
    instead: asHpa,
  },
  'black-friday': {
    start: '2027-11-26T00:00:00Z',
    timeZone: 'Europe/London',
    load: '40/s for 6h, to 80/s over 1h, 300/s for 30m, to 200/s over 3h30m, 200/s for 6h, to 260/s over 2h, to 40/s over 6h, 40/s for 3h',
    app: { capacityPerSecond: 10, start: { readySeconds: 90, spreadSeconds: 30 } },
    says: 'Forty pods stand ready before the doors open at seven, and were started over two hours.',
    quotes: /black-friday/,
    startReplicas: 8,
    instead: asHpa,
  },
  'requests-per-second': {
    start: '2027-05-04T10:00:00Z',
    timeZone: 'Etc/UTC',
    load: 'poisson arrivals, 80/s for 10m, to 900/s over 10m, 900/s for 30m, to 80/s over 10m, 80/s for 20m',
    app: { capacityPerSecond: 150, cpuBusyMillis: 300 },
    says: 'An app that waits for others: at its limit it uses 30 % of its CPU request, so only its requests tell its load.',
    quotes: /asks for/,
    instead: byCpu,
  },
  'queue-to-zero': {
    start: '2027-05-04T10:00:00Z',
    timeZone: 'Etc/UTC',
    load: 'poisson arrivals, 0/s for 15m, 60/s for 10m, 0/s for 35m, 20/s for 15m, 0/s for 25m',
    app: { capacityPerSecond: 5, queue: { patienceSeconds: 300 } },
    signals: ['Backlog'],
    scaleToZero: true,
    says: "Workers for a queue: as many as wait for a minute's work each, and none while it is empty.",
    quotes: /^0 -> /,
    instead: { name: 'with minReplicas: 1', spec: (spec) => ({ ...spec, minReplicas: 1 }) },
  },
  'cpu-and-memory': {
    start: '2027-05-04T10:00:00Z',
    timeZone: 'Etc/UTC',
    load: 'poisson arrivals, sine from 52/s to 68/s every 20m for 3h',
    app: { capacityPerSecond: 10, start: { readySeconds: 30 } },
    says: 'Scaled up at 2 % above a target, and down only at 25 % below.',
    quotes: /asks for/,
    startReplicas: 10,
    instead: without('without tolerances', 'behavior'),
  },
  'metric-outage': {
    start: '2027-05-04T10:00:00Z',
    timeZone: 'Etc/UTC',
    load: '150/s for 20m, to 700/s over 10m, 700/s for 60m, to 150/s over 10m, 150/s for 20m',
    app: { capacityPerSecond: 70, start: { readySeconds: 30 } },
    outages: [
      { metric: 0, reads: 'Error', fromSeconds: 1080, toSeconds: 2700 },
      { metric: 0, reads: 'Zero', fromSeconds: 3900, toSeconds: 4380 },
    ],
    says: 'The source of the metric fails from 10:18 to 10:45, as the load rises, and says 0 from 11:05 to 11:13.',
    quotes: /fallback/,
    startReplicas: 3,
    instead: asHpa,
  },
  'slow-start': {
    start: '2027-05-04T10:00:00Z',
    timeZone: 'Etc/UTC',
    load: '11/s for 10m, 17/s for 50m, 11/s for 20m',
    app: {
      capacityPerSecond: 10,
      start: { readySeconds: 360, firstReadySeconds: 40, cpuMillis: 1800 },
    },
    says: 'Each pod burns nearly two cores for six minutes before it is ready for good.',
    quotes: /initialization period/,
    instead: asHpa,
  },
  'beside-a-job': {
    start: '2027-05-04T00:00:00Z',
    timeZone: 'Etc/UTC',
    load: '28/s for 90m, 34/s for 90m',
    app: { capacityPerSecond: 10 },
    strangers: [{ count: 6, cpuMillis: 900, fromSeconds: 3600, toSeconds: 7200 }],
    says: 'Six busy pods of a job bear the labels of the app from 1:00 to 2:00.',
    quotes: /left out/,
    startReplicas: 5,
    instead: asHpa,
  },
  'fast-up-slow-down': {
    start: '2027-05-04T18:00:00Z',
    timeZone: 'Etc/UTC',
    load: '30/s for 15m, 220/s for 5m, 30/s for 12m, 220/s for 5m, 30/s for 43m',
    app: { capacityPerSecond: 10, start: { readySeconds: 10 } },
    says: 'Two waves of readers, twelve minutes apart: the second finds the pods of the first.',
    quotes: /scale-down limited/,
    startReplicas: 6,
    instead: without('without behavior', 'behavior'),
  },
  'nightly-batch': {
    start: '2027-05-30T00:00:00+09:00',
    timeZone: 'Asia/Tokyo',
    load: '1/s for 1h, 100/s for 2h, 1/s for 9h, 0/s for 2h, 1/s for 4h',
    app: { capacityPerSecond: 10, queue: { patienceSeconds: 60 }, start: { readySeconds: 60 } },
    says: 'Exactly twelve workers as the import begins at one, and none for the maintenance on this last Sunday of May.',
    quotes: /-> 12: .*nightly-import/,
    instead: asHpa,
  },
  'dry-run': {
    start: '2027-05-04T16:00:00+10:00',
    timeZone: 'Australia/Sydney',
    load: '20/s for 2h30m, to 90/s over 1m, 90/s for 2h, to 20/s over 1h, 20/s for 2h29m',
    app: { capacityPerSecond: 10, start: { readySeconds: 45 } },
    says: 'The HPA scales; the policy beside it says what it would have done, with a floor for the evening, and writes nothing.',
    quotes: /dry run/,
    startReplicas: 4,
    instead: { name: 'as Active, alone', spec: (spec) => ({ ...spec, mode: 'Active' }) },
  },
  'hold-for-a-release': {
    start: '2027-05-04T10:30:00Z',
    timeZone: 'Etc/UTC',
    load: '70/s for 20m, 10/s for 25m, 70/s for 15m, 10/s for 60m',
    app: { capacityPerSecond: 10, start: { readySeconds: 45 } },
    says: 'Users are moved to the new version at 10:50 and back at 11:15; the release is over at 12:00.',
    quotes: /suspended/,
    startReplicas: 8,
    instead: without('as Active', 'mode', 'suspend'),
  },
  'every-five-seconds': {
    start: '2027-05-04T20:00:00Z',
    timeZone: 'Etc/UTC',
    load: '100/s for 10m, 900/s for 10m, 100/s for 20m',
    app: { capacityPerSecond: 100, start: { readySeconds: 5 } },
    says: 'Nine times the load in an instant: the first decision comes within five seconds.',
    quotes: /asks for/,
    instead: without('every 15 s', 'syncPeriodSeconds', 'requireFreshSamples'),
  },
};
