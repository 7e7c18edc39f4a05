// Peaks that were cut off before noise was added: their tops are uneven, but most of them lie within twice the noise of one level.
//   r(c) = n(c − 2σ … c + 2σ) / (n(c − 6σ … c − 2σ) + 20),   n: samples, σ: RMS of the noise
// Levels thin out towards the loudest: r stays below 1.2 for music under noise, limited or not, and is 4 to 20 where it was cut off.
// Square waves have more than one such level. Measured: docs/dsp/declip.md.

const STEPS = 32_768;
const BINS = STEPS + 1;
/** At −40 dBFS noise of that kind is no longer small. */
const LOWEST_BIN = 327;
const LEAST_RATIO = 2.5;
const FEWEST_SAMPLES = 100;
/** So few of the samples may be louder. */
const MOST_LOUDER = 0.01;
/** In units of the noise: half the width of a level, how far down it is compared, and how far up noise reaches. */
const WIDTH = 2;
const COMPARED = 6;
const REACH = 4;
/** Of the level that was found: down to here, or to what silence under noise reaches, there must be no other. */
const ALONE = 0.15;
const SILENCE_REACHES = 14;
/** What is within three times the noise of the level was cut, by all but one sample in 700. */
const CUT_WITHIN = 3;
/** The level that stands out most lies so far below the true one: there the last whole samples count as well. */
const LEANS = 0.6;

/** Counts of levels on one side of zero, from which a ceiling can be told. */
export class LevelCounts {
  readonly #counts = new Uint32Array(BINS);

  /** Counts positive samples above, and the others below. */
  static push(input: Float64Array, frames: number, above: LevelCounts, below: LevelCounts): void {
    const [up, down] = [above.#counts, below.#counts];
    for (let i = 0; i < frames; i++) {
      const level = STEPS * input[i];
      const bin = Math.min(STEPS, Math.abs(level)) | 0;
      if (level > 0) up[bin]++;
      else down[bin]++;
    }
  }

  /** The level from which on samples count as cut, and how many there are. */
  ceiling(noiseRms: number): { magnitude: number; samples: number } | null {
    const noise = Math.round(noiseRms * STEPS);
    if (noise < 1) return null;
    const from = this.#countsFrom();
    const between = (low: number, high: number): number => from[Math.max(0, low)] - from[Math.min(BINS, high)];
    const ratioAt = (bin: number): number =>
      between(bin - WIDTH * noise, bin + WIDTH * noise) /
      (between(bin - COMPARED * noise, bin - WIDTH * noise) + FEWEST_SAMPLES / 5);
    const best = this.#best(noise, ratioAt, between);
    if (best === null) return null;
    const lowest = Math.max(ALONE * best, LOWEST_BIN + COMPARED * noise, SILENCE_REACHES * noise);
    for (let bin = best - COMPARED * noise; bin > lowest; bin--) if (ratioAt(bin) >= LEAST_RATIO) return null;
    const cutFrom = Math.round(best + (LEANS - CUT_WITHIN) * noise);
    return { magnitude: cutFrom / STEPS, samples: from[cutFrom] };
  }

  #best(
    noise: number,
    ratioAt: (bin: number) => number,
    between: (low: number, high: number) => number,
  ): number | null {
    let best: { bin: number; ratio: number } | null = null;
    for (let bin = STEPS - 1; bin >= LOWEST_BIN + COMPARED * noise; bin--) {
      const samples = between(bin - WIDTH * noise, bin + WIDTH * noise);
      const louder = between(bin + REACH * noise, BINS);
      if (samples < FEWEST_SAMPLES) continue;
      if (louder > MOST_LOUDER * samples) {
        if (best !== null) break;
        continue;
      }
      const ratio = ratioAt(bin);
      if (ratio >= (best?.ratio ?? LEAST_RATIO)) best = { bin, ratio };
    }
    return best?.bin ?? null;
  }

  /** For every level, how many samples reach it. */
  #countsFrom(): Float64Array {
    const from = new Float64Array(BINS + 1);
    for (let bin = BINS - 1; bin >= 0; bin--) from[bin] = from[bin + 1] + this.#counts[bin];
    return from;
  }
}
