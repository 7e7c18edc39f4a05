import type { StereoBlock } from '../audio.ts';
import type { LoudnessSolution } from '../plan.ts';
import { dbFromGain } from '../units.ts';
import type { Peaks } from './limiter.ts';

const BINS = 2048;
/** Gains are smooth: every eighth tells as much. A power of two. */
const STRIDE = 8;
/** Passages quieter than −60 dB below the ceiling are never limited; they would only dilute the statistics. */
const HEARD = 1e-3;
const PERCENTILE = 0.95;

/** How much a limiter reduces, over all frames that hold music: a histogram of its gains. */
export class ReductionMeter {
  readonly #bins = new Float64Array(BINS + 1);
  #least = 1;
  #count = 0;
  /** Frames of the next block before the next one that is heard. */
  #skip = 0;

  /** Hears the first `frames` gains, of whichever channel is turned down more, and the driven peaks they answer. */
  push(gains: StereoBlock, peaks: Peaks, drive: number, frames: number): void {
    const { left, right } = peaks.channels;
    for (let i = this.#skip; i < frames; i += STRIDE) {
      if (Math.max(left[i], right[i]) * drive < HEARD) continue;
      const gain = Math.min(gains.left[i], gains.right[i]);
      if (gain < this.#least) this.#least = gain;
      this.#bins[Math.floor(gain * BINS)]++;
      this.#count++;
    }
    this.#skip = (this.#skip - frames) & (STRIDE - 1);
  }

  read(): LoudnessSolution['limiter'] {
    const maxReductionDb = positiveDb(this.#least);
    let sum = 0;
    let p95ReductionDb = 0;
    let above = this.#count;
    for (let bin = BINS; bin >= 0; bin--) {
      const reductionDb = bin === BINS ? 0 : positiveDb((bin + 0.5) / BINS);
      sum += this.#bins[bin] * reductionDb;
      if (above > (1 - PERCENTILE) * this.#count) p95ReductionDb = reductionDb;
      above -= this.#bins[bin];
    }
    const meanReductionDb = this.#count > 0 ? sum / this.#count : 0;
    return { maxReductionDb, p95ReductionDb: Math.min(p95ReductionDb, maxReductionDb), meanReductionDb };
  }
}

const positiveDb = (gain: number): number => Math.max(0, -dbFromGain(gain));
