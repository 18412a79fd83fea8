import { readFileSync } from 'node:fs';
import type { KubeObject } from '../../../src/devcluster/cluster-api.ts';
import type { PrinterColumn } from '../../../src/devcluster/apiserver/kind.ts';

/** Steps recorded from Kubernetes 1.36, one JSON object a line. */
export function readSteps<Step>(file: string): Step[] {
  const url = new URL(`../../fixtures/kubernetes/${file}`, import.meta.url);
  const lines = readFileSync(url, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Step);
}

export interface Cause {
  readonly reason: string;
  readonly field: string;
  readonly message: string;
}

export interface CrdStep {
  readonly step: string;
  readonly status: number;
  readonly crd: KubeObject & { spec: CrdSpec };
  readonly message?: string;
  readonly causes?: readonly Cause[];
}

export interface CrdSpec {
  readonly versions: readonly {
    readonly schema: { readonly openAPIV3Schema: Record<string, unknown> };
    readonly additionalPrinterColumns: readonly PrinterColumn[];
  }[];
  readonly [field: string]: unknown;
}

/** The schema of the CustomAutoscaler that the transcripts were recorded with. */
export function recordedVersion(): CrdSpec['versions'][number] {
  const step = readSteps<CrdStep>('crds.jsonl').find(({ step }) => step === 'CRD: AlreadyExists');
  const version = step?.crd.spec.versions[0];
  if (version === undefined) throw new Error('the transcripts lack the CRD');
  return version;
}
