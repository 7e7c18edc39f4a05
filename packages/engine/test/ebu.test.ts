// EBU Tech 3341 (minimum requirements test signals) and EBU Tech 3342, synthesised from their definitions at each rate.
// Cases 7 and 8 of the one and 5 and 6 of the other are programme recordings.
import { describe, expect, test } from 'vitest';
import { BLOCK_FRAMES, LoudnessMeter } from '../src/index.ts';
import { TruePeakMeter } from '../src/true-peak-meter.ts';
import { feed, type Signal } from './signals.ts';

/** Seconds of a 1 kHz tone at a peak level per channel; `null` is silence. */
type Segment = readonly [seconds: number, ...levelsDbfs: (number | null)[]];
type Reading = 'momentaryLufs' | 'shortTermLufs';
type Case = {
  name: string;
  expected: number | number[];
  below: number;
  above: number;
  ratesHz: readonly number[];
  read: (rateHz: number) => number[];
};

const EVERY_RATE = [44100, 48000, 88200, 96000, 176400, 192000];
/** The minutes of these cases cost most; between these three lies nothing of another kind. */
const THREE_RATES = [44100, 48000, 192000];
const twenty = Array.from({ length: 20 }, (_, i) => i);

/** Plays segments into a meter, 10 ms at a time, and shows the meter after each. */
const play = (meter: LoudnessMeter, rateHz: number, segments: readonly Segment[], look = () => {}): LoudnessMeter => {
  const sine = new Float64Array(BLOCK_FRAMES);
  let at = 0;
  let end = 0;
  for (const [seconds, ...levels] of segments) {
    end += seconds;
    const gains = levels.map((level) => (level === null ? 0 : 10 ** (level / 20)));
    while (at < Math.round(end * rateHz)) {
      const frames = Math.min(Math.round(rateHz / 100), Math.round(end * rateHz) - at);
      for (let i = 0; i < frames; i++) sine[i] = Math.sin((2 * Math.PI * 1000 * (at + i)) / rateHz);
      const planes = gains.map((gain) => sine.subarray(0, frames).map((x) => gain * x));
      if (planes.length === 1) meter.push({ left: planes[0], right: planes[0] }, frames);
      else meter.pushPlanes(planes, frames);
      at += frames;
      look();
    }
  }
  return meter;
};

const integrated =
  (...segments: Segment[]) =>
  (rateHz: number) => [play(new LoudnessMeter(rateHz), rateHz, segments).integratedLufs() ?? Number.NaN];

const surround = (rateHz: number) => {
  const meter = new LoudnessMeter(rateHz, [1, 1, 1, 1.41, 1.41]);
  return [play(meter, rateHz, [[20, -28, -28, -24, -30, -30]]).integratedLufs() ?? Number.NaN];
};

const range =
  (...levels: number[]) =>
  (rateHz: number) => [
    play(
      new LoudnessMeter(rateHz),
      rateHz,
      levels.map((level) => [20, level] as const),
    ).loudnessRangeLu(),
  ];

/** Smallest and largest reading once the first window has filled. */
const steady = (reading: Reading, afterSeconds: number, pattern: Segment[], times: number) => (rateHz: number) => {
  const meter = new LoudnessMeter(rateHz);
  const readings: number[] = [];
  play(meter, rateHz, Array.from({ length: times }, () => pattern).flat(), () => {
    readings.push(meter[reading]() ?? Number.NaN);
  });
  // Readings come every 10 ms, and one more where a segment ends between: leaving as many out is on the safe side.
  const filled = readings.slice(afterSeconds * 100 + times);
  return [Math.min(...filled), Math.max(...filled)];
};

const loudest = (reading: Reading, rateHz: number, meter: LoudnessMeter, segments: readonly Segment[]): number => {
  let most = Number.NEGATIVE_INFINITY;
  play(meter, rateHz, segments, () => {
    most = Math.max(most, meter[reading]() ?? Number.NEGATIVE_INFINITY);
  });
  return most;
};

/** Each segment is a file of its own. */
const files = (reading: Reading, segments: (i: number) => Segment[]) => (rateHz: number) =>
  twenty.map((i) => {
    const meter = play(new LoudnessMeter(rateHz), rateHz, segments(i));
    return (reading === 'momentaryLufs' ? meter.maxMomentaryLufs() : meter.maxShortTermLufs()) ?? Number.NaN;
  });

/** One segment after the other into the same meter, read anew for each. */
const live = (reading: Reading, segments: (i: number) => Segment[]) => (rateHz: number) => {
  const meter = new LoudnessMeter(rateHz);
  return twenty.map((i) => loudest(reading, rateHz, meter, segments(i)));
};

const stereo = (left: Float64Array, sampleRateHz: number): Signal => ({ left, right: left, sampleRateHz });

const truePeak = (signal: Signal): number[] => {
  const meter = new TruePeakMeter();
  feed(meter, signal);
  meter.finish();
  return [meter.truePeakDbtp() ?? Number.NaN];
};

/** A sine of a frequency that divides the rate, faded in and out so that the switch itself adds no peak. */
const divided = (divisor: number, amplitude: number, phaseDegrees: number) => (rateHz: number) => {
  const frames = rateHz / 10;
  const fadeFrames = rateHz / 100;
  const samples = Float64Array.from({ length: frames }, (_, i) => {
    const fade = Math.min(1, i / fadeFrames, (frames - i) / fadeFrames);
    return fade * amplitude * Math.sin((2 * Math.PI * i) / divisor + (phaseDegrees * Math.PI) / 180);
  });
  return truePeak(stereo(samples, rateHz));
};

/** Made at four times the rate: fs/6 at half scale with one period at full scale, low-passed, every fourth sample kept. */
const decimated = (offset: number) => (rateHz: number) => {
  const periodFrames = 24;
  const frames = periodFrames * 400;
  const dense = Float64Array.from({ length: frames }, (_, i) => {
    const amplitude = Math.floor(i / periodFrames) === 200 ? 1 : 0.5;
    return amplitude * Math.sin((2 * Math.PI * i) / periodFrames);
  });
  const halfTaps = 256;
  const taps = Array.from({ length: 2 * halfTaps + 1 }, (_, n) => {
    const t = (n - halfTaps) / 4;
    const sinc = t === 0 ? 1 : Math.sin(Math.PI * t) / (Math.PI * t);
    return (sinc * (0.5 + 0.5 * Math.cos((Math.PI * (n - halfTaps)) / (halfTaps + 1)))) / 4;
  });
  const kept = Float64Array.from({ length: frames / 4 }, (_, i) =>
    taps.reduce((sum, tap, n) => sum + tap * (dense[4 * i + offset + n - halfTaps] ?? 0), 0),
  );
  return truePeak(stereo(kept, rateHz));
};

const lufs = (name: string, expected: number | number[], read: Case['read'], ratesHz = EVERY_RATE): Case => ({
  ...{ name, expected, read, ratesHz },
  below: 0.1,
  above: 0.1,
});
const lra = (name: string, expected: number, read: Case['read']): Case => ({
  ...{ name, expected, read, ratesHz: EVERY_RATE },
  below: 1,
  above: 1,
});
const dbtp = (name: string, expected: number, read: Case['read']): Case => ({
  ...{ name, expected, read, ratesHz: EVERY_RATE },
  below: 0.4,
  above: 0.2,
});

// biome-ignore format: a table
const cases: Case[] = [
  lufs('3341-1 I', -23, integrated([20, -23])),
  lufs('3341-2 I', -33, integrated([20, -33])),
  lufs('3341-3 I', -23, integrated([10, -36], [60, -23], [10, -36])),
  lufs('3341-4 I', -23, integrated([10, -72], [10, -36], [60, -23], [10, -36], [10, -72])),
  lufs('3341-5 I', -23, integrated([20, -26], [20.1, -20], [20, -26])),
  lufs('3341-6 I, 5.0', -23, surround),
  lufs('3341-9 S', -23, steady('shortTermLufs', 3, [[1.34, -20], [1.66, -30]], 5)),
  lufs('3341-10 max S', -23, files('shortTermLufs', (i) => [[0.15 * i, null], [3, -23], [1, null]]), THREE_RATES),
  lufs('3341-11 max S, live', twenty.map((i) => i - 38), live('shortTermLufs', (i) => [[0.15 * i, null], [3, i - 38], [3 - 0.15 * i, null]]), THREE_RATES),
  lufs('3341-12 M', -23, steady('momentaryLufs', 1, [[0.18, -20], [0.22, -30]], 25)),
  lufs('3341-13 max M', -23, files('momentaryLufs', (i) => [[0.02 * i, null], [0.4, -23], [1, null]])),
  lufs('3341-14 max M, live', twenty.map((i) => i - 38), live('momentaryLufs', (i) => [[0.02 * i, null], [0.4, i - 38], [0.4 - 0.02 * i, null]])),
  dbtp('3341-15 true peak', -6, divided(4, 0.5, 0)),
  dbtp('3341-16 true peak', -6, divided(4, 0.5, 45)),
  dbtp('3341-17 true peak', -6, divided(6, 0.5, 60)),
  dbtp('3341-18 true peak', -6, divided(8, 0.5, 67.5)),
  dbtp('3341-19 true peak', 3, divided(4, 1.41, 45)),
  dbtp('3341-20 true peak', 0, decimated(0)),
  dbtp('3341-21 true peak', 0, decimated(1)),
  dbtp('3341-22 true peak', 0, decimated(2)),
  dbtp('3341-23 true peak', 0, decimated(3)),
  lra('3342-1 LRA', 10, range(-20, -30)),
  lra('3342-2 LRA', 5, range(-20, -15)),
  lra('3342-3 LRA', 20, range(-40, -20)),
  lra('3342-4 LRA', 15, range(-50, -35, -20, -35, -50)),
];

describe('EBU Tech 3341 and 3342, within the tolerance of each case', () => {
  const rows = cases.flatMap((row) => row.ratesHz.map((rateHz) => ({ ...row, rateHz })));
  test.each(rows)('$name at $rateHz Hz', ({ expected, below, above, rateHz, read }) => {
    const readings = read(rateHz);
    const wanted = readings.map((_, i) => (typeof expected === 'number' ? expected : expected[i]));
    readings.forEach((reading, i) => {
      expect(reading).toBeGreaterThanOrEqual(wanted[i] - below);
      expect(reading).toBeLessThanOrEqual(wanted[i] + above);
    });
  });
});
