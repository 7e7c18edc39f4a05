/**
 * A compressed file, opened so that it can be nothing else: the demuxer is forced by our own reading of its first bytes, no other is
 * on the list, and the only protocol allowed is the file that is open already. A playlist, a script or a session description that
 * passes for audio finds no demuxer; one that a demuxer would follow finds no way to open what it names.
 */
import type { CodecContext, FormatContext, Stream } from 'node-av/lib';
import type { AudioInfo } from '../audio-info.ts';
import { CodecError } from '../codec-error.ts';
import type { OpenFile } from '../file.ts';
import { check } from './ffmpeg-error.ts';
import type { Ffmpeg } from './load.ts';

const demuxers = { flac: 'flac', ogg: 'ogg', mp4: 'mov', mp3: 'mp3', adts: 'aac', caf: 'caf' } as const;
export type CompressedKind = keyof typeof demuxers;

export type Input = { format: FormatContext; stream: Stream; decoder: CodecContext; codec: AudioInfo['codec'] };

const codecs = ({ constants: c }: Ffmpeg): [number, AudioInfo['codec']][] => [
  [c.AV_CODEC_ID_FLAC, 'flac'],
  [c.AV_CODEC_ID_ALAC, 'alac'],
  [c.AV_CODEC_ID_MP3, 'mp3'],
  [c.AV_CODEC_ID_AAC, 'aac'],
  [c.AV_CODEC_ID_VORBIS, 'vorbis'],
  [c.AV_CODEC_ID_OPUS, 'opus'],
];
const decoderNames = 'flac,alac,mp3float,aac,vorbis,opus';

/** Opens the file for `work` and frees everything after it, in order. @throws CodecError, FfmpegError */
export async function withInput<T>(
  ffmpeg: Ffmpeg,
  file: OpenFile,
  kind: CompressedKind,
  work: (input: Input) => Promise<T>,
): Promise<T> {
  const { FormatContext, InputFormat, Dictionary, CodecContext } = ffmpeg.lib;
  const format = new FormatContext();
  const decoder = new CodecContext();
  const options = Dictionary.fromObject({
    fd: String(file.descriptor),
    protocol_whitelist: 'fd',
    format_whitelist: demuxers[kind],
    codec_whitelist: decoderNames,
    // Where the audio begins and ends in MPEG-4 is our own business.
    ...(kind === 'mp4' && { ignore_editlist: '1' }),
  });
  try {
    check(ffmpeg, format.openInputSync('fd:', InputFormat.findInputFormat(demuxers[kind]), options), 'open');
    try {
      check(ffmpeg, format.findStreamInfoSync(), 'find the streams');
      const stream = audioStream(ffmpeg, format);
      const codec = openDecoder(ffmpeg, decoder, stream, kind);
      return await work({ format, stream, decoder, codec });
    } finally {
      format.closeInputSync();
    }
  } finally {
    decoder.freeContext();
  }
}

/** The stream with the audio; pictures and everything else are not even read. */
function audioStream({ lib: _, constants }: Ffmpeg, format: FormatContext): Stream {
  const index = format.findBestStream(constants.AVMEDIA_TYPE_AUDIO);
  const { streams } = format;
  const stream = streams[index];
  if (index < 0 || !stream) throw new CodecError('audio_empty', 'The file holds no audio.');
  for (const other of streams) if (other.index !== index) other.discard = constants.AVDISCARD_ALL;
  return stream;
}

function openDecoder(ffmpeg: Ffmpeg, decoder: CodecContext, stream: Stream, kind: CompressedKind): AudioInfo['codec'] {
  const { lib, constants } = ffmpeg;
  const { codecId } = stream.codecpar;
  const codec = codecs(ffmpeg).find(([id]) => id === codecId)?.[1];
  const implementation = codec && lib.Codec.findDecoder(codecId);
  if (!implementation) {
    const message = 'The audio in this file uses an encoding that Lathe does not read. Send WAV, AIFF or FLAC.';
    throw new CodecError('unsupported_encoding', message);
  }
  decoder.allocContext3(implementation);
  check(ffmpeg, decoder.parametersToContext(stream.codecpar), 'describe the stream');
  decoder.pktTimebase = stream.timeBase;
  decoder.threadCount = 1;
  // FFmpeg cuts wrongly where a whole song lies on one page of Ogg, and in clocks that are too coarse in MPEG-4.
  if (kind === 'mp4' || kind === 'caf' || kind === 'ogg') decoder.setFlags2(constants.AV_CODEC_FLAG2_SKIP_MANUAL);
  check(ffmpeg, decoder.open2Sync(implementation), 'open the decoder');
  return codec;
}
