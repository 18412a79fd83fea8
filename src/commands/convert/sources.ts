import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { addAbortSignal } from 'node:stream';
import { text as textOf } from 'node:stream/consumers';
import { parseReference, readFromCluster, type Reference } from '../../migrate/from-cluster.ts';
import { readManifests, type Manifest } from '../../migrate/manifests.ts';
import { KubeError } from '../../kube/errors.ts';
import { errorMessage, UserError } from '../../lib/errors.ts';
import type { Io } from '../io.ts';
import { openPlace, type Place } from '../place.ts';
import type { PlaceFlags } from '../place-flags.ts';

const standardInput = '-';

export interface SourceFlags extends PlaceFlags {
  readonly allNamespaces: boolean;
}

/**
 * The objects of all sources, in their order.
 * @throws UserError when one cannot be read, or the flags do not fit them
 */
export async function readSources(
  sources: readonly string[],
  flags: SourceFlags,
  io: Io,
): Promise<Manifest[]> {
  if (sources.filter((source) => source === standardInput).length > 1)
    throw new UserError('- is given twice: standard input can be read once');
  checkFlags(sources.map(parseReference), flags);
  await using cluster = new Cluster(flags, io.signal);
  const found: Manifest[] = [];
  for (const source of sources) {
    const reference = parseReference(source);
    if (reference !== undefined) found.push(...(await cluster.read(reference)));
    else if (source === standardInput)
      found.push(...readManifests('standard input', await textOf(addAbortSignal(io.signal, io.stdin))));
    else for (const file of await filesOf(source)) found.push(...readManifests(file, await fileText(file)));
  }
  return found;
}

function checkFlags(references: readonly (Reference | undefined)[], flags: SourceFlags): void {
  const { namespace, allNamespaces, kubeconfig, context } = flags;
  const isForCluster = [namespace, kubeconfig, context].some((flag) => flag !== undefined) || allNamespaces;
  if (isForCluster && references.every((reference) => reference === undefined))
    throw new UserError(
      '--namespace, --all-namespaces, --kubeconfig and --context are for hpa/NAME and scaledobject/NAME; no source is one',
    );
  const named = references.find((reference) => reference?.name !== undefined);
  if (allNamespaces && named !== undefined)
    throw new UserError(
      `${named.text}: with --all-namespaces, name no object; say ${named.text.split('/', 1)[0] ?? ''}`,
    );
  if (allNamespaces && namespace !== undefined)
    throw new UserError(`--namespace ${namespace}: may not be given with --all-namespaces`);
}

/** A client that is made when the first source asks for it. */
class Cluster implements AsyncDisposable {
  readonly #flags: SourceFlags;
  readonly #signal: AbortSignal;
  #place: Place | undefined;

  constructor(flags: SourceFlags, signal: AbortSignal) {
    this.#flags = flags;
    this.#signal = signal;
  }

  async read(reference: Reference): Promise<Manifest[]> {
    this.#place ??= openPlace(this.#flags);
    const { client, namespace } = this.#place;
    const where = this.#flags.allNamespaces ? {} : { namespace };
    try {
      return await readFromCluster(client, reference, { ...where, signal: this.#signal });
    } catch (cause) {
      if (!(cause instanceof KubeError)) throw cause;
      throw new UserError(
        `${reference.text}: cannot be read from the cluster at ${client.server}: ${errorMessage(cause)}`,
        { cause },
      );
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#place?.client.close();
  }
}

/** The file itself, or those of a folder that kubectl would read: not those of folders in it. */
async function filesOf(path: string): Promise<string[]> {
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    (cause: unknown) => {
      throw unreadable(path, cause);
    },
  );
  if (!isFolder) return [path];
  const names = (await readdir(path)).filter((name) => /\.(ya?ml|json)$/.test(name)).sort();
  if (names.length === 0) throw new UserError(`${path}: the folder has no .yaml, .yml or .json`);
  return names.map((name) => join(path, name));
}

async function fileText(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((cause: unknown) => {
    throw unreadable(file, cause);
  });
}

/** What the common errors mean; all others in the system's own words. */
const meanings: Readonly<Record<string, string>> = {
  ENOENT: 'no such file; what a cluster has is hpa/NAME or scaledobject/NAME',
  EACCES: 'a file without permission to read it',
  EISDIR: 'a folder',
};

function unreadable(path: string, cause: unknown): UserError {
  const { code = '' } = cause as NodeJS.ErrnoException;
  return new UserError(`${path === '' ? '""' : path}: ${meanings[code] ?? errorMessage(cause)}`, { cause });
}
