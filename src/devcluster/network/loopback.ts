import { createServer } from 'node:net';
import type { Server } from 'node:net';

import { UserError } from '../../lib/errors.ts';
import type { ServiceNetwork } from '../cluster-api.ts';

/** The one address that every machine answers on. */
export const sharedAddress = '127.0.0.1';

/** Port of the listener that marks a block as taken, so that several dev clusters on a machine keep apart. */
const claimPort = 64_646;
const blocks = 16;
/** A block is a /20. Its last address is the claim's. */
const blockAddresses = 4096;

export interface AddressBlock {
  /** Only the shared address answers here, so whoever needs a place of its own needs a port of its own. */
  readonly isShared: boolean;
  /**
   * Gives an address on which all of these TCP ports can be bound now.
   * @throws Error when none is left
   */
  take(ports: readonly number[]): Promise<string>;
  release(address: string): void;
  /** The block as a network that cluster IPs come from; absent where only the shared address answers. */
  readonly network?: ServiceNetwork;
  close(): Promise<void>;
}

export interface AddressBlockOptions {
  /** The block is one of 127.`secondOctet`.0.0/16. */
  readonly secondOctet: number;
  /** Use the shared address even where others answer. Default false. */
  readonly singleAddress?: boolean;
}

/**
 * Claims a /20 of loopback addresses for this process; where only 127.0.0.1 answers (macOS) gives that to everybody.
 * @throws UserError when other dev clusters hold all blocks
 */
export async function claimAddressBlock({
  secondOctet,
  singleAddress,
}: AddressBlockOptions): Promise<AddressBlock> {
  if (singleAddress === true) return sharedBlock;
  for (let block = 0; block < blocks; block += 1) {
    const first = block * blockAddresses;
    const claim = await tryListen(addressOf(secondOctet, first + blockAddresses - 2), claimPort);
    if (claim === 'EADDRNOTAVAIL') return sharedBlock;
    if (typeof claim !== 'string') return new LoopbackBlock(secondOctet, first, claim);
  }
  throw new UserError(
    `All ${blocks} address blocks of 127.${secondOctet}.0.0/16 are taken by other dev clusters on this machine; stop one of them`,
  );
}

const sharedBlock: AddressBlock = {
  isShared: true,
  take: () => Promise.resolve(sharedAddress),
  release: () => undefined,
  close: () => Promise.resolve(),
};

function addressOf(secondOctet: number, index: number): string {
  return `127.${secondOctet}.${index >> 8}.${index & 255}`;
}

class LoopbackBlock implements AddressBlock {
  readonly isShared = false;
  readonly #secondOctet: number;
  readonly #first: number;
  readonly #claim: Server;
  readonly #taken = new Set<string>();
  #next = 1;

  constructor(secondOctet: number, first: number, claim: Server) {
    this.#secondOctet = secondOctet;
    this.#first = first;
    this.#claim = claim;
  }

  /** Goes round the block, so that an address is not given again soon after it was released. */
  async take(ports: readonly number[]): Promise<string> {
    for (let tries = 0; tries < blockAddresses; tries += 1) {
      const index = this.#next;
      this.#next = (this.#next + 1) % (blockAddresses - 2);
      const address = addressOf(this.#secondOctet, this.#first + index);
      if (index === 0 || this.#taken.has(address)) continue;
      this.#taken.add(address);
      if (await canListen(address, ports)) return address;
      this.#taken.delete(address);
    }
    throw new Error(`Cannot give an address: all of 127.${this.#secondOctet}.0.0/20 are taken`);
  }

  release(address: string): void {
    this.#taken.delete(address);
  }

  get network(): ServiceNetwork {
    const size = blockAddresses - 3;
    return {
      range: `127.${this.#secondOctet}.${this.#first >> 8}.0/20`,
      size,
      address: (index) => addressOf(this.#secondOctet, this.#first + index),
      contains: (address) => {
        const [a, b, c, d] = address.split('.').map(Number);
        const index = (c ?? 0) * 256 + (d ?? 0) - this.#first;
        return a === 127 && b === this.#secondOctet && index > 0 && index <= size;
      },
    };
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.#claim.close(() => resolve()));
  }
}

/** Ports that this user may not bind at all say nothing about the address. */
async function canListen(address: string, ports: readonly number[]): Promise<boolean> {
  for (const port of ports.length > 0 ? ports : [0]) {
    const code = await bindError(address, port);
    if (code !== undefined && code !== 'EACCES') return false;
  }
  return true;
}

/** Why a port cannot be bound now (EACCES, EADDRINUSE, ...); undefined when it can. */
export async function bindError(host: string, port: number): Promise<string | undefined> {
  const listener = await tryListen(host, port);
  if (typeof listener === 'string') return listener;
  await new Promise((resolve) => listener.close(resolve));
  return undefined;
}

/** A listener that does not keep the process alive, or the error's code. */
export function tryListen(host: string, port: number): Promise<Server | string> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === undefined) reject(error);
      else resolve(error.code);
    });
    server.listen({ host, port, exclusive: true }, () => {
      server.unref();
      resolve(server);
    });
  });
}

/** A port on the shared address that is free now. */
export async function freePort(host: string = sharedAddress): Promise<number> {
  const server = await tryListen(host, 0);
  if (typeof server === 'string') throw new Error(`Cannot find a free port on ${host}: ${server}`);
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error(`Cannot find a free port on ${host}`);
  return address.port;
}
