export { CodecError, type CodecErrorCode } from './codec-error.ts';
export { createEncoded, type EncodedFile, type EncodedWriter } from './ffmpeg/encode.ts';
export type { EncodingId } from './ffmpeg/encoders.ts';
export { type AudioLimits, openWav, type WavFile } from './wav-reader.ts';
export { createFloatWav, createIntegerWav, type FloatWavWriter, type IntegerWavWriter } from './wav-writer.ts';
