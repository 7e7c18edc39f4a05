import { expect, test } from 'vitest';
import { createBlock } from '../../engine/src/audio.ts';
import { CodecError, openWav } from '../src/index.ts';
import { chunk, type Encoding, save, seededRandom, temporaryFolder, tone, wav } from './build-wav.ts';

const folder = temporaryFolder();
const random = seededRandom(20_261_122);
const below = (limit: number): number => Math.floor(random() * limit);

const planes = [tone(0.05), tone(0.05)];
const seeds = (['int16', 'int24', 'float32', 'float64'] as Encoding[]).flatMap((encoding) => [
  wav({ encoding, planes, before: [chunk('LIST', Buffer.alloc(33))] }),
  wav({ encoding, planes, extensible: true, wide: true }),
]);
/** Numbers that break arithmetic. */
const sharp = [0, 1, 2, 7, 0x7f, 0xff, 0x7fff, 0xffff, 0x7fff_ffff, 0x8000_0000, 0xffff_fff0, 0xffff_ffff];

function mutate(seed: Buffer): Buffer {
  const bytes = Buffer.from(seed);
  for (let count = 1 + below(4); count > 0; count--) {
    const at = below(Math.min(bytes.length - 8, 140));
    const kind = below(4);
    if (kind === 0) bytes[at] = below(256);
    if (kind === 1) bytes.writeUInt32LE(sharp[below(sharp.length)] ?? 0, at);
    if (kind === 2) bytes.writeUInt16LE((sharp[below(sharp.length)] ?? 0) & 0xffff, at);
    if (kind === 3) bytes.copy(bytes, at, below(100), below(140));
  }
  return random() < 0.3 ? bytes.subarray(0, below(bytes.length)) : bytes;
}

test('two thousand damaged files: each is read to its end or refused with a code', () => {
  const outcomes = new Map<string, number>();
  for (let n = 0; n < 2000; n++) {
    const outcome = outcomeOf(save(folder, mutate(seeds[n % seeds.length] ?? Buffer.alloc(0)), 'mutant.wav'));
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  }
  expect(outcomes.get('read')).toBeGreaterThan(100);
  expect(outcomes.get('malformed_audio')).toBeGreaterThan(20);
  expect(outcomes.get('truncated_audio')).toBeGreaterThan(100);
});

function outcomeOf(path: string): string {
  const block = createBlock();
  try {
    const file = openWav(path);
    const stream = file.openStream();
    let frames = 0;
    for (let n = stream.read(block) as number; n > 0; n = stream.read(block) as number) frames += n;
    file.close();
    expect(frames).toBe(file.info.frames);
    return 'read';
  } catch (error) {
    if (error instanceof CodecError) return error.code;
    throw error;
  }
}
