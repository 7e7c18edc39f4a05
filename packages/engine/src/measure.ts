import type { Measurement } from './analysis.ts';
import type { AudioStream, OnProgress } from './audio.ts';
import { listen } from './listen.ts';
import { ProgrammeMeter } from './programme-meter.ts';

/**
 * Measures a finished file, as delivered. ITU-R BS.1770-5, EBU Tech 3341 and 3342.
 * @throws InvalidSamplesError
 */
export const measure = async (stream: AudioStream, onProgress?: OnProgress): Promise<Measurement> => {
  const meter = new ProgrammeMeter(stream.sampleRateHz);
  await listen(stream, (block, frames) => meter.push(block, frames), onProgress);
  return meter.finish(stream);
};
