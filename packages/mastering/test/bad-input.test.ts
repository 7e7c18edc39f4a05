import { truncateSync } from 'node:fs';
import { expect, test } from 'vitest';
import { save, temporaryFolder, tone, type WavParts, wav } from '../../codec/test/build-wav.ts';
import { runTask } from '../src/index.ts';

const folder = temporaryFolder();
const two = [tone(2), tone(2)];
const spoilt = (value: number) => [tone(2).fill(value, 1000, 1001), tone(2)];
const square = Float64Array.from({ length: 88_200 }, (_, n) => (n % 100 < 50 ? 1 : -1));

const analyse = (bytes: Buffer) => runTask({ kind: 'analyse', sourcePath: save(folder, bytes) });

test.each<[string, Buffer, string]>([
  ['text', Buffer.from('This is a letter, not a song.'), 'not_audio'],
  ['an empty file', Buffer.alloc(0), 'audio_empty'],
  ['a file that ends too early', wav({ planes: two }).subarray(0, 200_000), 'truncated_audio'],
  ['no samples', wav({ planes: [[], []] }), 'audio_empty'],
  ['three channels', wav({ planes: [...two, tone(2)] }), 'unsupported_channels'],
  ['384 kHz', wav({ planes: two, sampleRateHz: 384_000 }), 'unsupported_sample_rate'],
  ['NaN', wav({ planes: spoilt(Number.NaN), encoding: 'float32' }), 'invalid_samples'],
  ['infinity', wav({ planes: spoilt(Number.POSITIVE_INFINITY), encoding: 'float64' }), 'invalid_samples'],
  ['one sample', wav({ planes: [[0.5], [0.5]] }), 'audio_too_short'],
  ['a header that promises more', wav({ planes: two, dataSize: 999_999_998 }), 'truncated_audio'],
  ['a header that hides most of it', wav({ planes: two, dataSize: 4000 }), 'malformed_audio'],
])('%s is refused with a code and a sentence', async (_, bytes, code) => {
  const refused = { code, detail: expect.stringMatching(/^[A-Z].+\.$/) };
  await expect(analyse(bytes)).rejects.toMatchObject({ failure: refused, crashed: false });
});

test('more than three hours are refused', async () => {
  const path = save(folder, wav({ planes: [[0]], sampleRateHz: 8000, dataSize: 0xffff_ffff }));
  truncateSync(path, 44 + 2 * 8000 * (3 * 3600 + 1));
  const refused = runTask({ kind: 'analyse', sourcePath: path });
  await expect(refused).rejects.toMatchObject({ failure: { code: 'audio_too_long' } });
});

test.each<[string, WavParts]>([
  ['mono', { planes: [tone(2)] }],
  ['8 kHz', { planes: [tone(2, { sampleRateHz: 8000 })], sampleRateHz: 8000 }],
  ['silence', { planes: [new Float64Array(88_200)] }],
  ['a full-scale square', { planes: [square, square] }],
  ['RF64', { planes: two, wide: true }],
  ['64-bit float', { planes: two, encoding: 'float64' }],
  ['24-bit extensible', { planes: two, encoding: 'int24', extensible: true }],
])('%s is heard to its end', async (_, parts) => {
  const { analysis } = await analyse(wav(parts));
  expect(analysis.loudness).toMatchObject({ durationSeconds: 2, channels: parts.planes.length });
});
