/** What is done with a rendered stream, file by file, beside each other: encode, tag, read again, measure, compare. */
import { copyFileSync, readFileSync, renameSync } from 'node:fs';
import {
  type BextLoudness,
  coverOf,
  createEncoded,
  type EncodingId,
  type MusicTags,
  openEncoded,
  tagFile,
  tagWav,
  untagWav,
} from '@lathe/codec';
import type { Metadata } from '@lathe/contracts';
import { type Format, type FormatId, formats, type LossyEncodingId } from '@lathe/contracts/tables';
import {
  type AudioStream,
  BLOCK_FRAMES,
  createBlock,
  createQuantiser,
  type Followed,
  follow,
  type Measurement,
  measure,
  Resampler,
  type StereoBlock,
  type WriteBlock,
} from '@lathe/engine';
import type { Stream } from './cuts.ts';
import { identityOf, openOwn, sha256Of, withFile } from './source.ts';

/** What goes into a file about the music; the cover lies in a file of its own. */
export type TagOrder = { metadata: Metadata; coverPath?: string };

type LossyJob = {
  /** A WAV file of 24 bits. */
  sourcePath: string;
  encoding: LossyEncodingId;
  /** Of the encoded file. */
  rateHz: number;
  path: string;
  tags: TagOrder | null;
  /** Of the dither, where an encoder takes 16 bits. */
  seed: number;
};

export type Job =
  /** Measures a rendered stream, which is a WAV file, and follows it over its length. */
  | { kind: 'follow'; path: string }
  /** Encodes and tags a file to deliver; decodes what was written, and follows it. */
  | ({ kind: 'deliver-lossy' } & LossyJob)
  /** Encodes as a platform will, decodes, measures. */
  | ({ kind: 'transcode' } & LossyJob)
  /** Makes a lossless file of a stream, tags it, reads it again, and compares every sample of it with what was rendered. */
  | {
      kind: 'deliver-lossless';
      source: Stream;
      /** Whether nothing else is made of the stream any more: a WAV file is the stream itself, then, under its own name. */
      takes: boolean;
      format: FormatId;
      path: string;
      tags: TagOrder | null;
      loudness: BextLoudness;
    };

type JobResults = {
  follow: Followed;
  'deliver-lossy': Followed;
  transcode: Measurement;
  'deliver-lossless': Proven;
};
/** Whether a file holds what was rendered, sample by sample, and its SHA-256. */
type Proven = { exact: boolean; sha256: string };
export type JobResult<J extends Job> = JobResults[J['kind']];

export async function performJob<J extends Job>(job: J): Promise<JobResult<J>> {
  return (await perform(job)) as JobResult<J>;
}

async function perform(job: Job): Promise<JobResults[Job['kind']]> {
  switch (job.kind) {
    case 'follow':
      return withFile(openOwn(job.path), (open) => follow(open()));
    case 'deliver-lossy':
      return withEncoded(job.path, await encodeLossy(job), follow);
    case 'transcode':
      return withEncoded(job.path, await encodeLossy(job), measure);
    case 'deliver-lossless':
      return deliverLossless(job);
  }
}

async function withEncoded<T>(path: string, frames: number, work: (stream: AudioStream) => Promise<T>): Promise<T> {
  const file = await openEncoded(path, frames);
  try {
    return await work(file.stream);
  } finally {
    file.close();
  }
}

/** Resolves to the number of frames that went in. */
async function encodeLossy({ sourcePath, encoding, rateHz, path, tags, seed }: LossyJob): Promise<number> {
  const file = await createEncoded({ path, encoding, sampleRateHz: rateHz });
  try {
    await withFile(openOwn(sourcePath), async (open) => {
      const stream = open();
      const write = writerFor(encoding, file, rateHz, seed);
      if (stream.sampleRateHz === rateHz) return forEachBlock(stream, write);
      const resampler = new Resampler({ fromHz: stream.sampleRateHz, toHz: rateHz }, write);
      await forEachBlock(stream, resampler.write);
      await resampler.finish();
    });
    const edges = file.close();
    const isAac = encoding === 'aac-256';
    if (tags || isAac) await tagFile(path, tags ? musicTags(tags) : {}, isAac ? edges : undefined);
    return edges.frames;
  } finally {
    file.abandon();
  }
}

type Encoded = Awaited<ReturnType<typeof createEncoded>>;

/** The AAC encoder takes 16 bits, dithered; the others floating point. */
function writerFor(encoding: EncodingId, file: Encoded, sampleRateHz: number, seed: number): WriteBlock {
  if (encoding !== 'aac-256') return file.write;
  const quantise = createQuantiser({ wordLengthBits: 16, seed, dither: 'tpdf', sampleRateHz });
  const samples = new Int32Array(2 * BLOCK_FRAMES);
  return (block, frames) => {
    quantise(block, frames, samples);
    return file.writeIntegers(samples, frames);
  };
}

async function forEachBlock(stream: AudioStream, visit: WriteBlock): Promise<void> {
  const block = createBlock();
  for (let frames = await stream.read(block); frames > 0; frames = await stream.read(block)) await visit(block, frames);
}

type LosslessJob = Extract<Job, { kind: 'deliver-lossless' }>;

async function deliverLossless(job: LosslessJob): Promise<Proven> {
  const { source, format, path } = job;
  if (formats[format].codec === 'pcm') {
    makeWav(job);
    const { sha256, fingerprint } = await identityOf(path);
    return { exact: fingerprint === source.fingerprint, sha256 };
  }
  return withFile(openOwn(source.path), async (open) => {
    await encodeLossless(job, open());
    const exact = await withEncoded(path, open().frames, (made) => isSame(open(), made));
    return { exact, sha256: await sha256Of(path) };
  });
}

function makeWav({ source, takes, format, path, tags, loudness }: LosslessJob): void {
  if (takes) renameSync(source.path, path);
  else copyFileSync(source.path, path);
  if (!tags) untagWav(path);
  else tagWav(path, { sampleRateHz: rateOf(path), wordLengthBits: wavBits(format) }, musicTags(tags), loudness);
}

function rateOf(path: string): number {
  const file = openOwn(path);
  file.close();
  return file.info.sampleRateHz;
}

const wavBits = (format: FormatId): 16 | 24 | 32 => formats[format].wordLengthBits ?? 32;

/** The whole numbers of the stream, as they are. */
async function encodeLossless({ format, path, tags }: LosslessJob, stream: AudioStream): Promise<void> {
  const file = await createEncoded({ path, encoding: encodingOf(format), sampleRateHz: stream.sampleRateHz });
  try {
    const scale = 2 ** (wavBits(format) - 1);
    const samples = new Int32Array(2 * BLOCK_FRAMES);
    await forEachBlock(stream, ({ left, right }, frames) => {
      for (let i = 0; i < frames; i++) {
        samples[2 * i] = (left[i] ?? 0) * scale;
        samples[2 * i + 1] = (right[i] ?? 0) * scale;
      }
      return file.writeIntegers(samples, frames);
    });
    file.close();
    if (tags) await tagFile(path, musicTags(tags));
  } finally {
    file.abandon();
  }
}

function encodingOf(format: FormatId): EncodingId {
  const { codec }: Format = formats[format];
  if (codec === 'pcm') throw new Error('WAV is written, not encoded');
  return format as EncodingId;
}

function musicTags({ metadata, coverPath }: TagOrder): MusicTags {
  const cover = coverPath === undefined ? null : coverOf(readFileSync(coverPath));
  return { ...metadata, ...(cover && { cover }) };
}

/** Whether two streams hold the same samples and end together. */
async function isSame(a: AudioStream, b: AudioStream): Promise<boolean> {
  const [one, other] = [createBlock(), createBlock()];
  for (;;) {
    const frames = await a.read(one);
    if ((await b.read(other)) !== frames) return false;
    if (frames === 0) return true;
    if (!isSameBlock(one, other, frames)) return false;
  }
}

/** Bytes are compared faster than numbers, and numbers of the same bytes are the same. */
function isSameBlock(a: StereoBlock, b: StereoBlock, frames: number): boolean {
  return isSamePlane(a.left, b.left, frames) && isSamePlane(a.right, b.right, frames);
}

function isSamePlane(a: Float64Array, b: Float64Array, frames: number): boolean {
  if (bytesOf(a, frames).equals(bytesOf(b, frames))) return true;
  return a.subarray(0, frames).every((sample, i) => sample === b[i]);
}

const bytesOf = (plane: Float64Array, frames: number): Buffer =>
  Buffer.from(plane.buffer, plane.byteOffset, 8 * frames);
