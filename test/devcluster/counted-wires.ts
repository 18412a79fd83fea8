import { openSocket } from '../../src/load/wire.ts';
import type { OpenWire } from '../../src/load/wire.ts';

/** A connection of the generator, as it stands now. */
interface CountedWire {
  /** A request was written and its answer has not come, or the connection is being opened for one. */
  busy: boolean;
  /** The pod of the latest answer. */
  pod?: string;
}

/** Counts what is under way on a generator's connections. Answers must come in one piece, as small ones do. */
export class CountedWires {
  readonly #open = new Set<CountedWire>();

  readonly openWire: OpenWire = (target, events) => {
    const counted: CountedWire = { busy: true };
    this.#open.add(counted);
    const wire = openSocket(target, {
      ...events,
      data: (piece) => {
        counted.busy = false;
        const pod = /^x-pod-name: (\S+)/im.exec(piece.toString())?.[1];
        if (pod !== undefined) counted.pod = pod;
        events.data(piece);
      },
      closed: () => {
        this.#open.delete(counted);
        events.closed();
      },
    });
    return {
      ...wire,
      write: (bytes) => {
        counted.busy = true;
        wire.write(bytes);
      },
    };
  };

  get all(): readonly CountedWire[] {
    return [...this.#open];
  }

  /** Those that lead to a pod, or may, since nobody has answered on them yet. */
  to(pod: string): readonly CountedWire[] {
    return this.all.filter((wire) => wire.pod === undefined || wire.pod === pod);
  }
}

export const allBusy = (wires: readonly CountedWire[]): boolean => wires.every(({ busy }) => busy);
export const countBusy = (wires: readonly CountedWire[]): number => wires.filter(({ busy }) => busy).length;
