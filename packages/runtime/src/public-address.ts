import ipaddr from 'ipaddr.js';

/** All of the public IPv6 Internet lies in here (IANA, IPv6 Global Unicast Address Assignments). */
const publicIpv6 = ipaddr.parseCIDR('2000::/3');

/**
 * Whether an address belongs to the public Internet: not to this machine, a private network, a link, a provider's inner
 * network, nor to a form that carries one of those inside (IPv4 mapped, NAT64, 6to4, Teredo).
 */
export function isPublicAddress(text: string): boolean {
  if (!ipaddr.isValid(text)) return false;
  const address = ipaddr.process(text);
  return address.range() === 'unicast' && (address.kind() === 'ipv4' || address.match(publicIpv6));
}
