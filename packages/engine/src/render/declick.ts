// Clicks replaced by what surrounds them predicts, in each channel on its own. Where none is found the samples stay bit-equal.
import type { StereoBlock } from '../audio.ts';
import { ClickMender } from '../dsp/click-mender.ts';
import { quantiseCoefficient } from '../dsp/quantise.ts';
import { gainFromDb } from '../units.ts';
import type { Processor } from './processor.ts';

export const createDeclick = ({ thresholdDb }: { thresholdDb: number }, sampleRateHz: number): Processor => {
  const threshold = quantiseCoefficient(gainFromDb(thresholdDb));
  const left = new ClickMender(sampleRateHz, threshold);
  const right = new ClickMender(sampleRateHz, threshold);
  return {
    latencyFrames: left.latencyFrames,
    process: (block: StereoBlock, frames: number) => {
      left.process(block.left, block.left, frames);
      right.process(block.right, block.right, frames);
      // Nobody asks where; the lists would only grow.
      left.found.length = 0;
      right.found.length = 0;
    },
  };
};
