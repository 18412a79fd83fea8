import { BlockList, isIP } from 'node:net';

/** Where no pod is, or where something answers that is not meant for whoever writes an autoscaler. */
const never = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8], // this host
  ['169.254.0.0', 16], // link-local: the metadata services of most clouds
  ['192.0.0.0', 24], // IETF protocol assignments: Oracle's metadata service once
  ['224.0.0.0', 4], // multicast
  ['240.0.0.0', 4], // reserved, broadcast
] as const)
  never.addSubnet(network, prefix, 'ipv4');
never.addAddress('100.100.100.200', 'ipv4'); // Alibaba's metadata service
never.addAddress('168.63.129.16', 'ipv4'); // Azure's platform service
for (const [network, prefix] of [
  ['fe80::', 10], // link-local
  ['ff00::', 8], // multicast
  ['64:ff9b::', 96], // IPv4 behind NAT64
] as const)
  never.addSubnet(network, prefix, 'ipv6');
never.addAddress('::', 'ipv6');
never.addAddress('fd00:ec2::254', 'ipv6'); // AWS's metadata service

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/**
 * Whether a pod may be asked at its address. The address is the pod's own `status.podIP` and nothing that anybody writes into an
 * autoscaler; it must be an IP address as such, and none that reaches past the pods: this host, link-local (where clouds serve their
 * credentials), multicast, IPv4 in the clothes of IPv6.
 * @param mayLoopback pods on loopback are asked: only where the API server is there too, as in the dev cluster
 */
export function isForeignAddress(address: string, mayLoopback: boolean): boolean {
  const version = isIP(address);
  if (version === 0 || address.includes('%') || /^::ffff:/i.test(address)) return true;
  const family = version === 4 ? 'ipv4' : 'ipv6';
  if (loopback.check(address, family)) return !mayLoopback;
  return never.check(address, family);
}

/** Whether the API server is on this machine, so that its pods may be there as well. */
export function isLoopbackServer(server: string): boolean {
  const host = new URL(server).hostname.replace(/^\[|\]$/g, '');
  const version = isIP(host);
  return version === 0 ? host === 'localhost' : loopback.check(host, version === 4 ? 'ipv4' : 'ipv6');
}
