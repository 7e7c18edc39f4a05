// The foundation: a subsonic high-pass, lows of one channel that are upside down turned back, and lows that are out of phase
// brought to the middle.
// High-pass: second-order Butterworth on both channels. Mono below: a fourth-order Linkwitz–Riley high-pass on the side
// signal alone, so that mid, and with it the mono fold-down, is not touched. Source: bilinear transform of
// s²/(s² + √2 s + 1), squared for the side (Linkwitz 1976). No latency.
// Turned back, gently: what turned the lows over was (s − 1)/(s + 1), which turns the phase around the crossover as well; the same
// filter run backwards (dsp/backward-filter.ts) takes both back and changes no level at any frequency. Steeply: x − 2·b, b the
// lows by a Butterworth low-pass of sixth order run forwards and backwards, which turns no phase but the lows'. It is as steep as
// that because what lies in its slope is lost in part.

import type { TurnedLows } from '../analysis.ts';
import { BLOCK_FRAMES, type StereoBlock } from '../audio.ts';
import { BackwardFilter } from '../dsp/backward-filter.ts';
import { type AnalogueBiquad, type Biquad, BiquadSection, bilinear } from '../dsp/biquad.ts';
import { StereoDelay } from '../dsp/delay.ts';
import { quantiseCoefficient } from '../dsp/quantise.ts';
import type { Processor } from './processor.ts';

export type LowEndParameters = {
  highPassHz: number | null;
  turnBack: TurnedLows | null;
  monoBelowHz: number | null;
};

const BUTTERWORTH = { a2: 1, a1: Math.SQRT2, a0: 1 };
/** 1/Q of the sections of sixth order: 2·cos of 75°, 45°, 15°. */
const SIXTH_ORDER = [(Math.sqrt(6) - Math.sqrt(2)) / 2, Math.SQRT2, (Math.sqrt(6) + Math.sqrt(2)) / 2];
/** By then a filter of 60 Hz has forgotten all but 10⁻¹⁶. */
const LOOK_AHEAD_SECONDS = 0.1;

const design = (prototype: AnalogueBiquad, cutoffHz: number, sampleRateHz: number): Biquad => {
  const { b0, b1, b2, a1, a2 } = bilinear(prototype, cutoffHz, sampleRateHz);
  const q = quantiseCoefficient;
  return { b0: q(b0), b1: q(b1), b2: q(b2), a1: q(a1), a2: q(a2) };
};

const designHighPass = (cutoffHz: number, sampleRateHz: number): Biquad =>
  design({ b2: 1, b1: 0, b0: 0, ...BUTTERWORTH }, cutoffHz, sampleRateHz);

const designLowPass = (cutoffHz: number, sampleRateHz: number): Biquad[] =>
  SIXTH_ORDER.map((a1) => design({ b2: 0, b1: 0, b0: 1, a2: 1, a1, a0: 1 }, cutoffHz, sampleRateHz));

/** (s − 1)/(s + 1). */
const designTurn = (cutoffHz: number, sampleRateHz: number): Biquad => {
  const K = Math.tan((Math.PI * cutoffHz) / sampleRateHz);
  const pole = quantiseCoefficient((1 - K) / (1 + K));
  return { b0: pole, b1: -1, b2: 0, a1: -pole, a2: 0 };
};

/** Turns the lows of one channel back; the other one waits. */
const createTurnBack = ({ channel, belowHz, slope }: TurnedLows, sampleRateHz: number): Processor => {
  const lookAheadFrames = Math.round(LOOK_AHEAD_SECONDS * sampleRateHz);
  const isGentle = slope === 'gentle';
  const filter = isGentle ? [designTurn(belowHz, sampleRateHz)] : designLowPass(belowHz, sampleRateHz);
  const forward = isGentle ? [] : filter.map((biquad) => new BiquadSection(biquad));
  const backward = new BackwardFilter(filter, lookAheadFrames);
  const wait = new StereoDelay(backward.latencyFrames);
  const turned = new Float64Array(BLOCK_FRAMES);
  return {
    latencyFrames: backward.latencyFrames,
    process: (block, frames) => {
      const samples = block[channel];
      turned.set(samples.subarray(0, frames));
      for (const section of forward) section.process(turned, turned, frames);
      backward.process(turned, frames);
      wait.process(block, block, frames);
      for (let i = 0; i < frames; i++) samples[i] = isGentle ? turned[i] : samples[i] - 2 * turned[i];
    },
  };
};

export const createLowEnd = (
  { highPassHz, turnBack, monoBelowHz }: LowEndParameters,
  sampleRateHz: number,
): Processor => {
  const turn = turnBack === null ? null : createTurnBack(turnBack, sampleRateHz);
  const sections = (cutoffHz: number | null, count: number): BiquadSection[] =>
    cutoffHz === null
      ? []
      : Array.from({ length: count }, () => new BiquadSection(designHighPass(cutoffHz, sampleRateHz)));
  const [leftChain, rightChain, sideChain] = [
    sections(highPassHz, 1),
    sections(highPassHz, 1),
    sections(monoBelowHz, 2),
  ];
  const side = new Float64Array(BLOCK_FRAMES);
  const kept = new Float64Array(BLOCK_FRAMES);
  const narrow = ({ left, right }: StereoBlock, frames: number): void => {
    for (let i = 0; i < frames; i++) side[i] = (left[i] - right[i]) / 2;
    kept.set(side);
    for (const section of sideChain) section.process(kept, kept, frames);
    for (let i = 0; i < frames; i++) {
      const moved = kept[i] - side[i];
      left[i] += moved;
      right[i] -= moved;
    }
  };
  return {
    latencyFrames: turn?.latencyFrames ?? 0,
    process: (block: StereoBlock, frames: number) => {
      for (const section of leftChain) section.process(block.left, block.left, frames);
      for (const section of rightChain) section.process(block.right, block.right, frames);
      turn?.process(block, frames);
      if (sideChain.length > 0) narrow(block, frames);
    },
  };
};
