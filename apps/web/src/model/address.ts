/** What the page's address remembers, so that a reload or a bookmark comes back to the same song. */
export type Remembered = { key: string | null; mixId: string | null; masterId: string | null; beforeId: string | null };

/** Reads `#key=…&mix=…&master=…&before=…`, in any order. */
export function readHash(hash: string): Remembered {
  const fields = new URLSearchParams(hash.replace(/^#/, ''));
  return {
    key: fields.get('key'),
    mixId: fields.get('mix'),
    masterId: fields.get('master'),
    beforeId: fields.get('before'),
  };
}

/** The hash to show: ids only, the key never. Empty when there is nothing to come back to. */
export function writeHash({ mixId, masterId, beforeId }: Omit<Remembered, 'key'>): string {
  const fields = new URLSearchParams();
  if (mixId) fields.set('mix', mixId);
  if (masterId) fields.set('master', masterId);
  if (masterId && beforeId) fields.set('before', beforeId);
  const text = fields.toString();
  return text === '' ? '' : `#${text}`;
}
