import { BlockList, isIP } from 'node:net';
import { isLoopback } from './is-loopback.ts';

/** This machine, and link-local addresses, where clouds have their metadata service. RFC 6890 */
const machine = blockList([
  ['0.0.0.0', 8],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['::', 127],
  ['fe80::', 10],
  ['fd00:ec2::254', 128],
]);

/** Networks that the internet does not route. RFC 1918, RFC 6598, RFC 4193 */
const privateNetworks = blockList([
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['fc00::', 7],
]);

/** Top-level names that only local resolvers know. RFC 6762, RFC 8375 and ICANN's .internal */
const localNames = /(?:^|\.)(?:local|localdomain|internal|home\.arpa)$/;

/** Whether an IP address is this machine's or link-local. */
export function isMachineAddress(address: string): boolean {
  return isIn(machine, address);
}

/** Whether an IP address belongs to this machine or to a network that the internet does not route. */
export function isLocalAddress(address: string): boolean {
  return isMachineAddress(address) || isIn(privateNetworks, address);
}

/** Whether the host of a URL looks local: an address of such a network, or a name that the internet does not have. */
export function isLocalHost(hostname: string): boolean {
  const host = hostname.toLowerCase().replaceAll(/^\[|\]$|\.$/g, '');
  if (isIP(host) !== 0) return isLocalAddress(host);
  return isLoopback(host) || !host.includes('.') || localNames.test(host);
}

function blockList(networks: readonly (readonly [string, number])[]): BlockList {
  const list = new BlockList();
  for (const [network, bits] of networks) list.addSubnet(network, bits, network.includes(':') ? 'ipv6' : 'ipv4');
  return list;
}

function isIn(list: BlockList, address: string): boolean {
  return isIP(address) !== 0 && list.check(address, address.includes(':') ? 'ipv6' : 'ipv4');
}
