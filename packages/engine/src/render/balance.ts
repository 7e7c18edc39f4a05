// Channel balance: one gain for each channel. No latency.
import type { StereoBlock } from '../audio.ts';
import { gainOfDb } from '../dsp/logarithm.ts';
import type { Processor } from './processor.ts';

export type BalanceParameters = { leftGainDb: number; rightGainDb: number };

export const createBalance = ({ leftGainDb, rightGainDb }: BalanceParameters): Processor => {
  const [leftGain, rightGain] = [leftGainDb, rightGainDb].map(gainOfDb);
  return {
    latencyFrames: 0,
    process: ({ left, right }: StereoBlock, frames: number) => {
      for (let i = 0; i < frames; i++) {
        left[i] *= leftGain;
        right[i] *= rightGain;
      }
    },
  };
};
