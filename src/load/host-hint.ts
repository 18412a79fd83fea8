import { isIP } from 'node:net';
import type { LoadResult } from '../report/load-result.ts';
import { hostOf } from './address.ts';

interface Asked {
  readonly url: URL;
  readonly headers: readonly string[];
}

/** An ingress knows its apps by their hosts: asked by its address alone, it answers 404 itself, and no pod does. */
export function hostHint(
  { requests, failedStatuses, perPod }: Pick<LoadResult, 'requests' | 'failedStatuses' | 'perPod'>,
  { url, headers }: Asked,
): string[] {
  const namesHost = headers.some((line) => /^host\s*:/i.test(line)) || isIP(hostOf(url)) === 0;
  const notFound = failedStatuses['404'] ?? 0;
  const isOnly = notFound > 0 && requests.ok === 0 && Object.keys(failedStatuses).length === 1;
  if (namesHost || !isOnly || Object.keys(perPod).length > 0) return [];
  return [
    `only 404, and from no pod: if ${url.host} is an Ingress, it goes by the host; give it with -H 'Host: NAME'`,
  ];
}
