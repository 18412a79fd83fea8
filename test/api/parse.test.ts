import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import fc from 'fast-check';
import { parseAutoscaler } from '../../src/api/parse.ts';
import type { Problem } from '../../src/api/problems.ts';
import {
  autoscalersForOperatorToRefuse,
  invalidAutoscalers,
  oddAutoscalers,
  validAutoscaler,
} from '../support/invalid-autoscalers.ts';

function problemsOf(object: unknown): readonly Problem[] {
  const parsed = parseAutoscaler(object);
  return parsed.ok ? [] : parsed.problems;
}

interface Recorded {
  readonly step: string;
  readonly object: unknown;
  readonly status: number;
  readonly fields?: readonly string[];
}

/** HorizontalPodAutoscalers that were sent to a kube-apiserver 1.36.2, and what it answered. */
const recorded = readFileSync(new URL('../fixtures/api/hpa-validation.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Recorded);

describe('parseAutoscaler', () => {
  describe('refuses an object in which', () => {
    for (const { name, object, path, message } of [
      ...invalidAutoscalers,
      ...autoscalersForOperatorToRefuse,
    ]) {
      it(name, () => {
        const problems = problemsOf(object);
        expect(problems.map((problem) => problem.path)).to.deep.equal([path]);
        expect(problems[0]?.message)
          .to.match(message)
          .and.to.satisfy((text: string) => text.startsWith(`${path}: `));
      });
    }
  });

  describe('accepts an object with', () => {
    for (const { name, object } of oddAutoscalers) {
      it(name, () => expect(problemsOf(object)).to.deep.equal([]));
    }
  });

  describe('agrees with a real API server on', () => {
    for (const { step, object, status, fields } of recorded) {
      // minReplicas 0 is for the operator's feature gate to allow; the recorded server had it off.
      const accepted = status === 201 || step === 'HPA invalid: minReplicas 0 with External metric';
      it(step, () => {
        const paths = problemsOf(object).map(({ path }) => path);
        expect(paths.length === 0, paths.join()).to.equal(accepted);
        if (accepted) return;
        for (const path of paths) {
          expect(related(path, fields ?? []), `${path} is not in ${String(fields)}`).to.equal(true);
        }
      });
    }
  });

  it('reports all problems of an object, in the order of its fields', () => {
    const object = validAutoscaler();
    object.spec = {
      minReplicas: 9,
      maxReplicas: 2,
      scaleTargetRef: { kind: '', name: '' },
      metrics: [{ type: 'Resource' }, { type: 'Pods' }],
      behavior: { scaleUp: { selectPolicy: 'X' } },
    };
    expect(problemsOf(object).map(({ path }) => path)).to.deep.equal([
      'spec.scaleTargetRef.kind',
      'spec.scaleTargetRef.name',
      'spec.scaleTargetRef.apiVersion',
      'spec.metrics[0].resource',
      'spec.metrics[1].pods',
      'spec.behavior.scaleUp.selectPolicy',
      'spec.maxReplicas',
    ]);
  });

  it('gives the value beside the message', () => {
    const object = validAutoscaler();
    object.spec.maxReplicas = 'many';
    expect(problemsOf(object)).to.deep.equal([
      {
        path: 'spec.maxReplicas',
        message: 'spec.maxReplicas: Invalid value: "many": must be an integer',
        value: 'many',
      },
    ]);
  });

  const notAutoscalers: Readonly<Record<string, readonly [unknown, string]>> = {
    'nothing at all': [undefined, 'object'],
    'a number': [7, 'object'],
    'a list': [[], 'object'],
    'an empty object': [{}, 'apiVersion'],
    'another kind': [{ ...validAutoscaler(), kind: 'Deployment' }, 'kind'],
    'an older version': [
      { ...validAutoscaler(), kind: 'HorizontalPodAutoscaler', apiVersion: 'autoscaling/v1' },
      'apiVersion',
    ],
    'our kind in a foreign group': [{ ...validAutoscaler(), apiVersion: 'autoscaling/v2' }, 'apiVersion'],
    'an object without a name': [{ ...validAutoscaler(), metadata: {} }, 'metadata.name'],
    'an object without a spec': [{ ...validAutoscaler(), spec: undefined }, 'spec'],
    'a spec that is text': [{ ...validAutoscaler(), spec: 'cpu' }, 'spec'],
  };
  for (const [name, [object, path]] of Object.entries(notAutoscalers)) {
    it(`refuses ${name}`, () => expect(problemsOf(object).map((problem) => problem.path)).to.include(path));
  }

  it('reads an HPA as it reads a CustomAutoscaler of the same spec', () => {
    const ours = parseAutoscaler(validAutoscaler());
    const hpa = parseAutoscaler({
      ...validAutoscaler(),
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
    });
    expect(ours.ok).to.equal(true);
    expect(hpa).to.deep.equal(ours);
  });

  it('reads nothing from an HPA that autoscaling/v2 does not know', () => {
    const hpa = { ...validAutoscaler(), apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler' };
    const plain = parseAutoscaler(hpa);
    const [metric] = hpa.spec.metrics as [object];
    const ours = {
      mode: 'Off',
      suspend: 7,
      schedules: [{ name: 'office-hours' }],
      syncPeriodSeconds: -1,
      podSelection: 'Owned',
      metrics: [
        { ...metric, onError: { type: 'Ignore' }, maxAgeSeconds: 0 },
        ...(hpa.spec.metrics as object[]).slice(1),
      ],
    };
    expect(parseAutoscaler({ ...hpa, spec: { ...hpa.spec, ...ours } })).to.deep.equal(plain);
  });

  for (const type of ['PodScrape', 'Prometheus'])
    it(`refuses an HPA with a metric of type ${type}`, () => {
      const hpa = { ...validAutoscaler(), apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler' };
      const problems = problemsOf({ ...hpa, spec: { ...hpa.spec, metrics: [{ type }] } });
      expect(problems.map(({ path }) => path)).to.deep.equal(['spec.metrics[0].type']);
    });

  it('passes on the generation, and nulls as absent', () => {
    const object = validAutoscaler();
    object.metadata = { name: 'web', namespace: 'shop', generation: 4 };
    object.spec = {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
      minReplicas: null,
      maxReplicas: 3,
      metrics: [
        {
          type: 'Pods',
          resource: null,
          pods: {
            metric: { name: 'rps', selector: null },
            target: { type: 'AverageValue', averageValue: 1, value: null },
          },
        },
      ],
      behavior: null,
    };
    const parsed = parseAutoscaler(object);
    expect(parsed.ok && parsed.generation).to.equal(4);
    expect(parsed.ok && parsed.policy).to.deep.equal({
      namespace: 'shop',
      name: 'web',
      target: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
      minReplicas: 1,
      maxReplicas: 3,
      metrics: [
        { type: 'Pods', metric: { name: 'rps' }, target: { type: 'AverageValue', averageMilli: 1000n } },
      ],
    });
  });

  it('never throws, whatever stands in the spec', () => {
    const keys = [
      'type',
      'resource',
      'pods',
      'metric',
      'selector',
      'matchExpressions',
      'target',
      'name',
      'value',
    ];
    const json = fc.letrec<{ tree: unknown }>((tie) => ({
      tree: fc.oneof(
        { depthSize: 'small' },
        fc.constantFrom(null, 0, -1, 0.5, 'Pods', 'Resource', '', '1Mi', true),
        fc.array(tie('tree'), { maxLength: 3 }),
        fc.dictionary(fc.constantFrom(...keys), tie('tree'), { maxKeys: 4 }),
      ),
    })).tree;
    fc.assert(
      fc.property(json, json, (metric, behavior) => {
        const object = validAutoscaler();
        Object.assign(object.spec, { metrics: [metric], behavior });
        expect(parseAutoscaler(object)).to.have.property('ok');
      }),
      { numRuns: 500 },
    );
  });
});

/** Upstream looks inside a missing object where we name the object itself. */
function related(path: string, fields: readonly string[]): boolean {
  return fields.length === 0 || fields.some((field) => field === path || field.startsWith(`${path}.`));
}
