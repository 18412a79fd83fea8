import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { toPolicy } from '../../src/api/to-policy.ts';
import type { AutoscalerObject } from '../../src/api/to-policy.ts';
import { validAutoscaler } from '../support/invalid-autoscalers.ts';

function policyOf(spec: object) {
  const full = { scaleTargetRef: { kind: 'Deployment', name: 'web' }, maxReplicas: 5, ...spec };
  return toPolicy({ metadata: { name: 'web' }, spec: full });
}

function cpuTarget(target: object): object {
  return { metrics: [{ type: 'Resource', resource: { name: 'cpu', target } }] };
}

/** What Go's resource.Quantity (apimachinery 0.36.2) makes of a JSON number, by its text. */
interface JsonQuantity {
  readonly json: string;
  /** MilliValue, where it is in the range of int64. */
  readonly milli?: string;
  /** AsApproximateFloat64. */
  readonly float: number;
}

const jsonQuantities = readFileSync(new URL('../fixtures/api/json-quantities.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as JsonQuantity);

/** Digits that no double holds; an API server drops them, too, when it stores a custom resource. */
const beyondDouble = '0.1000000000000000000001';

describe('toPolicy', () => {
  it('reads each type of metric, with quantities in thousandths', () => {
    const object = validAutoscaler() as { metadata: object; spec: object } as AutoscalerObject;
    expect(toPolicy(object).metrics).to.deep.equal([
      { type: 'Resource', resource: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } },
      {
        type: 'ContainerResource',
        resource: 'memory',
        container: 'app',
        target: { type: 'AverageValue', averageMilli: 104_857_600_000n },
      },
      { type: 'Pods', metric: { name: 'rps' }, target: { type: 'AverageValue', averageMilli: 10_000n } },
      {
        type: 'Object',
        metric: { name: 'requests' },
        describedObject: { apiVersion: 'v1', kind: 'Service', name: 'web' },
        target: { type: 'Value', valueMilli: 2_000_000n },
      },
      { type: 'External', metric: { name: 'queue' }, target: { type: 'Value', valueMilli: 30_000n } },
    ]);
  });

  const quantities: Readonly<Record<string, readonly [number | string, bigint]>> = {
    'an integer': [7, 7_000n],
    'an integer as text': ['7', 7_000n],
    millis: ['1500m', 1_500n],
    'micros, rounded up': ['1u', 1n],
    'a decimal fraction': ['0.5', 500n],
    'a binary suffix': ['1.5Ki', 1_536_000n],
    'an exponent': ['1e3', 1_000_000n],
  };
  for (const [name, [averageValue, averageMilli]] of Object.entries(quantities)) {
    it(`reads a quantity given as ${name}`, () => {
      expect(policyOf(cpuTarget({ type: 'AverageValue', averageValue })).metrics[0]).to.deep.equal({
        type: 'Resource',
        resource: 'cpu',
        target: { type: 'AverageValue', averageMilli },
      });
    });
  }

  it('keeps both values of an Object target, for the decision to choose', () => {
    const object = {
      describedObject: { kind: 'Service', name: 's' },
      metric: { name: 'q' },
      target: { type: 'Value', value: 1, averageValue: 2 },
    };
    const [metric] = policyOf({ metrics: [{ type: 'Object', object }] }).metrics;
    expect(metric).to.have.deep.property('target', { type: 'Value', valueMilli: 1000n, averageMilli: 2000n });
    expect(metric).to.have.deep.property('describedObject', { apiVersion: '', kind: 'Service', name: 's' });
  });

  it('reads selectors with what is missing in them as empty', () => {
    const selector = {
      matchLabels: { a: 'b' },
      matchExpressions: [{ key: 'c' }, { operator: 'In', values: ['d'] }],
    };
    const external = { metric: { name: 'q', selector }, target: { type: 'Value', value: 1 } };
    expect(policyOf({ metrics: [{ type: 'External', external }] }).metrics[0]).to.have.deep.property(
      'metric',
      {
        name: 'q',
        selector: {
          matchLabels: { a: 'b' },
          matchExpressions: [
            { key: 'c', operator: '' },
            { key: '', operator: 'In', values: ['d'] },
          ],
        },
      },
    );
  });

  it('has no behavior when none was given, and a full one when an empty one was', () => {
    expect(policyOf({})).to.not.have.property('behavior');
    expect(policyOf({ behavior: {} }).behavior).to.deep.equal({
      scaleUp: {
        stabilizationWindowSeconds: 0,
        selectPolicy: 'Max',
        policies: [
          { type: 'Pods', value: 4, periodSeconds: 15 },
          { type: 'Percent', value: 100, periodSeconds: 15 },
        ],
      },
      scaleDown: { selectPolicy: 'Max', policies: [{ type: 'Percent', value: 100, periodSeconds: 15 }] },
    });
  });

  it('reads tolerances as ratios', () => {
    const { behavior } = policyOf({
      behavior: { scaleUp: { tolerance: '50m' }, scaleDown: { tolerance: 0 } },
    });
    expect([behavior?.scaleUp.tolerance, behavior?.scaleDown.tolerance]).to.deep.equal([0.05, 0]);
  });

  for (const { json, milli, float } of jsonQuantities.filter((row) => row.json !== beyondDouble)) {
    it(`reads the number ${json} as Go does`, () => {
      const value = JSON.parse(json) as unknown;
      const { behavior, metrics } = policyOf({
        ...cpuTarget({ type: 'AverageValue', averageValue: value }),
        behavior: { scaleUp: { tolerance: value } },
      });
      expect(behavior?.scaleUp.tolerance).to.equal(float);
      const [metric] = metrics;
      const target = metric?.type === 'Resource' ? metric.target : undefined;
      if (milli !== undefined) expect(target?.averageMilli).to.equal(BigInt(milli));
    });
  }

  it('reads of a number what a double holds: beyond 17 digits Go, which reads the text, sees more', () => {
    const { behavior } = policyOf({
      behavior: { scaleUp: { tolerance: JSON.parse(beyondDouble) as number } },
    });
    const go = jsonQuantities.find(({ json }) => json === beyondDouble);
    expect([behavior?.scaleUp.tolerance, go?.float]).to.deep.equal([0.1, 0.100000001]);
  });

  it('has the mode that the spec names, and none otherwise', () => {
    const object = validAutoscaler() as { metadata: object; spec: object } as AutoscalerObject;
    expect(toPolicy({ ...object, spec: { ...object.spec, mode: 'DryRun' } }).mode).to.equal('DryRun');
    expect(toPolicy(object)).to.not.have.property('mode');
  });

  it('takes the namespace default where none is given', () => {
    expect(policyOf({})).to.include({ namespace: 'default', name: 'web', minReplicas: 1 });
  });

  describe('lets through what validation would refuse:', () => {
    it('a metric of no known type', () => {
      expect(policyOf({ metrics: [{ type: 'CheddarCheese' }] }).metrics).to.deep.equal([
        { type: 'Unknown', given: 'CheddarCheese' },
      ]);
    });

    it('a metric without the field that its type names', () => {
      expect(policyOf({ metrics: [{ type: 'Pods' }] }).metrics).to.deep.equal([
        { type: 'Unknown', given: 'Pods' },
      ]);
    });

    it('a target of no type', () => {
      expect(policyOf(cpuTarget({ type: '', averageUtilization: 50 })).metrics[0]).to.have.deep.property(
        'target',
        {
          type: '',
          averageUtilization: 50,
        },
      );
    });
  });
});
