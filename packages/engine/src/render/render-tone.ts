import type { AudioStream, OnProgress, StereoBlock, WriteBlock } from '../audio.ts';
import { createBlock } from '../audio.ts';
import { type Biquad, BiquadSection } from '../dsp/biquad.ts';
import { designDcBlocker } from '../dsp/dc-blocker.ts';
import { designEqBand } from '../dsp/eq-design.ts';
import type { MasteringPlan, Stage } from '../plan.ts';

/** The sections a stage stands for, in their order. */
const sectionsOf = (stage: Stage, sampleRateHz: number): Biquad[] => {
  if (stage.bypassed) return [];
  if (stage.stage === 'dc') return [designDcBlocker(stage.cutoffHz, sampleRateHz)];
  return stage.bands.map((band) => designEqBand(band, sampleRateHz)?.biquad).filter((biquad) => biquad !== undefined);
};

/**
 * Obeys a plan: everything but the loudness. No latency. A plan whose stages are all bypassed, or that has none, leaves
 * the samples bit-equal.
 */
export const renderTone = async (
  stream: AudioStream,
  plan: MasteringPlan,
  write: WriteBlock,
  onProgress?: OnProgress,
): Promise<void> => {
  const biquads = plan.stages.flatMap((stage) => sectionsOf(stage, stream.sampleRateHz));
  const chain = biquads.map((biquad) => ({ left: new BiquadSection(biquad), right: new BiquadSection(biquad) }));
  const block: StereoBlock = createBlock();
  let done = 0;
  for (let frames = await stream.read(block); frames > 0; frames = await stream.read(block)) {
    for (const { left, right } of chain) {
      left.process(block.left, block.left, frames);
      right.process(block.right, block.right, frames);
    }
    await write(block, frames);
    done += frames;
    onProgress?.(Math.min(1, done / Math.max(done, stream.frames)));
  }
};
