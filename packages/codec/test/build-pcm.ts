/** AIFF, Wave64 and CAF for tests, made without the readers under test. */
import { chunk } from './build-wav.ts';

type Writer = { bytes: number; write: (b: Buffer, value: number, at: number) => void };
type Order = 'BE' | 'LE';

/** Samples of full scale ±1 in a row, channels interleaved. */
const writers = {
  int8: (): Writer => ({ bytes: 1, write: (b, v, at) => b.writeInt8(v * 2 ** 7, at) }),
  int16: (order: Order): Writer => ({ bytes: 2, write: (b, v, at) => b[`writeInt16${order}`](v * 2 ** 15, at) }),
  int24: (order: Order): Writer => ({ bytes: 3, write: (b, v, at) => b[`writeInt${order}`](v * 2 ** 23, at, 3) }),
  int32: (order: Order): Writer => ({ bytes: 4, write: (b, v, at) => b[`writeInt32${order}`](v * 2 ** 31, at) }),
  float32: (order: Order): Writer => ({ bytes: 4, write: (b, v, at) => b[`writeFloat${order}`](v, at) }),
  float64: (order: Order): Writer => ({ bytes: 8, write: (b, v, at) => b[`writeDouble${order}`](v, at) }),
};
export type PcmEncoding = keyof typeof writers;

function interleave(planes: ArrayLike<number>[], encoding: PcmEncoding, order: Order): Buffer {
  const { bytes, write } = writers[encoding](order);
  const frames = planes[0]?.length ?? 0;
  const samples = Buffer.alloc(frames * planes.length * bytes);
  planes.forEach((plane, channel) => {
    for (let n = 0; n < frames; n++) write(samples, plane[n] ?? 0, (n * planes.length + channel) * bytes);
  });
  return samples;
}

type Pcm = { planes: ArrayLike<number>[]; encoding: PcmEncoding; sampleRateHz?: number };

const bigChunk = (id: string, body: Buffer, size = body.length): Buffer => {
  const bytes = chunk(id, body);
  bytes.writeUInt32BE(size, 4);
  return bytes;
};

/** 80-bit floating point of a whole number. */
function extended(value: number): Buffer {
  const bytes = Buffer.alloc(10);
  const exponent = Math.floor(Math.log2(value));
  bytes.writeUInt16BE(16_383 + exponent, 0);
  bytes.writeBigUInt64BE(BigInt(value) << BigInt(63 - exponent), 2);
  return bytes;
}

type Aiff = Pcm & { kind?: string; order?: Order; frames?: number; soundFirst?: boolean; offset?: number };

/** @param parts `kind` makes it AIFF-C */
export function aiff(parts: Aiff): Buffer {
  const { planes, encoding, sampleRateHz = 44_100, kind, order = 'BE', offset = 0 } = parts;
  const common = Buffer.alloc(8);
  common.writeUInt16BE(planes.length, 0);
  common.writeUInt32BE(parts.frames ?? planes[0]?.length ?? 0, 2);
  common.writeUInt16BE(8 * writers[encoding]('BE').bytes, 6);
  const name = kind === undefined ? [] : [Buffer.from(`${kind}\0\0`, 'latin1')];
  const sound = Buffer.concat([Buffer.alloc(8 + offset), interleave(planes, encoding, order)]);
  sound.writeUInt32BE(offset, 0);
  const chunks = [bigChunk('COMM', Buffer.concat([common, extended(sampleRateHz), ...name])), bigChunk('SSND', sound)];
  if (parts.soundFirst) chunks.reverse();
  const body = Buffer.concat([Buffer.from(kind === undefined ? 'AIFF' : 'AIFC', 'latin1'), ...chunks]);
  return bigChunk('FORM', body);
}

const guidTail = 'f3acd3118cd100c04f8edb8a';
const riffGuid = Buffer.from('726966662e91cf11a5d628db04c10000', 'hex');
const guid = (id: string): Buffer => Buffer.concat([Buffer.from(id, 'latin1'), Buffer.from(guidTail, 'hex')]);

function wideChunk(id: string, body: Buffer, size = body.length + 24): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64LE(BigInt(size));
  return Buffer.concat([guid(id), bytes, body, Buffer.alloc(-body.length & 7)]);
}

export function w64({ planes, encoding, sampleRateHz = 44_100, dataSize }: Pcm & { dataSize?: number }): Buffer {
  const { bytes } = writers[encoding]('LE');
  const format = Buffer.alloc(16);
  format.writeUInt16LE(encoding.startsWith('float') ? 3 : 1, 0);
  format.writeUInt16LE(planes.length, 2);
  format.writeUInt32LE(sampleRateHz, 4);
  format.writeUInt16LE(planes.length * bytes, 12);
  format.writeUInt16LE(8 * bytes, 14);
  const chunks = [wideChunk('fmt ', format), wideChunk('junk', Buffer.alloc(5))];
  const data = wideChunk('data', interleave(planes, encoding, 'LE'), dataSize);
  return Buffer.concat([riffGuid, Buffer.alloc(8), guid('wave'), ...chunks, data]);
}

export function caf({
  planes,
  encoding,
  sampleRateHz = 44_100,
  order = 'BE',
  size,
}: Pcm & { order?: Order; size?: number }) {
  const { bytes } = writers[encoding](order);
  const description = Buffer.alloc(32);
  description.writeDoubleBE(sampleRateHz, 0);
  description.write('lpcm', 8, 'latin1');
  description.writeUInt32BE((encoding.startsWith('float') ? 1 : 0) + (order === 'LE' ? 2 : 0), 12);
  description.writeUInt32BE(planes.length * bytes, 16);
  description.writeUInt32BE(1, 20);
  description.writeUInt32BE(planes.length, 24);
  description.writeUInt32BE(8 * bytes, 28);
  const part = (id: string, body: Buffer, declared = body.length): Buffer => {
    const head = Buffer.alloc(12, id, 'latin1');
    head.writeBigInt64BE(BigInt(declared), 4);
    return Buffer.concat([head, body]);
  };
  const data = Buffer.concat([Buffer.alloc(4), interleave(planes, encoding, order)]);
  const head = Buffer.from('caff\0\x01\0\0', 'latin1');
  return Buffer.concat([head, part('desc', description), part('free', Buffer.alloc(3)), part('data', data, size)]);
}
