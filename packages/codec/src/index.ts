export { type AudioFile, type AudioLimits, openAudio, openWav } from './audio-file.ts';
export type { AudioInfo } from './audio-info.ts';
export { CodecError, type CodecErrorCode } from './codec-error.ts';
export { createFloatWav, createIntegerWav, type FloatWavWriter, type IntegerWavWriter } from './wav-writer.ts';
