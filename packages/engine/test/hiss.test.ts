import { describe, expect, test } from 'vitest';
import { HissMeter } from '../src/analyse/noise.ts';
import { denoiseStage } from '../src/decide/noise.ts';
import { logSpectralGain } from '../src/dsp/log-spectral-gain.ts';
import { analyse, type Hiss, type MasteringPlan, renderTone, type Stage } from '../src/index.ts';
import { collect } from './rendering.ts';
import { feed, music, noise, randomNumbers, type Signal, scaled, silence, streamOf } from './signals.ts';

const RATE = 32_000;
const SECONDS = 8;

const sum = (a: Signal, b: Signal, sign = 1): Signal => ({
  ...a,
  left: a.left.map((x, i) => x + sign * b.left[i]),
  right: a.right.map((x, i) => x + sign * b.right[i]),
});

const powerDb = ({ left }: Signal, from = 0, to = left.length): number =>
  10 * Math.log10(left.subarray(from, to).reduce((e, x) => e + x * x, 0) / (to - from) + 1e-20);

/** White noise of so many dBFS RMS in each channel. */
const hissAt = (dbfs: number): Signal => noise(SECONDS, RATE, Math.sqrt(3) * 10 ** (dbfs / 20), 9);

/** Plucked notes of many harmonics, whose top fades soon. */
const melody = (): Signal => {
  const signal = silence(SECONDS, RATE);
  const next = randomNumbers(5);
  for (let start = 0; start < signal.left.length; start += Math.round(RATE * (0.35 + 0.15 * next()))) {
    const hz = 300 * 2 ** (Math.round(6 + 6 * next()) / 12);
    for (let i = start; i < Math.min(start + RATE / 2, signal.left.length); i++) {
      const t = (i - start) / RATE;
      for (let h = 1; h * hz < 12_000; h += 2) {
        const value = (0.2 / h) * Math.sin(2 * Math.PI * h * hz * t) * Math.exp(-(4 + 2 * h) * t);
        signal.left[i] += value;
        signal.right[i] += 0.7 * value;
      }
    }
  }
  return signal;
};

const song = melody();

const find = (signal: Signal): Hiss | null => {
  const meter = new HissMeter(signal.sampleRateHz);
  feed(meter, signal);
  return meter.finish().hiss;
};

describe('hiss under music', () => {
  test.each([-50, -57, -63])('at %f dBFS is found, its level to 1 dB', (dbfs) => {
    expect(Math.abs((find(sum(song, hissAt(dbfs)))?.levelDbfs ?? 0) - dbfs)).toBeLessThan(1);
  });

  /** As a noise that stops would be: half of the time it sounds. */
  const gated = (signal: Signal): Signal => ({
    ...signal,
    left: signal.left.map((x, i) => (i % RATE < RATE / 2 ? x : 0.3 * x)),
    right: signal.right.map((x, i) => (i % RATE < RATE / 2 ? x : 0.3 * x)),
  });

  test.each<[string, Signal]>([
    ['music', song],
    ['a sketch with noisy drums', music(SECONDS, RATE)],
    ['silence', silence(SECONDS, RATE)],
    ['noise too soft to matter', sum(song, hissAt(-85))],
    ['a noise that swells', { ...song, left: hissAt(-40).left.map((x, i) => (x * i) / song.left.length) }],
    ['steps of 16 bits', { ...song, left: song.left.map((x) => Math.round(x * 32_768) / 32_768) }],
  ])('%s has none', (_name, signal) => {
    expect(find(signal)).toBeNull();
  });

  test('noise that stops now and then counts only with what never stops', () => {
    const hiss = find(gated(hissAt(-50)));
    expect(hiss === null || hiss.levelDbfs < -58).toBe(true);
  });

  test('the artist is told', async () => {
    const { advice, noise: heard } = await analyse(streamOf(sum(song, hissAt(-57))));
    expect(heard.floorDbfs).toBeLessThan(-50);
    expect(advice.find(({ code }) => code === 'hiss')?.sentence).toContain('57 dB below');
  });
});

describe('turning it down', () => {
  type Heard = Parameters<typeof denoiseStage>[0];
  const decideOn = (hiss: Hiss | null, style: 'natural' | 'classical' = 'natural') =>
    denoiseStage({ noise: { hiss }, loudness: { integratedLufs: -20 } } as Heard, style);
  const stageFor = (signal: Signal, style?: 'natural' | 'classical'): Stage => {
    const stage = decideOn(find(signal), style);
    if (stage === null) throw new Error('hiss was not found');
    return stage;
  };
  const through = (stage: Stage, signal: Signal, blockFrames?: number): Promise<Signal> => {
    const plan: MasteringPlan = { version: 1, summary: '', stages: [stage] };
    return collect(signal.left.length, RATE, (write) => renderTone(streamOf(signal, blockFrames), plan, write));
  };
  const damaged = sum(song, hissAt(-57));

  test('where nothing covers it the plan says how far it goes down, to 1 dB', async () => {
    for (const style of ['natural', 'classical'] as const) {
      const stage = stageFor(damaged, style);
      const out = await through(stage, hissAt(-57));
      if (stage.stage !== 'denoise') throw new Error('another stage');
      const reductionDb = powerDb(hissAt(-57), RATE) - powerDb(out, RATE);
      expect(Math.abs(reductionDb - (stage.noiseBeforeDbfs - stage.noiseAfterDbfs))).toBeLessThan(1);
      expect(stage.maxReductionDb).toBe(style === 'natural' ? 14 : 4);
    }
  });

  test('with music the error is smaller after than before, and the music is as loud', async () => {
    const out = await through(stageFor(damaged), damaged);
    expect(powerDb(sum(out, song, -1))).toBeLessThan(-57 - 3);
    expect(powerDb(out)).toBeCloseTo(powerDb(song), 1);
  });

  test('what it does to music alone is softer than the hiss', async () => {
    const out = await through(stageFor(damaged), song);
    expect(powerDb(sum(out, song, -1))).toBeLessThan(-57 - 8);
  });

  test('the size of the blocks leaves no trace', async () => {
    const stage = stageFor(damaged);
    const [left, right] = [damaged.left.slice(0, RATE), damaged.right.slice(0, RATE)];
    const second = { ...damaged, left, right };
    const whole = await through(stage, second);
    for (const blockFrames of [1, 441, 4095]) expect(await through(stage, second, blockFrames)).toEqual(whole);
  });

  test('what lies far below the music is left where it is', () => {
    const hiss = find(damaged);
    expect(decideOn(hiss && { ...hiss, levelDbfs: -75 })).toBeNull();
    expect(decideOn(null)).toBeNull();
  });
});

test.each([
  // ξ, γ, G: v = ξγ/(1 + ξ), E₁ from Abramowitz & Stegun, table 5.1: E₁(0.5) = 0.559773595, E₁(1) = 0.219383934, E₁(2) = 0.048900511.
  [1, 1, 0.5 * Math.exp(0.559773595 / 2)],
  [1, 2, 0.5 * Math.exp(0.219383934 / 2)],
  [1, 4, 0.5 * Math.exp(0.048900511 / 2)],
  [100, 100, 100 / 101],
])('the gain at ξ = %f, γ = %f is that of the published tables', (prior, posterior, gain) => {
  expect(Math.abs(logSpectralGain(prior, posterior) / gain - 1)).toBeLessThan(5e-5);
});

test('louder music is scaled, not judged otherwise', () => {
  expect(find(scaled(sum(song, hissAt(-57)), 0.5))?.levelDbfs).toBeCloseTo(
    (find(sum(song, hissAt(-57)))?.levelDbfs ?? 0) - 6.02,
    0,
  );
});
