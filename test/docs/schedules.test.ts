import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { parseAutoscaler } from '../../src/api/parse.ts';
import { invalidTargets } from '../../src/api/targets.ts';
import type { Policy } from '../../src/decide/policy.ts';
import { boundsAt } from '../../src/decide/schedules/bounds.ts';
import type { KubeObject } from '../../src/devcluster/cluster-api.ts';
import { TestCluster } from '../support/cluster.ts';

describe('docs/schedules.md', () => {
  const page = readFileSync('docs/schedules.md', 'utf8');
  const example = parse(/```yaml\n([\s\S]*?)```/.exec(page)?.[1] ?? '') as KubeObject;
  let policy: Policy;

  before(async () => {
    const cluster = await TestCluster.start();
    const metadata = { ...example.metadata, namespace: 'default' };
    const created = cluster.api.create('customautoscalers.plimsoll.dev', { ...example, metadata });
    await cluster.close();
    const parsed = parseAutoscaler(created);
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
    policy = parsed.policy;
  });

  const cases: Record<string, [time: string, bounds: string]> = {
    'before the office opens': ['2027-01-04T07:59', '2 to 50'],
    'on the ramp': ['2027-01-04T08:15', '6 to 50'],
    'in office hours': ['2027-01-04T08:30', '10 to 50'],
    'as the office closes': ['2027-01-04T18:00', '2 to 50'],
    'on an excluded day': ['2027-01-01T12:00', '2 to 50'],
    'in the night': ['2027-01-05T00:30', '2 to 5'],
    'during the batch': ['2027-01-05T02:00', '4 to 4'],
  };
  for (const [sentence, [time, expected]] of Object.entries(cases)) {
    it(`has an example with the bounds it tells, ${sentence}`, () => {
      const { minReplicas, maxReplicas } = boundsAt(policy, Date.parse(`${time}+01:00`));
      expect(`${minReplicas} to ${maxReplicas}`).to.equal(expected);
    });
  }

  const senseless: Record<string, [schedule: object, problem: RegExp]> = {
    'a minute of 61': [{ start: '61 8 * * *' }, /schedules\[0\]\.start.*61 is no value of the field minute/],
    'a zone that there is not': [{ timeZone: 'Mars/Olympus' }, /schedules\[0\]\.timeZone.*Mars\/Olympus/],
  };
  for (const [sentence, [parts, problem]] of Object.entries(senseless)) {
    it(`says rightly that the API server takes ${sentence}, and the operator does not`, async () => {
      const cluster = await TestCluster.start();
      const schedule = { name: 'office', start: '0 8 * * *', duration: '1h', minReplicas: 2, ...parts };
      cluster.autoscale('web', { schedules: [schedule] });
      const created = cluster.api.get('customautoscalers.plimsoll.dev', 'default', 'web');
      await cluster.close();
      const parsed = parseAutoscaler(created);
      expect(parsed.ok ? '' : parsed.problems.map(({ message }) => message).join('; ')).to.match(problem);
      expect(page).to.contain(`\`${invalidTargets}\` under TARGETS`);
    });
  }

  it('names every field of a schedule', () => {
    const crd = parse(readFileSync('crds/customautoscalers.plimsoll.dev.yaml', 'utf8')) as {
      spec: { versions: { schema: { openAPIV3Schema: { properties: Record<string, unknown> } } }[] };
    };
    const spec = crd.spec.versions[0]?.schema.openAPIV3Schema.properties.spec as {
      properties: { schedules: { items: { properties: object } } };
    };
    const told = [...page.matchAll(/^\| (`[^|]+`) \|/gm)].flatMap(
      ([, names = '']) => names.match(/\w+/g) ?? [],
    );
    expect(told).to.have.members(Object.keys(spec.properties.schedules.items.properties));
  });
});
