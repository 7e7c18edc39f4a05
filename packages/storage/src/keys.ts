import type { CompletedPart } from '@lathe/contracts';
import { StorageError } from './port.ts';

const segment = '(?!\\.{1,2}(?:/|$))[a-z0-9_.-]+';
const keyPattern = new RegExp(`^${segment}(?:/${segment})*$`);

/** Whether a key is `a/b/c` in `[a-z0-9_./-]`, without empty, `.` or `..` segments, and at most 512 characters long. */
export const isKey = (key: string): boolean => key.length <= 512 && keyPattern.test(key);

/** Keys are chosen by the server: another form is a bug, never a caller's mistake. */
export function assertKey(key: string): string {
  if (!isKey(key)) throw new Error(`This is not a storage key: ${JSON.stringify(key)}`);
  return key;
}

/** Etags are compared bare: S3 quotes them, browsers may hand them over either way. */
export const bareEtag = (etag: string): string => etag.replace(/^"|"$/g, '');

/** The parts in their order. Rejects with `parts_missing` when there are none or one is named twice. */
export function orderedParts(parts: CompletedPart[]): CompletedPart[] {
  const ordered = [...parts].sort((a, b) => a.partNumber - b.partNumber);
  const repeated = ordered.find((part, index) => part.partNumber === ordered[index + 1]?.partNumber);
  if (ordered.length === 0) throw new StorageError('parts_missing', 'No parts were named.');
  if (repeated) throw new StorageError('parts_missing', `Part ${repeated.partNumber} is named twice.`);
  return ordered;
}
