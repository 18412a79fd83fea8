import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { errorMessage, UserError } from '../../lib/errors.ts';
import { fileTrouble } from '../../lib/file-trouble.ts';
import { type Profile, rampProfile } from '../../lib/load-profile.ts';
import { parseExpectation } from '../../load/expectations.ts';
import type { LoadOptions } from '../../load/load-options.ts';
import type { RequestOptions } from '../../load/request.ts';
import { parseRotation } from '../../load/rotation.ts';
import type { TlsOptions } from '../../load/target.ts';
import { readProfile, readText } from '../profile-flag.ts';
import type { ClusterFlags } from './watch-cluster.ts';

/** As commander has them: what has no default may be absent. */
export interface LoadFlags extends ClusterFlags {
  readonly rate?: number;
  readonly duration: number;
  readonly ramp: number;
  readonly arrivals: Profile['arrivals'];
  readonly profile?: string;
  readonly connections: number;
  readonly rotate: string;
  readonly method?: string;
  readonly header: readonly string[];
  readonly data?: string;
  readonly insecure: boolean;
  readonly cacert?: string;
  readonly timeout: number;
  readonly podHeader: string;
  readonly balances: 'auto' | 'connections' | 'requests';
  readonly expect: readonly string[];
  readonly maxLag: number;
  readonly precise: boolean;
  readonly seed?: number;
  readonly allowRemote: boolean;
  readonly output: 'text' | 'json' | 'csv';
  readonly report?: string;
}

/**
 * @param given whether a flag was given, rather than being at its default
 * @throws UserError for flags that make no sense, alone or together
 */
export function loadOptions(
  text: string,
  flags: LoadFlags,
  given: (flag: keyof LoadFlags) => boolean,
): LoadOptions {
  const profile = profileOf(flags, given);
  return {
    url: target(text),
    ...(profile === undefined ? { durationMs: flags.duration } : { profile }),
    connections: flags.connections,
    rotation: parseRotation(flags.rotate),
    request: requestOf(flags),
    tls: tlsOf(flags),
    timeoutMs: flags.timeout,
    podHeader: flags.podHeader,
    balances: flags.balances,
    expectations: flags.expect.map(parseExpectation),
    maxLagMs: flags.maxLag,
    precise: flags.precise,
    ...(flags.seed === undefined ? {} : { seed: flags.seed }),
    allowRemote: flags.allowRemote,
  };
}

/** A cluster is watched when a flag asks for it: nobody's kubeconfig is read without being told to. */
export function wantsCluster({ kubeconfig, autoscaler, namespace }: LoadFlags): boolean {
  return [kubeconfig, autoscaler, namespace].some((flag) => flag !== undefined);
}

/** The rate where no flag says how much load: a modest one, which shows that the app answers and harms nobody. */
export const unsaidPerSecond = 10;

/** No flag says how much load. */
export function isUnsaid({ rate, profile }: LoadFlags, given: (flag: keyof LoadFlags) => boolean): boolean {
  return rate === undefined && profile === undefined && !given('connections');
}

/** Undefined for a closed loop, which is what connections alone ask for. */
function profileOf(flags: LoadFlags, given: (flag: keyof LoadFlags) => boolean): Profile | undefined {
  const { rate, duration: durationMs, ramp: rampMs, arrivals } = flags;
  if (flags.profile !== undefined) {
    const beside = (['rate', 'duration', 'ramp', 'arrivals'] as const).filter(given);
    if (beside.length > 0)
      throw new UserError(
        `--profile and --${beside.join(', --')}: the profile says all of this itself; give one or the other`,
      );
    return readProfile(flags.profile);
  }
  const ratePerSecond = isUnsaid(flags, given) ? unsaidPerSecond : rate;
  if (ratePerSecond !== undefined) {
    if (rampMs > durationMs)
      throw new UserError('--ramp is longer than --duration; the ramp is part of the duration');
    return { ...rampProfile({ ratePerSecond, durationMs, rampMs }), arrivals };
  }
  const needing = (['ramp', 'arrivals'] as const).filter(given);
  if (needing.length > 0)
    throw new UserError(`--${needing.join(', --')}: there is no rate to apply it to; give --rate N`);
  return undefined;
}

function requestOf({ method, header, data }: LoadFlags): RequestOptions {
  return {
    ...(method === undefined ? {} : { method }),
    headers: header,
    ...(data === undefined ? {} : { body: bodyOf(data) }),
  };
}

/** Text as it is, or `@FILE`, byte for byte. */
function bodyOf(data: string): Buffer {
  if (!data.startsWith('@')) return Buffer.from(data);
  try {
    return readFileSync(data.slice(1));
  } catch (cause) {
    throw new UserError(`--data ${data}: cannot read the file: ${fileTrouble(cause)}`, { cause });
  }
}

function tlsOf({ insecure, cacert }: LoadFlags): TlsOptions {
  return { insecure, ...(cacert === undefined ? {} : { ca: authorities(cacert) }) };
}

/** The text of a PEM file. Node takes any text for one, and trusts nobody then. */
function authorities(file: string): string {
  const text = readText(file);
  const certificates = text.match(/-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----/gs);
  if (certificates === null)
    throw new UserError(`--cacert ${file}: no certificate in it; give a PEM file, with BEGIN CERTIFICATE`);
  try {
    for (const certificate of certificates) new X509Certificate(certificate);
  } catch (cause) {
    throw new UserError(`--cacert ${file}: not a certificate: ${errorMessage(cause)}`, { cause });
  }
  return text;
}

function target(text: string): URL {
  const url = URL.parse(text);
  if (url === null) throw new UserError(`URL ${text}: not a URL; give one such as http://127.0.0.1:8080/`);
  return url;
}
