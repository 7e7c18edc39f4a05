import { createHash, randomInt } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { apiKeyPattern } from '@lathe/contracts';

const base62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const checkLength = 6;
const secretLength = 32;

/** A new key: `lathe_live_`, 32 random characters of base 62, and their CRC-32 in six more. */
export function newApiKey(mode: 'live' | 'test' = 'live'): string {
  const secret = Array.from({ length: secretLength }, () => base62.charAt(randomInt(62))).join('');
  const start = `lathe_${mode}_${secret}`;
  return start + checkOf(start);
}

/** Whether a key can be one of ours, told without asking the database: a typing error is always noticed. */
export function isWellFormedKey(key: string): boolean {
  return apiKeyPattern.test(key) && checkOf(key.slice(0, -checkLength)) === key.slice(-checkLength);
}

/** What is stored of a key. It has 190 bits of chance, so a plain hash cannot be searched. */
export const hashOfKey = (key: string): string => createHash('sha256').update(key).digest('hex');

function checkOf(text: string): string {
  let digits = '';
  for (let rest = crc32(text); digits.length < checkLength; rest = Math.floor(rest / 62)) {
    digits = base62.charAt(rest % 62) + digits;
  }
  return digits;
}
