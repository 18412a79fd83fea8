/** A coordination.k8s.io/v1 Lease; what is not named here is kept as it is. */
export interface Lease {
  readonly apiVersion: 'coordination.k8s.io/v1';
  readonly kind: 'Lease';
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly resourceVersion?: string;
  };
  readonly spec?: LeaseSpec;
}

export interface LeaseSpec {
  /** Absent or empty: nobody holds it. */
  readonly holderIdentity?: string;
  readonly leaseDurationSeconds?: number;
  /** When the present holder got it, by that holder's clock. */
  readonly acquireTime?: string;
  /** When it was last renewed, by the holder's clock: a change of it is a sign of life, its value is compared with no other clock. */
  readonly renewTime?: string;
  /** How often it went to another holder. */
  readonly leaseTransitions?: number;
}

/** Who writes, and when by its own clock. */
export interface Claim {
  readonly identity: string;
  /** In milliseconds since the epoch. */
  readonly nowMs: number;
  /** In milliseconds; stored in whole seconds, at least 1. */
  readonly leaseDurationMs: number;
}

/** The lease as it is to be written to hold it: taken over, or renewed when the claimant holds it already. */
export function claimed(lease: Lease, { identity, nowMs, leaseDurationMs }: Claim): Lease {
  const { spec = {} } = lease;
  const renews = spec.holderIdentity === identity;
  const changesHands = !renews && spec.leaseTransitions !== undefined;
  return {
    ...lease,
    spec: {
      ...spec,
      holderIdentity: identity,
      leaseDurationSeconds: Math.max(1, Math.round(leaseDurationMs / 1000)),
      acquireTime: (renews ? spec.acquireTime : undefined) ?? microTime(nowMs),
      renewTime: microTime(nowMs),
      leaseTransitions: (spec.leaseTransitions ?? 0) + (changesHands ? 1 : 0),
    },
  };
}

/** The lease as client-go gives it back: held by nobody, for a second, so that others need not wait. */
export function released({ spec = {}, ...lease }: Lease, nowMs: number): Lease {
  const time = microTime(nowMs);
  const kept = Object.fromEntries(Object.entries(spec).filter(([name]) => name !== 'holderIdentity'));
  return { ...lease, spec: { ...kept, leaseDurationSeconds: 1, acquireTime: time, renewTime: time } };
}

/** A lease that does not exist yet. */
export function newLease(namespace: string, name: string): Lease {
  return { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { namespace, name } };
}

/**
 * What one sees of a lease from outside. It is live as long as it keeps changing: each change starts its duration anew on the
 * observer's own monotonic clock.
 */
export class LeaseObservation {
  #seen: string | undefined;
  #spec: LeaseSpec = {};
  #changedMs = -Infinity;

  /** Empty when nobody holds it. */
  get holder(): string {
    return this.#spec.holderIdentity ?? '';
  }

  /** @param atMs monotonic, when the answer had arrived */
  see(lease: Lease, atMs: number): void {
    const seen = JSON.stringify(lease.spec ?? {});
    if (seen === this.#seen) return;
    this.#seen = seen;
    this.#spec = lease.spec ?? {};
    this.#changedMs = atMs;
  }

  /** May another than its holder take it? @param defaultMs its duration when it names none */
  isFree(nowMs: number, defaultMs: number): boolean {
    if (this.holder === '') return true;
    const { leaseDurationSeconds = 0 } = this.#spec;
    const durationMs = leaseDurationSeconds > 0 ? leaseDurationSeconds * 1000 : defaultMs;
    return nowMs - this.#changedMs >= durationMs;
  }
}

/** A metav1.MicroTime. */
function microTime(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '000Z');
}
