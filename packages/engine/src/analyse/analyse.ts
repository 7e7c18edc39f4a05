import type { Analysis } from '../analysis.ts';
import type { AudioStream, OnProgress, StereoBlock } from '../audio.ts';
import { listen } from '../listen.ts';
import { adviseOn } from './advice.ts';
import { DefectMeter } from './defects.ts';
import { DynamicsMeter } from './dynamics.ts';
import { HumMeter } from './hum.ts';
import { kindOf } from './kind.ts';
import { MomentsMeter } from './moments.ts';
import { HissMeter } from './noise.ts';
import { RunningMusic } from './running-music.ts';
import { cutoffOf, WordMeter } from './source.ts';
import { SpectrumMeter } from './spectrum.ts';
import { stereoOf } from './stereo.ts';
import { toneOf } from './tone.ts';

/**
 * Hears a mix once, from start to end. Any length from no frame at all, any rate from 8 kHz.
 * @throws InvalidSamplesError
 */
export const analyse = async (stream: AudioStream, onProgress?: OnProgress): Promise<Analysis> => {
  const dynamicsMeter = new DynamicsMeter(stream.sampleRateHz);
  const spectrumMeter = new SpectrumMeter(stream.sampleRateHz);
  const momentsMeter = new MomentsMeter();
  const defectMeter = new DefectMeter(stream);
  const hissMeter = new HissMeter(stream.sampleRateHz);
  const humMeter = new HumMeter(stream.sampleRateHz);
  const wordMeter = new WordMeter();
  const music = new RunningMusic(stream.sampleRateHz);
  const meters = [dynamicsMeter, spectrumMeter, momentsMeter, defectMeter, hissMeter, humMeter, wordMeter, music];
  const hear = (block: StereoBlock, frames: number): void => {
    for (const meter of meters) meter.push(block, frames);
  };
  await listen(stream, hear, onProgress);

  const moments = momentsMeter.read();
  const spectrum = spectrumMeter.finish();
  const { loudness, dynamics } = dynamicsMeter.finish(stream, moments);
  const { bandSpreads, level, onsets, structure, panningReachDb, middle } = music.finish(loudness.durationSeconds);
  const tone = toneOf(spectrum, bandSpreads);
  const texture = { ...level, ...onsets };
  const noise = { ...hissMeter.finish(), hum: humMeter.finish() };
  const heard = {
    loudness,
    tone,
    stereo: { ...stereoOf(moments, spectrum), panningReachDb, middle },
    dynamics,
    texture,
    structure,
    kind: kindOf({ loudness, tone, dynamics, texture }),
    source: { cutoffHz: cutoffOf(spectrum), wordBits: wordMeter.read(), file: stream.file ?? null },
    defects: defectMeter.finish(moments, noise),
    noise,
  };
  return { ...heard, advice: adviseOn(heard) };
};
