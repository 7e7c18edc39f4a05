import { BlockList, isIP } from 'node:net';

/**
 * Tells in a sentence why webhooks may not go to an address, or null. Only what the address itself says is looked at:
 * names are resolved, and checked again, by the worker each time it sends.
 */
export function webhookUrlObjection(address: string, allowPrivate: boolean): string | null {
  const url = new URL(address);
  if (url.protocol !== 'https:' && !(allowPrivate && url.protocol === 'http:')) return 'The address must use https.';
  if (url.username !== '' || url.password !== '') return 'The address must not contain a user name or password.';
  if (url.hash !== '') return 'The address must not contain a fragment (#).';
  return !allowPrivate && isPrivateHost(url.hostname) ? 'The address must be public, not local or private.' : null;
}

/** The URL parser has already turned forms such as `0x7f.1` or `2130706433` into dotted numbers. */
function isPrivateHost(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  const family = isIP(host);
  if (family === 4) return notPublic.check(host, 'ipv4');
  if (family === 6) return notPublic.check(host, 'ipv6') || !publicV6.check(host, 'ipv6');
  return !host.includes('.') || /\.(localhost|local|internal|home\.arpa|test|invalid|onion)$/.test(host);
}

/** IANA's registries of special-purpose addresses. */
const notPublic = new BlockList();
const networks: [string, number][] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
];
for (const [network, prefix] of networks) notPublic.addSubnet(network, prefix, 'ipv4');
for (const [network, prefix] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as [string, number][]) {
  notPublic.addSubnet(network, prefix, 'ipv6');
}
/** All of the public IPv6 Internet lies in here. */
const publicV6 = new BlockList();
publicV6.addSubnet('2000::', 3, 'ipv6');
