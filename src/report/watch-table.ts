import { createStyle, plain } from './style.ts';
import { type Column, renderTable } from './table.ts';
import { toFrame, type WatchViewOptions } from './watch-options.ts';
import type { WatchState } from './watch-state.ts';
import { ageText, replicasText, timeOfDay } from './watch-words.ts';

export interface WatchTable {
  readonly states: readonly WatchState[];
  /** Which of them is chosen. */
  readonly cursor: number;
  /** Where they are: `namespace shop`, `all namespaces`. */
  readonly place: string;
  readonly allNamespaces: boolean;
  readonly atMs: number;
  readonly backMs?: number;
  readonly troubles: readonly string[];
}

const columns: readonly Column[] = [
  { title: '  name' },
  { title: 'state' },
  { title: 'replicas', align: 'right' },
  { title: 'min', align: 'right' },
  { title: 'max', align: 'right' },
  { title: 'changed', align: 'right' },
  { title: 'targets' },
];

/** All autoscalers, one a line. */
export function renderWatchTable(table: WatchTable, options: WatchViewOptions): string[] {
  const style = createStyle(options.color);
  const { states, cursor, place, atMs, backMs, troubles } = table;
  const count = `${states.length} autoscaler${states.length === 1 ? '' : 's'} in ${place}`;
  const back = backMs === undefined ? '' : style('accent', `   ‖ ${ageText(backMs)} ago`);
  const head = [
    `${style('strong', count)}${back}   ${timeOfDay(atMs)}`,
    ...troubles.map((text) => style('bad', `✗ ${plain(text)}`)),
  ];
  const foot = [style('dim', ' q quit  ↑/↓ choose  Enter open  p pause  ←/→ back in time  ? help')];
  const room = Math.max(1, options.rows - head.length - foot.length - 1);
  const from = Math.min(Math.max(0, cursor - room + 1), Math.max(0, states.length - room));
  const rows = states.slice(from, from + room).map((state, index) => {
    const isChosen = from + index === cursor;
    const name = table.allNamespaces ? `${state.namespace}/${state.name}` : state.name;
    const { shape, word, tone } = state.state;
    return [
      isChosen ? style('strong', `▸ ${name}`) : `  ${name}`,
      style(tone, `${shape} ${word}`),
      replicasText(state.replicas, '→'),
      String(state.replicas.min),
      String(state.replicas.max),
      state.lastScaleAtMs === undefined ? '-' : ageText(state.atMs - state.lastScaleAtMs),
      plain(state.targets),
    ];
  });
  const [titles = '', ...lines] = renderTable(columns, rows);
  return toFrame([...head, style('strong', titles), ...lines, ...foot], options);
}
