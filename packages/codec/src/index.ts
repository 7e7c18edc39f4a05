export { CodecError, type CodecErrorCode } from './codec-error.ts';
export { createEncoded, type Edges, type EncodedFile, type EncodedWriter } from './ffmpeg/encode.ts';
export type { EncodingId } from './ffmpeg/encoders.ts';
export type { BextLoudness } from './tags/bext.ts';
export { coverOf, type MusicTags } from './tags/music-tags.ts';
export { tagFile } from './tags/tag-file.ts';
export { bextBytes, tagWav } from './tags/tag-wav.ts';
export { type AudioLimits, openWav, type WavFile } from './wav-reader.ts';
export { createFloatWav, createIntegerWav, type FloatWavWriter, type IntegerWavWriter } from './wav-writer.ts';
