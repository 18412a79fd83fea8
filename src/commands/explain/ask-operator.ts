import type { KubeClient } from '../../kube/client.ts';
import { isKubeError, KubeError } from '../../kube/errors.ts';
import { errorMessage, UserError } from '../../lib/errors.ts';
import type { DecisionAnswer } from '../../operator/decision-ring.ts';

/** The port by its name or number. */
export interface ServicePlace {
  readonly namespace: string;
  readonly name: string;
  readonly port: string;
}

export interface Question {
  readonly namespace: string;
  readonly name: string;
  readonly last: number;
  /** Milliseconds since 1970; absent: now. */
  readonly atMs?: number | undefined;
}

/** As deploy/base names it, where deploy/overlays puts it: for the cluster, or in the namespace that it serves. */
function usualPlaces(namespace: string): readonly ServicePlace[] {
  const usual = { name: 'plimsoll-metrics', port: 'metrics' };
  return [...new Set(['plimsoll-system', namespace])].map((each) => ({ ...usual, namespace: each }));
}

/** Where an operator answers that was started without --bind-address. */
const laptopUrl = 'http://127.0.0.1:8080';

/** How an operator is asked whose address was not given. */
export interface Asking {
  readonly service?: ServicePlace | undefined;
  readonly signal: AbortSignal;
  /** Where it is asked when the cluster is on this machine and has no Service of it; default: its usual address. */
  readonly laptop?: string;
  /** Is told of an address that was not given. */
  readonly tell: (line: string) => void;
}

/** Of two replicas each question reaches either: the one that stands by says so. */
const maxTries = 3;

/**
 * Asks the operator through the API server's proxy of its Service; for a cluster on this machine that has none, at the address where one
 * on a laptop answers.
 * @throws UserError when there is neither, or it does not answer
 */
export async function askOperator(
  client: KubeClient,
  question: Question,
  asking: Asking,
): Promise<DecisionAnswer> {
  const { service, signal, laptop = laptopUrl, tell } = asking;
  const places = service === undefined ? usualPlaces(question.namespace) : [service];
  const answer = await askServices(client, question, places, signal);
  if (answer !== undefined) return answer;
  const [{ name } = { name: '' }] = places;
  const where = places.map(({ namespace }) => namespace).join(' and ');
  const missing = `no Service ${name} in namespace ${where}`;
  if (service === undefined && isLoopback(client.server)) {
    tell(`${missing}: asking the operator at ${laptop}`);
    return askAt(laptop, question, signal).catch((cause: unknown) => {
      const kept = cause instanceof UserError && cause.exitCode === 1;
      throw kept ? cause : nobody(`${missing}, and ${errorMessage(cause)}`, cause);
    });
  }
  throw nobody(missing);
}

function nobody(problem: string, cause?: unknown): UserError {
  return new UserError(
    `cannot ask the operator for earlier decisions: ${problem}; name its Service with --service, or, where the operator runs ` +
      `on a laptop, give its address: --operator ${laptopUrl}`,
    { cause },
  );
}

function isLoopback(server: string): boolean {
  return /^(localhost|127\.[\d.]+|\[::1\])$/.test(new URL(server).hostname);
}

/** @returns undefined when none of them is there */
async function askServices(
  client: KubeClient,
  question: Question,
  places: readonly ServicePlace[],
  signal: AbortSignal,
): Promise<DecisionAnswer | undefined> {
  for (const place of places) {
    try {
      return await askService(client, place, question, signal);
    } catch (error) {
      if (!(error instanceof KubeError)) throw error;
      if (!isMissingService(error)) throw refusal(error, place, question);
    }
  }
  return undefined;
}

async function askService(
  client: KubeClient,
  { namespace, name, port }: ServicePlace,
  question: Question,
  signal: AbortSignal,
): Promise<DecisionAnswer> {
  const path = `/api/v1/namespaces/${namespace}/services/${name}:${port}/proxy${pathOf(question)}`;
  for (let tries = 1; ; tries += 1) {
    try {
      return (await client.get(path, { query: queryOf(question), signal })) as DecisionAnswer;
    } catch (error) {
      const standsBy = isKubeError(error, 'ServerError') && error.reason === 'StandsBy';
      if (!standsBy || tries === maxTries) throw error;
    }
  }
}

function isMissingService(error: KubeError): boolean {
  return error.type === 'NotFound' && /^(services|namespaces) "/.test(error.message);
}

function refusal(error: KubeError, { namespace, name }: ServicePlace, question: Question): UserError {
  if (error.type === 'NotFound') return nothingKept(question, error);
  const next =
    error.type === 'Forbidden'
      ? 'the role plimsoll-explain of deploy/users allows it'
      : `try: kubectl -n ${namespace} port-forward svc/${name} 8080, and --operator http://127.0.0.1:8080`;
  return new UserError(
    `cannot ask the operator through Service ${namespace}/${name}: ${errorMessage(error)}; ${next}`,
    { cause: error },
  );
}

function nothingKept({ namespace, name }: Question, cause?: unknown): UserError {
  return new UserError(
    `the operator keeps no decision of CustomAutoscaler ${namespace}/${name}: it keeps those since it began to lead; ` +
      'is it the one that serves it, and has it decided since?',
    { exitCode: 1, cause },
  );
}

/** How long an operator may take. */
const timeoutMs = 10_000;

/**
 * Asks an operator at its own address.
 * @throws UserError when it does not answer, or it is no operator
 */
export async function askAt(url: string, question: Question, signal: AbortSignal): Promise<DecisionAnswer> {
  const address = `${url}${pathOf(question)}?${new URLSearchParams(queryOf(question)).toString()}`;
  const response = await fetch(address, {
    signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
  }).catch((cause: unknown) => {
    throw new UserError(
      `--operator ${url}: cannot reach it: ${errorMessage(cause)}; is it running, and is this its --bind-address?`,
      { cause },
    );
  });
  const text = await response.text();
  const body = parse(text);
  if (response.ok && Array.isArray(body?.decisions)) return body as unknown as DecisionAnswer;
  if (body?.kind !== 'Status')
    throw new UserError(`--operator ${url}: no operator of Plimsoll answers there (${response.status})`);
  if (response.status === 404) throw nothingKept(question);
  throw new UserError(`--operator ${url}: ${String(body.message)}`);
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return undefined; // Then it is no operator, which is told.
  }
}

function pathOf({ namespace, name }: Question): string {
  return `/decisions/${encodeURIComponent(namespace)}/${encodeURIComponent(name)}`;
}

function queryOf({ last, atMs }: Question): Record<string, string> {
  return { last: String(last), ...(atMs === undefined ? {} : { at: new Date(atMs).toISOString() }) };
}
