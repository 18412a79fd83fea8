import { expect } from 'chai';
import { parseAutoscaler } from '../../src/api/parse.ts';
import { convertObject } from '../../src/migrate/convert.ts';
import type { Remark } from '../../src/migrate/remarks.ts';
import { conformanceHpas } from '../support/converted.ts';

const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' };

function hpa(spec: object, metadata: object = {}, apiVersion = 'autoscaling/v2'): object {
  return {
    ...{ apiVersion, kind: 'HorizontalPodAutoscaler', metadata: { name: 'web', ...metadata } },
    spec: { scaleTargetRef, maxReplicas: 5, ...spec },
  };
}

function converted(source: object) {
  const conversion = convertObject(source);
  if (conversion?.ok !== true) throw new Error(`not converted: ${JSON.stringify(conversion)}`);
  return conversion;
}

const lost = (remarks: readonly Remark[]): string[] =>
  remarks.filter(({ kind }) => kind === 'notKept').map(({ path }) => path);

const cpu = (percent: number) => ({
  type: 'Resource',
  resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: percent } },
});

describe('a HorizontalPodAutoscaler becomes a CustomAutoscaler', () => {
  it('that decides the same, and loses nothing, throughout the conformance data', () => {
    let count = 0;
    for (const given of conformanceHpas()) {
      const before = parseAutoscaler(given);
      if (!before.ok) continue;
      const { object, remarks } = converted(given);
      const after = parseAutoscaler(object);
      expect(after.ok && after.policy).to.deep.equal(before.policy);
      expect(lost(remarks)).to.deep.equal([]);
      count += 1;
    }
    expect(count).to.be.greaterThan(1400);
  });

  it('with its name, namespace, labels and own annotations, and nothing that the API server set', () => {
    const own = { namespace: 'shop', labels: { app: 'web' } };
    const metadata = {
      ...{ ...own, uid: 'u', resourceVersion: '7', generation: 3, creationTimestamp: '2030-01-01T00:00:00Z' },
      managedFields: [{ manager: 'kubectl' }],
      annotations: { team: 'a', 'kubectl.kubernetes.io/last-applied-configuration': '{}' },
    };
    const { object, remarks } = converted(hpa({}, metadata));
    expect(object?.metadata).to.deep.equal({ name: 'web', ...own, annotations: { team: 'a' } });
    expect(object).not.to.have.property('status');
    expect(remarks).to.deep.equal([]);
  });

  it('with its fields in the order of the schema, in whatever order they are given', () => {
    const target = { averageUtilization: 60, type: 'Utilization' };
    const rules = {
      policies: [{ periodSeconds: 60, type: 'Pods', value: 4 }],
      stabilizationWindowSeconds: 0,
    };
    const spec = {
      behavior: { scaleDown: rules },
      maxReplicas: 5,
      metrics: [{ resource: { name: 'cpu', target }, type: 'Resource' }],
    };
    const metadata = {
      annotations: { team: 'a' },
      labels: { b: '1', a: '2' },
      name: 'web',
      namespace: 'shop',
    };
    const sorted = {
      ...{ apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', metadata },
      spec: { ...spec, minReplicas: 1, scaleTargetRef },
    };
    expect(JSON.stringify(converted(sorted).object)).to.equal(
      JSON.stringify({
        ...{ apiVersion: 'plimsoll.dev/v1', kind: 'CustomAutoscaler' },
        metadata: { name: 'web', namespace: 'shop', labels: { b: '1', a: '2' }, annotations: { team: 'a' } },
        spec: {
          ...{ scaleTargetRef, minReplicas: 1, maxReplicas: 5, metrics: [cpu(60)] },
          behavior: {
            scaleDown: {
              stabilizationWindowSeconds: 0,
              policies: [{ type: 'Pods', value: 4, periodSeconds: 60 }],
            },
          },
        },
      }),
    );
  });

  it('without owners and finalizers, which it names', () => {
    const metadata = { ownerReferences: [{ kind: 'App', name: 'a' }], finalizers: ['x'] };
    const { object, remarks } = converted(hpa({}, metadata));
    expect(object?.metadata).to.deep.equal({ name: 'web' });
    expect(lost(remarks)).to.deep.equal(['metadata.ownerReferences', 'metadata.finalizers']);
  });

  it('without fields that are not known, at any depth, which it names', () => {
    const { object, remarks } = converted(
      hpa({
        pace: 3,
        metrics: [{ ...cpu(50), onError: { type: 'Ignore' } }],
        behavior: { scaleUp: { speed: 1 } },
      }),
    );
    expect(lost(remarks)).to.deep.equal([
      'spec.pace',
      'spec.metrics[0].onError',
      'spec.behavior.scaleUp.speed',
    ]);
    expect(object?.spec).to.deep.equal({
      ...{ scaleTargetRef, maxReplicas: 5, metrics: [cpu(50)] },
      behavior: { scaleUp: {} },
    });
  });

  it('of a minimum of 0, and says what that needs', () => {
    const external = { metric: { name: 'queue' }, target: { type: 'Value', value: '5' } };
    const { remarks } = converted(hpa({ minReplicas: 0, metrics: [{ type: 'External', external }] }));
    expect(remarks.map(({ path, at }) => ({ path, at }))).to.deep.equal([
      { path: 'spec.minReplicas', at: ['spec', 'minReplicas'] },
    ]);
  });

  it('but not when KEDA made it: that is the ScaledObject', () => {
    const { object, remarks } = converted(
      hpa({}, { ownerReferences: [{ kind: 'ScaledObject', name: 'orders' }] }),
    );
    expect(object).to.equal(undefined);
    expect(remarks[0]?.text).to.include('ScaledObject orders');
  });
});

const old = 'autoscaling/v1';

/** Metrics as autoscaling/v1 has them in an annotation, and autoscaling/v2beta1 in its spec, and what they are today. */
const oldMetrics: Readonly<Record<string, readonly [object, object]>> = {
  'memory, in percent': [
    { type: 'Resource', resource: { name: 'memory', targetAverageUtilization: 60 } },
    {
      type: 'Resource',
      resource: { name: 'memory', target: { type: 'Utilization', averageUtilization: 60 } },
    },
  ],
  'memory, in bytes': [
    { type: 'Resource', resource: { name: 'memory', targetAverageValue: '1Gi' } },
    { type: 'Resource', resource: { name: 'memory', target: { type: 'AverageValue', averageValue: '1Gi' } } },
  ],
  'one container': [
    {
      type: 'ContainerResource',
      containerResource: { name: 'cpu', container: 'app', targetAverageUtilization: 6 },
    },
    {
      type: 'ContainerResource',
      containerResource: {
        name: 'cpu',
        container: 'app',
        target: { type: 'Utilization', averageUtilization: 6 },
      },
    },
  ],
  pods: [
    { type: 'Pods', pods: { metricName: 'requests', targetAverageValue: '10' } },
    {
      type: 'Pods',
      pods: { metric: { name: 'requests' }, target: { type: 'AverageValue', averageValue: '10' } },
    },
  ],
  'an object, with a selector': [
    {
      type: 'Object',
      object: {
        target: { kind: 'Ingress', name: 'i' },
        metricName: 'r',
        targetValue: '9',
        selector: { matchLabels: { a: 'b' } },
      },
    },
    {
      type: 'Object',
      object: {
        describedObject: { kind: 'Ingress', name: 'i' },
        metric: { name: 'r', selector: { matchLabels: { a: 'b' } } },
        target: { type: 'Value', value: '9' },
      },
    },
  ],
  'an external metric': [
    {
      type: 'External',
      external: { metricName: 'q', metricSelector: { matchLabels: { a: 'b' } }, targetAverageValue: '3' },
    },
    {
      type: 'External',
      external: {
        metric: { name: 'q', selector: { matchLabels: { a: 'b' } } },
        target: { type: 'AverageValue', averageValue: '3' },
      },
    },
  ],
};

describe('a HorizontalPodAutoscaler of an old version', () => {
  it('of autoscaling/v1: a percentage becomes a metric', () => {
    const { object, remarks } = converted(
      hpa({ minReplicas: 2, targetCPUUtilizationPercentage: 70 }, {}, old),
    );
    expect(object?.spec).to.deep.equal({
      scaleTargetRef,
      minReplicas: 2,
      maxReplicas: 5,
      metrics: [cpu(70)],
    });
    expect(remarks).to.deep.equal([]);
  });

  it('of autoscaling/v1, without a percentage: the default metric', () => {
    expect(converted(hpa({}, {}, old)).object?.spec).to.deep.equal({ scaleTargetRef, maxReplicas: 5 });
  });

  it('of autoscaling/v1: the annotation with behavior becomes the field, and is gone', () => {
    const behavior = { scaleDown: { stabilizationWindowSeconds: 60 } };
    const annotations = {
      'autoscaling.alpha.kubernetes.io/behavior': JSON.stringify(behavior),
      'autoscaling.alpha.kubernetes.io/conditions': '[]',
      'autoscaling.alpha.kubernetes.io/current-metrics': '[]',
    };
    const { object, remarks } = converted(hpa({}, { annotations }, old));
    expect(object?.spec.behavior).to.deep.equal(behavior);
    expect(object?.metadata).to.deep.equal({ name: 'web' });
    expect(remarks).to.deep.equal([]);
  });

  it('of autoscaling/v1: an annotation that is no JSON is refused by its name', () => {
    const annotations = { 'autoscaling.alpha.kubernetes.io/metrics': '[' };
    const conversion = convertObject(hpa({}, { annotations }, old));
    expect(conversion?.ok === false && conversion.problems.map(({ path }) => path)).to.deep.equal([
      'metadata.annotations[autoscaling.alpha.kubernetes.io/metrics]',
    ]);
  });

  for (const [name, [given, today]] of Object.entries(oldMetrics)) {
    it(`of autoscaling/v1, the annotation with metrics: ${name}`, () => {
      const annotations = { 'autoscaling.alpha.kubernetes.io/metrics': JSON.stringify([given]) };
      const { object } = converted(hpa({ targetCPUUtilizationPercentage: 70 }, { annotations }, old));
      expect(object?.spec.metrics).to.deep.equal([cpu(70), today]);
    });

    it(`of autoscaling/v2beta1: ${name}`, () => {
      const { object } = converted(hpa({ metrics: [given] }, {}, 'autoscaling/v2beta1'));
      expect(object?.spec.metrics).to.deep.equal([today]);
    });
  }

  it('of autoscaling/v2beta2: has the fields of today', () => {
    const spec = { metrics: [cpu(50)], behavior: { scaleDown: { selectPolicy: 'Min' } } };
    expect(converted(hpa(spec, {}, 'autoscaling/v2beta2')).object?.spec).to.deep.equal({
      ...{ scaleTargetRef, maxReplicas: 5 },
      ...spec,
    });
  });

  it('of a version that never was: is refused with those that are read', () => {
    const conversion = convertObject(hpa({}, {}, 'autoscaling/v3'));
    expect(conversion?.ok === false && conversion.problems[0]?.message).to.equal(
      'apiVersion: Unsupported value: "autoscaling/v3": supported values: "autoscaling/v2", "autoscaling/v2beta2", "autoscaling/v2beta1", "autoscaling/v1"',
    );
  });
});

describe('an object that scales nothing', () => {
  for (const object of [null, 3, [], {}, { kind: 'Deployment' }, { kind: 'toString' }])
    it(`is passed over: ${JSON.stringify(object)}`, () => {
      expect(convertObject(object)).to.equal(undefined);
    });
});
