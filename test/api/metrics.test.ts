import { expect } from 'chai';
import { measuredAt, metricMilli, podMetricSample } from '../../src/api/metric-value.ts';
import { podUsage } from '../../src/api/pod-metrics.ts';
import { targetScale } from '../../src/api/scale.ts';

describe('podUsage', () => {
  it('reads the usage of each container in thousandths, rounded up', () => {
    const metrics = {
      metadata: { name: 'web-1', namespace: 'shop', labels: { app: 'web' } },
      timestamp: '2026-01-02T03:04:05Z',
      window: '15.5s',
      containers: [
        { name: 'app', usage: { cpu: '2500001n', memory: '10Mi' } },
        { name: 'idle', usage: {} },
      ],
    };
    expect(podUsage(metrics)).to.deep.equal({
      namespace: 'shop',
      name: 'web-1',
      labels: { app: 'web' },
      timestampMs: Date.UTC(2026, 0, 2, 3, 4, 5),
      windowMs: 15_500,
      containers: [
        { name: 'app', usage: { cpu: 3, memory: 10_485_760_000 } },
        { name: 'idle', usage: {} },
      ],
    });
  });

  it('reads an object without anything in it', () => {
    expect(podUsage({})).to.deep.include({ name: '', containers: [], windowMs: 0 });
  });
});

describe('podMetricSample', () => {
  const describedObject = { kind: 'Pod', namespace: 'shop', name: 'web-1', apiVersion: '/v1' };
  const timestamp = '2026-01-02T03:04:05Z';
  const windows: Readonly<Record<string, readonly [object, number]>> = {
    'windowSeconds of v1beta2': [{ windowSeconds: 30 }, 30_000],
    'window of v1beta1': [{ window: 45 }, 45_000],
    'a minute when there is none': [{}, 60_000],
    'a minute for null': [{ windowSeconds: null }, 60_000],
    'a window of 0': [{ windowSeconds: 0 }, 0],
  };
  for (const [name, [fields, windowMs]] of Object.entries(windows)) {
    it(`reads ${name}`, () => {
      expect(podMetricSample({ describedObject, timestamp, value: '1500m', ...fields })).to.deep.equal({
        podName: 'web-1',
        timestampMs: Date.UTC(2026, 0, 2, 3, 4, 5),
        windowMs,
        milli: 1500n,
      });
    });
  }
});

describe('metricMilli', () => {
  const values: Readonly<Record<string, readonly [number | string | undefined, bigint]>> = {
    'rounds up to thousandths': ['1.2345', 1235n],
    'rounds negative values away from zero': ['-1500u', -2n],
    'reads a number': [12, 12_000n],
    'reads an absent value as 0': [undefined, 0n],
  };
  for (const [name, [value, milli]] of Object.entries(values)) {
    it(name, () => {
      expect(metricMilli({ metricName: 'q', ...(value !== undefined && { value }) })).to.equal(milli);
    });
  }

  it('throws for a value that is no quantity', () => {
    expect(() => metricMilli({ value: 'NaN' })).to.throw('"NaN" is not a quantity');
  });
});

describe('measuredAt', () => {
  it('is the time of the oldest value', () => {
    const times = ['2030-01-01T00:00:09Z', '2030-01-01T00:00:07Z', null];
    const metrics = times.map((timestamp) => ({ timestamp }));
    expect(measuredAt(metrics)).to.deep.equal({ timestampMs: Date.parse('2030-01-01T00:00:07Z') });
  });

  it('is nothing where no value tells its time', () => {
    expect([measuredAt([]), measuredAt([{}])]).to.deep.equal([{}, {}]);
  });
});

describe('targetScale', () => {
  it('reads a scale', () => {
    const scale = {
      metadata: { resourceVersion: '42' },
      spec: { replicas: 3 },
      status: { replicas: 2, selector: 'app=web' },
    };
    expect(targetScale(scale)).to.deep.equal({
      specReplicas: 3,
      statusReplicas: 2,
      selector: 'app=web',
      resourceVersion: '42',
    });
  });

  it('reads counts that are not printed as 0', () => {
    expect(targetScale({ spec: {}, status: {} })).to.deep.equal({
      specReplicas: 0,
      statusReplicas: 0,
      selector: '',
    });
  });
});
