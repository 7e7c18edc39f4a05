/**
 * Encoded files out: own framing over the codec library, so that no sample is lost: whole frames of the encoder's size and a short
 * last one. What is written is the same on every run: no dates, no random serial numbers, no name of the library's build.
 */
import type { StereoBlock } from '@lathe/engine';
import type { CodecContext, FormatContext, Frame, Packet, Stream } from 'node-av/lib';
import { type EncoderSettings, type EncodingId, encoderSettings } from './encoders.ts';
import { check, isDrained } from './ffmpeg-error.ts';
import { type Ffmpeg, loadFfmpeg } from './load.ts';
import { createPacker, sampleFormatOf } from './packer.ts';

/** A file being encoded. `close` completes it; `abandon` lets go of it as it is, harmless twice. */
export type EncodedWriter = {
  /** Floating point, ±1: for lossy encodings. */
  write(block: StereoBlock, frames: number): Promise<void>;
  /** Interleaved integers of the word length, left first: for lossless encodings, and AAC takes 16 bits. */
  writeIntegers(samples: Int32Array, frames: number): Promise<void>;
  close(): Edges;
  abandon(): void;
};

/** What the encoder put before and behind the samples, for players that want it told. */
export type Edges = { frames: number; delayFrames: number; paddingFrames: number };

export type EncodedFile = { path: string; encoding: EncodingId; sampleRateHz: number };

/** The codec library frees what it holds only while the event loop turns. */
const FRAMES_BETWEEN_BREATHS = 128;

/** Encodes a file at the rate it is given. @throws CodecError where there is no codec library */
export async function createEncoded({ path, encoding, sampleRateHz }: EncodedFile): Promise<EncodedWriter> {
  const ffmpeg = await loadFfmpeg();
  const settings: EncoderSettings = encoderSettings[encoding];
  const output = openOutput(ffmpeg, { path, settings, sampleRateHz });
  let open = true;
  const abandon = (): void => {
    if (open) output.release();
    open = false;
  };
  const frameSize = output.context.frameSize;
  const packer = createPacker(settings.layout, frameSize, wordLengthOf(encoding));
  const send = createSender(ffmpeg, output, settings.layout);
  let sent = 0;
  const flow = async (frames: number, take: (from: number) => number): Promise<void> => {
    for (let from = 0; from < frames; ) {
      from += take(from);
      if (!packer.isFull()) continue;
      send.frame(packer.take(), frameSize);
      if (++sent % FRAMES_BETWEEN_BREATHS === 0) await new Promise(setImmediate);
    }
  };
  return {
    write: (block, frames) => flow(frames, (from) => packer.addFloats(block, from, frames)),
    writeIntegers: (samples, frames) => flow(frames, (from) => packer.addIntegers(samples, from, frames)),
    close: () => {
      const rest = packer.filled();
      if (rest > 0) send.frame(packer.take(), rest);
      send.end();
      check(ffmpeg, output.file.writeTrailerSync(), 'finish the file');
      const delayFrames = output.stream.codecpar.initialPadding;
      const paddingFrames = Math.max(0, send.packets() * frameSize - send.frames() - delayFrames);
      const edges = { frames: send.frames(), delayFrames, paddingFrames };
      abandon();
      return edges;
    },
    abandon,
  };
}

const wordLengthOf = (encoding: EncodingId): 16 | 24 => (encoding.endsWith('24') ? 24 : 16);

/**
 * Vorbis says 64. Each frame lets one packet out, and none holds fewer than 128 samples: larger frames would pile packets up
 * in the encoder until it fails.
 */
const VORBIS_FRAME = 128;

type Output = { context: CodecContext; file: FormatContext; stream: Stream; release(): void };

function openOutput(
  ffmpeg: Ffmpeg,
  { path, settings, sampleRateHz }: { path: string; settings: EncoderSettings; sampleRateHz: number },
): Output {
  const { lib, constants } = ffmpeg;
  const codec = lib.Codec.findEncoderByName(settings.encoder as Parameters<typeof lib.Codec.findEncoderByName>[0]);
  if (!codec) throw new Error(`the codec library has no ${settings.encoder}`);
  const context = new lib.CodecContext();
  const file = new lib.FormatContext();
  const release = (): void => {
    if (file.pb) file.closeOutputSync();
    context.freeContext();
    file.freeContext();
  };
  try {
    context.allocContext3(codec);
    check(ffmpeg, file.allocOutputContext2(null, settings.container, path), 'choose the container');
    configure(ffmpeg, context, settings, sampleRateHz);
    if (file.oformat && file.oformat.flags & constants.AVFMT_GLOBALHEADER) {
      context.setFlags(constants.AV_CODEC_FLAG_GLOBAL_HEADER);
    }
    file.setFlags(constants.AVFMT_FLAG_BITEXACT);
    check(ffmpeg, context.open2Sync(codec, null), 'open the encoder');
    if (context.frameSize < VORBIS_FRAME) context.frameSize = VORBIS_FRAME;
    const stream = file.newStream(codec);
    check(ffmpeg, stream.codecpar.fromContext(context), 'describe the stream');
    stream.timeBase = new lib.Rational(1, sampleRateHz);
    check(ffmpeg, file.openOutputSync(), 'open the file');
    check(ffmpeg, file.writeHeaderSync(null), 'begin the file');
    return { context, file, stream, release };
  } catch (error) {
    release();
    throw error;
  }
}

function configure(
  ffmpeg: Ffmpeg,
  context: CodecContext,
  { layout, bitRate, quality, options = {} }: EncoderSettings,
  sampleRateHz: number,
): void {
  const { lib, constants } = ffmpeg;
  context.sampleFormat = sampleFormatOf(ffmpeg, layout);
  context.sampleRate = sampleRateHz;
  context.channelLayout = constants.AV_CHANNEL_LAYOUT_STEREO;
  context.timeBase = new lib.Rational(1, sampleRateHz);
  context.threadCount = 1;
  context.setFlags(constants.AV_CODEC_FLAG_BITEXACT);
  if (bitRate !== undefined) context.bitRate = BigInt(bitRate);
  if (quality !== undefined) {
    context.globalQuality = quality;
    context.setFlags(constants.AV_CODEC_FLAG_QSCALE);
  }
  if (layout.startsWith('s32')) context.bitsPerRawSample = 24;
  for (const [name, value] of Object.entries(options)) {
    check(ffmpeg, context.setOption(name, value), `set ${name}`);
  }
}

/** Gives the encoder a frame, and the file what comes out. */
function createSender(ffmpeg: Ffmpeg, { context, file, stream }: Output, layout: EncoderSettings['layout']) {
  const { lib, constants } = ffmpeg;
  const packet = new lib.Packet();
  packet.alloc();
  const shape = {
    format: sampleFormatOf(ffmpeg, layout),
    sampleRate: context.sampleRate,
    channelLayout: constants.AV_CHANNEL_LAYOUT_STEREO,
    timeBase: { num: 1, den: context.sampleRate },
  };
  let position = 0;
  let packets = 0;
  let reused: Frame | null = null;
  const give = (frame: Frame | null): void => {
    check(ffmpeg, context.sendFrameSync(frame), 'encode');
    packets += drain(ffmpeg, { context, file, stream, packet });
  };
  return {
    frames: () => position,
    packets: () => packets,
    frame(bytes: Buffer, frames: number): void {
      if (!reused?.isWritable || reused.nbSamples !== frames) {
        reused?.free();
        reused = lib.Frame.fromAudioBuffer(bytes, { ...shape, nbSamples: frames });
      } else {
        check(ffmpeg, reused.fromBuffer(bytes), 'fill a frame');
      }
      reused.pts = BigInt(position);
      position += frames;
      give(reused);
    },
    end(): void {
      give(null);
      reused?.free();
      packet.free();
    },
  };
}

/** Writes every packet that is ready; says how many. */
function drain(
  ffmpeg: Ffmpeg,
  { context, file, stream, packet }: Omit<Output, 'release'> & { packet: Packet },
): number {
  for (let packets = 0; ; packets++) {
    const result = context.receivePacketSync(packet);
    if (isDrained(ffmpeg, result)) return packets;
    check(ffmpeg, result, 'encode');
    packet.streamIndex = 0;
    packet.rescaleTs(context.timeBase, stream.timeBase);
    check(ffmpeg, file.interleavedWriteFrameSync(packet), 'write the file');
    packet.unref();
  }
}
