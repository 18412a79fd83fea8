import { BlockList, isIP } from 'node:net';

const defaultPorts: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443 };

/** The host of a URL, an IPv6 address without its brackets. */
export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[(.*)\]$/, '$1');
}

/** The port of a URL, also where it is the usual one of its scheme; undefined for a scheme that is not HTTP's. */
export function portOf(url: URL): number | undefined {
  const defaultPort = defaultPorts[url.protocol];
  return url.port === '' || defaultPort === undefined ? defaultPort : Number(url.port);
}

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** Whether an address, not a name, is one of 127.0.0.0/8 or ::1, also where it is written as IPv6. */
export function isLoopback(address: string): boolean {
  const family = isIP(address);
  return family !== 0 && loopback.check(address, family === 6 ? 'ipv6' : 'ipv4');
}
