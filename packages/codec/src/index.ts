export { type AudioFile, type AudioLimits, openAudio, openWav, wavSamples } from './audio-file.ts';
export type { AudioInfo } from './audio-info.ts';
export { CodecError, type CodecErrorCode } from './codec-error.ts';
export { createEncoded, type Edges, type EncodedFile, type EncodedWriter } from './ffmpeg/encode.ts';
export type { EncodingId } from './ffmpeg/encoders.ts';
export { openEncoded, type ReadBack } from './ffmpeg/read-back.ts';
export type { BextLoudness } from './tags/bext.ts';
export { coverOf, type MusicTags } from './tags/music-tags.ts';
export { readTags, type WrittenTags } from './tags/read-tags.ts';
export { tagFile } from './tags/tag-file.ts';
export { bextBytes, tagWav, untagWav } from './tags/tag-wav.ts';
export {
  createFloatWav,
  createIntegerWav,
  type FloatWavWriter,
  type IntegerWavWriter,
  type WavOptions,
} from './wav-writer.ts';
