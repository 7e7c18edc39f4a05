import type { Peaks } from '@lathe/contracts';
import type { AudioStream } from '@lathe/engine';

const slices = 1000;
/** Enough to draw, short to send. */
const decimals = 1e4;

/** Passes a stream on and notes, per slice of time, the lowest and highest sample of the mid signal. */
export function notingPeaks(stream: AudioStream): { stream: AudioStream; peaks: () => Peaks } {
  const count = Math.max(1, Math.min(slices, stream.frames));
  const min = new Float64Array(count);
  const max = new Float64Array(count);
  let position = 0;
  const note = ({ left, right }: { left: Float64Array; right: Float64Array }, frames: number): void => {
    for (let i = 0; i < frames; i++, position++) {
      const slice = Math.min(count - 1, Math.floor((position * count) / stream.frames));
      const mid = ((left[i] ?? 0) + (right[i] ?? 0)) / 2;
      if (mid < (min[slice] ?? 0)) min[slice] = mid;
      if (mid > (max[slice] ?? 0)) max[slice] = mid;
    }
  };
  const short = (values: Float64Array): number[] =>
    Array.from(values, (value) => Math.round(value * decimals) / decimals);
  return {
    stream: {
      ...stream,
      read: async (block) => {
        const frames = await stream.read(block);
        note(block, frames);
        return frames;
      },
    },
    peaks: () => ({ durationSeconds: stream.frames / stream.sampleRateHz, min: short(min), max: short(max) }),
  };
}
