import type { WatchEvent, WatchState } from '../../report/watch-state.ts';
import {
  watchChange,
  watchEventLine,
  watchEventRecord,
  watchLine,
  watchRecord,
} from '../../report/watch-lines.ts';
import type { Moment } from './moment.ts';
import { keyOf } from './object-table.ts';
import { project, projectDeleted } from './project.ts';

export interface LineOptions {
  readonly output: 'text' | 'json';
  readonly allNamespaces: boolean;
  /** The only one that is told of; its events are told too. */
  readonly single?: string;
  readonly write: (line: string) => void;
}

/** Tells each change in one line; what was there at the start is told once. */
export class WatchLines {
  readonly #options: LineOptions;
  readonly #told = new Map<string, WatchState>();
  /** Those that were there last; undefined until they are known, since the old ones are not told. */
  #events: Map<string, WatchEvent> | undefined;

  constructor(options: LineOptions) {
    this.#options = options;
  }

  update(moment: Moment): void {
    const { single } = this.#options;
    const shown = moment.autoscalers.filter((one) => single === undefined || keyOf(one) === single);
    for (const autoscaler of shown) this.#tell(keyOf(autoscaler), project(autoscaler, moment));
    const there = new Set(shown.map(keyOf));
    for (const [key, before] of this.#told) if (!there.has(key)) this.#tellDeleted(key, before, moment.atMs);
    if (single !== undefined && moment.followed === single) this.#tellEvents(moment);
  }

  #tell(key: string, state: WatchState): void {
    const before = this.#told.get(key);
    this.#told.set(key, state);
    if (before === undefined || watchChange(before) !== watchChange(state)) this.#write(state, before);
  }

  #tellDeleted(key: string, before: WatchState, atMs: number): void {
    this.#told.delete(key);
    this.#write(projectDeleted(before, atMs), before);
  }

  #write(state: WatchState, before: WatchState | undefined): void {
    const { output, allNamespaces, write } = this.#options;
    write(
      output === 'json'
        ? JSON.stringify(watchRecord(state, before))
        : watchLine(state, before, allNamespaces),
    );
  }

  /** Each event once, and again when it happens again, but for warnings, which tend to come with every decision. */
  #tellEvents(moment: Moment): void {
    const [state] = this.#told.values();
    if (state === undefined || (this.#events === undefined && moment.events.length === 0)) return;
    const before = this.#events;
    this.#events = new Map(state.events.map((event) => [eventId(event), event]));
    if (before === undefined) return;
    for (const event of state.events) {
      const known = before.get(eventId(event));
      const isNews = known === undefined || (event.type === 'Normal' && event.count > known.count);
      if (isNews) this.#writeEvent(state, event);
    }
  }

  #writeEvent(state: WatchState, event: WatchEvent): void {
    const { output, write } = this.#options;
    write(
      output === 'json' ? JSON.stringify(watchEventRecord(state, event)) : watchEventLine(state.name, event),
    );
  }
}

function eventId({ reason, message }: WatchEvent): string {
  return `${reason} ${message}`;
}
