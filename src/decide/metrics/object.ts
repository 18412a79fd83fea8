import type { MetricSpec } from '../policy.ts';
import type { FailedProposal, Proposal } from '../proposal.ts';
import type { Reading } from '../snapshot.ts';
import { failed, selectorProblem, selectorText } from './tick.ts';
import type { Tick } from './tick.ts';
import { proposeByAverageValue, proposeByValue } from './total.ts';

type ObjectSpec = Extract<MetricSpec, { type: 'Object' }>;

/** A custom metric of one object. `target.type` decides between value and average. */
export function proposeObject(spec: ObjectSpec, milli: Reading<bigint>, tick: Tick): Proposal {
  const { target, metric } = spec;
  const problem = selectorProblem(metric);
  if (problem !== undefined) return failure(problem, `failed to get object metric value: ${problem}`);
  if (target.type === 'Value' && target.valueMilli !== undefined)
    return byValue(spec, milli, tick, target.valueMilli);
  if (target.type === 'AverageValue' && target.averageMilli !== undefined) {
    return byAverage(spec, milli, tick, target.averageMilli);
  }
  return failure('invalid object metric source: neither a value target nor an average value target was set');
}

function byValue(spec: ObjectSpec, milli: Reading<bigint>, tick: Tick, targetMilli: bigint): Proposal {
  const { metric, describedObject } = spec;
  if (!milli.ok) return failure(unable(spec, tick, milli.message));
  const found = proposeByValue(tick, milli.value, targetMilli);
  if (!found.ok) return failure(found.message);
  const status = { type: 'Object', metric, describedObject, valueMilli: milli.value } as const;
  return { ok: true, description: `${describedObject.kind} metric ${metric.name}`, status, ...found.value };
}

function byAverage(spec: ObjectSpec, milli: Reading<bigint>, tick: Tick, targetMilli: bigint): Proposal {
  const { metric, describedObject } = spec;
  if (!milli.ok) {
    const message = unable(spec, tick, milli.message);
    return failure(
      message,
      `failed to get object metric value: failed to get ${metric.name} object metric: ${message}`,
    );
  }
  const found = proposeByAverageValue(tick, milli.value, targetMilli);
  const { averageMilli, replicas, inputs } = found;
  const status = { type: 'Object', metric, describedObject, averageMilli } as const;
  return {
    ok: true,
    description: `external metric ${metric.name}(${selectorText(metric)})`,
    status,
    replicas,
    inputs,
  };
}

/** Upstream's own order of words. */
function unable({ metric, describedObject }: ObjectSpec, tick: Tick, cause: string): string {
  const { kind, name } = describedObject;
  return `unable to get metric ${metric.name}: ${kind} on ${tick.namespace} ${name}/unable to fetch metrics from custom metrics API: ${cause}`;
}

function failure(message: string, error = `failed to get object metric value: ${message}`): FailedProposal {
  return failed('FailedGetObjectMetric', message, error);
}
