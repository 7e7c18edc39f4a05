import { designOversampler } from '../src/dsp/oversampler.ts';
import {
  createBlock,
  type LoudnessMove,
  type LoudnessSpec,
  outlineOf,
  Resampler,
  renderLoudness,
  solveLoudness,
  type WriteBlock,
} from '../src/index.ts';
import { TruePeakMeter } from '../src/true-peak-meter.ts';
import { feed, type Signal, streamOf } from './signals.ts';

/** Collects what a render writes into one signal. */
export const collect = async (
  frames: number,
  sampleRateHz: number,
  render: (write: WriteBlock) => Promise<void>,
): Promise<Signal> => {
  const signal = { ...createBlock(frames), sampleRateHz };
  let at = 0;
  await render((block, count) => {
    signal.left.set(block.left.subarray(0, count), at);
    signal.right.set(block.right.subarray(0, count), at);
    at += count;
  });
  if (at !== frames) throw new Error(`${at} frames were written, not ${frames}`);
  return signal;
};

/** At another rate, written in blocks of these sizes, over and over. */
export const resampled = (signal: Signal, toHz: number, sizes: readonly number[] = [4096]): Promise<Signal> => {
  const fromHz = signal.sampleRateHz;
  const frames = signal.left.length;
  return collect(Math.round((frames * toHz) / fromHz), toHz, async (write) => {
    const resampler = new Resampler({ fromHz, toHz }, write);
    for (let at = 0, k = 0; at < frames; k++) {
      const to = Math.min(frames, at + sizes[k % sizes.length]);
      await resampler.write({ left: signal.left.subarray(at, to), right: signal.right.subarray(at, to) }, to - at);
      at = to;
    }
    await resampler.finish();
  });
};

export const limited = async (signal: Signal, move: LoudnessMove, blockFrames?: number): Promise<Signal> => {
  const outline = await outlineOf(streamOf(signal, blockFrames));
  return collect(signal.left.length, signal.sampleRateHz, async (write) => {
    await renderLoudness(outline, streamOf(signal, blockFrames), { move, write });
  });
};

export const solve = async (signal: Signal, specs: LoudnessSpec[]) =>
  solveLoudness(await outlineOf(streamOf(signal)), () => streamOf(signal), specs);

/** Harder than any meter in use: eight points per sample, 64 taps each. */
const STRICT_OVERSAMPLER = designOversampler(8, 64);

export const strictTruePeakDbtp = (signal: Signal): number => {
  const meter = new TruePeakMeter(STRICT_OVERSAMPLER);
  feed(meter, signal);
  meter.finish();
  return meter.truePeakDbtp() ?? -Infinity;
};

/** Level in dB of one frequency in an impulse response. */
export const responseDb = (impulseResponse: Float64Array, hz: number, sampleRateHz: number): number => {
  let re = 0;
  let im = 0;
  for (let i = 0; i < impulseResponse.length; i++) {
    re += impulseResponse[i] * Math.cos((2 * Math.PI * hz * i) / sampleRateHz);
    im -= impulseResponse[i] * Math.sin((2 * Math.PI * hz * i) / sampleRateHz);
  }
  return 10 * Math.log10(re * re + im * im);
};
