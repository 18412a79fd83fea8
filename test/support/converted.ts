import { readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { convertManifests, type Converted } from '../../src/migrate/convert-manifests.ts';
import { readManifests } from '../../src/migrate/manifests.ts';

const published = new URL('../fixtures/convert/published/', import.meta.url);

/** The files of published manifests, without their ending. */
export const publishedFiles = ['hpas', 'scaledobjects'] as const;

export function publishedPath(name: string): URL {
  return new URL(name, published);
}

/** What becomes of each autoscaler of a file of published manifests. */
export function convertPublished(file: string): Converted[] {
  const name = `${file}.yaml`;
  return convertManifests(readManifests(name, readFileSync(publishedPath(name), 'utf8')));
}

interface Hpa {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly spec: object;
}

interface Scenario {
  readonly autoscaler?: Hpa;
  readonly ticks?: readonly { readonly autoscalerUpdate?: { readonly spec: object } }[];
}

const conformance = new URL('../fixtures/conformance/', import.meta.url);
const withoutAutoscalers = /^(quantities|selectors)/;

/** Every HorizontalPodAutoscaler of the conformance data, each spec once. */
export function conformanceHpas(): Hpa[] {
  const files = readdirSync(conformance).filter((name) => !withoutAutoscalers.test(name));
  const all = new Map<string, Hpa>();
  for (const file of files)
    for (const line of gunzipSync(readFileSync(new URL(file, conformance)))
      .toString()
      .trim()
      .split('\n')) {
      const { autoscaler, ticks = [] } = JSON.parse(line) as Scenario;
      if (autoscaler === undefined) continue;
      for (const spec of [
        autoscaler.spec,
        ...ticks.flatMap(({ autoscalerUpdate }) => autoscalerUpdate?.spec ?? []),
      ])
        all.set(JSON.stringify(spec), { ...autoscaler, spec });
    }
  return [...all.values()];
}
