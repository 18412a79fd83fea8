import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { applyDefaults } from '../../src/api/defaults.ts';
import type { CustomAutoscalerSpec } from '../../src/api/generated/custom-autoscaler.ts';
import { parseAutoscaler } from '../../src/api/parse.ts';

const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' };
const cpu80 = {
  type: 'Resource',
  resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } },
};
const scaleUp = {
  stabilizationWindowSeconds: 0,
  selectPolicy: 'Max',
  policies: [
    { type: 'Pods', value: 4, periodSeconds: 15 },
    { type: 'Percent', value: 100, periodSeconds: 15 },
  ],
};
const scaleDown = { selectPolicy: 'Max', policies: [{ type: 'Percent', value: 100, periodSeconds: 15 }] };

function specWith(fields: Partial<CustomAutoscalerSpec>): CustomAutoscalerSpec {
  return { scaleTargetRef, maxReplicas: 5, ...fields };
}

const cases: Readonly<Record<string, readonly [Partial<CustomAutoscalerSpec>, object]>> = {
  'nothing given: 1 replica at least, CPU at 80 %, and no behavior': [
    {},
    { minReplicas: 1, metrics: [cpu80] },
  ],
  'an empty list of metrics is CPU at 80 %': [{ metrics: [] }, { minReplicas: 1, metrics: [cpu80] }],
  'minReplicas 0 is a value': [{ minReplicas: 0 }, { minReplicas: 0, metrics: [cpu80] }],
  'an empty behavior gets both directions': [
    { behavior: {} },
    { minReplicas: 1, metrics: [cpu80], behavior: { scaleUp, scaleDown } },
  ],
  'a window leaves the other defaults in place': [
    {
      behavior: { scaleUp: { stabilizationWindowSeconds: 30 }, scaleDown: { stabilizationWindowSeconds: 0 } },
    },
    {
      minReplicas: 1,
      metrics: [cpu80],
      behavior: {
        scaleUp: { ...scaleUp, stabilizationWindowSeconds: 30 },
        scaleDown: { ...scaleDown, stabilizationWindowSeconds: 0 },
      },
    },
  ],
  'given policies replace the default ones as a whole': [
    { behavior: { scaleUp: { policies: [{ type: 'Pods', value: 1, periodSeconds: 60 }] } } },
    {
      minReplicas: 1,
      metrics: [cpu80],
      behavior: {
        scaleUp: { ...scaleUp, policies: [{ type: 'Pods', value: 1, periodSeconds: 60 }] },
        scaleDown,
      },
    },
  ],
  'tolerances are kept and have no default': [
    { behavior: { scaleDown: { tolerance: '50m' } } },
    {
      minReplicas: 1,
      metrics: [cpu80],
      behavior: { scaleUp, scaleDown: { ...scaleDown, tolerance: '50m' } },
    },
  ],
};

/** What a kube-apiserver 1.36.2 made of HorizontalPodAutoscalers that it accepted. */
const recorded = readFileSync(new URL('../fixtures/api/hpa-validation.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as { step: string; object: unknown; spec?: CustomAutoscalerSpec })
  .filter(({ spec }) => spec !== undefined);

describe('applyDefaults', () => {
  for (const [name, [given, expected]] of Object.entries(cases)) {
    it(name, () => {
      expect(applyDefaults(specWith(given))).to.deep.equal({ scaleTargetRef, maxReplicas: 5, ...expected });
    });
  }

  it('changes nothing the second time', () => {
    for (const [given] of Object.values(cases)) {
      const once = applyDefaults(specWith(given));
      expect(applyDefaults(once)).to.deep.equal(once);
    }
  });

  it('leaves the spec that it is given as it is', () => {
    const spec = specWith({ behavior: { scaleUp: {} } });
    const before = structuredClone(spec);
    applyDefaults(spec).behavior?.scaleUp?.policies?.pop();
    expect(spec).to.deep.equal(before);
    expect(applyDefaults(spec).behavior?.scaleUp?.policies).to.have.length(2);
  });

  describe('fills in what a real API server filled in:', () => {
    for (const { step, object, spec } of recorded) {
      // The server prints quantities canonically; a Policy compares them by value.
      it(step, () => {
        const [ours, theirs] = [parseAutoscaler(object), parseAutoscaler({ ...(object as object), spec })];
        expect(ours.ok && ours.policy)
          .to.deep.equal(theirs.ok && theirs.policy)
          .and.not.equal(false);
      });
    }
  });
});
