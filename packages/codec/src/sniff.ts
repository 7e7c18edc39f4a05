/**
 * What a file is by its first bytes; its name is never asked. Only WAV is read so far: other audio is recognised so that
 * the refusal can name it.
 */
import { CodecError } from './codec-error.ts';

export type WavContainer = 'RIFF' | 'RF64' | 'BW64';

/** Bytes needed to tell. */
export const SNIFF_BYTES = 16;

const ascii = (bytes: Buffer, from: number, to: number): string => bytes.toString('latin1', from, to);

const otherAudio: { name: string; matches: (bytes: Buffer) => boolean }[] = [
  { name: 'FLAC', matches: (b) => ascii(b, 0, 4) === 'fLaC' },
  { name: 'Ogg', matches: (b) => ascii(b, 0, 4) === 'OggS' },
  { name: 'AIFF', matches: (b) => ascii(b, 0, 4) === 'FORM' && /^AIF[FC]$/.test(ascii(b, 8, 12)) },
  { name: 'CAF', matches: (b) => ascii(b, 0, 4) === 'caff' },
  { name: 'MPEG-4', matches: (b) => ascii(b, 4, 8) === 'ftyp' },
  { name: 'Sony Wave64', matches: (b) => b.toString('hex', 0, 16) === '726966662e91cf11a5d628db04c10000' },
  { name: 'big-endian WAV (RIFX)', matches: (b) => ascii(b, 0, 4) === 'RIFX' && ascii(b, 8, 12) === 'WAVE' },
  { name: 'MP3', matches: (b) => ascii(b, 0, 3) === 'ID3' || isMpegAudioFrame(b) },
];

/** @throws CodecError `audio_empty`, `not_audio`, or `unsupported_encoding` for audio of another kind. */
export function sniffWav(bytes: Buffer): WavContainer {
  if (bytes.length === 0) throw new CodecError('audio_empty', 'The file is empty: it has 0 bytes.');
  const magic = ascii(bytes, 0, 4);
  const isWave = ascii(bytes, 8, 12) === 'WAVE';
  if (isWave && (magic === 'RIFF' || magic === 'RF64' || magic === 'BW64')) return magic;
  const other = otherAudio.find(({ matches }) => matches(bytes));
  if (other) {
    throw new CodecError(
      'unsupported_encoding',
      `This is a file of the kind ${other.name}; Lathe reads WAV files so far.`,
    );
  }
  throw new CodecError('not_audio', 'This file is not audio that Lathe knows: it does not begin as a WAV file does.');
}

/** Frame sync, a layer, a bit rate and a sample rate that exist: ISO/IEC 11172-3, 2.4.1.3. Also matches ADTS (AAC). */
function isMpegAudioFrame(bytes: Buffer): boolean {
  if (bytes.length < 4) return false;
  const sync = bytes[0] === 0xff && (bytes[1] & 0xe0) === 0xe0;
  return sync && (bytes[1] & 0x18) !== 0x08 && (bytes[2] & 0xf0) !== 0xf0 && (bytes[2] & 0x0c) !== 0x0c;
}
