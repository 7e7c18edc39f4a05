import { type AudioStream, BLOCK_FRAMES, createBlock, type StereoBlock } from '../src/audio.ts';

/** A whole signal in memory, as tests like it. */
export type Signal = StereoBlock & { readonly sampleRateHz: number };

const framesOf = (seconds: number, sampleRateHz: number): number => Math.round(seconds * sampleRateHz);

export const silence = (seconds: number, sampleRateHz: number): Signal => ({
  ...createBlock(framesOf(seconds, sampleRateHz)),
  sampleRateHz,
});

export type Tone = {
  readonly frequencyHz: number;
  /** Peak level. */
  readonly levelDbfs: number;
  readonly seconds: number;
  readonly phaseDegrees?: number;
  /** Of the right channel against the left. */
  readonly rightPhaseDegrees?: number;
  readonly rightLevelDb?: number;
};

/** A sine on both channels. */
export const tone = (spec: Tone, sampleRateHz: number): Signal => {
  const signal = silence(spec.seconds, sampleRateHz);
  const amplitude = 10 ** (spec.levelDbfs / 20);
  const rightAmplitude = amplitude * 10 ** ((spec.rightLevelDb ?? 0) / 20);
  const step = (2 * Math.PI * spec.frequencyHz) / sampleRateHz;
  const phase = ((spec.phaseDegrees ?? 0) * Math.PI) / 180;
  const rightPhase = phase + ((spec.rightPhaseDegrees ?? 0) * Math.PI) / 180;
  for (let i = 0; i < signal.left.length; i++) {
    signal.left[i] = amplitude * Math.sin(step * i + phase);
    signal.right[i] = rightAmplitude * Math.sin(step * i + rightPhase);
  }
  return signal;
};

/** Numbers in −1…1 that repeat for a seed (mulberry32). */
export const randomNumbers = (seed: number): (() => number) => {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 31 - 1;
  };
};

/** White noise, independent in both channels, evenly spread over ±amplitude. */
export const noise = (seconds: number, sampleRateHz: number, amplitude = 0.25, seed = 1): Signal => {
  const signal = silence(seconds, sampleRateHz);
  const next = randomNumbers(seed);
  for (let i = 0; i < signal.left.length; i++) {
    signal.left[i] = amplitude * next();
    signal.right[i] = amplitude * next();
  }
  return signal;
};

/**
 * A sketch of music: chords, bass, a kick on the beat, a noisy snare off it, a bright shimmer; width and dynamics of a mix
 * that peaks near −6 dBFS. Band-limited parts keep their sound at any rate.
 */
export const music = (seconds: number, sampleRateHz: number, seed = 7): Signal => {
  const signal = silence(seconds, sampleRateHz);
  const next = randomNumbers(seed);
  const partials = [55, 110, 220, 277.2, 329.6, 440, 554.4, 880, 1760, 3520].map((frequencyHz, k) => ({
    step: (2 * Math.PI * frequencyHz) / sampleRateHz,
    gain: 0.12 / (1 + 0.5 * k),
    pan: k < 2 ? 0 : 0.6 * next(),
  }));
  for (let i = 0; i < signal.left.length; i++) {
    const beat = (i / sampleRateHz / 0.5) % 1;
    const offBeat = (i / sampleRateHz / 0.5 + 0.5) % 1;
    const section = 0.6 + 0.4 * Math.sin((2 * Math.PI * i) / sampleRateHz / 16);
    const kick =
      0.35 * Math.exp(-12 * beat) * Math.sin(2 * Math.PI * 50 * beat * 0.5 * (1 + 0.5 * Math.exp(-30 * beat)));
    const snare = 0.18 * Math.exp(-25 * offBeat) * next();
    let left = kick + snare;
    let right = kick + 0.8 * snare + 0.01 * next();
    for (const { step, gain, pan } of partials) {
      const value = gain * section * Math.sin(step * i);
      left += value * (1 + pan);
      right += value * (1 - pan);
    }
    signal.left[i] = 0.6 * left;
    signal.right[i] = 0.6 * right;
  }
  return signal;
};

/** One after the other. */
export const concatenate = (...signals: readonly Signal[]): Signal => {
  const frames = signals.reduce((sum, signal) => sum + signal.left.length, 0);
  const joined = { ...createBlock(frames), sampleRateHz: signals[0].sampleRateHz };
  let at = 0;
  for (const signal of signals) {
    joined.left.set(signal.left, at);
    joined.right.set(signal.right, at);
    at += signal.left.length;
  }
  return joined;
};

export const scaled = (signal: Signal, gain: number): Signal => ({
  left: signal.left.map((x) => gain * x),
  right: signal.right.map((x) => gain * x),
  sampleRateHz: signal.sampleRateHz,
});

/** The stream the engine reads; `blockFrames` is the most that one read gives. */
export const streamOf = (signal: Signal, blockFrames: number = BLOCK_FRAMES, channels: 1 | 2 = 2): AudioStream => {
  let at = 0;
  return {
    sampleRateHz: signal.sampleRateHz,
    channels,
    frames: signal.left.length,
    read(block) {
      const frames = Math.min(blockFrames, block.left.length, signal.left.length - at);
      block.left.set(signal.left.subarray(at, at + frames));
      block.right.set(signal.right.subarray(at, at + frames));
      at += frames;
      return frames;
    },
  };
};

/** Feeds a meter block by block. */
export const feed = (
  meter: { push(block: StereoBlock, frames: number): void },
  signal: Signal,
  blockFrames: number = BLOCK_FRAMES,
): void => {
  for (let at = 0; at < signal.left.length; at += blockFrames) {
    const block = {
      left: signal.left.subarray(at, at + blockFrames),
      right: signal.right.subarray(at, at + blockFrames),
    };
    meter.push(block, block.left.length);
  }
};
