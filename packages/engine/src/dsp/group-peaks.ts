// Peaks of a channel, group by group: for each eight frames the largest magnitude on them and up to the next.
// At eight points per sample with 64 taps, and as a meter of fewer taps reads it, but only where that can matter. Where those
// two differ there is sound near Nyquist, which both read low, and the interval is read with the 128 taps of the meter too.
//   |y(n + φ)| ≤ max(|x₀|, |x₁|) − φ·||x₀| − |x₁|| + Σ wₖ(φ)·max|δ²x|ₖ,  φ from the larger sample
// (oversampler.ts; wₖ is the weight of the second differences in k: at both ends of the interval, next to them, within the
// groups around, under the rest of the filter). A group is left at its samples where groups before and behind it, near enough to share a dip, hold more than it
// can; it is taken at its bound where that is within 0.035 dB of its samples, or 24 dB below the largest peak so far.
// 32-bit float. Kernel: kernels/outline.ts.
import { addressOf, kernels, reserveSingles } from '../kernels/wasm.ts';
import { designOversampler, FINE_OVERSAMPLER, METERING_OVERSAMPLER, type Oversampler } from './oversampler.ts';
import { quantiseCoefficient } from './quantise.ts';

/** Frames of a group. */
export const GROUP = 8;
/** Samples that must lie before the first group, and behind the last. */
export const CONTEXT_FRAMES = 64;
/** Groups on either side whose peaks can make one that is smaller than both of no account. */
const BESIDE = 5;
/** Numbers of a record, of which a peak is one. */
export const RECORD = 4;
/** Groups that a call may follow. */
export const MOST_GROUPS = 640;

const TAPS = 64;
const SHORT_PAIRS = METERING_OVERSAMPLER.tapsPerPhase / 2;
const EIGHT_TIMES: Oversampler = designOversampler(8, TAPS);
/** A reading may be raised by so much, 0.035 dB, instead of being found. */
const NEARNESS = 1.004;
/** 24 dB. */
const FLOOR = 0.063;
/**
 * Difference of both filters, summed over three numbers, from which on an interval counts as bright, against what was read.
 * Below 0.45 of the sample rate they agree within 0.2 %. Chance makes them agree elsewhere, so it is remembered for some readings.
 */
const BRIGHT = 0.004;
const REMEMBERED = 0.95;
/** Groups that the filter reaches into. */
const REACH = TAPS / 2 / GROUP;

/** How far from the interval second differences still count to the first, to the second and to the third of four weights. */
const RINGS = [0, 1, GROUP - 1];

/** Of one phase: what second differences weigh, from the innermost out; see {@link Oversampler}. */
const weightsOf = (tapAt: (k: number) => number, phase: number): number[] => {
  const weights = [0, 0, 0, 0];
  const first = TAPS / 2 - 1;
  let [slope, value] = [0, 0];
  for (let k = 0; k < TAPS; k++) {
    const linear = k === first ? 1 - phase : k === first + 1 ? phase : 0;
    slope += tapAt(k) - linear;
    value += slope;
    // It weighs the second difference of the next sample.
    const away = Math.max(first - (k + 1), k + 1 - (first + 1));
    const ring = RINGS.findIndex((reach) => away <= reach);
    weights[ring < 0 ? RINGS.length : ring] += Math.abs(value);
  }
  return weights;
};

/** Tap `k` of a phase of 1/8 … 4/8, from the folds of the oversampler. */
const tapOf = (eighth: number, k: number): number => {
  const pairs = TAPS / 2;
  const j = k < pairs ? pairs - 1 - k : k - pairs;
  if (eighth === 4) return EIGHT_TIMES.folds[3 * j + 2];
  const [even, odd] = EIGHT_TIMES.folds.subarray(3 * (pairs * (eighth - 1) + j));
  return k < pairs ? even + odd : even - odd;
};

const designBounds = (): number[] =>
  [1, 2, 3, 4].flatMap((eighth) => {
    const weights = weightsOf((k) => tapOf(eighth, k), eighth / 8);
    return [...weights, eighth / 8].map(quantiseCoefficient);
  });

/** Of each pair of taps, from the innermost out: even halves and the middle, odd halves and nothing. */
const pairsOf = ({ folds, tapsPerPhase }: Oversampler): number[][] => {
  const pairs = tapsPerPhase / 2;
  return Array.from({ length: pairs }, (_, j) => {
    const [even, odd] = [0, 1].map((half) => [0, 1, 2].map((fold) => folds[3 * (pairs * fold + j) + half]));
    return [...even, folds[3 * j + 2], ...odd, 0];
  });
};

/** The same, and where there is one in place of the nothing and behind it what the shorter filter has; then the finest. */
const designTaps = (): number[] => {
  const long = pairsOf(EIGHT_TIMES).map((pair, j) => {
    if (j >= SHORT_PAIRS) return pair;
    const [shortEven, shortOdd, shortMiddle] = METERING_OVERSAMPLER.folds.subarray(3 * j);
    return [...pair.slice(0, -1), shortOdd, shortMiddle, 0, 0, shortEven];
  });
  return [...long, ...pairsOf(FINE_OVERSAMPLER)].flat();
};

/** As kernels/outline.ts lays them out: bounds, then seven numbers and one unused, then taps. */
const BOUND = 5;
const BOUNDS = 4 * BOUND;
const SHORT_PAIR = 12;
const LONG_PAIR = 8;
const designTables = (): number[] => {
  const bounds = designBounds();
  // Halfway between two samples all weights are at their largest.
  const [near, next, around, far] = bounds.slice(-BOUND);
  return [...bounds, near + next + around, far, NEARNESS, FLOOR, 0, BRIGHT, REMEMBERED, 0, ...designTaps()];
};
const numbers = designTables();
const tables = reserveSingles(numbers.length);
tables.set(numbers);
const [INNER, OUTER, NEARNESS_SINGLE, FLOOR_SINGLE] = tables.subarray(BOUNDS);
const COUNTS = BOUNDS + 4;
const [BRIGHT_SINGLE] = tables.subarray(BOUNDS + 5);
const FIRST_TAP = BOUNDS + 8;
const FINE_TAP = FIRST_TAP + LONG_PAIR * (TAPS / 2) + (SHORT_PAIR - LONG_PAIR) * SHORT_PAIRS;

/** Workspaces, for the length of a call. */
const workState = reserveSingles(BESIDE + 2);
const work = reserveSingles(4 * (MOST_GROUPS + 16));
const peaks = work.subarray(0, MOST_GROUPS + 16);
const bends = work.subarray(MOST_GROUPS + 16);

const single = Math.fround;

export class GroupPeaks {
  /** Readings of the last groups, the oldest first, then the largest ever, and the difference that is remembered. */
  readonly #state = new Float32Array(BESIDE + 2);
  readonly #counts: number;

  /** @param dipGroups over which a peak is felt on all sides; where it is too short, no group makes another of no account */
  constructor(dipGroups: number) {
    this.#counts = dipGroups >= 2 * BESIDE ? 1 : 0;
  }

  /** Reads so many groups of reserved samples, which start CONTEXT_FRAMES behind `tape`, to every fourth number of `out`. */
  follow(tape: Float32Array, groups: number, out: Float32Array): void {
    tables[COUNTS] = this.#counts;
    const wasm = kernels();
    if (!wasm) {
      this.#follow(tape, groups, out);
      return;
    }
    workState.set(this.#state);
    const [samples, state, table] = [addressOf(tape, CONTEXT_FRAMES), addressOf(workState), addressOf(tables)];
    wasm.followPeaks(samples, groups, state, table, addressOf(work), addressOf(out));
    this.#state.set(workState.subarray(0, BESIDE + 2));
  }

  #follow(samples: Float32Array, groups: number, out: Float32Array): void {
    const state = this.#state;
    scan(samples.subarray(CONTEXT_FRAMES - GROUP * REACH - 1), groups + REACH + BESIDE);
    for (let g = 0; g < groups; g++) {
      const at = CONTEXT_FRAMES + GROUP * g;
      const around = Math.max(...bends.subarray(g + REACH - 1, g + REACH + 2));
      const bend = Math.max(...bends.subarray(g, g + 2 * REACH + 1));
      let reading = peaks[g + REACH];
      const rough = single(reading + single(single(INNER * around) + single(OUTER * bend)));
      if (rough <= single(FLOOR_SINGLE * state[BESIDE]) || rough <= single(NEARNESS_SINGLE * reading)) {
        reading = rough;
      } else {
        const left = Math.max(...state.subarray(0, BESIDE));
        const right = Math.max(...peaks.subarray(g + REACH + 1, g + REACH + 1 + BESIDE));
        const beside = this.#counts * Math.min(left, right);
        if (rough > beside) reading = examine(samples, at, { around, bend, reading, beside, state });
      }
      state.copyWithin(0, 1, BESIDE);
      state[BESIDE - 1] = reading;
      state[BESIDE] = Math.max(state[BESIDE], reading);
      out[RECORD * g] = reading;
    }
  }
}

const bendAt = (samples: Float32Array, i: number): number =>
  Math.abs(single(single(samples[i - 1] + samples[i + 1]) - single(samples[i] + samples[i])));

/** As the kernel does, of groups the first of which starts at the second sample. */
const scan = (samples: Float32Array, groups: number): void => {
  for (let g = 0, i = 1; g < groups; g++) {
    let peak = Math.abs(samples[i + GROUP]);
    let bend = 0;
    for (const end = i + GROUP; i < end; i++) {
      peak = Math.max(peak, Math.abs(samples[i]));
      bend = Math.max(bend, bendAt(samples, i));
    }
    peaks[g] = peak;
    bends[g] = bend;
  }
};

type Group = { around: number; bend: number; reading: number; beside: number; state: Float32Array };

/** Reads the intervals of a group in the order of what they can hold, until none can change anything. */
const examine = (samples: Float32Array, at: number, { reading, beside, state, ...bends }: Group): number => {
  const bounds = Array.from({ length: GROUP }, (_, i) => boundOf(samples, at + i, bends));
  let found = reading;
  for (let left = GROUP; left > 0; left--) {
    const most = Math.max(...bounds);
    if (most <= found || most <= beside) return found;
    if (most <= single(NEARNESS_SINGLE * found)) return most;
    const i = bounds.indexOf(most);
    found = Math.max(found, read(samples, at + i, state));
    bounds[i] = 0;
  }
  return found;
};

/** What the interval after sample `i` can hold at most. */
const boundOf = (samples: Float32Array, i: number, { around, bend }: Pick<Group, 'around' | 'bend'>): number => {
  const [here, next] = [Math.abs(samples[i]), Math.abs(samples[i + 1])];
  const high = Math.max(here, next);
  const fall = single(high - Math.min(here, next));
  const near = Math.max(bendAt(samples, i), bendAt(samples, i + 1));
  const next2 = Math.max(bendAt(samples, i - 1), bendAt(samples, i + 2));
  let most = 0;
  for (let k = 0; k < BOUNDS; k += BOUND) {
    const inner = single(single(tables[k] * near) + single(tables[k + 1] * next2));
    const outer = single(single(tables[k + 2] * around) + single(tables[k + 3] * bend));
    most = Math.max(most, single(single(inner + outer) - single(tables[k + 4] * fall)));
  }
  return single(high + most);
};

/** Lanes of four, of which pairs of taps go to the first and to the second in turn. */
const sums = Array.from({ length: 6 }, () => new Float32Array(4));
const sumOf = (first: number): Float32Array => sums[first].map((sum, lane) => single(sum + sums[first + 1][lane]));

/**
 * The largest magnitude at seven points of the interval after sample `i`, and at three as a shorter filter reads it; where it is
 * bright, also as the finest does.
 */
const read = (samples: Float32Array, i: number, state: Float32Array): number => {
  for (const sum of sums) sum.fill(0);
  for (let j = 0, tap = FIRST_TAP; j < TAPS / 2; j++) {
    const sum = single(samples[i - j] + samples[i + 1 + j]);
    const difference = single(samples[i - j] - samples[i + 1 + j]);
    const turn = j & 1;
    addTo(sums[turn], tap, sum);
    addTo(sums[2 + turn], tap + 4, difference);
    if (j < SHORT_PAIRS) addTo(sums[4 + turn], tap + 8, sum);
    tap += j < SHORT_PAIRS ? SHORT_PAIR : LONG_PAIR;
  }
  const [even, odd, short] = [0, 2, 4].map(sumOf);
  const shorter = short.map((value, lane) => single(Math.abs(value) + (lane < 3 ? 0 : Math.abs(odd[lane]))));
  const reading = Math.max(largest(even, odd), ...shorter);
  const [middle, quarter, quarterOdd] = [even[3] - short[0], even[1] - short[3], odd[1] - odd[3]].map(single);
  const difference = single(single(Math.abs(middle) + Math.abs(quarter)) + Math.abs(quarterOdd));
  state[BESIDE + 1] = Math.max(difference, single(REMEMBERED * state[BESIDE + 1]));
  return state[BESIDE + 1] > single(BRIGHT_SINGLE * reading) ? Math.max(reading, readFine(samples, i)) : reading;
};

const readFine = (samples: Float32Array, i: number): number => {
  for (const sum of sums) sum.fill(0);
  for (let j = 0, tap = FINE_TAP; j < FINE_OVERSAMPLER.tapsPerPhase / 2; j++, tap += LONG_PAIR) {
    addTo(sums[j & 1], tap, single(samples[i - j] + samples[i + 1 + j]));
    addTo(sums[2 + (j & 1)], tap + 4, single(samples[i - j] - samples[i + 1 + j]));
  }
  return largest(sumOf(0), sumOf(2));
};

/** Of seven points: three and their mirrors, and the middle. */
const largest = (even: Float32Array, odd: Float32Array): number =>
  Math.max(...even.map((value, lane) => single(Math.abs(value) + (lane < 3 ? Math.abs(odd[lane]) : 0))));

const addTo = (sum: Float32Array, tap: number, value: number): void => {
  for (let lane = 0; lane < 4; lane++) sum[lane] += single(tables[tap + lane] * value);
};
