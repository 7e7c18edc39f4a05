// Mains hum: lines on the exact grid of one frequency near 50 or 60 Hz that sound all the time, under everything else.
// The signal is reduced to about 1.8 kHz and kept in stretches of 9 s. In each stretch every harmonic h is turned down to
// 0 Hz (dsp/heterodyne.ts), what is louder than the quiet moments is held back, and the spectrum of the rest is taken:
//   z_h(f) = |Σ g(t)·e^(−2πihft)|² / (N Σ |g(t)|²),   g = y / (q + |y|²),   q: lower fifth of |y|²
// 1 for a line that never stops, about 1/N for anything else. Σ_h z_h, averaged over the stretches, is largest at the mains
// frequency. A line counts when it stands alone (a drum machine makes lines at every multiple of its beat), where it should,
// and when no moment is much quieter than it. Thresholds: docs/dsp/dehum.md.
import type { Hum } from '../analysis.ts';
import { BLOCK_FRAMES, type StereoBlock } from '../audio.ts';
import { MeanDecimator } from '../dsp/decimator.ts';
import { Fft } from '../dsp/fft.ts';
import { type Complexes, Heterodyne, phasor, type Steady, steadyPart } from '../dsp/heterodyne.ts';
import { designHumBank, HARMONICS, type HumBank } from '../dsp/hum-bank.ts';
import { reserve } from '../kernels/wasm.ts';
import { dbFromPower, powerFromDb } from '../units.ts';
import { medianOf } from './median.ts';

const STRETCH_SAMPLES = 16_384;
/** Enough to know a song; of a longer one every second stretch is forgotten, again and again. */
const MOST_STRETCHES = 48;
const WINDOWS_OVERLAP = 4;
const SPECTRUM_SIZE = 1024;
/** The mains never strays further; a slow tape adds most of it. */
const STRAY_HZ = 0.5;
const STEP_HZ = 0.004;
const STEPS = Math.round((2 * STRAY_HZ) / STEP_HZ) + 1;
const QUIET_SHARE = 0.2;

/** What a line needs: coherence, and how far it stands above anything else nearby. */
type Need = { coherence: number; alone: number };
/** Lines that prove hum; they must sum to so much, and hardly a stretch may have less of all. */
const PROOF: Need = { coherence: 0.1, alone: 1.5 };
const LEAST_SUM = 0.5;
const LEAST_SUM_ANYWHERE = 0.15;
/** Tones of music may lie anywhere: so far from 50 or 60 Hz twice as much is asked. */
const TWICE_AS_MUCH_HZ = 0.25;
/** The fundamental needs a neighbour that is not far … */
const FURTHEST_SECOND = 3;
/** … or, where a bass covers it, three clear lines prove the same, if the frequency is that of the mains. */
const CLEAR: Need = { coherence: 0.1, alone: 2 };
const FEWEST_CLEAR = 3;
const EXACT_HZ = 0.03;
/** Lines that are believed once there is hum. */
const BELIEF: Need = { coherence: 0.05, alone: 1 };
const NEAR_HZ = 0.3;
const FAR_HZ = 2.7;
/** Where each line has its own peak, from the place in the grid. */
const GRID_TOLERANCE_HZ = 0.013;
/** The quietest tenth of all moments, re the line: notes pause, hum does not. */
const LEAST_QUIET = 0.35;
/** Other fundamentals: where some of them have lines too, it is the beat. */
const DECOYS_HZ = [-10, -8, -6, -5, -4, -3, -2, -1, 1, 2, 3, 4, 5, 6, 8, 10];
const MOST_DECOY = 0.35;
/** Where the fundamental proves nothing. */
const MOST_DECOY_OF_CLEAR = 0.3;
/** Two lines that stand so much alone are none of a beat, whose lines have neighbours. */
const STRONG: Need = { coherence: 0.5, alone: 9 };
const MOST_DECOY_OF_STRONG = 0.6;
const DECOY_STRETCHES = 6;

/** What is heard of one harmonic in one stretch. */
type Listened = { readonly values: Complexes; readonly spectrum: Float64Array };

/** Around one assumed mains frequency: what every stretch says of every harmonic. */
type Grid = { readonly aroundHz: number; readonly stretches: readonly (readonly Listened[])[] };

const sorted = (values: ArrayLike<number>): Float64Array => Float64Array.from(values).sort();
/** What is digital silence says nothing. */
const sounding = (power: Float64Array): Float64Array => {
  const ascending = power.slice().sort();
  let first = 0;
  while (ascending[first] === 0) first++;
  return ascending.subarray(first);
};
/** All but the least tenth of the stretches have this or more: a song may fade out, and its hum with it. */
const nearlyLeast = (values: readonly number[]): number => sorted(values)[Math.floor(values.length / 10)];
const powers = ({ re, im }: Complexes): Float64Array => {
  const squares = new Float64Array(re.length);
  for (let t = 0; t < re.length; t++) squares[t] = re[t] * re[t] + im[t] * im[t];
  return squares;
};
const sumOver = <T>(list: readonly T[], value: (each: T) => number): number =>
  list.reduce((sum, each) => sum + value(each), 0);

const harmonics = Array.from({ length: HARMONICS }, (_, k) => k + 1);

/** Workspace, for the length of a call. */
const workStretch = reserve(STRETCH_SAMPLES);

/** Evaluates stretches of the reduced signal. */
class HumEar {
  readonly #bank: HumBank;
  readonly #fft = new Fft(SPECTRUM_SIZE);
  readonly #re = new Float64Array(SPECTRUM_SIZE);
  readonly #im = new Float64Array(SPECTRUM_SIZE);
  readonly #hop: number;
  readonly #windows: number;
  readonly #binHz: number;

  constructor(bank: HumBank) {
    this.#bank = bank;
    this.#hop = Math.floor(bank.windowSamples / WINDOWS_OVERLAP);
    this.#windows = Math.floor((STRETCH_SAMPLES - bank.windowSamples) / this.#hop) + 1;
    this.#binHz = bank.rateHz / this.#hop / SPECTRUM_SIZE;
  }

  /** Listens to the stretches one after the other, until `isVain` says of one that there is no need to go on. */
  listen(
    stretches: readonly Float32Array[],
    aroundHz: number,
    isVain: (heard: readonly Listened[]) => boolean = () => false,
  ): Grid | null {
    const ears = harmonics.map((h) => new Heterodyne((h * aroundHz) / this.#bank.rateHz, this.#bank.windowSamples));
    const heard: Listened[][] = [];
    for (const samples of stretches) {
      workStretch.set(samples);
      const stretch = ears.map((ear) => {
        const values = this.#valuesOf(workStretch, ear);
        return { values, spectrum: this.#spectrumOf(values) };
      });
      if (isVain(stretch)) return null;
      heard.push(stretch);
    }
    return { aroundHz, stretches: heard };
  }

  /** z of one harmonic at a mains frequency that far from the assumed one. */
  coherence({ spectrum }: Listened, harmonic: number, strayHz: number): number {
    return spectrum[this.#binOf(harmonic, strayHz)];
  }

  /** Mean of {@link coherence} over all stretches. */
  meanCoherence(grid: Grid, harmonic: number, strayHz: number): number {
    const bin = this.#binOf(harmonic, strayHz);
    let sum = 0;
    for (const heard of grid.stretches) sum += heard[harmonic - 1].spectrum[bin];
    return sum / grid.stretches.length;
  }

  /** The line's coherence above the largest one nearby that cannot be the line's own. */
  aloneness(grid: Grid, harmonic: number, strayHz: number): number {
    const largest = (fromHz: number, toHz: number): number => {
      let most = 0;
      for (let hz = fromHz; hz <= toHz; hz += this.#binHz) {
        most = Math.max(most, this.meanCoherence(grid, harmonic, strayHz + hz / harmonic));
      }
      return most;
    };
    const others = Math.max(largest(-FAR_HZ, -NEAR_HZ), largest(NEAR_HZ, FAR_HZ));
    return this.meanCoherence(grid, harmonic, strayHz) / others;
  }

  /** Amplitude and phase of a line in one stretch, and how quiet its quietest moments are. */
  line({ values }: Listened, harmonic: number, strayHz: number): Steady & { quietPower: number } {
    const { re, im } = values;
    const turned = { re: new Float64Array(re.length), im: new Float64Array(re.length) };
    const turnsPerWindow = (-harmonic * strayHz * this.#hop) / this.#bank.rateHz;
    for (let t = 0; t < re.length; t++) {
      const turn = phasor(turnsPerWindow * t);
      turned.re[t] = re[t] * turn.re - im[t] * turn.im;
      turned.im[t] = re[t] * turn.im + im[t] * turn.re;
    }
    const ascending = sounding(powers(values));
    const quietPower = ascending[Math.floor(0.1 * ascending.length)] ?? 0;
    const expected = (ascending[Math.floor(QUIET_SHARE * ascending.length)] ?? 0) + Number.MIN_VALUE;
    return { ...steadyPart(turned, new Float64Array(re.length).fill(1), expected), quietPower };
  }

  #binOf(harmonic: number, strayHz: number): number {
    const bin = Math.round((harmonic * strayHz) / this.#binHz);
    return (bin + SPECTRUM_SIZE) % SPECTRUM_SIZE;
  }

  #valuesOf(samples: Float64Array, ear: Heterodyne): Complexes {
    const values = { re: new Float64Array(this.#windows), im: new Float64Array(this.#windows) };
    for (let t = 0; t < this.#windows; t++) {
      const { re, im } = ear.read(samples, t * this.#hop, t * this.#hop);
      values.re[t] = re;
      values.im[t] = im;
    }
    return values;
  }

  #spectrumOf(values: Complexes): Float64Array {
    const power = powers(values);
    const ascending = sounding(power);
    const quiet = (ascending[Math.floor(QUIET_SHARE * ascending.length)] ?? 0) + Number.MIN_VALUE;
    const [re, im] = [this.#re.fill(0), this.#im.fill(0)];
    let sum = 0;
    for (let t = 0; t < power.length; t++) {
      const weight = quiet / (quiet + power[t]);
      re[this.#fft.order[t]] = weight * values.re[t];
      im[this.#fft.order[t]] = weight * values.im[t];
      sum += weight * weight * power[t];
    }
    this.#fft.transform(re, im);
    const spectrum = new Float64Array(SPECTRUM_SIZE);
    if (!(sum > 0)) return spectrum;
    for (let k = 0; k < SPECTRUM_SIZE; k++) spectrum[k] = (re[k] * re[k] + im[k] * im[k]) / (sum * power.length);
    return spectrum;
  }
}

const strays = Array.from({ length: STEPS }, (_, n) => -STRAY_HZ + n * STEP_HZ);

/** All lines together in one stretch. */
const sumAt = (ear: HumEar, heard: readonly Listened[], strayHz: number): number => {
  let sum = 0;
  for (let h = 1; h <= HARMONICS; h++) sum += ear.coherence(heard[h - 1], h, strayHz);
  return sum;
};

/** Where all lines together are most coherent, from the assumed mains frequency. */
const strayOf = (ear: HumEar, grid: Grid, within: readonly number[]): number => {
  const sums = within.map((hz) => sumOver(harmonics, (h) => ear.meanCoherence(grid, h, hz)));
  return within[sums.indexOf(Math.max(...sums))];
};

/** Whether a harmonic's own peak is where the grid says. */
const isInGrid = (ear: HumEar, grid: Grid, harmonic: number, strayHz: number): boolean => {
  const reachHz = Math.max(GRID_TOLERANCE_HZ, 0.03 / harmonic);
  const here = strays.filter((hz) => Math.abs(hz - strayHz) <= 2 * reachHz);
  const best = here.reduce((a, b) =>
    ear.meanCoherence(grid, harmonic, b) > ear.meanCoherence(grid, harmonic, a) ? b : a,
  );
  return Math.abs(best - strayHz) <= reachHz;
};

type Line = Hum['lines'][number];
/** −200 dB. */
const LEAST_POWER = 1e-20;

type Candidate = Line & { alone: number };

/** The line of a harmonic, if it is one. */
const lineOf = (ear: HumEar, grid: Grid, harmonic: number, strayHz: number): Candidate | null => {
  const coherence = ear.meanCoherence(grid, harmonic, strayHz);
  if (coherence < BELIEF.coherence || !isInGrid(ear, grid, harmonic, strayHz)) return null;
  const alone = ear.aloneness(grid, harmonic, strayHz);
  if (alone < BELIEF.alone) return null;
  const lines = grid.stretches.map((heard) => ear.line(heard[harmonic - 1], harmonic, strayHz));
  const power = medianOf(lines.map(({ re, im }) => re * re + im * im));
  const quietest = nearlyLeast(lines.map(({ quietPower }) => quietPower));
  if (!(power > 0) || quietest < LEAST_QUIET * LEAST_QUIET * power) return null;
  const errorPower = medianOf(lines.map((line) => line.errorPower));
  const levels = { levelDbfs: dbFromPower(power / 2), errorDbfs: dbFromPower(errorPower / 2 + LEAST_POWER) };
  return { harmonic, ...levels, coherence, alone };
};

/** Lines at every multiple of a beat are music: some of the other fundamentals have them too. */
const isBeat = (ear: HumEar, stretches: readonly Float32Array[], mainsHz: number, most: number): boolean => {
  const near = strays.filter((hz) => Math.abs(hz) <= STEP_HZ * 2);
  const every = Math.ceil(stretches.length / DECOY_STRETCHES);
  const asked = stretches.filter((_, n) => n % every === 0);
  const sums = DECOYS_HZ.map((hz) => {
    const grid = ear.listen(asked, mainsHz + hz);
    return grid ? Math.max(...near.map((stray) => sumOver(harmonics, (h) => ear.meanCoherence(grid, h, stray)))) : 0;
  });
  return sorted(sums)[sums.length - 2] > most;
};

/** Tells when, at any mains frequency, more than a tenth of all stretches have less of all lines than hum has anywhere. */
const vanity = (ear: HumEar, stretches: number): ((heard: readonly Listened[]) => boolean) => {
  const lacking = new Uint32Array(STEPS);
  return (heard) => {
    for (let n = 0; n < STEPS; n++) if (sumAt(ear, heard, strays[n]) < LEAST_SUM_ANYWHERE) lacking[n]++;
    return lacking.every((count) => count > Math.floor(stretches / 10));
  };
};

const thatMeet = (lines: readonly Candidate[], need: Need): Candidate[] =>
  lines.filter(({ coherence, alone }) => coherence >= need.coherence && alone >= need.alone);

/** How strong other fundamentals may be beside these lines; 0 where the lines prove nothing. */
const mostDecoyFor = (lines: readonly Candidate[], strayHz: number): number => {
  const proof = thatMeet(lines, PROOF);
  const leastSum = LEAST_SUM * (1 + Math.abs(strayHz) / TWICE_AS_MUCH_HZ);
  if (sumOver(proof, ({ coherence }) => coherence) < leastSum) return 0;
  const clear = thatMeet(lines, CLEAR);
  // Even lines alone are those of a drone an octave higher.
  const isMains = Math.abs(strayHz) <= EXACT_HZ && clear.some(({ harmonic }) => harmonic % 2 === 1);
  if (isMains && thatMeet(lines, STRONG).length >= 2) return MOST_DECOY_OF_STRONG;
  if (proof[0].harmonic === 1 && proof[1]?.harmonic <= FURTHEST_SECOND) return MOST_DECOY;
  return isMains && clear.length >= FEWEST_CLEAR ? MOST_DECOY_OF_CLEAR : 0;
};

const findHum = (ear: HumEar, stretches: readonly Float32Array[], aroundHz: number): Hum | null => {
  const grid = ear.listen(stretches, aroundHz, vanity(ear, stretches.length));
  if (grid === null) return null;
  const strayHz = strayOf(ear, grid, strays);
  const sums = grid.stretches.map((heard) => sumAt(ear, heard, strayHz));
  if (nearlyLeast(sums) < LEAST_SUM_ANYWHERE) return null;
  const lines = harmonics.flatMap((h) => lineOf(ear, grid, h, strayHz) ?? []);
  const mostDecoy = mostDecoyFor(lines, strayHz);
  const mainsHz = Math.round(1000 * (aroundHz + strayHz)) / 1000;
  const all = sumOver(harmonics, (h) => ear.meanCoherence(grid, h, strayHz));
  if (mostDecoy === 0 || isBeat(ear, stretches, mainsHz, mostDecoy * all)) return null;
  return {
    mainsHz,
    levelDbfs: dbFromPower(sumOver(lines, ({ levelDbfs }) => powerFromDb(levelDbfs))),
    lines: lines.map(({ alone: _, ...line }) => line),
  };
};

/** The mains or their double lead, or nearly: in the side a beat may have any other line on top. */
const isLedByMains = ({ lines }: Hum): boolean => {
  const loudest = Math.max(...lines.map(({ levelDbfs }) => levelDbfs));
  return lines.some(({ harmonic, levelDbfs }) => harmonic <= 2 && levelDbfs >= loudest - LED_BY_DB);
};
const LED_BY_DB = 6;

/** Of one signal: stretches of 9 s that overlap by half. */
class Stretches {
  readonly #samples = new Float32Array(STRETCH_SAMPLES);
  #filled = 0;
  #kept: Float32Array[] = [];
  #untilKept = 1;
  #stride = 1;

  get kept(): readonly Float32Array[] {
    return this.#kept;
  }

  readonly add = (sample: number): void => {
    this.#samples[this.#filled++] = sample;
    if (this.#filled === STRETCH_SAMPLES) this.#endStretch();
  };

  #endStretch(): void {
    if (this.#samples.some((x) => x !== 0) && --this.#untilKept === 0) {
      this.#untilKept = this.#stride;
      this.#kept.push(this.#samples.slice());
    }
    if (this.#kept.length === MOST_STRETCHES) {
      this.#kept = this.#kept.filter((_, n) => n % 2 === 0);
      this.#stride *= 2;
    }
    this.#samples.copyWithin(0, STRETCH_SAMPLES / 2);
    this.#filled = STRETCH_SAMPLES / 2;
  }
}

/** Workspace: the right channel upside down. */
const turnedRight = new Float64Array(BLOCK_FRAMES);

/** Hears both channels together, and their difference, in which hum of one channel has less music above it. Memory does not grow with what is heard. */
export class HumMeter {
  readonly #bank: HumBank;
  readonly #middle: { decimator: MeanDecimator; stretches: Stretches };
  readonly #side: { decimator: MeanDecimator; stretches: Stretches };

  constructor(sampleRateHz: number) {
    this.#bank = designHumBank(sampleRateHz);
    const { filter } = this.#bank;
    this.#middle = { decimator: new MeanDecimator(filter), stretches: new Stretches() };
    this.#side = { decimator: new MeanDecimator(filter), stretches: new Stretches() };
  }

  /** @param frames at most 4096 */
  push(block: StereoBlock, frames: number): void {
    this.#middle.decimator.push(block, frames, this.#middle.stretches.add);
    for (let i = 0; i < frames; i++) turnedRight[i] = -block.right[i];
    this.#side.decimator.push({ left: block.left, right: turnedRight }, frames, this.#side.stretches.add);
  }

  /** The surer of the two mains frequencies, if there is hum at all; the side is asked where the middle knows of none. */
  finish(): Hum | null {
    const inMiddle = this.#find(this.#middle.stretches);
    if (inMiddle) return inMiddle;
    const inSide = this.#find(this.#side.stretches);
    return inSide && isLedByMains(inSide) ? inSide : null;
  }

  #find({ kept }: Stretches): Hum | null {
    if (kept.length === 0) return null;
    const ear = new HumEar(this.#bank);
    const found = [50, 60].flatMap((hz) => findHum(ear, kept, hz) ?? []);
    const surenessOf = ({ lines }: Hum): number => sumOver(lines, ({ coherence }) => coherence);
    return found.sort((a, b) => surenessOf(b) - surenessOf(a))[0] ?? null;
  }
}
