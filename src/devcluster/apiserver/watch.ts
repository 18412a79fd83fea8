import type { KubeObject } from '../cluster-api.ts';
import { ApiError } from './errors.ts';
import type { Status } from './errors.ts';
import type { Kind } from './kind.ts';
import { groupVersion } from './kind.ts';
import type { Registry } from './registry.ts';
import { tooLarge } from './list.ts';
import type { Selection } from './selection.ts';
import type { Change } from './store.ts';

export type WatchMessage =
  | { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK'; readonly object: KubeObject }
  | { readonly type: 'ERROR'; readonly object: Status };

export interface WatchOptions {
  /** Where history starts; undefined or 0: with what exists now. */
  readonly resourceVersion?: number | undefined;
  readonly allowBookmarks: boolean;
  /** Ends what exists now with a bookmark that says so (WatchList). */
  readonly sendInitialEvents: boolean;
  /** How often a bookmark tells the current version. Default 60 000. */
  readonly bookmarkEveryMs?: number;
}

export interface Watch {
  stop(): void;
}

const initialEventsEnd = { 'k8s.io/initial-events-end': 'true' };

/**
 * Sends what a watch sees, from now on and synchronously with each change.
 * @param onEnd runs when the server ends the watch: after ERROR, or as the resource goes away
 */
export function watchObjects(
  registry: Registry,
  { kind, selection }: { kind: Kind; selection: Selection },
  options: WatchOptions,
  sink: { send(message: WatchMessage): void; end(): void },
): Watch {
  const collection = registry.collection(kind);
  const from = options.resourceVersion ?? 0;
  const isReplay = from > 0 && !options.sendInitialEvents;
  if (isReplay && from < collection.floor) {
    sink.send({ type: 'ERROR', object: tooOld(from, collection.floor + 1) });
    sink.end();
    return { stop: () => undefined };
  }
  if (options.sendInitialEvents && from > registry.store.version) {
    sink.send({ type: 'ERROR', object: tooLarge(from, registry.store.version).status });
    sink.end();
    return { stop: () => undefined };
  }
  const send = (change: Change): void => {
    if (isReplay && change.version <= from) return;
    const message = select(registry, kind, selection, change);
    if (message !== undefined) sink.send(message);
  };
  if (isReplay) for (const change of collection.changesAfter(from)) send(change);
  else sendInitial(registry, { kind, selection }, options, sink.send.bind(sink));
  const unsubscribe = collection.subscribe(send, () => {
    stop();
    sink.end();
  });
  const timer = options.allowBookmarks ? startBookmarks(registry, kind, options, sink) : undefined;
  const stop = (): void => {
    clearInterval(timer);
    unsubscribe();
  };
  return { stop };
}

function sendInitial(
  registry: Registry,
  { kind, selection }: { kind: Kind; selection: Selection },
  options: WatchOptions,
  send: (message: WatchMessage) => void,
): void {
  for (const stored of registry.collection(kind).list(selection.namespace)) {
    const object = registry.view(kind, stored);
    if (selection.matches(object)) send({ type: 'ADDED', object });
  }
  if (options.sendInitialEvents && options.allowBookmarks) send(bookmark(registry, kind, initialEventsEnd));
}

function startBookmarks(
  registry: Registry,
  kind: Kind,
  { bookmarkEveryMs = 60_000 }: WatchOptions,
  sink: { send(message: WatchMessage): void },
): NodeJS.Timeout {
  return setInterval(() => {
    sink.send(bookmark(registry, kind));
  }, bookmarkEveryMs).unref();
}

export function bookmark(registry: Registry, kind: Kind, annotations?: Record<string, string>): WatchMessage {
  const metadata = {
    resourceVersion: String(registry.store.version),
    ...(annotations === undefined ? {} : { annotations }),
  };
  const object = { kind: kind.kind, apiVersion: groupVersion(kind), metadata };
  return { type: 'BOOKMARK', object: object as unknown as KubeObject };
}

function tooOld(from: number, oldest: number): Status {
  return new ApiError(410, 'Expired', `too old resource version: ${from} (${oldest})`).status;
}

/**
 * A change as a selection sees it.
 *
 * | matched before | matches now | seen as |
 * |---|---|---|
 * | no | yes | ADDED |
 * | yes | yes | MODIFIED |
 * | yes | no | DELETED, with the old content and the new version |
 * | no | no | nothing |
 */
function select(
  registry: Registry,
  kind: Kind,
  selection: Selection,
  change: Change,
): WatchMessage | undefined {
  const object = registry.view(kind, change.object);
  const before = change.previous === undefined ? undefined : registry.view(kind, change.previous);
  const didMatch = before !== undefined && selection.matches(before);
  if (change.type === 'DELETED') return didMatch ? { type: 'DELETED', object } : undefined;
  const doesMatch = selection.matches(object);
  if (doesMatch) return { type: didMatch ? 'MODIFIED' : 'ADDED', object };
  if (!didMatch) return undefined;
  const metadata = { ...before.metadata, resourceVersion: String(change.version) };
  return { type: 'DELETED', object: { ...before, metadata } };
}
