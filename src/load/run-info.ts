import { createHash } from 'node:crypto';
import type { LoadRunInfo } from '../report/load-result.ts';
import type { Settings } from './load-options.ts';
import { formatRotation } from './rotation.ts';
import { withoutSecret, withoutSecretParameters } from './secrets.ts';
import type { Target } from './target.ts';

/** All that is needed to repeat a run, without what only its owner may know. */
export function runInfo(settings: Settings, target: Target, startedAt: Date): LoadRunInfo {
  const { headers = [], body } = settings.request;
  return {
    url: withoutSecretParameters(settings.url.href),
    method: target.request.method,
    headers: headers.map(withoutSecret),
    bodyBytes: body?.length ?? 0,
    ...(body === undefined ? {} : { bodySha256: createHash('sha256').update(body).digest('hex') }),
    mode: settings.profile === null ? 'closed' : 'open',
    durationMs: settings.durationMs,
    profile: settings.profile,
    seed: settings.seed,
    connections: settings.connections,
    rotate: formatRotation(settings.rotation),
    timeoutMs: settings.timeoutMs,
    podHeader: settings.podHeader,
    maxLagMs: settings.maxLagMs,
    startedAt: startedAt.toISOString(),
  };
}
