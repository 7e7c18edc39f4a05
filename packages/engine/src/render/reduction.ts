import type { StereoBlock } from '../audio.ts';
import { MOST_GROUPS, RECORD } from '../dsp/group-peaks.ts';
import { addressOf, isReserved, kernels, reserve, reserveSingles } from '../kernels/wasm.ts';
import type { LoudnessSolution } from '../plan.ts';
import { dbFromGain } from '../units.ts';

const BINS = 2048;
/** Passages quieter than −60 dB below the ceiling are never limited; they would only dilute the statistics. */
const HEARD = 1e-3;
const PERCENTILE = 0.95;

type Extent = { drive: number; groups: number };

/** Workspace, for the length of a call: where each gain belongs, and in one more those that are not heard. */
const reserved = reserve(MOST_GROUPS / 2 + 1);
const places = new Int32Array(reserved.buffer, reserved.byteOffset, MOST_GROUPS + 2);
const recordsCopy = reserveSingles(RECORD * (MOST_GROUPS + 1));

/** How much a limiter reduces, over all groups of frames that hold music: a histogram of its gains. */
export class ReductionMeter {
  readonly #bins = new Float64Array(BINS + 2);
  #least = 1;

  /** Hears the gains of so many groups, of whichever channel is turned down more, and the peaks in the groups' records. */
  push({ left, right }: StereoBlock, records: Float32Array, { drive, groups }: Extent): void {
    const bins = this.#bins;
    const least = placeGains({ left, right }, records, HEARD / drive, groups);
    if (least < this.#least) this.#least = least;
    // Neighbours are mostly alike: a run of them is counted in one go, so that no sum waits for the last one to be stored.
    let place = places[0];
    let from = 0;
    for (let g = 1; g < groups; g++) {
      if (places[g] === place) continue;
      bins[place] += g - from;
      place = places[g];
      from = g;
    }
    if (groups > 0) bins[place] += groups - from;
  }

  read(): LoudnessSolution['limiter'] {
    const maxReductionDb = positiveDb(this.#least);
    let sum = 0;
    let p95ReductionDb = 0;
    const count = this.#bins.subarray(0, BINS + 1).reduce((all, bin) => all + bin, 0);
    let above = count;
    for (let bin = BINS; bin >= 0; bin--) {
      const reductionDb = bin === BINS ? 0 : positiveDb((bin + 0.5) / BINS);
      sum += this.#bins[bin] * reductionDb;
      if (above > (1 - PERCENTILE) * count) p95ReductionDb = reductionDb;
      above -= this.#bins[bin];
    }
    const meanReductionDb = count > 0 ? sum / count : 0;
    return { maxReductionDb, p95ReductionDb: Math.min(p95ReductionDb, maxReductionDb), meanReductionDb };
  }
}

/** Gains are reserved. Gives the least gain that is heard. */
const placeGains = ({ left, right }: StereoBlock, records: Float32Array, heard: number, groups: number): number => {
  const threshold = Math.fround(heard);
  const wasm = kernels();
  if (wasm) {
    if (!isReserved(records)) recordsCopy.set(records.subarray(0, RECORD * groups));
    const from = addressOf(isReserved(records) ? records : recordsCopy);
    return wasm.gainBins(addressOf(left), addressOf(right), groups, from, threshold, BINS, addressOf(reserved));
  }
  let least = 1;
  for (let g = 0; g < groups; g++) {
    const gain = Math.min(left[g], right[g]);
    const isHeard = Math.max(records[RECORD * g], records[RECORD * g + 1]) >= threshold;
    places[g] = isHeard ? Math.floor(gain * BINS) : BINS + 1;
    if (isHeard && gain < least) least = gain;
  }
  return least;
};

const positiveDb = (gain: number): number => Math.max(0, -dbFromGain(gain));
