// How sharply a signal bends: magnitudes of its second differences, |x[n−2] − 2x[n−1] + x[n]|. Kernel: kernels/sums.ts.
import { addressOf, kernels, reserve } from '../kernels/wasm.ts';

/** Workspaces, for the length of a call. */
const LONGEST = 8192;
const MOST_BLOCKS = 64;
const workSamples = reserve(LONGEST);
const workPeaks = reserve(MOST_BLOCKS);
const workMeans = reserve(MOST_BLOCKS);

/** The largest and the mean bend of each block of a running piece of sound. */
export class Bends {
  readonly peaks: Float64Array;
  readonly means: Float64Array;
  readonly #size: number;

  /** @param size of a block, an even number */
  constructor(blocks: number, size: number) {
    this.peaks = new Float64Array(blocks);
    this.means = new Float64Array(blocks);
    this.#size = size;
  }

  /** Takes the piece to be so many blocks further on, of which the last are to be screened. */
  moveOn(samples: Float64Array, blocks: number): void {
    this.peaks.copyWithin(0, blocks);
    this.means.copyWithin(0, blocks);
    this.screen(samples, this.peaks.length - blocks, this.peaks.length);
  }

  /** Looks at the blocks from `first` to before `last`; not at the very first. */
  screen(samples: Float64Array, first: number, last: number): void {
    const size = this.#size;
    const count = (last - first) * size + 2;
    const wasm = count <= LONGEST && last - first <= MOST_BLOCKS ? kernels() : null;
    if (!wasm) {
      for (let block = first; block < last; block++) this.#screenBlock(samples, block);
      return;
    }
    workSamples.set(samples.subarray(first * size - 2, last * size));
    wasm.screenBends(addressOf(workSamples), last - first, size, addressOf(workPeaks), addressOf(workMeans));
    for (let block = first; block < last; block++) {
      this.peaks[block] = workPeaks[block - first];
      this.means[block] = workMeans[block - first];
    }
  }

  #screenBlock(samples: Float64Array, block: number): void {
    const size = this.#size;
    let peak = 0;
    const sums = [0, 0];
    for (let n = block * size; n < (block + 1) * size; n++) {
      const bend = Math.abs(samples[n - 2] - 2 * samples[n - 1] + samples[n]);
      sums[n & 1] += bend;
      peak = Math.max(peak, bend);
    }
    this.peaks[block] = peak;
    this.means[block] = (sums[0] + sums[1]) / size;
  }
}
