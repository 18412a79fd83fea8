import { LiveView, type Timers, type ViewStream } from './live-view.ts';

const enter = '\u001b[?1049h\u001b[H';
const leave = '\u001b[?25h\u001b[?1049l';

/**
 * A live view on the whole of a terminal, on its alternate screen: what stood there before is there again when it ends. Whoever
 * starts one calls `restore` on every way out; it may be called at any time, and twice.
 */
export class FullScreen {
  readonly #stream: ViewStream;
  readonly #view: LiveView;
  #open = true;

  constructor(stream: ViewStream, timers?: Timers) {
    this.#stream = stream;
    this.#view = new LiveView(stream, timers);
    stream.write(enter);
  }

  /** Shows these lines from now on, after up to 200 ms. */
  show(frame: () => readonly string[]): void {
    if (this.#open) this.#view.update({ frame, line: '', change: '' });
  }

  restore(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#view.stop();
    this.#stream.write(leave);
  }

  [Symbol.dispose](): void {
    this.restore();
  }
}
