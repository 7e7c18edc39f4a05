import { isIP } from 'node:net';
import { isPublicAddress } from '@lathe/runtime';

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
  if (isIP(host) !== 0) return !isPublicAddress(host);
  return !host.includes('.') || /\.(localhost|local|internal|home\.arpa|test|invalid|onion)$/.test(host);
}
