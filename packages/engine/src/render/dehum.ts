// Takes hum out by listening to it: amplitude and phase of each line, from the quiet moments of 8 s before and after, and a
// sine of that amplitude and phase subtracted. Music at the same frequency comes and goes and is left alone: a notch would
// take it too. Each line's value is the robust steady part (dsp/heterodyne.ts) of about 90 windows of 0.37 s, lessened by
// what is uncertain of it:
//   c' = c · max(0, 1 − e/|c|²),   e: expected power of the error of c
// The mains frequency is followed: every 1.5 s the one within ±40 mHz is taken that all lines agree on best.
// Where a file is digital silence nothing is subtracted. Latency: 8.4 s, from what lies ahead. Cost: a sine for each line.
import type { StereoBlock } from '../audio.ts';
import { Decimator } from '../dsp/decimator.ts';
import { StereoDelay } from '../dsp/delay.ts';
import { type Complex, type Complexes, Heterodyne, phasor, steadyPart } from '../dsp/heterodyne.ts';
import { designHumBank, type HumBank } from '../dsp/hum-bank.ts';
import { quantiseCoefficient } from '../dsp/quantise.ts';
import { powerFromDb } from '../units.ts';
import type { Processor } from './processor.ts';

type HumLine = { harmonic: number; levelDbfs: number };
export type DehumParameters = { mainsHz: number; lines: HumLine[] };

/** Windows that are listened to before and after the one that is meant. */
const REACH = 43;
const SPAN = 2 * REACH + 1;
const FOLLOW_EVERY = 8;
const FOLLOW_STEP_HZ = 0.0025;
const FOLLOW_STEPS = 16;
/** Of a line's power, in one channel: what is louder is not hum. */
const MOST_POWER = 6;
/** Reduced samples that are exactly 0 in a row: digital silence. */
const SILENT_SAMPLES = 16;

/** Windows that lie near count more: 1 − (t/reach)². */
const NEARNESS = Float64Array.from({ length: SPAN }, (_, t) => 1 - ((t - REACH) / (REACH + 1)) ** 2);

/** One line in one channel: its last values, in the order they came. */
class LineMemory implements Complexes {
  readonly re = new Float64Array(SPAN);
  readonly im = new Float64Array(SPAN);

  push(value: Complex): void {
    this.re.copyWithin(0, 1);
    this.im.copyWithin(0, 1);
    this.re[SPAN - 1] = value.re;
    this.im[SPAN - 1] = value.im;
  }
}

/** A line: how it is heard, what was heard, what is subtracted. */
class TrackedLine {
  readonly harmonic: number;
  /** e^(iωn) at the frame that comes next. */
  readonly wave = { re: 1, im: 0 };
  readonly channels = [0, 1].map(() => ({ memory: new LineMemory(), from: { re: 0, im: 0 }, to: { re: 0, im: 0 } }));
  readonly #ear: Heterodyne;
  readonly #power: number;
  readonly #turned = { re: new Float64Array(SPAN), im: new Float64Array(SPAN) };

  constructor({ harmonic, levelDbfs }: HumLine, mainsHz: number, bank: HumBank) {
    this.harmonic = harmonic;
    this.#ear = new Heterodyne((harmonic * mainsHz) / bank.rateHz, bank.windowSamples);
    // The amplitude of a sine is √2 times its RMS.
    this.#power = quantiseCoefficient(2 * powerFromDb(levelDbfs));
  }

  isSilent(): boolean {
    return this.channels.every(({ from, to }) => from.re === 0 && from.im === 0 && to.re === 0 && to.im === 0);
  }

  hear(samples: readonly Float64Array[], position: number): void {
    this.channels.forEach(({ memory }, c) => {
      memory.push(this.#ear.read(samples[c], 0, position));
    });
  }

  /** Turns the values by so much per window, 0 at the middle, and finds what is steady. */
  estimate(turns: Complexes, weights: Float64Array): void {
    for (const channel of this.channels) {
      turn(channel.memory, turns, this.#turned);
      const { re, im, errorPower } = steadyPart(this.#turned, weights, this.#power);
      const power = re * re + im * im;
      const sure = power > errorPower ? (1 - errorPower / power) * Math.min(1, (MOST_POWER * this.#power) / power) : 0;
      channel.from = channel.to;
      channel.to = { re: sure * re, im: sure * im };
    }
  }

  /** How well the values agree when turned so: what is loud counts little. */
  agreement(turns: Complexes, weights: Float64Array): number {
    let agreement = 0;
    for (const { memory } of this.channels) {
      turn(memory, turns, this.#turned);
      let [sumRe, sumIm, sum] = [0, 0, 0];
      for (let t = 0; t < SPAN; t++) {
        const re = this.#turned.re[t];
        const im = this.#turned.im[t];
        const power = re * re + im * im;
        const weight = weights[t] / (this.#power + power);
        sumRe += weight * re;
        sumIm += weight * im;
        sum += weights[t] * weight * power;
      }
      if (sum > 0) agreement += (sumRe * sumRe + sumIm * sumIm) / sum;
    }
    return agreement;
  }
}

const turn = ({ re, im }: Complexes, turns: Complexes, out: Complexes): void => {
  for (let t = 0; t < SPAN; t++) {
    out.re[t] = re[t] * turns.re[t] - im[t] * turns.im[t];
    out.im[t] = re[t] * turns.im[t] + im[t] * turns.re[t];
  }
};

/** For every step of the frequency and every harmonic: by how much each window is turned. */
const designTurns = (harmonics: readonly number[], secondsPerWindow: number): Complexes[][] =>
  Array.from({ length: 2 * FOLLOW_STEPS + 1 }, (_, step) =>
    harmonics.map((harmonic) => {
      const strayHz = harmonic * (step - FOLLOW_STEPS) * FOLLOW_STEP_HZ;
      const turns = Array.from({ length: SPAN }, (_unused, t) => phasor(-strayHz * secondsPerWindow * (t - REACH)));
      return {
        re: Float64Array.from(turns, ({ re }) => re),
        im: Float64Array.from(turns, ({ im }) => im),
      };
    }),
  );

/** The reduced signal's last window, in both channels, and whether it is silent. */
class ReducedWindow {
  readonly samples: readonly [Float64Array, Float64Array];
  readonly #decimators: readonly [Decimator, Decimator];
  #silentRun = 0;
  #silent = false;

  constructor(bank: HumBank) {
    this.samples = [new Float64Array(bank.windowSamples), new Float64Array(bank.windowSamples)];
    this.#decimators = [new Decimator(bank.filter), new Decimator(bank.filter)];
  }

  /** True when a reduced sample was added. */
  push(left: number, right: number, at: number): boolean {
    const [forLeft, forRight] = this.#decimators;
    const isNew = forLeft.push(left);
    forRight.push(right);
    if (!isNew) return false;
    const [l, r] = [forLeft.value(), forRight.value()];
    this.samples[0][at] = l;
    this.samples[1][at] = r;
    this.#silentRun = l === 0 && r === 0 ? this.#silentRun + 1 : 0;
    if (this.#silentRun >= SILENT_SAMPLES) this.#silent = true;
    return true;
  }

  /** Makes room for another `hop` samples; true if what was there held silence. */
  shift(hop: number): boolean {
    const wasSilent = this.#silent;
    this.#silent = this.#silentRun >= SILENT_SAMPLES;
    for (const plane of this.samples) plane.copyWithin(0, hop);
    return wasSilent;
  }
}

class Dehum implements Processor {
  readonly latencyFrames: number;
  readonly #lines: readonly TrackedLine[];
  readonly #turns: readonly Complexes[][];
  readonly #window: ReducedWindow;
  readonly #delay: StereoDelay;
  /** Turns per frame, of the mains frequency. */
  readonly #turnsPerFrame: number;
  readonly #turnsPerSample: readonly Complex[];
  readonly #factor: number;
  readonly #windowSamples: number;
  readonly #hop: number;
  readonly #delayFrames: number;
  /** 1 for windows that were heard, 0 for silence and for what lies before the start. */
  readonly #heard = new Float64Array(SPAN);
  readonly #weights = new Float64Array(SPAN);
  #step = FOLLOW_STEPS;
  #windows = 0;
  #filled = 0;
  #frames = 0;
  /** Frames since the last value of the lines. */
  #into = 0;

  constructor({ mainsHz, lines }: DehumParameters, sampleRateHz: number) {
    const bank = designHumBank(sampleRateHz);
    this.#factor = bank.filter.factor;
    this.#windowSamples = bank.windowSamples;
    this.#hop = (bank.windowSamples - 1) / 2;
    this.#delayFrames = bank.filter.delayFrames;
    this.#window = new ReducedWindow(bank);
    this.#lines = lines.map((line) => new TrackedLine(line, mainsHz, bank));
    this.#turnsPerFrame = mainsHz / sampleRateHz;
    this.#turnsPerSample = lines.map(({ harmonic }) => phasor(harmonic * this.#turnsPerFrame));
    this.#turns = designTurns(
      lines.map(({ harmonic }) => harmonic),
      this.#hop / bank.rateHz,
    );
    this.latencyFrames = (REACH + 2) * this.#hopFrames + this.#delayFrames;
    this.#delay = new StereoDelay(this.latencyFrames);
  }

  get #hopFrames(): number {
    return this.#hop * this.#factor;
  }

  process(block: StereoBlock, frames: number): void {
    let from = 0;
    for (let i = 0; i < frames; i++) {
      if (!this.#listen(block.left[i], block.right[i])) continue;
      this.#repair(block, from, i);
      from = i;
      this.#endWindow();
    }
    this.#repair(block, from, frames);
  }

  /** True when a window is full: the frame that filled it is the first one of the next stretch. */
  #listen(left: number, right: number): boolean {
    if (!this.#window.push(left, right, this.#filled)) return false;
    this.#filled++;
    return this.#filled === this.#windowSamples;
  }

  #endWindow(): void {
    const position = this.#windows * this.#hop - this.#delayFrames / this.#factor;
    for (const line of this.#lines) line.hear(this.#window.samples, position);
    this.#heard.copyWithin(0, 1);
    this.#heard[SPAN - 1] = this.#window.shift(this.#hop) ? 0 : 1;
    this.#filled = this.#windowSamples - this.#hop;
    this.#windows++;
    this.#into = 0;
    for (const line of this.#lines) {
      Object.assign(line.wave, phasor(line.harmonic * this.#turnsPerFrame * (this.#frames - this.latencyFrames)));
    }
    if (this.#windows > REACH) this.#estimate();
  }

  #estimate(): void {
    for (let t = 0; t < SPAN; t++) this.#weights[t] = this.#heard[t] * NEARNESS[t];
    if ((this.#windows - 1) % FOLLOW_EVERY === 0 || this.#windows === REACH + 1) this.#follow();
    const silent = this.#heard[REACH] === 0;
    this.#lines.forEach((line, k) => {
      line.estimate(this.#turns[this.#step][k], this.#weights);
      for (const channel of line.channels) {
        if (silent) channel.to = { re: 0, im: 0 };
        if (this.#windows === REACH + 1) channel.from = channel.to;
      }
    });
  }

  #follow(): void {
    const agreementAt = (step: number): number =>
      this.#lines.reduce((sum, line, k) => sum + line.agreement(this.#turns[step][k], this.#weights), 0);
    let best = FOLLOW_STEPS;
    let most = agreementAt(best);
    for (let step = 0; step < this.#turns.length; step++) {
      const agreement = agreementAt(step);
      if (agreement <= most) continue;
      best = step;
      most = agreement;
    }
    this.#step = best;
  }

  /** Delays, and subtracts the lines, whose values move in straight lines from one window's middle to the next. */
  #repair({ left, right }: StereoBlock, from: number, to: number): void {
    const part = { left: left.subarray(from, to), right: right.subarray(from, to) };
    this.#delay.process(part, part, to - from);
    this.#lines.forEach((line, k) => {
      if (line.isSilent()) return;
      subtract(part, line, { turn: this.#turnsPerSample[k], into: this.#into, of: this.#hopFrames });
    });
    this.#frames += to - from;
    this.#into += to - from;
  }
}

type Move = { turn: Complex; into: number; of: number };

/** x[n] ← x[n] − Re(c[n] · e^(iωn)) in both channels, c moving from one value to the next. */
const subtract = ({ left, right }: StereoBlock, { wave, channels }: TrackedLine, { turn, into, of }: Move): void => {
  const [l, r] = channels;
  let { re, im } = wave;
  for (let i = 0; i < left.length; i++) {
    const along = (into + i) / of;
    const leftRe = l.from.re + (l.to.re - l.from.re) * along;
    const leftIm = l.from.im + (l.to.im - l.from.im) * along;
    const rightRe = r.from.re + (r.to.re - r.from.re) * along;
    const rightIm = r.from.im + (r.to.im - r.from.im) * along;
    left[i] -= leftRe * re - leftIm * im;
    right[i] -= rightRe * re - rightIm * im;
    const next = re * turn.re - im * turn.im;
    im = re * turn.im + im * turn.re;
    re = next;
  }
  wave.re = re;
  wave.im = im;
};

/** Without a line nothing is changed. */
export const createDehum = (parameters: DehumParameters, sampleRateHz: number): Processor =>
  new Dehum(parameters, sampleRateHz);
