import { describe, expect, test } from 'vitest';
import { designOversampler, METERING_OVERSAMPLER, type Oversampler } from '../src/dsp/oversampler.ts';
import { TruePeakMeter } from '../src/true-peak-meter.ts';
import { concatenate, feed, music, noise, type Signal, scaled, silence, tone } from './signals.ts';

const RATE = 44_100;
const METER_OVERSAMPLER = designOversampler(8, 128, 0.49);

/** Largest magnitude of every point of every interval. */
const everyPoint = ({ folds, foldCount, tapsPerPhase }: Oversampler, samples: Float64Array): number => {
  const pairs = tapsPerPhase / 2;
  const padded = new Float64Array(samples.length + 2 * tapsPerPhase);
  padded.set(samples, tapsPerPhase);
  let peak = 0;
  for (let i = pairs; i < padded.length - pairs; i++) {
    for (let fold = 0; fold < foldCount; fold++) {
      let [even, odd, middle] = [0, 0, 0];
      for (let j = 0, at = 3 * fold * pairs; j < pairs; j++, at += 3) {
        const [before, after] = [padded[i - j], padded[i + 1 + j]];
        even += folds[at] * (before + after);
        odd += folds[at + 1] * (before - after);
        middle += folds[at + 2] * (before + after);
      }
      peak = Math.max(peak, Math.abs(padded[i]), Math.abs(even) + Math.abs(odd), Math.abs(middle));
    }
  }
  return peak;
};

const readingOf = (signal: Signal): number => {
  const meter = new TruePeakMeter();
  feed(meter, signal);
  meter.finish();
  return meter.takePeak();
};

describe('the meter reads what reading every point would give, though it skips nearly all', () => {
  const clipped = (signal: Signal, most: number): Signal => ({
    ...signal,
    left: signal.left.map((x) => Math.max(-most, Math.min(most, x))),
    right: signal.right.map((x) => Math.max(-most, Math.min(most, x))),
  });
  const bursts = (turns: number): Signal => {
    const { left: levels } = noise(0.2, RATE, 1, 7);
    const left = levels.map(
      (_, i) => levels[i - (i % 7)] * Math.sin(2 * Math.PI * turns * i) + 0.7 * Math.sin(i / 100),
    );
    return { ...silence(0, RATE), left, right: left };
  };
  const signals: [string, Signal][] = [
    ['music', music(0.5, RATE)],
    ['music that was clipped', clipped(scaled(music(0.5, RATE), 4), 0.5)],
    ['white noise', noise(0.2, RATE, 1)],
    ['white noise that was clipped', clipped(noise(0.2, RATE, 1), 0.1)],
    ...[0.3, 0.4, 0.45, 0.48].map((turns): [string, Signal] => [`bursts at ${turns} of the rate`, bursts(turns)]),
    ['a tone', tone({ frequencyHz: RATE / 3, levelDbfs: 0, seconds: 0.1, phaseDegrees: 20 }, RATE)],
    ['a loud end', concatenate(music(0.2, RATE), noise(0.01, RATE, 1))],
  ];

  test.each(signals)('%s', (_name, signal) => {
    const points = [METERING_OVERSAMPLER, METER_OVERSAMPLER].flatMap((oversampler) =>
      [signal.left, signal.right].map((plane) => everyPoint(oversampler, plane)),
    );
    expect(readingOf(signal)).toBe(Math.max(...points));
  });
});
