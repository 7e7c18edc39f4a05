import { randomBytes } from 'node:crypto';
import { type IdKind, idPrefixes } from '@lathe/contracts';

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
const randomBits = 80n;

let lastMs = 0;
let lastRandom = 0n;

/**
 * A new id such as `mst_01jd7x5c2v8m3k9p4q6r7s8t9w`: the ULID layout (48 bits of milliseconds, 80 random bits) in
 * lower case. Ids of one process sort in the order they were made, also within a millisecond or when the clock steps back.
 */
export function newId(kind: IdKind, nowMs: number = Date.now()): string {
  if (nowMs > lastMs) {
    lastMs = nowMs;
    lastRandom = BigInt(`0x${randomBytes(10).toString('hex')}`) >> 1n;
  } else {
    lastRandom += 1n + BigInt(randomBytes(4).readUInt32BE());
  }
  return `${idPrefixes[kind]}_${base32((BigInt(lastMs) << randomBits) | lastRandom)}`;
}

/** 128 bits as 26 characters of Crockford's base 32. */
function base32(value: bigint): string {
  let text = '';
  for (let rest = value, i = 0; i < 26; i++, rest >>= 5n) text = alphabet.charAt(Number(rest & 31n)) + text;
  return text;
}
