/** Whole signals in memory: small sums for the bench. */
import { BLOCK_FRAMES, type StereoBlock } from '../../../packages/engine/src/audio.ts';
import { LoudnessMeter } from '../../../packages/engine/src/loudness-meter.ts';
import { TruePeakMeter } from '../../../packages/engine/src/true-peak-meter.ts';
import { SAMPLE_RATE_HZ } from '../music.ts';

export const copyOf = ({ left, right }: StereoBlock): StereoBlock => ({ left: left.slice(), right: right.slice() });

export const scaled = ({ left, right }: StereoBlock, gain: number): StereoBlock => ({
  left: left.map((v) => v * gain),
  right: right.map((v) => v * gain),
});

export const peakOf = ({ left, right }: StereoBlock): number => {
  let peak = 0;
  for (let i = 0; i < left.length; i++) peak = Math.max(peak, Math.abs(left[i]), Math.abs(right[i]));
  return peak;
};

/** Shows a whole signal block by block. */
const inBlocks = (audio: StereoBlock, hear: (block: StereoBlock, frames: number) => void): void => {
  for (let at = 0; at < audio.left.length; at += BLOCK_FRAMES) {
    const block = {
      left: audio.left.subarray(at, at + BLOCK_FRAMES),
      right: audio.right.subarray(at, at + BLOCK_FRAMES),
    };
    hear(block, block.left.length);
  }
};

/** Integrated loudness in LUFS; −70 for silence. */
export const loudnessOf = (audio: StereoBlock): number => {
  const meter = new LoudnessMeter(SAMPLE_RATE_HZ);
  inBlocks(audio, (block, frames) => meter.push(block, frames));
  return meter.integratedLufs() ?? -70;
};

export const truePeakDbtpOf = (audio: StereoBlock): number => {
  const meter = new TruePeakMeter();
  inBlocks(audio, (block, frames) => meter.push(block, frames));
  meter.finish();
  return meter.truePeakDbtp() ?? -150;
};
