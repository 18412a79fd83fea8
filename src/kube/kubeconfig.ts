import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { KubeConfig } from '@kubernetes/client-node';
import { parse } from 'yaml';
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
    const home = join(homedir(), '.kube', 'config');
    if (named.length > 0) loadFiles(config, files);
    else if (existsSync(home)) loadFile(config, home);
    else config.loadFromDefault();
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

/** The token file of the current user, that of a service account included. */
export function tokenFileOf(config: KubeConfig): string | undefined {
  const { authProvider } = (config.getCurrentUser() ?? {}) as {
    authProvider?: { config?: { tokenFile?: unknown } };
  };
  const file = authProvider?.config?.tokenFile;
  return typeof file === 'string' ? file : undefined;
}

/** As with kubectl, the first file that names a current context decides it. @throws for a name that two files define */
function loadFiles(config: KubeConfig, [first, ...others]: readonly string[]): void {
  if (first !== undefined) loadFile(config, first);
  for (const file of others) {
    const other = new KubeConfig();
    loadFile(other, file);
    config.mergeConfig(other, Boolean(config.currentContext));
  }
}

interface RawUsers {
  readonly users?: readonly { readonly name?: string; readonly user?: { readonly tokenFile?: string } }[];
}

/** client-node leaves out `tokenFile`, which stands above `token` and is meant to change. */
function loadFile(config: KubeConfig, file: string): void {
  config.loadFromFile(file);
  const { users } = (parse(readFileSync(file, 'utf8')) ?? {}) as RawUsers;
  const tokenFiles = new Map(users?.map(({ name, user }) => [name, user?.tokenFile]));
  config.users = config.users.map((user) => {
    const tokenFile = tokenFiles.get(user.name);
    if (tokenFile === undefined || tokenFile === '') return user;
    return { ...user, authProvider: tokenFileProvider(resolve(dirname(file), tokenFile)) };
  });
}

function tokenFileProvider(tokenFile: string): object {
  return { name: 'tokenFile', config: { tokenFile } };
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
