import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { UserError } from '../../src/lib/errors.ts';

const run = promisify(execFile);
const folder = fileURLToPath(new URL('.', import.meta.url));

/** What is executed and its first arguments. */
export type Program = readonly [file: string, ...args: string[]];

export interface Programs {
  readonly etcd: Program;
  readonly apiServer: Program;
  /** Absent where only etcd and an API server are at hand: no controllers then. */
  readonly controllerManager?: Program;
}

/** The Kubernetes releases that can be built here: the module file of each. The first one is what is tested by default. */
export const releases: Readonly<Record<string, string>> = { '1.36': 'go.mod', '1.37': 'go-1.37.mod' };

export interface ProgramsOptions {
  /** A key of `releases`. Default: the first. */
  readonly release?: string;
  /** A folder with `etcd`, `kube-apiserver` and perhaps `kube-controller-manager`, used in place of a build. */
  readonly assets?: string | undefined;
  /** Told what takes long. */
  readonly log?: (line: string) => void;
}

/**
 * The programs of a control plane: those of a folder, or built from their Go modules once and kept in the user's cache.
 * @throws UserError when there are none and none can be built
 */
export async function findPrograms(options: ProgramsOptions = {}): Promise<Programs> {
  const { assets } = options;
  if (assets !== undefined && assets !== '') return programsIn(assets);
  const file = await built(options);
  return {
    etcd: [file, 'etcd'],
    apiServer: [file, 'kube-apiserver'],
    controllerManager: [file, 'kube-controller-manager'],
  };
}

function programsIn(assets: string): Programs {
  const [etcd, apiServer, controllerManager] = ['etcd', 'kube-apiserver', 'kube-controller-manager'].map(
    (name) => join(assets, name),
  ) as [string, string, string];
  const missing = [etcd, apiServer].filter((file) => !existsSync(file));
  if (missing.length > 0)
    throw new UserError(
      `KUBEBUILDER_ASSETS: ${missing.join(' and ')} ${missing.length === 1 ? 'is' : 'are'} not there`,
    );
  return {
    etcd: [etcd],
    apiServer: [apiServer],
    ...(existsSync(controllerManager) && { controllerManager: [controllerManager] }),
  };
}

async function built({ release = '1.36', log }: ProgramsOptions): Promise<string> {
  const modFile = releases[release];
  if (modFile === undefined)
    throw new UserError(
      `--release: ${release} cannot be built, only ${Object.keys(releases).join(' and ')} can`,
    );
  const sources = [modFile, modFile.replace(/mod$/, 'sum'), 'main.go'];
  const hash = createHash('sha256').update(buildFlags(modFile).join(' '));
  for (const source of sources) hash.update(readFileSync(join(folder, source)));
  const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'plimsoll-controlplane');
  const file = join(cache, hash.digest('hex').slice(0, 16), 'controlplane');
  if (!existsSync(file)) await build(modFile, file, log ?? (() => undefined));
  return file;
}

/** kubectl cannot parse the version of a server that does not know it; the symbols would be half of the file. */
function buildFlags(modFile: string): string[] {
  const version = versionIn(modFile);
  const [, major, minor] = /^v(\d+)\.(\d+)/.exec(version) ?? [];
  const variables = { gitVersion: version, gitMajor: major, gitMinor: minor, gitTreeState: 'clean' };
  const settings = Object.entries(variables).map(
    ([name, value]) => `-X k8s.io/component-base/version.${name}=${value ?? ''}`,
  );
  return ['-buildvcs=false', `-modfile=${modFile}`, '-ldflags', `-s -w ${settings.join(' ')}`];
}

function versionIn(modFile: string): string {
  const text = readFileSync(join(folder, modFile), 'utf8');
  return /^\s*k8s\.io\/kubernetes (v\S+)/m.exec(text)?.[1] ?? '';
}

async function build(modFile: string, file: string, log: (line: string) => void): Promise<void> {
  await requireGo();
  log(`building Kubernetes ${versionIn(modFile)} from its Go modules, once; this takes minutes`);
  const startedMs = performance.now();
  mkdirSync(join(file, '..'), { recursive: true });
  const partial = `${file}.${process.pid}`;
  try {
    await run('go', ['build', ...buildFlags(modFile), '-o', partial, '.'], {
      cwd: folder,
      maxBuffer: 1 << 26,
    });
  } catch (cause) {
    const { stderr = '' } = cause as { stderr?: string };
    const end = stderr.trim().split('\n').slice(-5).join('\n');
    throw new Error(`the control plane does not build: ${end}`, { cause });
  }
  renameSync(partial, file);
  log(`built in ${Math.round((performance.now() - startedMs) / 1000)} s`);
}

/** @throws UserError when there is none */
async function requireGo(): Promise<void> {
  try {
    await run('go', ['version']);
  } catch {
    throw new UserError(
      'no Kubernetes control plane: install Go to build one, or set KUBEBUILDER_ASSETS to a folder with etcd and kube-apiserver',
    );
  }
}
