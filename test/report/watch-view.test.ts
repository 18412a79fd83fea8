import { expect } from 'chai';
import { visibleWidth } from '../../src/report/style.ts';
import type { WatchViewOptions } from '../../src/report/watch-options.ts';
import type { WatchPod } from '../../src/report/watch-state.ts';
import { renderWatchTable } from '../../src/report/watch-table.ts';
import { renderWatch, type WatchFrame } from '../../src/report/watch-view.ts';
import { noonMs, watchState } from './watch-samples.ts';

const options: WatchViewOptions = { width: 80, rows: 30, color: false, ascii: false };
const frame = (parts: Partial<WatchFrame> = {}): WatchFrame => ({
  ...{ state: watchState(), panel: 'main', troubles: [], hasTable: false },
  ...parts,
});

const manyPods = (count: number): WatchPod[] =>
  Array.from({ length: count }, (_, index) => ({
    ...{ name: `web-${index}`, state: index === 3 ? 'Failing' : 'Ready', restarts: 0 },
    createdAtMs: noonMs - (count - index) * 60_000,
  }));

describe('watch of one autoscaler', () => {
  it('shows what it is about, why, what comes next, metrics, pods and events', () => {
    expect(renderWatch(frame(), options)).to.deep.equal([
      'web  Deployment/web in shop                              ▲ scaling up   12:00:00',
      ' replicas  3 → 6 desired   ready 3/6   min 1 ▕██████░░░░▏ max 10',
      ' why       3 -> 6: cpu at 186 % of request against 70 % asks for 8; 6 instead of',
      '           8: scale-up limited to +100 % in 15 s',
      ' next      decision in 3s · scale-up limited for 15s · last change 12s ago',
      ' metric           now  target  wants  5 min',
      ' cpu (Resource)  186%     70%  8 ◀     ▂▃▄█',
      ' pods      state       age   cpu',
      ' ├─ web-0  ● Ready      9m  243m',
      ' └─ web-1  ○ Starting   4s     -',
      ' events',
      '   11:59:58 SuccessfulRescale New size: 6',
      ' q quit  p pause  ←/→ back in time  e events  r reasons  ? help',
    ]);
  });

  it('fits every width and every height, in all panels, with and without colours', () => {
    const state = watchState({ pods: manyPods(40), why: 'because '.repeat(60) });
    for (const width of [60, 80, 120, 200])
      for (const rows of [6, 12, 24])
        for (const panel of ['main', 'events', 'reasons', 'help'] as const)
          for (const color of [true, false]) {
            const lines = renderWatch(frame({ state, panel, backMs: 5000 }), {
              ...options,
              width,
              rows,
              color,
            });
            expect(lines.length).to.be.at.most(rows);
            for (const line of lines) expect(visibleWidth(line), line).to.be.at.most(width);
          }
  });

  it('shows memory, restarts and node only where there is room', () => {
    const titles = (width: number): string | undefined =>
      renderWatch(frame(), { ...options, width }).find((line) => line.startsWith(' pods'));
    expect(titles(80)).not.to.match(/memory|node/);
    expect(titles(120)).to.match(/memory +restarts +node/);
  });

  it('of more pods than there is room for shows those that are not ready, and the youngest', () => {
    const lines = renderWatch(frame({ state: watchState({ pods: manyPods(40) }) }), { ...options, rows: 16 });
    const pods = lines.filter((line) => /^ [├└]─/.test(line));
    expect(pods.join('\n')).to.match(/web-3 .*✗ Failing[^]*web-39 [^]*└─ and 36 more, Ready$/);
  });

  it('says how old the reasons are that were not written again', () => {
    const state = watchState({ whyAtMs: noonMs - 12_000 });
    expect(renderWatch(frame({ state }), options).join(' ')).to.contain('[as of 12s ago]');
  });

  it('tells what it cannot watch, and how long ago the moment was', () => {
    const lines = renderWatch(frame({ troubles: ['watching pods: forbidden'], backMs: 65_000 }), options);
    expect(lines[0]).to.contain('‖ 1m5s ago');
    expect(lines).to.include(' trouble   ✗ watching pods: forbidden');
  });

  it('is nothing but ASCII with --ascii, and as wide', () => {
    const lines = renderWatch(frame({ backMs: 1000 }), { ...options, ascii: true });
    expect(lines.join('\n')).to.match(/^[\n -~]*$/);
    expect(lines[0]).to.have.length(80);
    expect(lines[1]).to.equal(' replicas  3 -> 6 desired   ready 3/6   min 1 [######....] max 10');
  });

  it('has colours beside words and shapes only when they are wanted', () => {
    const escape = '\u001b[';
    expect(renderWatch(frame(), options).join('')).not.to.contain(escape);
    expect(renderWatch(frame(), { ...options, color: true }).join('')).to.contain(`${escape}33m▲ scaling up`);
  });

  it('lets nothing from the cluster move the cursor', () => {
    const events = [{ atMs: noonMs, type: 'Normal', reason: 'Odd', message: 'a\u001b[2Jb\nc', count: 1 }];
    const lines = renderWatch(frame({ state: watchState({ events }) }), options);
    expect(lines.join('')).not.to.match(/[\u0000-\u001f]/);
  });

  it('has the reasons in full on demand', () => {
    const lines = renderWatch(frame({ panel: 'reasons' }), options);
    expect(lines).to.include.members([
      '   cpu (Resource): 186% of 70% → 8 ◀ taken',
      '   rate (ScaleUpLimit): 8 → 6',
      '   AbleToScale=True SucceededRescale',
    ]);
  });
});

describe('watch of all autoscalers', () => {
  const states = [
    watchState(),
    watchState({ name: 'api', replicas: { current: 2, desired: 2, min: 1, max: 4 } }),
  ];
  const table = {
    states,
    cursor: 1,
    place: 'namespace shop',
    allNamespaces: false,
    atMs: noonMs,
    troubles: [],
  };

  it('has a line for each, the chosen one marked', () => {
    expect(renderWatchTable(table, options)).to.deep.equal([
      '2 autoscalers in namespace shop   12:00:00',
      '  name  state         replicas  min  max  changed  targets',
      '  web   ▲ scaling up       3→6    1   10      12s  cpu: 186%/70%',
      '▸ api   ▲ scaling up         2    1    4      12s  cpu: 186%/70%',
      ' q quit  ↑/↓ choose  Enter open  p pause  ←/→ back in time  ? help',
    ]);
  });

  it('keeps the chosen one in sight when there are more than fit', () => {
    const many = Array.from({ length: 50 }, (_, index) => watchState({ name: `web-${index}` }));
    for (const cursor of [0, 20, 49]) {
      const lines = renderWatchTable({ ...table, states: many, cursor }, { ...options, rows: 10 });
      expect(lines).to.have.length(10);
      expect(lines.filter((line) => line.startsWith('▸')).join()).to.match(new RegExp(`web-${cursor} `));
    }
  });
});
