import { expect } from 'chai';
import { convertObject } from '../../src/migrate/convert.ts';
import { conformanceHpas, convertPublished, publishedFiles } from '../support/converted.ts';
import { ApiFailure, autoscalers, path } from './support/api.ts';
import type { KubeObject } from './support/api.ts';
import type { Stage } from './support/stage.ts';

const atOnce = 8;

/** What the API server makes of that which `plimsoll convert` makes of others' autoscalers. */
export function convertSuite(open: () => Promise<Stage>): void {
  let stage: Stage;
  let namespace: string;

  before(async () => {
    stage = await open();
    namespace = await stage.namespace('convert');
  });

  /** @returns what the server says against the object; undefined where it would take it */
  async function refusal(collection: string, object: object): Promise<string | undefined> {
    const { metadata } = object as KubeObject;
    const placed = { ...object, metadata: { ...metadata, namespace } };
    return stage.api.create(`${collection}?dryRun=All`, placed).then(
      () => undefined,
      (error: unknown) => {
        if (error instanceof ApiFailure && [400, 422].includes(error.code)) return error.message;
        throw error;
      },
    );
  }

  for (const file of publishedFiles)
    for (const { title, object } of convertPublished(file))
      if (object !== undefined)
        it(`accepts what becomes of ${title}`, async () => {
          expect(await refusal(autoscalers(namespace), object)).to.equal(undefined);
        });

  it('accepts what becomes of every HPA of the conformance data that autoscaling/v2 accepts', async () => {
    const left = conformanceHpas();
    const refused: string[] = [];
    let accepted = 0;
    const work = async (): Promise<void> => {
      for (let hpa = left.pop(); hpa !== undefined; hpa = left.pop()) {
        const { metadata } = hpa;
        const given = { ...hpa, metadata: { name: metadata.name }, status: undefined };
        const hpas = path('autoscaling/v2', 'horizontalpodautoscalers', namespace);
        if ((await refusal(hpas, given)) !== undefined) continue;
        accepted += 1;
        const converted = convertObject(hpa);
        const object = converted?.ok === true ? converted.object : undefined;
        const why = object === undefined ? 'not converted' : await refusal(autoscalers(namespace), object);
        if (why !== undefined) refused.push(`${JSON.stringify(hpa.spec)}: ${why}`);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, work));
    expect(refused).to.deep.equal([]);
    expect(accepted).to.be.greaterThan(1300);
  }).timeout(120_000);
}
