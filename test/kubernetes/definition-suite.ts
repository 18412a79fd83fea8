import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import {
  autoscalersForOperatorToRefuse,
  invalidAutoscalers,
  oddAutoscalers,
} from '../support/invalid-autoscalers.ts';
import { ApiFailure, autoscalers } from './support/api.ts';
import type { KubeObject } from './support/api.ts';
import type { Stage } from './support/stage.ts';

/** A HorizontalPodAutoscaler that Kubernetes 1.36 refused, as it was recorded. */
interface RefusedHpa {
  readonly step: string;
  readonly message: string;
  readonly body: KubeObject;
}

const refusedHpas = readFileSync(
  new URL('../fixtures/kubernetes/invalid-hpas.jsonl', import.meta.url),
  'utf8',
)
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as RefusedHpa);

/** What our definition lets through all the same, and why; docs/kubernetes.md has this list too. */
export const accepted: Readonly<Record<string, string>> = {
  'minReplicas 0 with External metric':
    'the API server knows no feature gate of ours; without HPAScaleToZero the operator refuses it in a condition',
};

/** What the API server makes of the definition, and by it of CustomAutoscalers. */
export function definitionSuite(open: () => Promise<Stage>): void {
  let stage: Stage;
  let namespace: string;

  before(async () => {
    stage = await open();
    namespace = await stage.namespace('definition');
  });

  /** @returns what was refused, or undefined */
  async function refusal(object: object): Promise<ApiFailure | undefined> {
    const path = `${autoscalers(namespace)}?dryRun=All`;
    return stage.api.create(path, object).then(
      () => undefined,
      (error: unknown) => {
        if (error instanceof ApiFailure && [400, 422].includes(error.code)) return error;
        throw error;
      },
    );
  }

  const placed = (object: KubeObject): KubeObject => ({
    ...object,
    apiVersion: 'plimsoll.dev/v1',
    kind: 'CustomAutoscaler',
    metadata: { ...object.metadata, namespace },
  });

  it('accepts the definition as structural, and all of its names', async () => {
    const path = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions/customautoscalers.plimsoll.dev';
    const { status } = await stage.api.get(path);
    const { conditions } = status as { conditions: { type: string; status: string }[] };
    const found = conditions.map(({ type, status: value }) => `${type}=${value}`).sort();
    expect(found).to.deep.equal(['Established=True', 'NamesAccepted=True']);
  });

  for (const { name, object, path } of invalidAutoscalers)
    it(`refuses ${path}: ${name}`, async () => {
      const failure = await refusal(placed(object as unknown as KubeObject));
      expect(failure?.message).to.include(path);
    });

  for (const { step, body } of refusedHpas)
    it(`refuses what autoscaling/v2 refused, unless said otherwise: ${step}`, async () => {
      const failure = await refusal(placed(body));
      expect(failure === undefined, failure?.message).to.equal(step in accepted);
    });

  for (const { name, object } of autoscalersForOperatorToRefuse)
    it(`leaves it to the operator to refuse ${name}`, async () => {
      expect((await refusal(placed(object as unknown as KubeObject)))?.message).to.equal(undefined);
    });

  for (const { name, object } of oddAutoscalers)
    it(`accepts ${name}`, async () => {
      expect((await refusal(placed(object as unknown as KubeObject)))?.message).to.equal(undefined);
    });
}
