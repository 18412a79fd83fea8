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
  if (isGuess(config)) {
    throw new UserError(
      `no kubeconfig: neither $KUBECONFIG nor ~/.kube/config is there, and this is not inside a cluster; ${hint}`,
    );
  }
  requireContext(config, origin);
  allowPlainHttp(config);
  return config;
}

/** @returns what was read, as messages name it */
function readInto(config: KubeConfig, kubeconfig: string | undefined): string {
  const named = kubeconfig === undefined ? filesOfEnvironment() : [kubeconfig];
  const origin = named.length > 0 ? `kubeconfig ${named.join(delimiter)}` : 'the default kubeconfig';
  const files = named.filter((file) => existsSync(file)); // as kubectl does: some may be missing, not all
  if (named.length > 0 && files.length === 0) {
    throw new UserError(`${origin} ${named.length === 1 ? 'does not exist' : 'do not exist'}; ${hint}`);
  }
  try {
    if (named.length === 0) config.loadFromDefault();
    else loadFiles(config, files);
  } catch (cause) {
    throw new UserError(`${origin} cannot be read: ${firstLine(errorMessage(cause))}; ${hint}`, { cause });
  }
  return origin;
}

/** client-node's last resort, which nobody asked for: an API server without a login on port 8080, our own default port. */
function isGuess(config: KubeConfig): boolean {
  return (
    config.getCurrentContext() === 'loaded-context' &&
    config.getCurrentCluster()?.server === 'http://localhost:8080'
  );
}

/** As with kubectl, the first file that names a current context decides it. @throws for a name that two files define */
function loadFiles(config: KubeConfig, [first, ...others]: readonly string[]): void {
  if (first !== undefined) config.loadFromFile(first);
  for (const file of others) {
    const other = new KubeConfig();
    other.loadFromFile(file);
    config.mergeConfig(other, Boolean(config.currentContext));
  }
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
