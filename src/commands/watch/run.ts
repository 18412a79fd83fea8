import { aborted } from '../../lib/clock.ts';
import { UserError } from '../../lib/errors.ts';
import { fit } from '../../report/style.ts';
import type { Io } from '../io.ts';
import { openPlace, type Place } from '../place.ts';
import type { PlaceFlags } from '../place-flags.ts';
import { checkWatchable } from './check-watchable.ts';
import { Watcher } from './watcher.ts';
import { WatchLines } from './watch-lines.ts';
import { WatchScreen } from './watch-screen.ts';

export interface WatchFlags extends PlaceFlags {
  readonly allNamespaces: boolean;
  readonly plain: boolean;
  readonly ascii: boolean;
  readonly output: 'text' | 'json';
  /** In milliseconds; absent: without end. */
  readonly timeout?: number;
}

/** Watches until a key, a signal or the timeout ends it. @throws UserError when there is nothing to watch */
export async function runWatch(name: string | undefined, flags: WatchFlags, io: Io): Promise<number> {
  checkFlags(name, flags);
  const place = openPlace(flags);
  await using ending = new AsyncDisposableStack();
  ending.defer(async () => place.client.close());
  const connected = tellConnecting(io, place.client.server);
  ending.defer(connected);
  const namespace = flags.allNamespaces ? undefined : place.namespace;
  await checkWatchable(place.client, { namespace, name, signal: io.signal });
  const what = {
    ...{ client: place.client, namespace },
    ...(name === undefined ? {} : { single: `${place.namespace}/${name}` }),
  };
  const timeout = flags.timeout === undefined ? [] : [AbortSignal.timeout(flags.timeout)];
  const signal = AbortSignal.any([io.signal, ...timeout]);
  const isScreen =
    io.stdout.isTTY === true && !flags.plain && flags.output !== 'json' && io.env.TERM !== 'dumb';
  await (isScreen ? watchOnScreen : watchInLines)(what, { flags, io, signal, connected });
  return 0;
}

/**
 * Says on a terminal what is waited for.
 * @returns takes it back; does nothing the second time
 */
function tellConnecting({ stderr }: Io, server: string): () => void {
  if (stderr.isTTY !== true) return () => undefined;
  let told = true;
  stderr.write(fit(`connecting to ${server} ...`, (stderr.columns ?? 80) - 1));
  return () => {
    if (told) stderr.write('\r\u001b[2K');
    told = false;
  };
}

function checkFlags(name: string | undefined, { allNamespaces, namespace }: WatchFlags): void {
  if (!allNamespaces) return;
  if (namespace !== undefined)
    throw new UserError(`--namespace ${namespace}: may not be given with --all-namespaces`);
  if (name !== undefined)
    throw new UserError(`${name}: may not be named with --all-namespaces; give its --namespace instead`);
}

interface What {
  readonly client: Place['client'];
  readonly namespace: string | undefined;
  readonly single?: string;
}

interface How {
  readonly flags: WatchFlags;
  readonly io: Io;
  readonly signal: AbortSignal;
  /** To be called when there is something to show. */
  readonly connected: () => void;
}

async function watchOnScreen(
  { single, ...what }: What,
  { flags, io, signal, connected }: How,
): Promise<void> {
  const changed = { tell: (): void => undefined };
  await using watcher = new Watcher({ ...what, changed: () => changed.tell() });
  await Promise.race([watcher.firstSync, aborted(signal)]);
  connected();
  const screen = new WatchScreen({
    ...{ watcher, io, ascii: flags.ascii, allNamespaces: flags.allNamespaces },
    place: what.namespace === undefined ? 'all namespaces' : `namespace ${what.namespace}`,
    ...(single === undefined ? {} : { single }),
  });
  changed.tell = () => screen.draw();
  await screen.run(signal);
}

async function watchInLines({ single, ...what }: What, { flags, io, signal, connected }: How): Promise<void> {
  const lines = new WatchLines({
    ...{ output: flags.output, allNamespaces: flags.allNamespaces },
    ...(single === undefined ? {} : { single }),
    write: (line) => io.stdout.write(`${line}\n`),
  });
  let synced = false as boolean; // changed() comes from elsewhere
  const update = (): void => {
    if (synced) lines.update(watcher.now(Date.now()));
  };
  await using watcher = new Watcher({ ...what, changed: update });
  watcher.follow(single);
  await Promise.race([watcher.firstSync, aborted(signal)]);
  connected();
  synced = true;
  update();
  await aborted(signal);
}
