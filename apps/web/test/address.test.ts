import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readHash, writeHash } from '../src/model/address.ts';

const id = fc.option(fc.string({ minLength: 1 }), { nil: null });

test('what is written comes back', () => {
  fc.assert(
    fc.property(id, id, id, (mixId, masterId, beforeId) => {
      const read = { key: null, mixId, masterId, beforeId: masterId && beforeId };
      expect(readHash(writeHash({ mixId, masterId, beforeId }))).toEqual(read);
    }),
  );
});

test('fields stand in any order', () => {
  const remembered = { key: 'lathe_live_1', mixId: 'mix_1', masterId: 'mst_1', beforeId: null };
  expect(readHash('#key=lathe_live_1&mix=mix_1&master=mst_1')).toEqual(remembered);
  expect(readHash('#master=mst_1&key=lathe_live_1&mix=mix_1')).toEqual(remembered);
});

test('the key is never written', () => {
  const remembered = readHash('#key=lathe_live_1&mix=mix_1');
  expect(writeHash(remembered)).toBe('#mix=mix_1');
});

test('nothing to remember leaves no hash', () => {
  expect(writeHash({ mixId: null, masterId: null, beforeId: null })).toBe('');
  expect(readHash('')).toEqual({ key: null, mixId: null, masterId: null, beforeId: null });
});
