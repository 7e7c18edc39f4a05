/** Whether an Ogg file ends as it should: its last page is whole and says that it is the last (RFC 3533, 6). */
import type { ReadAt } from './sniff.ts';

/** A page is at most 65 307 bytes long; tags of other kinds may follow the last one. */
const searchedBytes = 2 * 65_307;
const headBytes = 27;
const endOfStream = 4;

export function oggEndsWell(readAt: ReadAt, fileBytes: number): boolean {
  const bytes = readAt(Math.max(0, fileBytes - searchedBytes), searchedBytes);
  const at = bytes.lastIndexOf('OggS', undefined, 'latin1');
  if (at < 0 || at + headBytes > bytes.length || (bytes[at + 5] & endOfStream) === 0) return false;
  const table = bytes.subarray(at + headBytes, at + headBytes + bytes[at + 26]);
  const bodyBytes = table.reduce((sum, segment) => sum + segment, 0);
  return table.length === bytes[at + 26] && at + headBytes + table.length + bodyBytes <= bytes.length;
}
