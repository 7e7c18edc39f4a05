/** Damaged files of every format, the same ones for the same seed. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { aiff, caf, w64 } from '../build-pcm.ts';
import { chunk, seededRandom, tone, wav } from '../build-wav.ts';

const kept = join(import.meta.dirname, '../fixtures');

/** Numbers that break arithmetic. */
const sharp = [0, 1, 2, 7, 0x7f, 0xff, 0x7fff, 0xffff, 0x7fff_ffff, 0x8000_0000, 0xffff_fff0, 0xffff_ffff];
const headBytes = 200;

export type Mutant = { name: string; bytes: Buffer };

function seeds(): Mutant[] {
  const planes = [tone(0.45), tone(0.45)];
  const built: [string, Buffer][] = [
    ['wav', wav({ encoding: 'int24', planes, before: [chunk('LIST', Buffer.alloc(33))] })],
    ['rf64', wav({ encoding: 'float32', planes, extensible: true, wide: true })],
    ['aiff', aiff({ encoding: 'int16', planes })],
    ['aifc', aiff({ encoding: 'float64', planes, kind: 'fl64' })],
    ['w64', w64({ encoding: 'int24', planes })],
    ['caf', caf({ encoding: 'int24', planes })],
  ];
  const files = readdirSync(kept).filter((name) => !/\.(sh|ts)$/.test(name));
  return [
    ...built.map(([name, bytes]) => ({ name, bytes })),
    ...files.map((name) => ({ name, bytes: readFileSync(join(kept, name)) })),
  ];
}

export function* mutants(seed: number): Generator<Mutant> {
  const random = seededRandom(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  const all = seeds();
  for (let n = 0; ; n++) {
    const origin = all[n % all.length];
    const other = all[below(all.length)];
    if (!origin || !other) return;
    yield { name: origin.name, bytes: mutate(origin.bytes, other.bytes, below) };
  }
}

type Below = (limit: number) => number;

function mutate(origin: Buffer, other: Buffer, below: Below): Buffer {
  const bytes = Buffer.from(origin);
  for (let count = 1 + below(6); count > 0; count--) change(bytes, other, below);
  if (below(4) === 0) return bytes.subarray(0, below(bytes.length));
  if (below(20) === 0) return Buffer.concat([bytes, other]);
  return below(20) === 0 ? Buffer.concat([Buffer.from('ID3\x04\0\0\0\0\0\0', 'latin1'), bytes]) : bytes;
}

/** Half of the changes hit the head, where the numbers are. */
function change(bytes: Buffer, other: Buffer, below: Below): void {
  const at = below(Math.min(bytes.length - 8, below(2) === 0 ? headBytes : bytes.length));
  const number = sharp[below(sharp.length)] ?? 0;
  const changes: (() => unknown)[] = [
    () => bytes.writeUInt8(below(256), at),
    () => bytes.writeUInt8((bytes[at] ?? 0) ^ (1 << below(8)), at),
    () => bytes.writeUInt32LE(number, at),
    () => bytes.writeUInt32BE(number, at),
    () => bytes.writeUInt16LE(number & 0xffff, at),
    () => bytes.writeUInt16BE(number & 0xffff, at),
    () => bytes.copy(bytes, at, below(bytes.length), bytes.length).valueOf(),
    () => other.copy(bytes, at, below(other.length), other.length).valueOf(),
    () => bytes.fill(below(256), at, Math.min(bytes.length, at + below(64))),
  ];
  changes[below(changes.length)]?.();
}
