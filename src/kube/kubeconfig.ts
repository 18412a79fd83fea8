import { existsSync } from 'node:fs';
import { delimiter } from 'node:path';
import { KubeConfig } from '@kubernetes/client-node';
import { errorMessage, UserError } from '../lib/errors.ts';

export interface KubeConfigSource {
  /** A kubeconfig file. Default: `$KUBECONFIG`, `~/.kube/config`, or the service account inside a cluster. */
  readonly kubeconfig?: string;
  /** A context of that file. Default: its current context. */
  readonly context?: string;
}

/**
 * Reads where the API server is and how to be let in.
 * @throws UserError when a file is missing or cannot be read, or names no usable context
 */
export function loadKubeConfig({ kubeconfig, context }: KubeConfigSource = {}): KubeConfig {
  const config = new KubeConfig();
  const origin = readInto(config, kubeconfig);
  if (context !== undefined) config.setCurrentContext(context);
  requireContext(config, origin);
  allowPlainHttp(config);
  return config;
}

/** @returns what was read, as messages name it */
function readInto(config: KubeConfig, kubeconfig: string | undefined): string {
  const files = kubeconfig === undefined ? filesOfEnvironment() : [kubeconfig];
  const origin = files.length > 0 ? `kubeconfig ${files.join(delimiter)}` : 'the default kubeconfig';
  const missing = files.find((file) => !existsSync(file));
  if (missing !== undefined) throw new UserError(`kubeconfig ${missing} does not exist; ${hint}`);
  try {
    if (kubeconfig === undefined) config.loadFromDefault();
    else config.loadFromFile(kubeconfig);
  } catch (cause) {
    throw new UserError(`${origin} cannot be read: ${firstLine(errorMessage(cause))}; ${hint}`, { cause });
  }
  return origin;
}

const hint = 'name a file with --kubeconfig, or start a cluster of your own with `plimsoll cluster`';

function filesOfEnvironment(): string[] {
  return (process.env.KUBECONFIG ?? '').split(delimiter).filter((file) => file !== '');
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? text;
}

/** The context, its cluster and its user must all be there: a request would fail later with less to say. */
function requireContext(config: KubeConfig, origin: string): void {
  const name = config.getCurrentContext() as string | undefined;
  const known = (config.contexts as { name: string }[] | undefined)?.map((context) => context.name) ?? [];
  const choices = known.length === 0 ? 'it has no contexts' : `its contexts are: ${known.join(', ')}`;
  if (name === undefined || name === '') {
    throw new UserError(
      `${origin} has no current context; ${choices}; choose one with \`kubectl config use-context\``,
    );
  }
  if (!known.includes(name)) throw new UserError(`${origin} has no context "${name}"; ${choices}`);
  const server = config.getCurrentCluster()?.server;
  if (server === undefined || !/^https?:\/\//.test(server)) {
    throw new UserError(
      `${origin}: the cluster of context "${name}" has no server address (http:// or https://)`,
    );
  }
}

/** client-node refuses plain HTTP unless this flag, which means nothing there, is set. */
function allowPlainHttp(config: KubeConfig): void {
  const cluster = config.getCurrentCluster();
  if (cluster?.server.startsWith('http:') !== true) return;
  config.clusters = config.clusters.map((each) =>
    each === cluster ? { ...each, skipTLSVerify: true } : each,
  );
}
