import type { AudioStream, OnProgress, WriteBlock } from '../audio.ts';
import type { MasteringPlan } from '../plan.ts';
import { forEachAligned, tailOf } from './aligned.ts';
import { processorOf } from './processors.ts';

/** How many frames a plan leaves of a programme, and how many it takes from its start. */
const keptFrames = ({ stages }: MasteringPlan, { frames, sampleRateHz }: AudioStream): { from: number; to: number } => {
  const trim = stages.find(({ stage, bypassed }) => stage === 'trim' && !bypassed);
  if (trim?.stage !== 'trim') return { from: 0, to: frames };
  const from = Math.round(trim.headSeconds * sampleRateHz);
  const to = frames - Math.round(trim.tailSeconds * sampleRateHz);
  return to > from ? { from, to } : { from: 0, to: frames };
};

/**
 * Obeys a plan: everything but the loudness. What comes out lies where it went in, less the silence that is cut. A plan
 * whose stages are all bypassed, or that has none, leaves the samples bit-equal.
 */
export const renderTone = async (
  stream: AudioStream,
  plan: MasteringPlan,
  write: WriteBlock,
  onProgress?: OnProgress,
): Promise<void> => {
  const chain = plan.stages
    .map((stage) => processorOf(stage, stream.sampleRateHz))
    .filter((processor) => processor !== null);
  const latencyFrames = chain.reduce((sum, processor) => sum + processor.latencyFrames, 0);
  const kept = keptFrames(plan, stream);
  let position = 0;
  await forEachAligned(
    stream,
    latencyFrames,
    (block, frames, skip) => {
      for (const processor of chain) processor.process(block, frames);
      const from = skip + Math.min(frames - skip, Math.max(0, kept.from - position));
      const to = skip + Math.min(frames - skip, Math.max(0, kept.to - position));
      position += frames - skip;
      if (to > from) return write(from === 0 ? block : tailOf(block, from, to), to - from);
    },
    onProgress,
  );
};
