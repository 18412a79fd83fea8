import { applyDefaults } from './defaults.ts';
import type { CustomAutoscaler } from './generated/custom-autoscaler.ts';
import { withoutNulls } from './json.ts';
import type { Problem } from './problems.ts';
import { toPolicy } from './to-policy.ts';
import { hpaKind, hpaSpec } from './hpa.ts';
import { validateAutoscaler } from './validate.ts';
import type { Policy } from '../decide/policy.ts';

export type ParsedAutoscaler =
  | {
      readonly ok: true;
      readonly policy: Policy;
      /** The spec as sent, with every default: what the text in status is made from. */
      readonly spec: CustomAutoscaler['spec'];
      /** metadata.generation; a HorizontalPodAutoscaler has none. */
      readonly generation?: number;
    }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/**
 * Reads a CustomAutoscaler, or a HorizontalPodAutoscaler of autoscaling/v2, into a Policy with defaults applied, or into all that is
 * wrong with it. Never throws.
 */
export function parseAutoscaler(object: unknown): ParsedAutoscaler {
  const problems = validateAutoscaler(object);
  if (problems.length > 0) return { ok: false, problems };
  const { kind, metadata = {}, spec: given } = withoutNulls(object) as CustomAutoscaler;
  const spec = kind === hpaKind ? hpaSpec(given) : given;
  const { generation } = metadata;
  return {
    ok: true,
    policy: toPolicy({ metadata, spec }),
    spec: applyDefaults(spec),
    ...(generation !== undefined && { generation }),
  };
}
