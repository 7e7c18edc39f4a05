import { describe, expect, test } from 'vitest';
import { HumMeter } from '../src/analyse/hum.ts';
import { dehumStage } from '../src/decide/noise.ts';
import { analyse, decide, type Hum, type Intent, type MasteringPlan, renderTone, type Stage } from '../src/index.ts';
import { collect } from './rendering.ts';
import { feed, music, noise, randomNumbers, type Signal, silence, streamOf } from './signals.ts';

const RATE = 8000;
const SECONDS = 24;

type Sine = { hz: number; dbfs: number; phase?: number };

const sines = (list: Sine[], seconds = SECONDS, envelope = (_seconds: number) => 1): Signal => {
  const signal = silence(seconds, RATE);
  for (let i = 0; i < signal.left.length; i++) {
    const t = i / RATE;
    for (const { hz, dbfs, phase = 0 } of list) {
      signal.left[i] += envelope(t) * Math.SQRT2 * 10 ** (dbfs / 20) * Math.sin(2 * Math.PI * hz * t + phase);
    }
  }
  signal.right.set(signal.left);
  return signal;
};

const sum = (a: Signal, b: Signal, sign = 1): Signal => ({
  ...a,
  left: a.left.map((x, i) => x + sign * b.left[i]),
  right: a.right.map((x, i) => x + sign * b.right[i]),
});

const powerDb = ({ left }: Signal): number => 10 * Math.log10(left.reduce((e, x) => e + x * x, 0) / left.length);

/** Lines at −52, −58, −62 … dBFS, each with its own phase. */
const humAt = (mainsHz: number, seconds = SECONDS): Signal =>
  sines(
    [1, 2, 3, 4, 5].map((h) => ({ hz: h * mainsHz, dbfs: -52 - 20 * Math.log10(h), phase: 2 * h * h })),
    seconds,
  );

const find = (signal: Signal): Hum | null => {
  const meter = new HumMeter(RATE);
  feed(meter, signal);
  return meter.finish();
};

/** A melody in the bass that rests between its notes. */
const notes = (hz: number): Signal =>
  sines(
    [
      { hz, dbfs: -20 },
      { hz: 2 * hz, dbfs: -26 },
    ],
    SECONDS,
    (t) => (t % 2 < 1.2 ? 1 : 0),
  );

/** A bass, a middle and a high voice: decaying notes of a tempered scale, now short, now long, with three harmonics each. */
const melody = (seconds: number): Signal => {
  const signal = silence(seconds, RATE);
  const next = randomNumbers(5);
  for (const lowestHz of [41.2, 164.8, 659.3]) {
    for (let start = 0; start < signal.left.length; start += Math.round(RATE * (0.5 + 0.3 * next()))) {
      const hz = lowestHz * 2 ** (Math.round(6 + 6 * next()) / 12);
      const pan = 1 + 0.5 * next();
      for (let i = start; i < Math.min(start + RATE, signal.left.length); i++) {
        const t = (i - start) / RATE;
        const wave = [1, 2, 3].reduce((value, h) => value + Math.sin(2 * Math.PI * h * hz * t) / h, 0);
        const value = 0.12 * wave * Math.exp(-5 * t) * Math.min(1, 100 * t);
        signal.left[i] += pan * value;
        signal.right[i] += (2 - pan) * value;
      }
    }
  }
  return signal;
};

const song = melody(SECONDS);

describe('hum under music', () => {
  test.each([50.03, 49.9, 60, 59.94])('%f Hz is found, its frequency to 5 mHz, its level to half a decibel', (hz) => {
    const hum = find(sum(song, humAt(hz)));
    expect(Math.abs((hum?.mainsHz ?? 0) - hz)).toBeLessThan(0.005);
    expect(hum?.lines.map(({ harmonic }) => harmonic)).toEqual(expect.arrayContaining([1, 2, 3]));
    expect(Math.abs((hum?.lines[0].levelDbfs ?? 0) + 52)).toBeLessThan(0.5);
  });

  test.each<[string, Signal]>([
    ['music', song],
    ['silence', silence(SECONDS, RATE)],
    ['noise', noise(SECONDS, RATE, 0.01)],
    ['a drum machine', music(SECONDS, RATE)],
    ['music shorter than any evidence', sum(melody(5), humAt(50, 5))],
    ['one steady tone with no multiples', sum(song, sines([{ hz: 50, dbfs: -40 }]))],
    [
      'a drone on G',
      sum(
        song,
        sines([
          { hz: 49, dbfs: -40 },
          { hz: 98, dbfs: -45 },
          { hz: 147, dbfs: -48 },
        ]),
      ),
    ],
    ['bass notes at 50 Hz that rest', sum(song, notes(50))],
    [
      'a drone at 100 Hz',
      sum(
        song,
        sines([
          { hz: 100, dbfs: -40 },
          { hz: 200, dbfs: -45 },
          { hz: 400, dbfs: -48 },
        ]),
      ),
    ],
  ])('%s has none', (_name, signal) => {
    expect(find(signal)).toBeNull();
  });

  test('a restless bass that covers the fundamental does not hide the lines above it', () => {
    // Loud all the time, and never on one note.
    const rumble = silence(SECONDS, RATE);
    for (let i = 0; i < rumble.left.length; i++) {
      const t = i / RATE;
      rumble.left[i] = 0.3 * Math.sin(2 * Math.PI * 50 * t + 30 * Math.sin(1.3 * t));
    }
    rumble.right.set(rumble.left);
    const hum = find(sum(sum(song, rumble), humAt(50)));
    expect(hum?.mainsHz).toBeCloseTo(50, 2);
    expect(hum?.lines.map(({ harmonic }) => harmonic)).not.toContain(1);
    expect(find(sum(song, rumble))).toBeNull();
  });

  test('in one channel only, or upside down in one, it is found as well', () => {
    const hum = humAt(50);
    const { left, right } = song;
    const inLeft = { ...song, left: left.map((x, i) => x + hum.left[i]) };
    const inSide = { ...inLeft, right: right.map((x, i) => x - hum.left[i]) };
    for (const signal of [inLeft, inSide]) expect(find(signal)?.mainsHz).toBeCloseTo(50, 2);
  });

  test('silence before it and a song that fades out do not hide it', () => {
    const whole = sum(song, humAt(50));
    const faded = {
      ...whole,
      left: whole.left.map((x, i) => (i < 2 * RATE ? 0 : x * Math.min(1, (SECONDS - i / RATE) / 2))),
    };
    expect(find({ ...faded, right: faded.left })?.mainsHz).toBeCloseTo(50, 2);
  });

  test('the artist is told, and the plan takes hum out before hiss, unless repairs are off', async () => {
    const analysis = await analyse(streamOf(sum(song, humAt(50))));
    const bands = [{ centreHz: 1995, levelDbfs: -60 }];
    const hiss = { levelDbfs: -60, heardFromHz: 1995, heardToHz: 1995, bands };
    const noisy = { ...analysis, noise: { ...analysis.noise, hiss } };
    expect(analysis.noise.hum?.mainsHz).toBeCloseTo(50, 2);
    expect(analysis.advice.find(({ code }) => code === 'hum')?.sentence).toContain('50.0 Hz');
    const amounts = { repair: 100, tone: 0, compression: 0, width: 0 };
    const intent: Intent = { style: 'natural', intensity: 50, amounts, phase: 'minimum' };
    const { stages, summary } = decide(noisy, intent);
    expect(stages.map(({ stage }) => stage)).toEqual(['dehum', 'denoise']);
    expect(stages[0].reason).toContain('50.00 Hz');
    expect(summary).toBe('2 moves: hum taken out, hiss turned down.');
    expect(decide(noisy, { ...intent, amounts: { ...amounts, repair: 0 } }).stages).toEqual([]);
  });
});

describe('taking it out', () => {
  const stageFor = (signal: Signal): Stage => {
    const hum = find(signal);
    const loudness = { integratedLufs: -16 };
    const stage = dehumStage({ noise: { hum }, loudness } as Parameters<typeof dehumStage>[0]);
    if (stage === null) throw new Error('hum was not found');
    return stage;
  };
  const through = (stage: Stage, signal: Signal, blockFrames?: number): Promise<Signal> => {
    const plan: MasteringPlan = { version: 1, summary: '', stages: [stage] };
    return collect(signal.left.length, RATE, (write) => renderTone(streamOf(signal, blockFrames), plan, write));
  };

  test('what is left lies 18 dB below the hum, and the plan says no more than that', async () => {
    const hum = humAt(50.03);
    const stage = stageFor(sum(song, hum));
    const out = await through(stage, sum(song, hum));
    expect(powerDb(sum(out, song, -1))).toBeLessThan(powerDb(hum) - 18);
    expect(stage).toMatchObject({ stage: 'dehum', bypassed: false });
    if (stage.stage === 'dehum') expect(stage.humAfterDbfs).toBeGreaterThanOrEqual(stage.humBeforeDbfs - 20);
  });

  test('the frequency is followed', async () => {
    const stage = stageFor(sum(song, humAt(50)));
    const moved = humAt(50.02);
    const out = await through(stage, sum(song, moved));
    expect(powerDb(sum(out, song, -1))).toBeLessThan(powerDb(moved) - 15);
  });

  test('notes at the same frequency that come and go are left alone', async () => {
    const bass = notes(50);
    const stage = stageFor(sum(song, humAt(50)));
    const out = await through(stage, sum(song, bass));
    expect(powerDb(sum(out, sum(song, bass), -1))).toBeLessThan(powerDb(bass) - 28);
  });

  test('digital silence stays silent', async () => {
    const hum = humAt(50);
    const stage = stageFor(hum);
    const half = hum.left.length / 2;
    for (const plane of [hum.left, hum.right]) plane.fill(0, half);
    const out = await through(stage, hum);
    expect(out.left.subarray(half + RATE).every((x) => x === 0)).toBe(true);
  });

  test('the size of the blocks leaves no trace', async () => {
    const signal = sum(song, humAt(60));
    const stage = stageFor(signal);
    const whole = await through(stage, signal);
    for (const blockFrames of [441, 4095]) expect(await through(stage, signal, blockFrames)).toEqual(whole);
  });

  test('hum far below the music is left where it is', () => {
    const hum = { mainsHz: 50, levelDbfs: -70, lines: [] };
    const loudness = { integratedLufs: -16 };
    expect(dehumStage({ noise: { hum }, loudness } as unknown as Parameters<typeof dehumStage>[0])).toBeNull();
  });
});
