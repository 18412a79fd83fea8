import { readFile } from 'node:fs/promises';
import { text as textOf } from 'node:stream/consumers';
import { stringify } from 'yaml';
import { KubeError } from '../../kube/errors.ts';
import { errorMessage, UserError } from '../../lib/errors.ts';
import { readManifests } from '../../migrate/manifests.ts';
import { autoscalersPath, collectionPath } from '../../operator/names.ts';
import type { Io } from '../io.ts';
import { openPlace, type Place } from '../place.ts';
import type { PlaceFlags } from '../place-flags.ts';
import { autoscalerFor, type Bounds, checkBounds, type ScaleTarget } from './manifest.ts';
import { type ResourceType, ResourceTypes } from './resource-types.ts';
import { requireUnscaled } from './rivals.ts';

export interface AutoscaleFlags extends Bounds, PlaceFlags {
  readonly filename?: string;
  readonly name?: string;
  readonly dryRun: 'none' | 'client' | 'server';
  readonly output?: 'yaml' | 'json' | 'name';
}

/** @throws UserError when one of them cannot be autoscaled, or is already; those before it were created */
export async function runAutoscale(words: readonly string[], flags: AutoscaleFlags, io: Io): Promise<number> {
  checkBounds(flags);
  if (words.length === 0 && flags.filename === undefined)
    throw new UserError('name what is scaled: TYPE/NAME, TYPE NAME, or --filename FILE');
  if (words.length > 0 && flags.filename !== undefined)
    throw new UserError('TYPE/NAME may not be given with --filename: one of them says what is scaled');
  if ((flags.cpuPercent ?? -1) > 0)
    io.stderr.write(
      "Flag --cpu-percent has been deprecated, Use --cpu with percentage or resource quantity format (e.g., '70%' for utilization or '500m' for milliCPU).\n",
    );
  const place = openPlace(flags);
  try {
    for (const target of await targetsOf(words, flags, place, io)) await autoscale(target, flags, place, io);
  } catch (cause) {
    if (!(cause instanceof KubeError)) throw cause;
    throw new UserError(errorMessage(cause), { cause });
  } finally {
    await place.client.close();
  }
  return 0;
}

interface Reference {
  readonly type: ResourceType;
  readonly name: string;
  readonly namespace?: string | undefined;
}

type Target = ScaleTarget & { readonly plural: string };

async function targetsOf(
  words: readonly string[],
  flags: AutoscaleFlags,
  { client, namespace }: Place,
  io: Io,
): Promise<Target[]> {
  const types = new ResourceTypes(client, io.signal);
  const references =
    flags.filename === undefined
      ? await referencesIn(words, types)
      : await referencesOf(await manifestsIn(flags.filename, io), types);
  return references.map((reference) => {
    const { groupVersion, kind, isScalable } = reference.type;
    if (!isScalable) throw new UserError(`cannot autoscale a ${kind}: it has no scale subresource`);
    const own = flags.namespace ?? reference.namespace ?? namespace;
    return {
      apiVersion: groupVersion,
      kind,
      plural: reference.type.plural,
      name: reference.name,
      namespace: own,
    };
  });
}

/** `TYPE/NAME...`, or `TYPE NAME...`. */
async function referencesIn(words: readonly string[], types: ResourceTypes): Promise<Reference[]> {
  const [first = '', ...names] = words;
  if (!first.includes('/')) {
    if (names.length === 0)
      throw new UserError(`${first}: the name is missing; say ${first}/NAME, or ${first} NAME`);
    const type = await types.named(first);
    return names.map((name) => ({ type, name }));
  }
  return Promise.all(
    words.map(async (word) => {
      const [type = '', name = '', ...rest] = word.split('/');
      if (type === '' || name === '' || rest.length > 0)
        throw new UserError(`${word}: there is no TYPE/NAME in it; such is deployment/web`);
      return { type: await types.named(type), name };
    }),
  );
}

type Manifests = ReturnType<typeof readManifests>;

async function manifestsIn(file: string, io: Io): Promise<Manifests> {
  if (file === '-') return readManifests('standard input', await textOf(io.stdin));
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new UserError(`--filename ${file}: cannot be read: ${errorMessage(cause)}`, { cause });
  });
  return readManifests(file, text);
}

async function referencesOf(manifests: Manifests, types: ResourceTypes): Promise<Reference[]> {
  return Promise.all(
    manifests.map(async ({ origin, object }) => {
      const { apiVersion, kind, metadata } = object as Record<string, unknown>;
      const { name, namespace } = (metadata ?? {}) as { name?: unknown; namespace?: unknown };
      if (typeof apiVersion !== 'string' || typeof kind !== 'string' || typeof name !== 'string')
        throw new UserError(`${origin}: apiVersion, kind and metadata.name must be there`);
      const type = await types.ofKind(apiVersion, kind);
      return { type, name, namespace: typeof namespace === 'string' ? namespace : undefined };
    }),
  );
}

const dryRunWords = { none: '', client: ' (dry run)', server: ' (server dry run)' } as const;

async function autoscale(target: Target, flags: AutoscaleFlags, { client }: Place, io: Io): Promise<void> {
  const { signal } = io;
  const manifest = autoscalerFor(target, flags, flags.name);
  const path = collectionPath(target.apiVersion, target.plural, target.namespace);
  await client.get(`${path}/${encodeURIComponent(target.name)}`, { signal });
  await requireUnscaled(client, target, signal);
  const query = {
    ...{ fieldManager: 'plimsoll-autoscale', fieldValidation: 'Strict' },
    ...(flags.dryRun === 'server' ? { dryRun: 'All' } : {}),
  };
  const made =
    flags.dryRun === 'client'
      ? manifest
      : await client.create(autoscalersPath(target.namespace), manifest, { query, signal });
  io.stdout.write(printed(made, manifest.metadata.name, flags));
}

function printed(made: unknown, name: string, { output, dryRun }: AutoscaleFlags): string {
  const reference = `customautoscaler.plimsoll.dev/${name}`;
  if (output === 'json') return `${JSON.stringify(made, null, 4)}\n`;
  if (output === 'yaml') return stringify(made);
  return output === 'name' ? `${reference}\n` : `${reference} autoscaled${dryRunWords[dryRun]}\n`;
}
