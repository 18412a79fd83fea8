import { createHash } from 'node:crypto';

/** What an operator serves, and where its lease is. */
export interface Shard {
  readonly namespace?: string | undefined;
  readonly selector?: string | undefined;
  readonly leaseNamespace: string;
}

/**
 * The name of the lease that operators of the same autoscalers share, and those of others do not: `plimsoll`, with a hash of
 * `--namespace` and `--selector` behind it where those say more than the lease's own namespace.
 */
export function leaseName({ namespace, selector, leaseNamespace }: Shard): string {
  const shard = [namespace === leaseNamespace ? '' : (namespace ?? ''), selector ?? ''];
  if (shard.every((part) => part === '')) return 'plimsoll';
  const hash = createHash('sha256').update(JSON.stringify(shard)).digest('hex');
  return `plimsoll-${hash.slice(0, 10)}`;
}
