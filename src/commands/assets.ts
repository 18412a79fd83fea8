import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseAllDocuments } from 'yaml';
import type { KubeObject } from '../devcluster/cluster-api.ts';
import type { ImageTable } from '../devcluster/dev-cluster.ts';
import { UserError } from '../lib/errors.ts';

/** The package's own files: from src/commands in a clone, from dist/commands when installed, two folders up both times. */
const packageRoot = new URL('../../', import.meta.url);

export async function packageInfo(): Promise<{ version: string; description: string }> {
  return JSON.parse(await readFile(new URL('package.json', packageRoot), 'utf8')) as {
    version: string;
    description: string;
  };
}

/** The objects of a YAML file or of every YAML file in a folder of the package, in file order. */
export async function packagedObjects(path: string): Promise<KubeObject[]> {
  const url = new URL(path, packageRoot);
  const files = path.endsWith('/')
    ? (await readdir(url)).filter((name) => name.endsWith('.yaml')).sort()
    : [''];
  const texts = await Promise.all(
    files.map((name) => readFile(name === '' ? url : new URL(name, url), 'utf8')),
  );
  return texts.flatMap((text) => parseAllDocuments(text).map((document) => document.toJS() as KubeObject));
}

export async function installedCrds(): Promise<KubeObject[]> {
  return packagedObjects('crds/');
}

/** Images that run as local programs: the walkthrough's app, this command itself (`plimsoll`), and what `--image NAME=COMMAND` adds. */
export function imageTable(added: Readonly<Record<string, string>> = {}): ImageTable {
  const server = fileURLToPath(new URL('examples/walkthrough/app/server.js', packageRoot));
  const table: Record<string, { command: string[] }> = {
    'plimsoll-walkthrough': { command: [process.execPath, server] },
    plimsoll: { command: [process.execPath, fileURLToPath(new URL('bin/plimsoll.js', packageRoot))] },
  };
  for (const [name, text] of Object.entries(added)) {
    const command = text.split(/\s+/).filter((word) => word !== '');
    if (command.length === 0)
      throw new UserError(`--image ${name}=: a command is missing; give one, as in --image web=/usr/bin/web`);
    table[name] = { command };
  }
  return table;
}
