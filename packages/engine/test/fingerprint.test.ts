import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { Fingerprint } from '../src/index.ts';
import { useKernels } from '../src/kernels/wasm.ts';

afterEach(() => useKernels(true));

const of = (...pieces: readonly Uint8Array[]): string => {
  const mark = new Fingerprint();
  for (const piece of pieces) mark.push(piece);
  return mark.read();
};

const someBytes = fc.uint8Array({ minLength: 1, maxLength: 1000 });
const runs = { numRuns: 100, seed: 1 };

test('the sizes of the pieces leave no trace, and neither does a reading between them', () => {
  fc.assert(
    fc.property(someBytes, fc.nat(1000), (bytes, at) => {
      const mark = new Fingerprint();
      mark.push(bytes.subarray(0, at));
      mark.read();
      mark.push(bytes.subarray(at));
      expect(mark.read()).toBe(of(bytes));
    }),
    runs,
  );
});

test('one wrong word is always seen, and so is what is missing, added or in another place', () => {
  fc.assert(
    fc.property(someBytes, fc.nat(999), fc.integer({ min: 1, max: 255 }), (bytes, place, bits) => {
      const wrong = bytes.slice();
      wrong[place % bytes.length] ^= bits;
      expect(of(wrong)).not.toBe(of(bytes));
    }),
    runs,
  );
  const bytes = Uint8Array.from({ length: 640 }, (_, i) => i % 251);
  expect(of(bytes.subarray(0, 639))).not.toBe(of(bytes));
  expect(of(bytes, new Uint8Array(1))).not.toBe(of(bytes));
  expect(of(bytes.subarray(64), bytes.subarray(0, 64))).not.toBe(of(bytes));
});

test('the kernel gives the bits of its twin, also in pieces larger than its workspace', () => {
  const bytes = Uint8Array.from({ length: 200_001 }, (_, i) => (i * i) >> 3);
  const fast = of(bytes.subarray(0, 5), bytes.subarray(5));
  useKernels(false);
  expect(of(bytes)).toBe(fast);
});
