import { formatDuration } from '../lib/duration.ts';
import { UserError } from '../lib/errors.ts';
import { type Profile, profileDurationMs } from '../lib/load-profile.ts';
import { RateCurve, totalArrivals } from '../lib/load-profile-curve.ts';
import { profileLimits } from '../lib/load-profile-cursor.ts';
import type { Expectation } from './expectations.ts';
import type { RequestOptions } from './request.ts';
import { defaultRotation, type Rotation } from './rotation.ts';
import type { TlsOptions } from './target.ts';

export interface LoadOptions {
  /** An http or https URL. */
  readonly url: URL;
  /** Open loop: the offered rate over the run, all connections together. See `rampProfile` and `parseProfile`. */
  readonly profile?: Profile;
  /** Closed loop, when there is no profile: for so long, each connection sends the next request when it has its answer. */
  readonly durationMs?: number;
  /** Most connections at a time, at least 1; default 50. */
  readonly connections?: number;
  readonly rotation?: Rotation;
  /** Default a GET without a body. */
  readonly request?: RequestOptions;
  readonly tls?: TlsOptions;
  /** For connecting and the whole answer, and for waiting until a connection is free; default 10,000 ms. */
  readonly timeoutMs?: number;
  /** Response header that names the pod; default `X-Pod-Name`. */
  readonly podHeader?: string;
  /** What the target balances; default auto: requests if several pods answer on one connection. */
  readonly balances?: 'auto' | 'connections' | 'requests';
  readonly expectations?: readonly Expectation[];
  /** The result is void when 1 % of the requests were taken up later than this; default 10 ms. */
  readonly maxLagMs?: number;
  /** Waits for the last 2.5 ms before each start without sleeping: sends on time, and takes a whole core. Default false. */
  readonly precise?: boolean;
  /** Draws Poisson arrivals and rotation; 0 to 2^32 - 1. Default: by chance. */
  readonly seed?: number;
  /** Arrivals that may wait for a free connection; more are dropped. Default 10,000. */
  readonly maxQueued?: number;
  /** Targets that are not loopback addresses are refused without it. Default false. */
  readonly allowRemote?: boolean;
  /** Time between two calls of onProgress; default 1000 ms. */
  readonly progressEveryMs?: number;
}

export const loadDefaults = {
  connections: 50,
  rotation: defaultRotation,
  request: {},
  tls: {},
  timeoutMs: 10_000,
  podHeader: 'X-Pod-Name',
  balances: 'auto',
  expectations: [],
  maxLagMs: 10,
  precise: false,
  maxQueued: 10_000,
  allowRemote: false,
  progressEveryMs: 1000,
} as const;

/** With all defaults applied. */
export type Settings = Required<Omit<LoadOptions, 'profile' | 'durationMs'>> & {
  /** Null in a closed loop. */
  readonly profile: Profile | null;
  readonly durationMs: number;
};

/** @throws UserError for options that make no sense */
export function toSettings(options: LoadOptions): Settings {
  const { profile = null, durationMs = 0, seed = Math.floor(Math.random() * 2 ** 32) } = options;
  const settings = {
    ...loadDefaults,
    ...options,
    seed,
    profile,
    durationMs: profile === null ? durationMs : profileDurationMs(profile),
  };
  checkSettings(settings);
  return settings;
}

function checkSettings({ connections, timeoutMs, durationMs, profile, podHeader }: Settings): void {
  if (!Number.isInteger(connections) || connections < 1)
    throw new UserError(`connections must be a whole number of at least 1, not ${connections}`);
  if (!(timeoutMs > 0))
    throw new UserError(`timeout must be longer than 0, not ${formatDuration(timeoutMs)}`);
  if (!(durationMs > 0 && Number.isFinite(durationMs)))
    throw new UserError(`duration must be longer than 0 and finite, not ${durationMs}ms`);
  if (!/^[A-Za-z0-9-]+$/.test(podHeader))
    throw new UserError(`pod header must be the name of a header, not ${JSON.stringify(podHeader)}`);
  if (durationMs > profileLimits.durationMs)
    throw new UserError(
      `duration must be at most ${formatDuration(profileLimits.durationMs)}, not ${formatDuration(durationMs)}`,
    );
  for (const rate of (profile?.segments ?? []).flatMap(ratesOf)) {
    if (!(rate >= 0 && rate <= profileLimits.perSecond))
      throw new UserError(`rate must be a number from 0 to ${profileLimits.perSecond}, not ${rate}`);
  }
  if (profile !== null && totalArrivals(profile) === 0)
    throw new UserError(
      `the profile asks for no request at all in ${formatDuration(durationMs)}, ` +
        `for ${Number(new RateCurve(profile).area.toPrecision(2))} on average; give a higher rate or a longer time`,
    );
}

function ratesOf(segment: Profile['segments'][number]): number[] {
  return segment.type === 'sine'
    ? [segment.lowPerSecond, segment.highPerSecond]
    : [segment.fromPerSecond, segment.toPerSecond];
}
