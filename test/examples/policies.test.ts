import { expect } from 'chai';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { parseAutoscaler } from '../../src/api/parse.ts';
import { boundsAt } from '../../src/decide/schedules/bounds.ts';
import type { KubeObject } from '../../src/devcluster/cluster-api.ts';
import type { Simulation } from '../../src/replay/simulate.ts';
import { TestCluster } from '../support/cluster.ts';
import { policiesPage, readPolicies, runScenario } from './policies-page.ts';
import { policyScenarios } from './policy-scenarios.ts';

const folder = new URL('../../examples/policies/', import.meta.url);
const page = new URL('../../docs/policies.md', import.meta.url);
const names = readdirSync(folder).map((file) => file.replace(/\.yaml$/, ''));

describe('examples/policies', () => {
  let cluster: TestCluster;

  before(async () => {
    cluster = await TestCluster.start();
  });

  after(async () => cluster.close());

  it('has at least ten policies, each with a scenario', () => {
    expect(names).to.have.length.of.at.least(10);
    expect(Object.keys(policyScenarios)).to.have.members(names);
    expect(Object.keys(points)).to.have.members(names);
  });

  for (const name of names) {
    it(`has ${name}, which the API server takes as it is and the operator reads`, () => {
      for (const object of readPolicies(name)) {
        const resource =
          object.kind === 'HorizontalPodAutoscaler'
            ? 'horizontalpodautoscalers.autoscaling'
            : 'customautoscalers.plimsoll.dev';
        const metadata = { ...object.metadata, namespace: 'default' };
        const created = cluster.api.create(resource, { ...object, metadata } as unknown as KubeObject);
        expect(parseAutoscaler(created)).to.include({ ok: true });
        expect(Object.keys(created.spec as object)).to.include.members(Object.keys(object.spec));
      }
    });

    it(`says in ${name} what it is for`, () => {
      const text = readFileSync(new URL(`${name}.yaml`, folder), 'utf8');
      expect(text).to.match(/^# .+\n#\n(# .+\n)+apiVersion/);
      for (const line of text.split('\n')) expect(line.length, line).to.be.at.most(140);
    });
  }
});

/** Whether a policy shows on its load what it is there for, whatever the page says. */
const points: Readonly<Record<string, (ours: Simulation, other: Simulation) => boolean>> = {
  'office-hours': (ours, other) => ours.totals.shortSeconds === 0 && other.totals.shortSeconds > 60,
  'night-zero': (ours, other) =>
    ours.totals.leastReplicas === 0 && ours.totals.replicaHours < other.totals.replicaHours / 2,
  'black-friday': (ours, other) =>
    ours.totals.shortSeconds === 0 && other.totals.shortSeconds > 60 && other.totals.largestStep > 10,
  'requests-per-second': (ours, other) =>
    ours.totals.shortSeconds === 0 && other.totals.served < other.totals.offered / 2,
  'queue-to-zero': (ours, other) =>
    ours.totals.leastReplicas === 0 &&
    ours.totals.longestWaitSeconds < 120 &&
    ours.totals.replicaHours < other.totals.replicaHours,
  'cpu-and-memory': (ours, other) => ours.totals.rescales < 5 && other.totals.rescales > 20,
  'metric-outage': (ours, other) => ours.totals.shortSeconds === 0 && other.totals.shortSeconds > 1200,
  'slow-start': (ours, other) => ours.totals.mostReplicas === 3 && other.totals.mostReplicas === 16,
  'beside-a-job': (ours, other) => ours.totals.mostReplicas === 6 && other.totals.mostReplicas > 12,
  'fast-up-slow-down': (ours, other) => ours.totals.shortSeconds <= other.totals.shortSeconds / 2,
  'nightly-batch': (ours, other) =>
    ours.totals.longestWaitSeconds <= 60 && other.totals.longestWaitSeconds > 180,
  'dry-run': ({ changes, totals, samples }) =>
    changes.every(({ words }) => words.includes('(dry run)')) &&
    totals.rescales > 0 &&
    samples.some(({ replicas, desiredReplicas }) => desiredReplicas > replicas),
  'hold-for-a-release': (ours, other) =>
    ours.totals.shortSeconds === 0 && other.totals.shortSeconds > 60 && ours.totals.leastReplicas === 2,
  'every-five-seconds': (ours, other) => ours.totals.shortSeconds <= other.totals.shortSeconds / 2,
};

describe('the policies on their loads', () => {
  for (const name of names) {
    it(`show what ${name} is for`, () => {
      const [ours, other] = runScenario(name).runs;
      expect(points[name]?.(ours.result, other.result)).to.equal(true);
    });
  }
});

describe('the schedules of the policies', () => {
  const bounds: Record<string, readonly [name: string, time: string, bounds: string]> = {
    'before the office opens': ['office-hours', '2027-05-04T08:29+02:00', '2 to 20'],
    'in the office': ['office-hours', '2027-05-04T09:00+02:00', '8 to 20'],
    'in the office, in winter': ['office-hours', '2027-12-01T09:00+01:00', '8 to 20'],
    'on a holiday': ['office-hours', '2027-05-06T12:00+02:00', '2 to 20'],
    'on a weekday night': ['night-zero', '2027-05-05T03:00-04:00', '0 to 0'],
    'as a weekday begins': ['night-zero', '2027-05-05T07:00-04:00', '1 to 4'],
    'on Saturday at noon': ['night-zero', '2027-05-08T12:00-04:00', '0 to 0'],
    'on Monday at 6:59': ['night-zero', '2027-05-10T06:59-04:00', '0 to 0'],
    'as the week begins': ['night-zero', '2027-05-10T07:00-04:00', '1 to 4'],
    'on Black Friday 2026': ['black-friday', '2026-11-27T07:00Z', '40 to 60'],
    'on Black Friday 2029, the 23rd': ['black-friday', '2029-11-23T07:00Z', '40 to 60'],
    'on the Friday before': ['black-friday', '2026-11-20T07:00Z', '4 to 60'],
    'during the import': ['nightly-batch', '2027-05-30T03:59+09:00', '12 to 12'],
    'for the maintenance': ['nightly-batch', '2027-05-30T13:00+09:00', '0 to 0'],
    'at noon of another Sunday': ['nightly-batch', '2027-05-23T13:00+09:00', '1 to 12'],
  };
  for (const [sentence, [name, time, expected]] of Object.entries(bounds)) {
    it(`hold in ${name} ${sentence}`, () => {
      const parsed = parseAutoscaler(readPolicies(name)[0]);
      if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
      const { minReplicas, maxReplicas } = boundsAt(parsed.policy, Date.parse(time));
      expect(`${minReplicas} to ${maxReplicas}`).to.equal(expected);
    });
  }
});

describe('docs/policies.md', () => {
  it('is what the simulation gives now', function () {
    this.timeout(120_000);
    const written = policiesPage();
    if (process.env.UPDATE_POLICIES === '1') writeFileSync(page, written);
    expect(readFileSync(page, 'utf8')).to.equal(written);
  });
});
