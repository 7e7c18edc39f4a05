/** A FLAC carries the MD5 of its samples (RFC 9639, 8.2); the decoder of the library does not look at it. */
import { createHash } from 'node:crypto';

const streamInfoBytes = 34;
const md5At = 18;

export type Md5 = { update(bytes: Buffer): void; matches(): boolean };

/**
 * @param streamInfo the STREAMINFO block
 * @returns undefined where there is none, or where the words are no whole bytes: they are hashed in another justification
 */
export function createMd5(streamInfo: Buffer | null, wordBits: number): Md5 | undefined {
  if (!streamInfo || streamInfo.length < streamInfoBytes || wordBits % 8 !== 0) return undefined;
  const expected = streamInfo.toString('hex', md5At, streamInfoBytes);
  if (/^0*$/.test(expected)) return undefined;
  const hash = createHash('md5');
  return { update: (bytes) => void hash.update(bytes), matches: () => hash.digest('hex') === expected };
}
