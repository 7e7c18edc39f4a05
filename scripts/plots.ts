/** `npm run docs:plots`: what the pages of docs/dsp show, drawn from the processors themselves. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { zoneIds, zones } from '../packages/engine/src/decide/zones.ts';
import { designEqBand, type EqShape } from '../packages/engine/src/dsp/eq-design.ts';
import { Fft } from '../packages/engine/src/dsp/fft.ts';
import { KWeightedPair, stepEnds } from '../packages/engine/src/dsp/k-weighting.ts';
import { designOversampler } from '../packages/engine/src/dsp/oversampler.ts';
import {
  BLOCK_FRAMES,
  createQuantiser,
  type Dither,
  Resampler,
  renderTone,
  type Stage,
  type StereoBlock,
} from '../packages/engine/src/index.ts';
import { TruePeakMeter } from '../packages/engine/src/true-peak-meter.ts';
import { streamOf } from './bench/music.ts';
import { type Plot, svgOf } from './svg-plot.ts';

const folder = join(import.meta.dirname, '../docs/dsp/plots');
const rate = 44_100;
type Signal = StereoBlock & { sampleRateHz: number };
type Points = [x: number, y: number][];

const frequencyAxis = (from: number, to: number): Plot['x'] => ({
  ...{ label: 'frequency, Hz', from, to, logarithmic: true },
  ticks: [10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000].filter((hz) => hz >= from && hz <= to),
});
const range = (from: number, to: number, step: number): number[] =>
  Array.from({ length: Math.round((to - from) / step) + 1 }, (_, k) => Math.round(1e6 * (from + k * step)) / 1e6);
const decibels = (from: number, to: number, step: number): Plot['y'] => ({
  ...{ label: 'dB', from, to, ticks: range(from, to, step) },
});
const spread = (from: number, to: number, count = 240): number[] =>
  Array.from({ length: count + 1 }, (_, k) => from * (to / from) ** (k / count));

function signalOf(seconds: number, sampleRateHz: number, sample: (n: number) => number, side = 1): Signal {
  const left = Float64Array.from({ length: Math.round(seconds * sampleRateHz) }, (_, n) => sample(n));
  return { left, right: left.map((x) => side * x), sampleRateHz };
}

/** The left channel after a stage. */
async function through(stage: Stage, signal: Signal): Promise<Float64Array> {
  const out: number[] = [];
  await renderTone(
    streamOf(signal, signal.sampleRateHz),
    { version: 1, summary: '', stages: [stage] },
    ({ left }, frames) => {
      for (let i = 0; i < frames; i++) out.push(left[i] ?? 0);
    },
  );
  return Float64Array.from(out);
}

function levelDbAt(samples: Float64Array, hz: number, sampleRateHz: number): number {
  let re = 0;
  let im = 0;
  samples.forEach((x, n) => {
    re += x * Math.cos((2 * Math.PI * hz * n) / sampleRateHz);
    im += x * Math.sin((2 * Math.PI * hz * n) / sampleRateHz);
  });
  return 10 * Math.log10(re * re + im * im);
}

const head = { bypassed: false, reason: '' };

/** Measured response of a stage, from an impulse in the middle of a second; `side` −1: of the sides. */
async function responseOf(stage: Stage, frequencies: number[], side = 1): Promise<Points> {
  const out = await through(
    stage,
    signalOf(0.5, rate, (n) => (n === 11_025 ? 1 : 0), side),
  );
  return frequencies.map((hz) => [hz, levelDbAt(out, hz, rate)]);
}

const equaliserOf = (shapes: EqShape[], phase: 'minimum' | 'linear'): Stage => ({
  ...{ ...head, stage: 'equalise', phase },
  bands: shapes.map((shape) => ({ ...shape, reason: '' })),
});

async function equaliser(): Promise<Plot> {
  const curves = zoneIds.map(async (id) => ({
    name: zones[id].name,
    points: await responseOf(equaliserOf([{ ...zones[id], gainDb: 3 }], 'minimum'), spread(20, 21_000)),
  }));
  const title = 'The five broad moves at +3 dB, measured at 44.1 kHz';
  return { title, x: frequencyAxis(20, 22_050), y: decibels(-0.5, 3.5, 0.5), curves: await Promise.all(curves) };
}

async function linearPhase(): Promise<Plot> {
  const alternating: EqShape[] = zoneIds.map((id, k) => ({ ...zones[id], gainDb: k % 2 === 0 ? -6 : 6 }));
  const errorOf = async (shapes: EqShape[]): Promise<Points> => {
    const measured = await responseOf(equaliserOf(shapes, 'linear'), spread(20, 21_000, 360));
    const promised = (hz: number) =>
      shapes.reduce((sum, shape) => sum + (designEqBand(shape, rate)?.magnitudeDbAt(hz) ?? 0), 0);
    return measured.map(([hz, db]) => [hz, db - promised(hz)]);
  };
  const bell = (frequencyHz: number, q: number): EqShape => ({ kind: 'bell', frequencyHz, gainDb: 6, q });
  return {
    title: 'Linear phase, 4097 taps at 44.1 kHz: measured less promised',
    x: frequencyAxis(20, 22_050),
    y: decibels(-0.1, 0.1, 0.05),
    curves: [
      { name: 'all broad moves, ±6 dB', points: await errorOf(alternating) },
      { name: 'bell, 60 Hz, Q 1, +6 dB', points: await errorOf([bell(60, 1)]) },
      { name: 'bell, 100 Hz, Q 2, +6 dB', points: await errorOf([bell(100, 2)]) },
    ],
  };
}

async function lowEnd(): Promise<Plot> {
  const frequencies = spread(10, 1000);
  const stage = (highPassHz: number | null, monoBelowHz: number | null): Stage => ({
    ...{ ...head, stage: 'low-end', highPassHz, turnBack: null, monoBelowHz },
  });
  return {
    title: 'Low end, measured',
    x: frequencyAxis(10, 1000),
    y: decibels(-60, 6, 6),
    curves: [
      { name: 'high-pass at 25 Hz', points: await responseOf(stage(25, null), frequencies) },
      { name: 'sides, mono below 120 Hz', points: await responseOf(stage(null, 120), frequencies, -1) },
    ],
  };
}

async function compressor(): Promise<Plot> {
  const outOf = async (inDb: number, ratio: number): Promise<number> => {
    const bands = [{ thresholdDb: -30, ratio, kneeDb: 6, attackMs: 20, releaseMs: 120 }];
    const amplitude = Math.SQRT2 * 10 ** (inDb / 20);
    const signal = signalOf(2, rate, (n) => amplitude * Math.sin((2 * Math.PI * 1000 * n) / rate));
    const out = await through({ ...head, stage: 'compress', crossoversHz: [], bands }, signal);
    const settled = out.subarray(1.5 * rate);
    return 10 * Math.log10(settled.reduce((sum, x) => sum + x * x, 0) / settled.length);
  };
  const curves = [1.5, 2, 4].map(async (ratio) => {
    const points: Points = [];
    for (let db = -45; db <= -3; db += 1.5) points.push([db, await outOf(db, ratio)]);
    return { name: `${ratio} : 1`, points };
  });
  const x = { ...decibels(-45, -3, 6), label: 'steady level in, dB' };
  const title = 'Level out: threshold −30 dB, knee 6 dB, measured on steady tones';
  return { title, x, y: decibels(-45, 0, 5), curves: await Promise.all(curves) };
}

async function width(): Promise<Plot> {
  const curves = [0.5, 0.85, 1.2].map(async (each) => {
    const stage: Stage = { ...head, stage: 'width', crossoversHz: [200], widths: [1, each] };
    return { name: `sides, width ${each}`, points: await responseOf(stage, spread(20, 21_000), -1) };
  });
  const title = 'Width above 200 Hz: level of the sides, measured';
  return { title, x: frequencyAxis(20, 22_050), y: decibels(-7, 3, 1), curves: await Promise.all(curves) };
}

/** Response of a conversion from 96 kHz down: an impulse at every position between two samples that come out. */
async function downFrom96(toHz: number, frequencies: number[]): Promise<Points> {
  const [up, down] = toHz === 48_000 ? [1, 2] : [147, 320];
  const taps: [time: number, value: number][] = [];
  for (let offset = 0; offset < down; offset++) {
    const signal = signalOf(0.02, 96_000, (n) => (n === 960 + offset ? 1 : 0));
    let m = 0;
    const resampler = new Resampler({ fromHz: 96_000, toHz }, ({ left }, frames) => {
      for (let i = 0; i < frames; i++, m++) taps.push([(m * down) / up - 960 - offset, left[i] ?? 0]);
    });
    await resampler.write(signal, signal.left.length);
    await resampler.finish();
  }
  return frequencies.map((hz) => {
    const sum = taps.reduce((total, [t, value]) => total + value * Math.cos((2 * Math.PI * hz * t) / 96_000), 0);
    return [hz, 20 * Math.log10(Math.abs(sum) / up + 1e-12)];
  });
}

async function resampler(): Promise<Plot> {
  const frequencies = range(0, 48_000, 100);
  return {
    title: 'From 96 kHz down: response to what goes in, measured',
    x: { label: 'frequency, Hz', from: 0, to: 48_000, ticks: range(0, 48_000, 4000) },
    y: decibels(-180, 20, 20),
    curves: [
      { name: 'to 44.1 kHz', points: await downFrom96(44_100, frequencies) },
      { name: 'to 48 kHz', points: await downFrom96(48_000, frequencies) },
    ],
  };
}

function dither(): Plot {
  const spectrum = (kind: Dither): Points => {
    const signal = signalOf(6, rate, (n) => 0.3 * Math.sin((2 * Math.PI * 997 * n) / rate));
    const quantise = createQuantiser({ wordLengthBits: 16, seed: 1, dither: kind, sampleRateHz: rate });
    const out = new Int32Array(2 * signal.left.length);
    quantise(signal, signal.left.length, out);
    const fft = new Fft(512);
    const powers = new Float64Array(fft.size / 2);
    for (let at = 0; at + fft.size <= signal.left.length; at += fft.size) {
      const re = new Float64Array(fft.size);
      fft.order.forEach((place, n) => {
        const error = (out[2 * (at + n)] ?? 0) - (signal.left[at + n] ?? 0) * 2 ** 15;
        re[place] = error * Math.sin((Math.PI * n) / fft.size) ** 2;
      });
      const im = new Float64Array(fft.size);
      fft.transform(re, im);
      powers.forEach((power, k) => {
        powers[k] = power + (re[k] ?? 0) ** 2 + (im[k] ?? 0) ** 2;
      });
    }
    const plain = 0.25 * 0.375 * fft.size * Math.floor(signal.left.length / fft.size);
    return Array.from(powers, (power, k): [number, number] => [(k * rate) / fft.size, 10 * Math.log10(power / plain)]);
  };
  return {
    title: 'Noise of 16 bits at 44.1 kHz, re that of plain dither, measured',
    x: { label: 'frequency, Hz', from: 0, to: 22_000, ticks: range(0, 22_000, 2000) },
    y: decibels(-30, 25, 5),
    curves: [
      { name: 'tpdf', points: spectrum('tpdf').slice(2) },
      { name: 'shaped', points: spectrum('shaped').slice(2) },
    ],
  };
}

function truePeak(): Plot {
  /** The lowest reading of a full-scale tone over sixteen phases. */
  const lowest = (part: number, meterOf: () => TruePeakMeter): number => {
    const readings = range(0, 15, 1).map((k) => {
      const meter = meterOf();
      // Faded in, so that the switch adds no peak.
      const tone = signalOf(0.03, rate, (n) => Math.min(1, n / 600) * Math.sin(2 * Math.PI * (part * n + k / 32)));
      meter.push(tone, 1200);
      return meter.truePeakDbtp() ?? -99;
    });
    return Math.min(...readings);
  };
  const of = (meterOf: () => TruePeakMeter): Points =>
    range(0.02, 0.48, 0.01).map((part) => [part, lowest(part, meterOf)]);
  return {
    title: 'True peak: lowest reading of a full-scale tone, over 16 phases',
    x: { label: 'frequency, part of the sample rate', from: 0, to: 0.5, ticks: range(0, 0.5, 0.1) },
    y: decibels(-0.8, 0.2, 0.2),
    curves: [
      { name: 'four points, 32 taps, alone', points: of(() => new TruePeakMeter(designOversampler(4, 32))) },
      { name: 'the meter: eight points, 128 taps', points: of(() => new TruePeakMeter()) },
    ],
  };
}

function loudness(): Plot {
  const gainDb = (hz: number, sampleRateHz: number): number => {
    const meter = new KWeightedPair(sampleRateHz);
    const tone = signalOf(0.6, sampleRateHz, (n) => Math.sin((2 * Math.PI * hz * n) / sampleRateHz)).left;
    const from = 0.2 * sampleRateHz;
    const energyOf = (start: number, end: number): number => {
      let energy = 0;
      for (let at = start; at < end; at += BLOCK_FRAMES) {
        const to = Math.min(end, at + BLOCK_FRAMES);
        stepEnds[0] = to - at;
        energy += meter.add(tone, tone, { from: at, to, steps: 1 })[0];
      }
      return energy;
    };
    energyOf(0, from);
    return 10 * Math.log10(energyOf(from, tone.length) / (0.2 * sampleRateHz));
  };
  const curves = [44_100, 48_000, 192_000].map((sampleRateHz) => ({
    name: `${sampleRateHz / 1000} kHz`,
    points: spread(10, 20_000, 120).map((hz): [number, number] => [hz, gainDb(hz, sampleRateHz)]),
  }));
  return { title: 'K-weighting, measured', x: frequencyAxis(10, 20_000), y: decibels(-24, 6, 3), curves };
}

const plots = {
  equaliser,
  'linear-phase': linearPhase,
  'low-end': lowEnd,
  compressor,
  width,
  resampler,
  dither,
  'true-peak': truePeak,
  loudness,
};

mkdirSync(folder, { recursive: true });
for (const [name, draw] of Object.entries(plots)) {
  writeFileSync(join(folder, `${name}.svg`), svgOf(await draw()));
  console.log(`docs/dsp/plots/${name}.svg`);
}
