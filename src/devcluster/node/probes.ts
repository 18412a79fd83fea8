import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { connect } from 'node:net';

import { errorMessage } from '../../lib/errors.ts';
import type { Container, Handler, Probe } from '../controllers/objects.ts';
import type { PodPlace } from './environment.ts';
import { realPort } from './environment.ts';
import type { ProcessGroups } from './process-groups.ts';

export interface ProbeTarget {
  readonly container: Container;
  readonly place: PodPlace;
  readonly processes: ProcessGroups;
  /** The container's environment, for exec. */
  readonly env: Readonly<Record<string, string>>;
}

export type ProbeResult = { readonly ok: true } | { readonly ok: false; readonly message: string };

const ok: ProbeResult = { ok: true };
const failed = (message: string): ProbeResult => ({ ok: false, message });

/** Asks once. Never rejects: what goes wrong is a failed probe. */
export async function probeOnce(
  handler: Handler,
  target: ProbeTarget,
  timeoutMs: number,
): Promise<ProbeResult> {
  try {
    if (handler.httpGet) return await probeHttp(handler.httpGet, target, timeoutMs);
    if (handler.exec) return await probeExec(handler.exec.command ?? [], target, timeoutMs);
    const port = handler.tcpSocket?.port ?? handler.grpc?.port;
    if (port === undefined) return failed('the probe has no handler');
    return await probeTcp(handler.tcpSocket?.host ?? target.place.podIP, portNumber(port, target), timeoutMs);
  } catch (error) {
    return failed(errorMessage(error));
  }
}

function portNumber(port: number | string, { container, place }: ProbeTarget): number {
  const named = container.ports?.find(({ name }) => name === port)?.containerPort;
  const number = typeof port === 'number' ? port : (named ?? Number(port));
  if (!Number.isInteger(number))
    throw new Error(`couldn't find port "${port}" of container ${container.name}`);
  return realPort(number, place);
}

function probeHttp(
  get: NonNullable<Handler['httpGet']>,
  target: ProbeTarget,
  timeoutMs: number,
): Promise<ProbeResult> {
  const isHttps = get.scheme === 'HTTPS';
  const host = get.host ?? target.place.podIP;
  const port = portNumber(get.port, target);
  const path = (get.path ?? '/').replace(/^(?!\/)/, '/');
  const url = `${isHttps ? 'https' : 'http'}://${host}:${port}${path}`;
  const headers = Object.fromEntries((get.httpHeaders ?? []).map(({ name, value }) => [name, value]));
  return new Promise((resolve) => {
    const request = (isHttps ? httpsRequest : httpRequest)(
      url,
      {
        agent: false,
        headers: { 'User-Agent': 'kube-probe/1.36', Accept: '*/*', ...headers },
        signal: AbortSignal.timeout(timeoutMs),
        rejectUnauthorized: false,
      },
      (response) => {
        response.resume();
        const { statusCode = 0 } = response;
        const isGood = statusCode >= 200 && statusCode < 400;
        resolve(isGood ? ok : failed(`HTTP probe failed with statuscode: ${statusCode}`));
      },
    );
    request.on('error', (error) => resolve(failed(`Get "${url}": ${errorMessage(error)}`)));
    request.end();
  });
}

function probeTcp(host: string, port: number, timeoutMs: number): Promise<ProbeResult> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: timeoutMs });
    const end = (result: ProbeResult): void => {
      socket.destroy();
      resolve(result);
    };
    socket.once('connect', () => end(ok));
    socket.once('timeout', () => end(failed(`dial tcp ${host}:${port}: i/o timeout`)));
    socket.once('error', (error) => end(failed(`dial tcp ${host}:${port}: ${errorMessage(error)}`)));
  });
}

/** How much of a command's output its message may hold. */
const maxOutputBytes = 4096;

async function probeExec(
  argv: readonly string[],
  { processes, env }: ProbeTarget,
  timeoutMs: number,
): Promise<ProbeResult> {
  let output = '';
  const command = await processes.start({
    argv,
    env,
    onOutput: (_stream, chunk) => {
      if (output.length < maxOutputBytes) output += chunk.toString();
    },
  });
  const timeout = AbortSignal.timeout(timeoutMs);
  timeout.addEventListener('abort', () => command.signal('SIGKILL'));
  const { exitCode, signal } = await command.exited;
  if (timeout.aborted && signal !== undefined)
    return failed(`command timed out: "${argv.join(' ')}" timed out after ${timeoutMs / 1000}s`);
  return exitCode === 0 ? ok : failed(output.trim() || `command ended with exit code ${exitCode}`);
}

export interface ProbeLoopOptions {
  readonly probe: Probe;
  readonly target: ProbeTarget;
  /** A threshold was reached: success after failures, failure after successes; the first success too. */
  readonly onVerdict: (verdict: 'success' | 'failure') => void;
  /** Each failed try. */
  readonly onFailure: (message: string) => void;
}

/** A process that has just been spawned does not listen yet; a kubelet takes as long to notice that it runs. */
const firstProbeMs = 500;

/** Asks every periodSeconds, and tells when enough answers in a row agree. */
export function startProbeLoop({ probe, target, onVerdict, onFailure }: ProbeLoopOptions): { stop(): void } {
  const { initialDelaySeconds = 0, periodSeconds = 10, timeoutSeconds = 1 } = probe;
  const thresholds = { success: probe.successThreshold ?? 1, failure: probe.failureThreshold ?? 3 };
  let last: 'success' | 'failure' | undefined;
  let inARow = 0;
  let stopped = false;
  let timer = setTimeout(ask, Math.max(firstProbeMs, initialDelaySeconds * 1000));

  function ask(): void {
    const nextAt = performance.now() + periodSeconds * 1000;
    void probeOnce(probe, target, timeoutSeconds * 1000).then((result) => {
      if (stopped) return;
      timer = setTimeout(ask, Math.max(0, nextAt - performance.now()));
      if (!result.ok) onFailure(result.message);
      count(result.ok ? 'success' : 'failure');
    });
  }

  function count(outcome: 'success' | 'failure'): void {
    inARow = outcome === last ? inARow + 1 : 1;
    last = outcome;
    if (inARow === thresholds[outcome]) onVerdict(outcome);
  }

  return {
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
