/** Whole signals in memory: small sums for the benches. */
import { BLOCK_FRAMES, createBlock, type StereoBlock } from '../../packages/engine/src/audio.ts';
import { LoudnessMeter } from '../../packages/engine/src/loudness-meter.ts';
import { TruePeakMeter } from '../../packages/engine/src/true-peak-meter.ts';
import { SAMPLE_RATE_HZ } from './music.ts';

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
export const inBlocks = (audio: StereoBlock, hear: (block: StereoBlock, frames: number) => void): void => {
  for (let at = 0; at < audio.left.length; at += BLOCK_FRAMES) {
    const block = {
      left: audio.left.subarray(at, at + BLOCK_FRAMES),
      right: audio.right.subarray(at, at + BLOCK_FRAMES),
    };
    hear(block, block.left.length);
  }
};

/** Takes in blocks and puts them together again. */
export const gather = (frames: number): { whole: StereoBlock; hear: (block: StereoBlock, frames: number) => void } => {
  const whole = createBlock(frames);
  let at = 0;
  const hear = ({ left, right }: StereoBlock, count: number): void => {
    whole.left.set(left.subarray(0, count), at);
    whole.right.set(right.subarray(0, count), at);
    at += count;
  };
  return { whole, hear };
};

/** Integrated loudness in LUFS; −70 for silence. */
export const loudnessOf = (audio: StereoBlock): number => {
  const meter = new LoudnessMeter(SAMPLE_RATE_HZ);
  inBlocks(audio, (block, frames) => meter.push(block, frames));
  return meter.integratedLufs() ?? -70;
};

export const truePeakDbtpOf = (audio: StereoBlock, meter = new TruePeakMeter()): number => {
  inBlocks(audio, (block, frames) => meter.push(block, frames));
  meter.finish();
  return meter.truePeakDbtp() ?? -150;
};
