import { expect } from 'chai';
import type { Autoscaler } from '../../src/operator/autoscaler-table.ts';
import { perAutoscalerMetrics } from '../../src/operator/metric-table.ts';
import { Telemetry } from '../../src/operator/telemetry.ts';

describe('Telemetry', () => {
  it('leaves out what has a series for each autoscaler when that is not wanted', async () => {
    const text = await new Telemetry({ perAutoscaler: false }).text();
    for (const name of perAutoscalerMetrics) expect(text).not.to.contain(`plimsoll_${name} `);
    expect(text).to.contain('# TYPE plimsoll_reconciliations_total counter');
  });

  it('counts attempts that were not the first as retries', async () => {
    const telemetry = new Telemetry();
    const report = { method: 'GET', path: '/', durationMs: 20, code: 503 };
    telemetry.request({ ...report, attempt: 1 });
    telemetry.request({ ...report, attempt: 2, code: 200 });
    const text = await telemetry.text();
    expect(text).to.contain('plimsoll_api_requests_total{method="GET",code="503"} 1');
    expect(text).to.contain('plimsoll_api_request_retries_total{method="GET"} 1');
  });

  it('says of an autoscaler that became invalid that it is not active, whatever it was before', async () => {
    const telemetry = new Telemetry();
    const autoscaler = { namespace: 'shop', name: 'web' } as Autoscaler;
    telemetry.reconciled(autoscaler, { type: 'Invalid' }, 1);
    const text = await telemetry.text();
    expect(text).to.contain('plimsoll_condition{namespace="shop",name="web",type="ScalingActive"} 0');
    expect(text).to.contain('plimsoll_reconciliations_total{action="none",error="spec"} 1');
  });

  it('has every name, label and unit as Prometheus wants them', async () => {
    const text = await new Telemetry().text();
    const types = [...text.matchAll(/^# TYPE (plimsoll_\w+) (\w+)$/gm)];
    for (const [, name = '', type = ''] of types.filter(([, name = '']) => !/nodejs|process/.test(name))) {
      expect(name.endsWith('_total'), name).to.equal(type === 'counter');
      if (type === 'histogram') expect(name).to.match(/_seconds$/);
      expect(name).not.to.match(/_(ms|millis|percent)(_|$)/);
    }
  });
});
