import { expect } from 'chai';
import { ConnectionPool } from '../../src/load/connection-pool.ts';
import { Recorder } from '../../src/load/recorder.ts';
import { parseTarget } from '../../src/load/target.ts';
import type { OpenWire } from '../../src/load/wire.ts';

type WireEvents = Parameters<OpenWire>[1];

const answer = Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');

/** A pool with one connection and a timeout of 1 s, on a clock that the test sets; wires do what it says. */
function poolOfOne(): {
  clock: { now: number };
  pool: ConnectionPool;
  wires: WireEvents[];
  failures: () => unknown;
} {
  const clock = { now: 0 };
  const now = (): number => clock.now;
  const wires: WireEvents[] = [];
  const nothing = (): void => undefined;
  const recorder = new Recorder({ now, bucketMs: 1000, maxLagMs: 10 });
  const options = {
    openWire: (_: unknown, events: WireEvents) => {
      wires.push(events);
      return { write: nothing, destroy: nothing, reset: nothing };
    },
    ...{ target: parseTarget(new URL('http://127.0.0.1/')), podHeader: 'x-pod-name', now },
    ...{ connections: 1, timeoutMs: 1000, maxQueued: 10, gapMs: () => 0, nextArrival: () => undefined },
    drawLimit: () => ({ requests: Infinity, ageMs: Infinity }),
  };
  const pool = new ConnectionPool(options, recorder);
  return { clock, pool, wires, failures: () => recorder.result(clock.now, pool.queued).failures };
}

describe('timeout of a request', () => {
  it('is one for opening its connection and the answer together', () => {
    const { clock, pool, wires, failures } = poolOfOne();
    pool.dispatch({ intendedAtMs: 0, retried: false });
    clock.now = 950;
    wires[0]!.opened();
    pool.sweep();
    expect(failures()).to.deep.equal({});
    clock.now = 1000;
    pool.sweep();
    expect(failures()).to.deep.equal({ timeout: 1 });
  });

  it('begins anew with the next request of a connection', () => {
    const { clock, pool, wires, failures } = poolOfOne();
    pool.dispatch({ intendedAtMs: 0, retried: false });
    wires[0]!.opened();
    wires[0]!.data(answer);
    clock.now = 5000;
    pool.dispatch({ intendedAtMs: 5000, retried: false });
    clock.now = 5900;
    pool.sweep();
    expect(failures()).to.deep.equal({});
    clock.now = 6000;
    pool.sweep();
    expect(failures()).to.deep.equal({ timeout: 1 });
  });

  it('goes on when the request is sent again on another connection', () => {
    const { clock, pool, wires, failures } = poolOfOne();
    pool.dispatch({ intendedAtMs: 0, retried: false });
    wires[0]!.opened();
    wires[0]!.data(answer);
    pool.dispatch({ intendedAtMs: 0, retried: false });
    clock.now = 900;
    wires[0]!.closed();
    expect(wires).to.have.length(2);
    wires[1]!.opened();
    clock.now = 1000;
    pool.sweep();
    expect(failures()).to.deep.equal({ timeout: 1 });
  });
});
