// How the music is built: sections that differ in loudness and timbre, its loudest and its most typical 30 s.
// Each second is a row of numbers: loudness, and the levels of nine octaves against their sum, all in dB. The novelty at a second is
// the distance (root mean square over the numbers, loudness counted as heavily as four octaves) between the means of the 8 s after
// and before; a section begins where it is the largest within ±8 s and above 3 dB.
// Typical is where the mean of 30 s lies nearest to the median of all loud seconds.
// Source: after Foote, "Automatic audio segmentation using a measure of audio novelty", ICME 2000.
import type { Analysis } from '../analysis.ts';
import { GrowingList } from '../dsp/gating.ts';
import { dbFromPower, lufsFromPower } from '../units.ts';
import type { Frame } from './frames.ts';
import { medianOf } from './median.ts';
import type { ThirdOctave } from './third-octaves.ts';

const OCTAVES = 9;
const LOWEST_HZ = 35;
/** The loudness and the octaves. */
const WIDTH = 1 + OCTAVES;
const LOUDNESS_WEIGHT = 4;
const LOWEST_LUFS = -70;
/** An octave further than this below the sum of all counts as that. */
const LOWEST_OCTAVE_DB = -50;
const REACH_SECONDS = 8;
const LEAST_NOVELTY_DB = 3;
const MOST_SECTIONS = 100;
const PREVIEW_SECONDS = 30;
const LOUD_LU = 10;
const LOWS_OCTAVES = 2;
const TOP_OCTAVES = 2;

type Structure = Analysis['structure'];

const rounded = (db: number): number => Math.round(10 * db) / 10;

/** Memory grows by 80 bytes a second. */
export class StructureMeter {
  /** The octave of each third-octave; −1 below the lowest. */
  readonly #octaves: Int8Array;
  readonly #rows = new GrowingList();
  readonly #powers = new Float64Array(OCTAVES);
  #loudPower = 0;
  #windows = 0;
  #second = 0;

  constructor(bands: readonly ThirdOctave[]) {
    const octaveOf = (hz: number): number => Math.floor(Math.log2(hz / LOWEST_HZ));
    this.#octaves = Int8Array.from(bands, ({ centreHz }) => Math.max(-1, Math.min(OCTAVES - 1, octaveOf(centreHz))));
  }

  hear({ atSeconds, loudPower, bandPowers }: Frame): void {
    const second = Math.floor(atSeconds);
    while (this.#second < second) this.#endSecond();
    this.#loudPower += loudPower;
    this.#windows++;
    for (let b = 0; b < bandPowers.length; b++)
      if (this.#octaves[b] >= 0) this.#powers[this.#octaves[b]] += bandPowers[b];
  }

  finish(durationSeconds: number): Structure {
    if (this.#windows > 0) this.#endSecond();
    const song = new Song(this.#rows.values, durationSeconds);
    return { sections: song.sections(), loudest: song.loudest(), typical: song.typical() };
  }

  #endSecond(): void {
    const lufs = lufsFromPower(this.#loudPower / Math.max(1, this.#windows)) ?? LOWEST_LUFS;
    const total = this.#powers.reduce((sum, power) => sum + power, 0);
    this.#rows.push(Math.max(LOWEST_LUFS, lufs));
    for (const power of this.#powers) {
      this.#rows.push(power > 0 ? Math.max(LOWEST_OCTAVE_DB, dbFromPower(power / total)) : LOWEST_OCTAVE_DB);
    }
    this.#powers.fill(0);
    this.#loudPower = 0;
    this.#windows = 0;
    this.#second++;
  }
}

/** A row of the numbers, or the mean of several. */
type Row = Float64Array;

const distance = (a: Row, b: Row): number => {
  let sum = LOUDNESS_WEIGHT * (a[0] - b[0]) ** 2;
  for (let k = 1; k < WIDTH; k++) sum += (a[k] - b[k]) ** 2;
  return Math.sqrt(sum / (LOUDNESS_WEIGHT + OCTAVES));
};

/** All seconds of the music, to look at from afar. */
class Song {
  readonly #seconds: number;
  readonly #durationSeconds: number;
  readonly #rows: Float64Array;
  /** Sums of all rows before a second. */
  readonly #sums: Float64Array;

  constructor(rows: Float64Array, durationSeconds: number) {
    this.#rows = rows;
    this.#seconds = rows.length / WIDTH;
    this.#durationSeconds = durationSeconds;
    this.#sums = new Float64Array(rows.length + WIDTH);
    for (let at = 0; at < rows.length; at++) this.#sums[at + WIDTH] = this.#sums[at] + rows[at];
  }

  sections(): Structure['sections'] {
    if (this.#seconds === 0) return [];
    const starts = [0, ...this.#boundaries()];
    return starts.map((from, k) => {
      const to = starts[k + 1] ?? this.#seconds;
      const row = this.#mean(from, to);
      const share = (first: number, last: number): number => {
        let power = 0;
        for (let octave = first; octave < last; octave++) power += 10 ** (row[1 + octave] / 10);
        return rounded(dbFromPower(power));
      };
      return {
        startSeconds: from,
        endSeconds: k + 1 < starts.length ? to : this.#durationSeconds,
        lufs: rounded(row[0]),
        lowsDb: share(0, LOWS_OCTAVES),
        topDb: share(OCTAVES - TOP_OCTAVES, OCTAVES),
      };
    });
  }

  loudest(): Structure['loudest'] {
    return this.#best((from, to) => {
      let power = 0;
      for (let second = from; second < to; second++) power += 10 ** (this.#rows[second * WIDTH] / 10);
      return power;
    });
  }

  typical(): Structure['typical'] {
    if (this.#seconds === 0) return this.#best(() => 0);
    const whole = this.#loudMiddle();
    return this.#best((from, to) => -distance(this.#mean(from, to), whole));
  }

  /** The 30 s that are best by a measure, the first of equals; all of a shorter song. */
  #best(goodness: (from: number, to: number) => number): Structure['loudest'] {
    let start = 0;
    let best = Number.NEGATIVE_INFINITY;
    for (let from = 0; from + PREVIEW_SECONDS <= this.#seconds; from++) {
      const good = goodness(from, from + PREVIEW_SECONDS);
      if (good > best) [start, best] = [from, good];
    }
    return { startSeconds: start, endSeconds: Math.min(this.#durationSeconds, start + PREVIEW_SECONDS) };
  }

  #mean(from: number, to: number): Row {
    return Float64Array.from(
      { length: WIDTH },
      (_, k) => (this.#sums[to * WIDTH + k] - this.#sums[from * WIDTH + k]) / (to - from),
    );
  }

  /** The middle of all seconds no more than 10 LU quieter than the loudest tenth, number by number. */
  #loudMiddle(): Row {
    const column = (k: number): Float64Array => this.#rows.filter((_, at) => at % WIDTH === k);
    const levels = column(0);
    const gate = levels.slice().sort()[Math.floor(0.9 * this.#seconds)] - LOUD_LU;
    return Float64Array.from({ length: WIDTH }, (_, k) =>
      medianOf(column(k).filter((_, second) => levels[second] >= gate)),
    );
  }

  #boundaries(): number[] {
    const novelty = new Float64Array(this.#seconds);
    for (let at = REACH_SECONDS; at + REACH_SECONDS <= this.#seconds; at++) {
      novelty[at] = distance(this.#mean(at - REACH_SECONDS, at), this.#mean(at, at + REACH_SECONDS));
    }
    const peaks = Array.from(novelty.keys()).filter((at) => {
      if (novelty[at] < LEAST_NOVELTY_DB) return false;
      for (let k = 1; k < REACH_SECONDS; k++) {
        if (novelty[at - k] >= novelty[at] || novelty[at + k] > novelty[at]) return false;
      }
      return true;
    });
    const strongest = peaks.sort((a, b) => novelty[b] - novelty[a] || a - b).slice(0, MOST_SECTIONS - 1);
    return strongest.sort((a, b) => a - b);
  }
}
