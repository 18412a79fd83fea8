import { parse as compile } from '@marcbachmann/cel-js';
import { expect } from 'chai';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

type Health = 'Progressing' | 'Healthy' | 'Degraded';

interface Observed {
  readonly metadata: { readonly generation: number };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly conditions?: readonly Readonly<Record<'type' | 'status' | 'reason' | 'message', string>>[];
  };
}

function observed(conditions: Readonly<Record<string, string>>, observedGeneration = 2): Observed {
  return {
    metadata: { generation: 2 },
    status: {
      observedGeneration,
      conditions: Object.entries(conditions).map(([type, text]) => {
        const [status = '', reason = ''] = text.split(' ');
        return { type, status, reason, message: `it is "${reason}"` };
      }),
    },
  };
}

const fine = 'True SucceededGetScale';

/** What both are to make of an autoscaler. */
const cases: Readonly<Record<string, readonly [Observed, Health]>> = {
  'that nobody has looked at': [{ metadata: { generation: 1 } }, 'Progressing'],
  'whose status says nothing yet': [{ metadata: { generation: 1 }, status: {} }, 'Progressing'],
  'that was changed since': [
    observed({ AbleToScale: fine, ScalingActive: 'True ValidMetricFound' }, 1),
    'Progressing',
  ],
  'that scales': [observed({ AbleToScale: fine, ScalingActive: 'True ValidMetricFound' }), 'Healthy'],
  'whose scale was read and no more': [observed({ AbleToScale: fine }), 'Progressing'],
  'whose pods have no samples yet': [
    observed({ AbleToScale: fine, ScalingActive: 'False FailedGetResourceMetric' }),
    'Progressing',
  ],
  'whose target was scaled to zero by hand': [
    observed({ AbleToScale: fine, ScalingActive: 'False ScalingDisabled' }),
    'Healthy',
  ],
  'at its maximum': [
    observed({
      AbleToScale: fine,
      ScalingActive: 'True ValidMetricFound',
      ScalingLimited: 'True TooManyReplicas',
    }),
    'Healthy',
  ],
  'whose target is not there': [observed({ AbleToScale: 'False FailedGetScale' }), 'Degraded'],
  'whose scale cannot be written': [
    observed({ ScalingActive: 'True ValidMetricFound', AbleToScale: 'False FailedUpdateScale' }),
    'Degraded',
  ],
  'with a rival': [observed({ AbleToScale: fine, ScalingActive: 'False AmbiguousTarget' }), 'Degraded'],
  'that makes no sense': [observed({ ScalingActive: 'False InvalidSpec' }), 'Degraded'],
};

interface FluxCheck {
  readonly apiVersion: string;
  readonly kind: string;
  readonly inProgress: string;
  readonly failed: string;
  readonly current: string;
}

const [flux] = (
  parse(readFileSync('deploy/gitops/flux-kustomization.yaml', 'utf8')) as {
    spec: { healthCheckExprs: [FluxCheck] };
  }
).spec.healthCheckExprs;

/** As Flux asks: in this order, and what cannot be answered, for a field that is not there, is waited for. */
function fluxHealth({ metadata, status }: Observed): Health {
  const numbers = { generation: BigInt(metadata.generation) };
  const generation = status?.observedGeneration;
  const known =
    status === undefined
      ? {}
      : {
          status: {
            ...status,
            ...(generation === undefined ? {} : { observedGeneration: BigInt(generation) }),
          },
        };
  const holds = (expression: string): boolean =>
    compile(expression)({ metadata: numbers, ...known }) === true;
  try {
    if (holds(flux.inProgress)) return 'Progressing';
    if (holds(flux.failed)) return 'Degraded';
    return holds(flux.current) ? 'Healthy' : 'Progressing';
  } catch {
    return 'Progressing';
  }
}

describe('the health checks for Flux', () => {
  it('are for CustomAutoscalers', () => {
    expect([flux.apiVersion, flux.kind]).to.deep.equal(['plimsoll.dev/v1', 'CustomAutoscaler']);
  });
  for (const [sentence, [object, health]] of Object.entries(cases))
    it(`call one ${sentence} ${health}`, () => {
      expect(fluxHealth(object)).to.equal(health);
    });
});

const { data } = parse(readFileSync('deploy/gitops/argocd-cm.yaml', 'utf8')) as {
  data: Record<string, string>;
};
const script = data['resource.customizations.health.plimsoll.dev_CustomAutoscaler'] ?? '';

const lua = [process.env.LUA ?? 'lua', 'lua5.1', 'lua5.4', 'luajit'].find((program) => {
  try {
    execFileSync(program, ['-v'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
});

/** A value as Lua writes it. */
function literal(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Array.isArray(value)
    ? value.map(literal)
    : Object.entries(value).map(([key, each]) => `[${literal(key)}] = ${literal(each)}`);
  return `{ ${entries.join(', ')} }`;
}

describe(`the health check for Argo CD${lua === undefined ? ' (skipped: no lua on the PATH)' : ''}`, () => {
  for (const [sentence, [object, health]] of Object.entries(cases))
    it(`calls one ${sentence} ${health}`, function () {
      if (lua === undefined) return this.skip();
      const program = `local obj = ${literal(object)}\nlocal health = (function()\n${script}\nend)()\nprint(health.status)`;
      expect(execFileSync(lua, ['-'], { input: program }).toString().trim()).to.equal(health);
    });

  it('is a script that knows the same reasons as the one for Flux', () => {
    const reasons = [...flux.failed.matchAll(/'(\w+)'/g)].map(([, reason = '']) => reason);
    for (const reason of reasons.filter((each) => !['False', 'AbleToScale', 'ScalingActive'].includes(each)))
      expect(script).to.include(`${reason} = true`);
  });
});
