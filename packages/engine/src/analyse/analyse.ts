import type { Analysis } from '../analysis.ts';
import type { AudioStream, OnProgress, StereoBlock } from '../audio.ts';
import { listen } from '../listen.ts';
import { adviseOn } from './advice.ts';
import { DefectMeter } from './defects.ts';
import { DynamicsMeter } from './dynamics.ts';
import { FrameMeter } from './frames.ts';
import { HumMeter } from './hum.ts';
import { LoudBandMeter } from './loud-bands.ts';
import { MomentsMeter } from './moments.ts';
import { HissMeter } from './noise.ts';
import { SpectrumMeter } from './spectrum.ts';
import { stereoOf } from './stereo.ts';
import { thirdOctavesBelow } from './third-octaves.ts';
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
  const loudBandMeter = new LoudBandMeter(thirdOctavesBelow(stream.sampleRateHz / 2).length);
  const frameMeter = new FrameMeter(stream.sampleRateHz, [loudBandMeter]);
  const hissMeter = new HissMeter(stream.sampleRateHz);
  const humMeter = new HumMeter(stream.sampleRateHz);
  const meters = [dynamicsMeter, spectrumMeter, momentsMeter, defectMeter, frameMeter, hissMeter, humMeter];
  const hear = (block: StereoBlock, frames: number): void => {
    for (const meter of meters) meter.push(block, frames);
  };
  await listen(stream, hear, onProgress);

  const moments = momentsMeter.read();
  const spectrum = spectrumMeter.finish();
  const heard = {
    ...dynamicsMeter.finish(stream, moments),
    tone: toneOf(spectrum, loudBandMeter.read()),
    stereo: stereoOf(moments, spectrum),
    defects: defectMeter.finish(moments),
    noise: { ...hissMeter.finish(), hum: humMeter.finish() },
  };
  return { ...heard, advice: adviseOn(heard) };
};
