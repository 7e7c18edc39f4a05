/** A compressed file, decoded once to a spool of plain samples: exact to the sample at both ends, and checked against what it says of itself. */
import { setImmediate as breathe } from 'node:timers/promises';
import type { Frame, Packet } from 'node-av/lib';
import type { AudioInfo } from '../audio-info.ts';
import { CodecError } from '../codec-error.ts';
import type { Extent } from '../extent.ts';
import type { OpenFile } from '../file.ts';
import { isCutInFrame } from '../last-frame.ts';
import { noAudio, type PcmLayout, tooLong, truncated } from '../pcm-header.ts';
import { seconds } from '../words.ts';
import { extentOf, refuseCutOff } from './extent-of.ts';
import { check, FfmpegError, isDrained } from './ffmpeg-error.ts';
import { createMd5, type Md5 } from './flac-md5.ts';
import { type CompressedKind, type Input, withInput } from './input.ts';
import { type Ffmpeg, loadFfmpeg } from './load.ts';
import { createSpool, type Spool } from './spool.ts';

/** The binding frees memory on the event loop only. */
const packetsBetweenBreaths = 128;
const readAgainBytes = 2 ** 20;
/** What encoders put behind the audio is cut only when all of it was read. */
const longestPadding = 65_536;
/** A stream of which more than this cannot be decoded is no audio; less may be a tag between two songs. */
const mostDamaged = 0.1;

const formats = { flac: 'flac', ogg: 'ogg', mp4: 'm4a', mp3: 'mp3', adts: 'aac', caf: 'caf' } as const;
const lossless: ReadonlySet<AudioInfo['codec']> = new Set(['flac', 'alac']);

export type DecodeRequest = {
  kind: CompressedKind;
  /** Where the file begins, behind its tags. */
  firstByte: number;
  spoolPath: string;
  /** Where decoding stops with a refusal, whatever the header says. */
  maxDurationSeconds: number;
  /** Called now and then; it may throw to stop. */
  onBreath?: (() => void) | undefined;
};
export type DecodedAudio = { layout: PcmLayout; info: AudioInfo };

/** @throws CodecError for a file that cannot be read */
export async function decodeToSpool(file: OpenFile, request: DecodeRequest): Promise<DecodedAudio> {
  refuseCutOff(request.kind, file);
  const ffmpeg = await loadFfmpeg();
  try {
    return await withInput(ffmpeg, file, request.kind, (input) => decode(ffmpeg, input, file, request));
  } catch (error) {
    if (!(error instanceof FfmpegError)) throw error;
    refuseBadDisk(file);
    const message = 'The file begins like audio, but what follows cannot be made sense of.';
    throw new CodecError('malformed_audio', message, { cause: error });
  }
}

/** The library says of damaged files, too, that reading failed: a disk that fails says so to us as well. */
function refuseBadDisk({ readAt, sizeBytes }: OpenFile): void {
  for (let at = 0; at < sizeBytes; at += readAgainBytes) readAt(at, readAgainBytes);
}

async function decode(ffmpeg: Ffmpeg, input: Input, file: OpenFile, request: DecodeRequest): Promise<DecodedAudio> {
  const { codec, stream } = input;
  const extent = extentOf(request.kind, file, stream, request.firstByte);
  const wordBits = lossless.has(codec) ? stream.codecpar.bitsPerRawSample : 0;
  const md5 = codec === 'flac' ? createMd5(stream.codecpar.extradata, wordBits) : undefined;
  const spool = createSpool(ffmpeg, request.spoolPath, { wordBits, onBytes: md5?.update });
  let heard: Heard;
  try {
    heard = await readAll(ffmpeg, input, { spool, extent, request });
  } finally {
    spool.close();
  }
  cutEnd(heard, extent);
  const layout = spool.layout();
  if (!layout || heard.frames === 0) throw noAudio();
  refuseBroken(heard, extent, layout, md5);
  const info = infoOf(input.codec, layout, heard, request.kind);
  const bare =
    extent.declared === undefined && (request.kind === 'adts' || request.kind === 'mp3') ? request.kind : null;
  const isCutOff = bare !== null && isCutInFrame(bare, file.readAt, file.sizeBytes);
  return { layout, info: isCutOff ? { ...info, isCutOff } : info };
}

function infoOf(codec: AudioInfo['codec'], layout: PcmLayout, heard: Heard, kind: CompressedKind): AudioInfo {
  const { channels, sampleRateHz, wordBits } = layout;
  return {
    format: formats[kind],
    codec,
    lossy: !lossless.has(codec),
    wordBits,
    bitRateKbps: Math.round((8 * heard.packetBytes * sampleRateHz) / heard.frames / 1000),
    channels,
    sampleRateHz,
    frames: heard.frames,
  };
}

/** What came out, and how well. */
type Heard = {
  /** Given by the decoder, dropped at the start, and written. */
  decoded: number;
  skip: number;
  frames: number;
  packets: number;
  packetBytes: number;
  damagedPackets: number;
};

type Target = { spool: Spool; extent: Extent; request: DecodeRequest };

/** Reads every packet of the stream and writes what it holds. */
async function readAll(ffmpeg: Ffmpeg, input: Input, target: Target): Promise<Heard> {
  const { format, stream, decoder } = input;
  const heard: Heard = { decoded: 0, skip: 0, frames: 0, packets: 0, packetBytes: 0, damagedPackets: 0 };
  const packet = new ffmpeg.lib.Packet();
  const frame = new ffmpeg.lib.Frame();
  packet.alloc();
  frame.alloc();
  const send = (next: Packet | null): boolean => decoder.sendPacketSync(next) >= 0;
  const receive = (): boolean => {
    for (;;) {
      const result = decoder.receiveFrameSync(frame);
      if (result < 0) return isDrained(ffmpeg, result);
      take(ffmpeg, frame, heard, target);
      frame.unref();
    }
  };
  const decodePacket = (next: Packet): void => {
    const understood = [send(next), receive()];
    heard.packets++;
    heard.packetBytes += next.size;
    if (understood.includes(false)) heard.damagedPackets++;
  };
  try {
    let result = format.readFrameSync(packet);
    for (let reads = 1; result >= 0; result = format.readFrameSync(packet), reads++) {
      if (packet.streamIndex === stream.index) decodePacket(packet);
      packet.unref();
      if (reads % packetsBetweenBreaths !== 0) continue;
      target.request.onBreath?.();
      await breathe();
    }
    refuseUnread(ffmpeg, result);
    send(null);
    receive();
    return heard;
  } finally {
    packet.free();
    frame.free();
  }
}

/** What cannot be understood is an end, and shows in what is missing; anything else is none. */
function refuseUnread(ffmpeg: Ffmpeg, result: number): void {
  const { AVERROR_EOF, AVERROR_INVALIDDATA } = ffmpeg.constants;
  if (result !== AVERROR_EOF && result !== AVERROR_INVALIDDATA) check(ffmpeg, result, 'read a packet');
}

function take(ffmpeg: Ffmpeg, frame: Frame, heard: Heard, { spool, extent, request }: Target): void {
  const { nbSamples, sampleRate } = frame;
  if (heard.decoded === 0) heard.skip = extent.skip ?? skipOf(ffmpeg, frame);
  const from = Math.min(nbSamples, Math.max(0, heard.skip - heard.decoded));
  heard.decoded += nbSamples;
  if (heard.decoded - heard.skip > request.maxDurationSeconds * sampleRate + longestPadding) {
    throw tooLong(request.maxDurationSeconds);
  }
  if (from === nbSamples) return;
  spool.write(frame, from);
  heard.frames += nbSamples - from;
}

/** The frames to drop come first in ten bytes that the decoder leaves beside a frame. */
function skipOf({ constants }: Ffmpeg, frame: Frame): number {
  const told = frame.getSideData(constants.AV_FRAME_DATA_SKIP_SAMPLES);
  return told && told.length >= 4 ? told.readUInt32LE(0) : 0;
}

function cutEnd(heard: Heard, { length, longestCut }: Extent): void {
  if (length !== undefined && heard.frames > length && heard.frames - length <= longestCut) heard.frames = length;
}

function refuseBroken({ frames, packets, damagedPackets }: Heard, extent: Extent, layout: PcmLayout, md5?: Md5): void {
  const { declared, tolerance } = extent;
  const { sampleRateHz } = layout;
  if (declared !== undefined && frames < declared - tolerance) {
    throw truncated(declared / sampleRateHz, frames / sampleRateHz);
  }
  if (damagedPackets > mostDamaged * packets) {
    const message = `${damagedPackets} of ${packets} parts of the audio are damaged and cannot be decoded.`;
    throw new CodecError('malformed_audio', message);
  }
  if (md5 && declared !== undefined && frames > declared) {
    const hidden = seconds((frames - declared) / sampleRateHz);
    const message = `The header lies about the length: ${hidden} more follow the audio it announces.`;
    throw new CodecError('malformed_audio', message);
  }
  if (md5 && !md5.matches()) {
    const message = 'The audio is not what its checksum says it was: some of it changed since it was encoded.';
    throw new CodecError('audio_checksum_mismatch', message);
  }
}
