/**
 * Encoded files of our own, decoded again to hear what a listener will: streaming, never clipped, whole numbers exact. For files that
 * were just written here, and for nothing that came from outside.
 */
import { setImmediate as breathe } from 'node:timers/promises';
import { type AudioStream, BLOCK_FRAMES, type StereoBlock } from '@lathe/engine';
import type { CodecContext, FormatContext, Frame, Packet, Stream } from 'node-av/lib';
import { check, isDrained } from './ffmpeg-error.ts';
import { type Ffmpeg, loadFfmpeg } from './load.ts';
import { copyPart, takeOut, type Unpacked } from './unpack.ts';

export type ReadBack = { stream: AudioStream; close(): void };

const PACKETS_BETWEEN_BREATHS = 128;

/** @param frames how many there should be; the stream ends where the file does */
export async function openEncoded(path: string, frames: number): Promise<ReadBack> {
  const ffmpeg = await loadFfmpeg();
  const input = openInput(ffmpeg, path);
  const { decoder } = input;
  const next = createNext(ffmpeg, input);
  let waiting: Unpacked | null = null;
  let taken = 0;
  const stream: AudioStream = {
    sampleRateHz: decoder.sampleRate,
    channels: 2,
    frames,
    async read(block: StereoBlock) {
      let filled = 0;
      while (filled < BLOCK_FRAMES) {
        if (!waiting) [waiting, taken] = [await next(), 0];
        if (!waiting) break;
        const count = Math.min(BLOCK_FRAMES - filled, waiting.frames - taken);
        copyPart(waiting, { first: taken, count }, block, filled);
        filled += count;
        taken += count;
        if (taken === waiting.frames) waiting = null;
      }
      return filled;
    },
  };
  return { stream, close: input.close };
}

type Input = {
  file: FormatContext;
  decoder: CodecContext;
  stream: Stream;
  packet: Packet;
  frame: Frame;
  close(): void;
};

function openInput(ffmpeg: Ffmpeg, path: string): Input {
  const { lib, constants } = ffmpeg;
  const [file, decoder, packet, frame] = [
    new lib.FormatContext(),
    new lib.CodecContext(),
    new lib.Packet(),
    new lib.Frame(),
  ];
  packet.alloc();
  frame.alloc();
  check(ffmpeg, file.openInputSync(path), 'open');
  const close = (): void => {
    packet.free();
    frame.free();
    decoder.freeContext();
    file.closeInputSync();
  };
  try {
    check(ffmpeg, file.findStreamInfoSync(), 'find the streams');
    const stream = file.streams[file.findBestStream(constants.AVMEDIA_TYPE_AUDIO)];
    const codec = stream && lib.Codec.findDecoder(stream.codecpar.codecId);
    if (!stream || !codec) throw new Error(`${path} holds no audio that can be decoded`);
    decoder.allocContext3(codec);
    check(ffmpeg, decoder.parametersToContext(stream.codecpar), 'describe the stream');
    decoder.pktTimebase = stream.timeBase;
    decoder.threadCount = 1;
    check(ffmpeg, decoder.open2Sync(codec), 'open the decoder');
    return { file, decoder, stream, packet, frame, close };
  } catch (error) {
    close();
    throw error;
  }
}

/** Gives one decoded frame after the other; `null` at the end. */
function createNext(ffmpeg: Ffmpeg, { file, decoder, stream, packet, frame }: Input): () => Promise<Unpacked | null> {
  let packets = 0;
  let ended = false;
  const feed = (): void => {
    const result = file.readFrameSync(packet);
    ended = result === ffmpeg.constants.AVERROR_EOF;
    if (!ended) check(ffmpeg, result, 'read');
    const isOurs = !ended && packet.streamIndex === stream.index;
    if (ended || isOurs) check(ffmpeg, decoder.sendPacketSync(ended ? null : packet), 'decode');
    if (!ended) packet.unref();
  };
  return async () => {
    for (;;) {
      const result = decoder.receiveFrameSync(frame);
      if (result >= 0) {
        const taken = takeOut(ffmpeg, frame);
        frame.unref();
        return taken;
      }
      if (!isDrained(ffmpeg, result)) check(ffmpeg, result, 'decode');
      if (ended) return null;
      feed();
      if (++packets % PACKETS_BETWEEN_BREATHS === 0) await breathe();
    }
  };
}
