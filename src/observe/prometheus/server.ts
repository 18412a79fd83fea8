import { Agent, request } from 'undici';
import type { Dispatcher } from 'undici';
import type { Clock } from '../../lib/clock.ts';
import { formatDuration } from '../../lib/duration.ts';
import { errorMessage } from '../../lib/errors.ts';
import type { SourceLimits } from '../source-limits.ts';
import { readAnswer, refusalText } from './answer.ts';
import type { QueryAnswer } from './answer.ts';
import { readCredentials } from './credentials.ts';
import type { Credentials } from './credentials.ts';
import { PrometheusFailure } from './failure.ts';
import type { PrometheusFailureType } from './failure.ts';
import { milliOf } from './milli.ts';
import { isSeriesSelector } from './series-selector.ts';
import type { PrometheusServerOptions } from './server-options.ts';

/** One request to a server, for telemetry. */
export interface PrometheusRequest {
  readonly server: string;
  /** HTTP status code; 0 when there was no answer. */
  readonly code: number;
  readonly durationMs: number;
}

export interface PrometheusServerDependencies {
  readonly clock: Clock;
  readonly limits: SourceLimits;
  /** Ends every question; connections are closed then. */
  readonly signal: AbortSignal;
  readonly onRequest?: (request: PrometheusRequest) => void;
  readonly onFailure?: (server: string, type: PrometheusFailureType) => void;
}

/** The number that a query gave, and of when it is. */
export interface QuerySample {
  readonly milli: bigint;
  /** Of the sample where the query is a selector of series, else of the evaluation; by the server's clock. */
  readonly timestampMs: number;
}

/** Half of what a server evaluates at once by default (`--query.max-concurrency`): others ask too. */
const queriesAtOnce = 10;
/** An answer of one series has some hundred bytes. */
const maxAnswerBytes = 1 << 20;

/** Asks one server. Redirects are not followed: they would take the token elsewhere. */
export class PrometheusServer {
  readonly #options: PrometheusServerOptions;
  readonly #dependencies: PrometheusServerDependencies;
  readonly #url: string;
  #connections: { readonly ca: string | undefined; readonly agent: Agent } | undefined;
  /** Questions in a row that had no answer, and how the last of them ended. */
  #silence: {
    readonly count: number;
    readonly last?: { readonly atMs: number; readonly failure: PrometheusFailure };
  } = { count: 0 };

  constructor(options: PrometheusServerOptions, dependencies: PrometheusServerDependencies) {
    this.#options = options;
    this.#dependencies = dependencies;
    this.#url = `${options.url.replace(/\/+$/, '')}/api/v1/query`;
    const { signal } = dependencies;
    signal.addEventListener('abort', () => void this.#connections?.agent.destroy(), { once: true });
  }

  /**
   * The one number that an instant query gives now.
   * @throws PrometheusFailure whatever is wrong with the answer, the server or the way to it
   */
  async query(query: string): Promise<QuerySample> {
    try {
      const deadline = AbortSignal.timeout(this.#dependencies.limits.timeoutMs);
      const { value, evaluatedAtMs } = await this.#ask({ query }, deadline);
      const milli = milliOf(value);
      if (!isSeriesSelector(query)) return { milli, timestampMs: evaluatedAtMs };
      const time = (evaluatedAtMs / 1000).toFixed(3);
      const sample = await this.#ask({ query: `timestamp(${query})`, time }, deadline);
      return { milli, timestampMs: Math.round(sample.value * 1000) };
    } catch (error) {
      if (error instanceof PrometheusFailure) this.#dependencies.onFailure?.(this.#options.name, error.type);
      throw error;
    }
  }

  async #ask(parameters: Readonly<Record<string, string>>, deadline: AbortSignal): Promise<QueryAnswer> {
    this.#assertHeard();
    const credentials = this.#credentials();
    try {
      return readAnswer(await this.#exchange(parameters, credentials, deadline));
    } catch (error) {
      throw withoutToken(error, credentials.token);
    }
  }

  /**
   * A server that hangs must not keep all who ask it waiting, each for the whole deadline: after so many questions without an answer
   * as may be asked at once, others fail as the last one did, until a deadline has passed.
   */
  #assertHeard(): void {
    const { clock, limits } = this.#dependencies;
    const { count, last } = this.#silence;
    if (count < queriesAtOnce || last === undefined) return;
    if (clock.monotonicMs() - last.atMs >= limits.timeoutMs) return;
    throw new PrometheusFailure(last.failure.type, last.failure.message);
  }

  #credentials(): Credentials {
    try {
      return readCredentials(this.#options);
    } catch (cause) {
      throw new PrometheusFailure('Credentials', errorMessage(cause), cause);
    }
  }

  async #exchange(
    parameters: Readonly<Record<string, string>>,
    { ca, token }: Credentials,
    deadline: AbortSignal,
  ): Promise<string> {
    const { clock, limits, signal, onRequest } = this.#dependencies;
    const startedMs = clock.monotonicMs();
    let code = 0;
    try {
      const response = await request(this.#url, {
        method: 'POST',
        dispatcher: this.#agent(ca),
        signal: AbortSignal.any([deadline, signal]),
        headers: {
          accept: 'application/json',
          'content-type': 'application/x-www-form-urlencoded',
          'user-agent': 'plimsoll',
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
        },
        body: new URLSearchParams({ ...parameters, timeout: `${limits.timeoutMs}ms` }).toString(),
      });
      code = response.statusCode;
      this.#silence = { count: 0 };
      const body = await response.body.text();
      if (code !== 200) throw refusal(response, body);
      return body;
    } catch (error) {
      throw this.#failure(error, code, deadline);
    } finally {
      onRequest?.({ server: this.#options.name, code, durationMs: clock.monotonicMs() - startedMs });
    }
  }

  #failure(error: unknown, code: number, deadline: AbortSignal): unknown {
    if (error instanceof PrometheusFailure || this.#dependencies.signal.aborted) return error;
    const failure = this.#wordsFor(error, deadline);
    const atMs = this.#dependencies.clock.monotonicMs();
    if (code === 0) this.#silence = { count: this.#silence.count + 1, last: { atMs, failure } };
    return failure;
  }

  #wordsFor(error: unknown, deadline: AbortSignal): PrometheusFailure {
    const { url } = this.#options;
    if (codeOf(error) === 'UND_ERR_RES_EXCEEDED_MAX_SIZE')
      return new PrometheusFailure('TooLarge', `the answer of ${url} is larger than ${maxAnswerBytes} bytes`);
    if (!deadline.aborted)
      return new PrometheusFailure('Unreachable', `cannot reach ${url}: ${errorMessage(error)}`, error);
    const time = formatDuration(this.#dependencies.limits.timeoutMs);
    return new PrometheusFailure('Timeout', `no answer from ${url} within ${time}`);
  }

  /** Connections are kept until the CA changes; questions under way finish on the old ones. */
  #agent(ca: string | undefined): Agent {
    if (this.#connections?.ca !== ca) {
      void this.#connections?.agent.close();
      this.#connections = undefined;
    }
    const { timeoutMs } = this.#dependencies.limits;
    this.#connections ??= {
      ca,
      agent: new Agent({
        connections: queriesAtOnce,
        pipelining: 1,
        maxResponseSize: maxAnswerBytes,
        connect: { timeout: timeoutMs, ...(ca !== undefined && { ca }) },
      }),
    };
    return this.#connections.agent;
  }
}

function refusal({ statusCode, headers }: Dispatcher.ResponseData, body: string): PrometheusFailure {
  const { location } = headers;
  if (statusCode >= 300 && statusCode < 400) {
    const where =
      typeof location === 'string' && URL.canParse(location) ? ` to ${new URL(location).origin}` : '';
    return new PrometheusFailure(
      'Refused',
      `answered ${statusCode}, a redirect${where}, which is not followed: register the server by its own address`,
    );
  }
  const said = refusalText(body);
  return new PrometheusFailure('Refused', `answered ${statusCode}${said === undefined ? '' : `, ${said}`}`);
}

function codeOf(error: unknown): unknown {
  if (!(error instanceof Error)) return undefined;
  return 'code' in error && error.code !== undefined ? error.code : codeOf(error.cause);
}

/** A server that answers with what it was sent must not bring the token into a status or a log. */
function withoutToken(error: unknown, token: string | undefined): unknown {
  if (!(error instanceof PrometheusFailure) || token === undefined) return error;
  return error.message.includes(token)
    ? new PrometheusFailure(error.type, error.message.replaceAll(token, '[token]'))
    : error;
}
