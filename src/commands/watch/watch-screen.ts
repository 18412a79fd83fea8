import type { Readable } from 'node:stream';
import { FullScreen } from '../../report/full-screen.ts';
import type { WatchState } from '../../report/watch-state.ts';
import { renderWatchTable } from '../../report/watch-table.ts';
import { renderWatch } from '../../report/watch-view.ts';
import type { WatchViewOptions } from '../../report/watch-options.ts';
import { type Io, viewOptions } from '../io.ts';
import { Memory, type Moment } from './moment.ts';
import { keyOf } from './object-table.ts';
import { chosenOf, parseKeys, type Position, press } from './position.ts';
import { curveMs, project, projectDeleted } from './project.ts';
import type { Watcher } from './watcher.ts';

export interface ScreenOptions {
  readonly watcher: Watcher;
  readonly io: Io;
  /** The autoscaler that the watch was started for. */
  readonly single?: string;
  /** In words: `namespace shop`. */
  readonly place: string;
  readonly allNamespaces: boolean;
  readonly ascii: boolean;
}

/** The keyboard of a terminal; anything else has none. */
type Keyboard = Readable & { readonly isTTY?: boolean; setRawMode?: (raw: boolean) => unknown };

/** The watch on a terminal: remembers what was, draws what is looked at, and goes where keys lead. */
export class WatchScreen {
  readonly #options: ScreenOptions;
  readonly #screen: FullScreen;
  readonly #memory = new Memory();
  readonly #quit = Promise.withResolvers<undefined>();
  #position: Position;
  #lastSeen: WatchState | undefined;

  constructor(options: ScreenOptions) {
    this.#options = options;
    this.#position = { panel: 'main', ...(options.single === undefined ? {} : { opened: options.single }) };
    options.watcher.follow(options.single);
    this.#screen = new FullScreen(options.io.stdout);
    options.io.onExit(() => this.#screen.restore());
  }

  /** Until a key or the signal ends it; the terminal is as before then. */
  async run(signal: AbortSignal): Promise<void> {
    const keyboard = this.#options.io.stdin as Keyboard;
    const hasKeys = keyboard.isTTY === true;
    const onData = (chunk: Buffer): void => this.#press(chunk.toString());
    const tick = setInterval(() => this.#tick(), 1000);
    const end = (): void => this.#quit.resolve(undefined);
    const onResize = (): void => this.draw();
    signal.addEventListener('abort', end, { once: true });
    this.#options.io.stdout.on('resize', onResize);
    try {
      if (hasKeys) {
        keyboard.setRawMode?.(true);
        this.#options.io.onExit(() => keyboard.setRawMode?.(false));
        keyboard.on('data', onData);
      }
      if (signal.aborted) return;
      this.#tick();
      await this.#quit.promise;
    } finally {
      clearInterval(tick);
      signal.removeEventListener('abort', end);
      this.#options.io.stdout.off('resize', onResize);
      this.#screen.restore();
      if (hasKeys) {
        keyboard.off('data', onData);
        keyboard.setRawMode?.(false);
        keyboard.pause();
      }
    }
  }

  draw(): void {
    this.#screen.show(() => this.#frame());
  }

  #tick(): void {
    this.#memory.add(this.#options.watcher.now(Date.now()));
    this.draw();
  }

  #press(text: string): void {
    const keys = parseKeys(text);
    // What is seen now is what a pause holds.
    if (keys.length > 0) this.#memory.add(this.#options.watcher.now(Date.now()));
    for (const key of keys) {
      const nowMs = Date.now();
      const next = press(this.#position, key, {
        nowMs,
        oldestMs: this.#memory.oldestMs ?? nowMs,
        keys: this.#moment().autoscalers.map(keyOf),
        isSingle: this.#options.single !== undefined,
      });
      if (next === 'quit') {
        this.#quit.resolve(undefined);
        return;
      }
      this.#position = next;
      this.#options.watcher.follow(next.opened);
    }
    this.draw();
  }

  #moment(): Moment {
    const { atMs } = this.#position;
    const now = Date.now();
    return (atMs === undefined ? undefined : this.#memory.at(atMs)) ?? this.#options.watcher.now(now);
  }

  #frame(): string[] {
    const { io, ascii, watcher, single } = this.#options;
    const rows = Math.max(4, (io.stdout.rows ?? 24) - 1);
    const options = { ...viewOptions(io.stdout, io), ascii, rows };
    const moment = this.#moment();
    const back = this.#position.atMs === undefined ? {} : { backMs: Date.now() - this.#position.atMs };
    const state = this.#opened(moment);
    if (state === undefined) return this.#table(moment, options, back);
    const { panel } = this.#position;
    const frame = { state, panel, ...back, troubles: watcher.troubles, hasTable: single === undefined };
    return renderWatch(frame, options);
  }

  /** The opened autoscaler; one that was deleted stays as it was seen last. */
  #opened(moment: Moment): WatchState | undefined {
    const { opened } = this.#position;
    if (opened === undefined) return undefined;
    const autoscaler = moment.autoscalers.find((one) => keyOf(one) === opened);
    if (autoscaler !== undefined) {
      this.#lastSeen = project(autoscaler, moment, this.#memory.until(moment.atMs, curveMs));
      return this.#lastSeen;
    }
    const seen = this.#lastSeen;
    const isIt = seen !== undefined && `${seen.namespace}/${seen.name}` === opened;
    return isIt ? projectDeleted(seen, moment.atMs) : undefined;
  }

  #table(moment: Moment, options: WatchViewOptions, back: { readonly backMs?: number }): string[] {
    const { place, allNamespaces, watcher } = this.#options;
    const keys = moment.autoscalers.map(keyOf);
    const table = {
      states: moment.autoscalers.map((autoscaler) => project(autoscaler, moment)),
      cursor: Math.max(0, keys.indexOf(chosenOf(this.#position, keys) ?? '')),
      ...{ place, allNamespaces, atMs: moment.atMs, ...back, troubles: watcher.troubles },
    };
    return renderWatchTable(table, options);
  }
}
