/** WAV files for tests, right or wrong in any field, made without the writer under test. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

export type Encoding = 'int8' | 'int16' | 'int24' | 'int32' | 'float32' | 'float64';

export type WavParts = {
  encoding?: Encoding;
  sampleRateHz?: number;
  /** One array of samples, full scale ±1, per channel. */
  planes: ArrayLike<number>[];
  extensible?: boolean;
  /** RF64 with a ds64 chunk. */
  wide?: boolean;
  /** Chunks between the format and the data. */
  before?: Buffer[];
  after?: Buffer[];
  /** What the size field says instead of the truth. */
  dataSize?: number;
  riffSize?: number;
};

const layouts = {
  int8: { bytes: 1, write: (b: Buffer, v: number, at: number) => b.writeUInt8(v + 128, at), scale: 2 ** 7 },
  int16: { bytes: 2, write: (b: Buffer, v: number, at: number) => b.writeInt16LE(v, at), scale: 2 ** 15 },
  int24: { bytes: 3, write: (b: Buffer, v: number, at: number) => b.writeIntLE(v, at, 3), scale: 2 ** 23 },
  int32: { bytes: 4, write: (b: Buffer, v: number, at: number) => b.writeInt32LE(v, at), scale: 2 ** 31 },
  float32: { bytes: 4, write: (b: Buffer, v: number, at: number) => b.writeFloatLE(v, at), scale: 0 },
  float64: { bytes: 8, write: (b: Buffer, v: number, at: number) => b.writeDoubleLE(v, at), scale: 0 },
} as const;

export const chunk = (id: string, body: Buffer, size = body.length): Buffer => {
  const head = Buffer.alloc(8, id, 'latin1');
  head.writeUInt32LE(size, 4);
  return Buffer.concat([head, body, Buffer.alloc(body.length % 2)]);
};

export function wav(parts: WavParts): Buffer {
  const { encoding = 'int16', sampleRateHz = 44_100, planes, wide = false, before = [], after = [] } = parts;
  const samples = interleave(planes, encoding);
  const ds64 = Buffer.alloc(28);
  ds64.writeBigUInt64LE(BigInt(samples.length), 8);
  const chunks = Buffer.concat([
    ...(wide ? [chunk('ds64', ds64)] : []),
    chunk('fmt ', formatChunk(encoding, planes.length, sampleRateHz, parts.extensible ?? false)),
    ...before,
    chunk('data', samples, parts.dataSize ?? (wide ? 0xffff_ffff : samples.length)),
    ...after,
  ]);
  const head = Buffer.from(`${wide ? 'RF64' : 'RIFF'}----WAVE`, 'latin1');
  head.writeUInt32LE(parts.riffSize ?? (wide ? 0xffff_ffff : chunks.length + 4), 4);
  return Buffer.concat([head, chunks]);
}

function interleave(planes: ArrayLike<number>[], encoding: Encoding): Buffer {
  const { bytes, write, scale } = layouts[encoding];
  const frames = planes[0]?.length ?? 0;
  const samples = Buffer.alloc(frames * planes.length * bytes);
  for (let frame = 0; frame < frames; frame++) {
    planes.forEach((plane, channel) => {
      const value = plane[frame] ?? 0;
      const stored = scale === 0 ? value : Math.max(-scale, Math.min(scale - 1, Math.round(value * scale)));
      write(samples, stored, (frame * planes.length + channel) * bytes);
    });
  }
  return samples;
}

function formatChunk(encoding: Encoding, channels: number, sampleRateHz: number, extensible: boolean): Buffer {
  const { bytes } = layouts[encoding];
  const tag = encoding.startsWith('float') ? 3 : 1;
  const body = Buffer.alloc(extensible ? 40 : 16);
  body.writeUInt16LE(extensible ? 0xfffe : tag, 0);
  body.writeUInt16LE(channels, 2);
  body.writeUInt32LE(sampleRateHz, 4);
  body.writeUInt32LE(sampleRateHz * channels * bytes, 8);
  body.writeUInt16LE(channels * bytes, 12);
  body.writeUInt16LE(8 * bytes, 14);
  if (extensible) {
    body.writeUInt16LE(22, 16);
    body.writeUInt16LE(8 * bytes, 18);
    body.writeUInt16LE(tag, 24);
    body.write('000000001000800000aa00389b71', 26, 'hex');
  }
  return body;
}

/** A folder that is gone after the test file. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'lathe-test-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

let written = 0;
export function save(folder: string, bytes: Buffer, name = `${written++}.wav`): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

/** A sine per channel. */
export const tone = (seconds: number, { hz = 997, gain = 0.25, sampleRateHz = 44_100 } = {}): Float64Array =>
  Float64Array.from(
    { length: Math.round(seconds * sampleRateHz) },
    (_, n) => gain * Math.sin((2 * Math.PI * hz * n) / sampleRateHz),
  );

/** Small, fast and seeded: mulberry32. Uniform in 0…1. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
