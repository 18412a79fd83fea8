import { expect } from 'chai';
import { LiveView, type Timers, type ViewUpdate } from '../../src/report/live-view.ts';
import { Screen } from './screen.ts';

/** Timers that fire when the test lets time pass. */
class FakeTimers implements Timers {
  #nowMs = 0;
  readonly #waiting = new Map<object, { atMs: number; callback: () => void }>();

  readonly now = (): number => this.#nowMs;
  readonly set = (callback: () => void, ms: number): object => {
    const handle = {};
    this.#waiting.set(handle, { atMs: this.#nowMs + ms, callback });
    return handle;
  };
  readonly clear = (handle: unknown): void => {
    this.#waiting.delete(handle as object);
  };

  get pending(): number {
    return this.#waiting.size;
  }

  pass(ms: number): void {
    this.#nowMs += ms;
    for (const [handle, { atMs, callback }] of this.#waiting) {
      if (atMs > this.#nowMs) continue;
      this.#waiting.delete(handle);
      callback();
    }
  }
}

const shown = (...lines: string[]): ViewUpdate => ({
  frame: () => lines,
  line: lines.join(' '),
  change: lines.join(),
});

function start(): { screen: Screen; timers: FakeTimers; view: LiveView } {
  const screen = new Screen();
  const timers = new FakeTimers();
  return { screen, timers, view: new LiveView(screen, timers) };
}

describe('live view on a terminal', () => {
  it('draws the first frame at once', () => {
    const { screen, view } = start();
    view.update(shown('one', 'two'));
    expect(screen.text).to.deep.equal(['one', 'two']);
  });

  it('redraws in place, at most every 200 ms, with what is newest then', () => {
    const { screen, timers, view } = start();
    view.update(shown('a', 'x'));
    view.update(shown('b', 'x'));
    timers.pass(199);
    view.update(shown('c', 'x'));
    expect(screen.text).to.deep.equal(['a', 'x']);
    timers.pass(1);
    expect(screen.text).to.deep.equal(['c', 'x']);
    expect(screen.written).to.have.length(2);
  });

  it('writes only the lines that changed', () => {
    const { screen, timers, view } = start();
    view.update(shown('head', 'value 1', 'foot'));
    timers.pass(200);
    view.update(shown('head', 'value 2', 'foot'));
    expect(screen.text).to.deep.equal(['head', 'value 2', 'foot']);
    expect(screen.written.at(-1)).to.contain('value 2').and.not.to.contain('head').and.not.to.contain('foot');
  });

  it('grows and shrinks with its frame, and clears a line that becomes shorter', () => {
    const { screen, timers, view } = start();
    for (const frame of [['a long line', 'b'], ['a', 'b', 'c', 'd'], ['a'], ['a', 'z']]) {
      view.update(shown(...frame));
      expect(screen.text).to.deep.equal(frame);
      timers.pass(200);
    }
  });

  it('hides the cursor while it draws and gives it back when it stops', () => {
    const { screen, view } = start();
    expect(screen.cursorVisible).to.equal(true);
    view.update(shown('x'));
    expect(screen.cursorVisible).to.equal(false);
    view.stop();
    expect(screen.cursorVisible).to.equal(true);
  });

  it('gives the cursor back when the code around it throws', () => {
    const screen = new Screen();
    expect(() => {
      using view = new LiveView(screen, new FakeTimers());
      view.update(shown('x'));
      throw new Error('oh');
    }).to.throw('oh');
    expect(screen.cursorVisible).to.equal(true);
  });

  it('draws what was still waiting when it stops, leaves it there, and leaves no timer', () => {
    const { screen, timers, view } = start();
    view.update(shown('old'));
    view.update(shown('new'));
    expect(timers.pending).to.equal(1);
    view.stop();
    expect(timers.pending).to.equal(0);
    screen.write('after\n');
    expect(screen.text).to.deep.equal(['new', 'after']);
  });

  it('writes nothing when it stops without having drawn, or a second time', () => {
    const { screen, view } = start();
    view.stop();
    expect(screen.written).to.deep.equal([]);
    view.update(shown('x'));
    view.stop();
    const writes = screen.written.length;
    view.stop();
    expect(screen.written).to.have.length(writes + 0);
  });

  it('puts lines that stay above the live ones', () => {
    const { screen, timers, view } = start();
    view.print('before');
    view.update(shown('live 1', 'live 2'));
    view.print('scaled to 4');
    timers.pass(200);
    view.update(shown('live 3', 'live 2'));
    expect(screen.text).to.deep.equal(['before', 'scaled to 4', 'live 3', 'live 2']);
  });

  it('never draws more lines than the terminal has', () => {
    const { screen, view } = start();
    screen.rows = 4;
    view.update(shown('1', '2', '3', '4', '5', '6'));
    expect(screen.text).to.deep.equal(['1', '2', '3']);
  });

  it('draws all anew when the terminal changes its size', () => {
    const { screen, timers, view } = start();
    view.update(shown('same', 'same too'));
    timers.pass(200);
    screen.columns = 60;
    view.update(shown('same', 'same too'));
    expect(screen.text).to.deep.equal(['same', 'same too']);
    expect(screen.written.at(-1)).to.contain('same too');
  });
});

describe('live view without a terminal', () => {
  function piped(): { view: LiveView; text: () => string } {
    const written: string[] = [];
    const view = new LiveView({ write: (text) => written.push(text) }, new FakeTimers());
    return { view, text: () => written.join('') };
  }

  it('prints one line for each change, without control sequences', () => {
    const { view, text } = piped();
    view.update({ frame: () => ['never drawn'], line: 'replicas 1', change: '1' });
    view.update({ frame: () => ['never drawn'], line: 'replicas 1 still', change: '1' });
    view.update({ frame: () => ['never drawn'], line: 'replicas 4', change: '4' });
    view.print('done');
    view.stop();
    expect(text()).to.equal('replicas 1\nreplicas 4\ndone\n');
  });
});
