/**
 * Known damage to finished music. Each takes music at full level, gives it damaged, and says what of it can be told apart:
 * how many frames of silence lead, where the clicks are. Levels of hum and hiss are absolute, so those are added last.
 */

import type { StereoBlock } from '../../../packages/engine/src/audio.ts';
import { BandSplit } from '../../../packages/engine/src/dsp/band-split.ts';
import { BiquadSection } from '../../../packages/engine/src/dsp/biquad.ts';
import { designEqBand, type EqShape } from '../../../packages/engine/src/dsp/eq-design.ts';
import { SeededRandom } from '../../../packages/engine/src/dsp/random.ts';
import { gainFromDb } from '../../../packages/engine/src/units.ts';
import { SAMPLE_RATE_HZ } from '../music.ts';
import { copyOf, loudnessOf, peakOf, scaled } from '../signal.ts';

/** Damaged music; `leadFrames` of silence stand before it, and `clicks` are frames of the music where one begins. */
export type Damaged = { audio: StereoBlock; leadFrames: number; clicks: number[]; clipLevel: number | null };
type Step = (damaged: Damaged, random: SeededRandom) => Damaged;
export type Damage = { name: string; levelLufs: number; before?: Step[]; after?: Step[] };

const onAudio =
  (change: (audio: StereoBlock) => StereoBlock): Step =>
  (damaged) => ({ ...damaged, audio: change(damaged.audio) });

const equalised = (...shapes: EqShape[]): Step =>
  onAudio((audio) => {
    const out = copyOf(audio);
    for (const plane of [out.left, out.right])
      for (const shape of shapes) {
        const filter = designEqBand(shape, SAMPLE_RATE_HZ);
        if (filter) new BiquadSection(filter.biquad).process(plane, plane, plane.length);
      }
    return out;
  });

const bell = (frequencyHz: number, gainDb: number, q = 1): EqShape => ({ kind: 'bell', frequencyHz, gainDb, q });
const lowShelf = (frequencyHz: number, gainDb: number): EqShape => ({
  kind: 'low-shelf',
  frequencyHz,
  gainDb,
  q: 0.71,
});
const highShelf = (frequencyHz: number, gainDb: number): EqShape => ({
  kind: 'high-shelf',
  frequencyHz,
  gainDb,
  q: 0.71,
});
/** Two wide shelves back to back: close to a straight line from 100 Hz to 10 kHz. */
const tilted = (db: number): Step => equalised({ ...lowShelf(350, -db), q: 0.4 }, { ...highShelf(2800, db), q: 0.4 });

const midSide = (change: (mid: number, side: number, lowSide: number) => [number, number]): Step =>
  onAudio(({ left, right }) => {
    const side = left.map((l, i) => (l - right[i]) / 2);
    const bands = [new Float64Array(side.length), new Float64Array(side.length)];
    new BandSplit([150], SAMPLE_RATE_HZ).process(side, bands, side.length);
    const out = { left: new Float64Array(side.length), right: new Float64Array(side.length) };
    for (let i = 0; i < side.length; i++) {
      const [mid, wide] = change((left[i] + right[i]) / 2, side[i], bands[0][i]);
      out.left[i] = mid + wide;
      out.right[i] = mid - wide;
    }
    return out;
  });

const narrowed = midSide((mid, side) => [mid, 0.4 * side]);
/** Wider everywhere, and one side of the lows upside down: half of the mid lows goes into the side. */
const overWide: Step = onAudio((audio) => {
  const lows = [audio.left, audio.right].map((plane) => {
    const bands = [new Float64Array(plane.length), new Float64Array(plane.length)];
    new BandSplit([150], SAMPLE_RATE_HZ).process(plane, bands, plane.length);
    return bands;
  });
  const out = copyOf(audio);
  for (let i = 0; i < out.left.length; i++) {
    const side = (lows[0][1][i] - lows[1][1][i]) / 2;
    const mid = (lows[0][1][i] + lows[1][1][i]) / 2;
    out.left[i] = mid + 1.6 * side + lows[0][0][i];
    out.right[i] = mid - 1.6 * side - 0.7 * lows[1][0][i];
  }
  return out;
});

const imbalanced = onAudio((audio) => ({ left: audio.left, right: audio.right.map((v) => v * gainFromDb(-2)) }));

/** Upward and downward expansion 1 : 1.5 around the mean level, followed over 30 ms. */
const expanded = onAudio(({ left, right }) => {
  const smooth = Math.exp(-1 / (0.03 * SAMPLE_RATE_HZ));
  let mean = 0;
  for (let i = 0; i < left.length; i++) mean += (left[i] ** 2 + right[i] ** 2) / left.length;
  let power = mean;
  const out = { left: new Float64Array(left.length), right: new Float64Array(left.length) };
  for (let i = 0; i < left.length; i++) {
    power = smooth * power + (1 - smooth) * (left[i] ** 2 + right[i] ** 2);
    const gain = Math.min(2, Math.max(0.1, (power / mean) ** 0.25));
    out.left[i] = left[i] * gain;
    out.right[i] = right[i] * gain;
  }
  return out;
});

const clippedBy =
  (db: number): Step =>
  (damaged) => {
    const clipLevel = peakOf(damaged.audio) * gainFromDb(-db);
    const cut = (v: number): number => Math.max(-clipLevel, Math.min(clipLevel, v));
    return { ...damaged, audio: { left: damaged.audio.left.map(cut), right: damaged.audio.right.map(cut) }, clipLevel };
  };

const offset = onAudio(({ left, right }) => ({ left: left.map((v) => v + 0.02), right: right.map((v) => v - 0.012) }));

const hum = (mainsHz: number, levelDbfs: number): Step =>
  onAudio(({ left, right }) => {
    const parts = [1, 0.6, 0.7, 0.3, 0.4, 0.15, 0.2].map((amplitude, k) => ({
      amplitude,
      hz: mainsHz * (k + 1),
      phase: 1.3 * k,
    }));
    const power = parts.reduce((sum, { amplitude }) => sum + amplitude ** 2 / 2, 0);
    const gain = gainFromDb(levelDbfs) / Math.sqrt(power);
    const humAt = (i: number): number =>
      parts.reduce(
        (sum, { amplitude, hz, phase }) => sum + amplitude * Math.sin((2 * Math.PI * hz * i) / SAMPLE_RATE_HZ + phase),
        0,
      );
    const added = left.map((_, i) => gain * humAt(i));
    return { left: left.map((v, i) => v + added[i]), right: right.map((v, i) => v + added[i]) };
  });

const hiss =
  (levelDbfs: number): Step =>
  (damaged, random) => {
    // Three uniform numbers are near enough to a normal distribution; their sum has a variance of one quarter.
    const noise = (): number =>
      ((random.next() + random.next() + random.next()) / 2 ** 32 - 1.5) * 2 * gainFromDb(levelDbfs);
    const { left, right } = damaged.audio;
    return { ...damaged, audio: { left: left.map((v) => v + noise()), right: right.map((v) => v + noise()) } };
  };

const addClick = (part: Float64Array, height: number, length: number): void => {
  for (let i = 0; i < part.length; i++) part[i] += height * (i % 2 === 0 ? 1 : -0.7) * Math.exp((-2 * i) / length);
};

const CLICKS = 40;
const clicked: Step = (damaged, random) => {
  const audio = copyOf(damaged.audio);
  const peak = peakOf(audio);
  const uniform = (): number => random.next() / 2 ** 32;
  const clicks = Array.from({ length: CLICKS }, () => Math.floor((0.02 + 0.96 * uniform()) * audio.left.length)).sort(
    (a, b) => a - b,
  );
  for (const at of clicks) {
    const height = peak * (0.25 + 0.6 * uniform()) * (uniform() < 0.5 ? -1 : 1);
    const length = 1 + Math.floor(12 * uniform());
    const planes = uniform() < 0.6 ? [audio.left, audio.right] : [uniform() < 0.5 ? audio.left : audio.right];
    for (const plane of planes) addClick(plane.subarray(at, at + length), height, length);
  }
  return { ...damaged, audio, clicks };
};

const silenceAround =
  (headSeconds: number, tailSeconds: number): Step =>
  (damaged) => {
    const lead = Math.round(headSeconds * SAMPLE_RATE_HZ);
    const frames = damaged.audio.left.length + lead + Math.round(tailSeconds * SAMPLE_RATE_HZ);
    const padded = (plane: Float64Array): Float64Array => {
      const out = new Float64Array(frames);
      out.set(plane, lead);
      return out;
    };
    return {
      ...damaged,
      audio: { left: padded(damaged.audio.left), right: padded(damaged.audio.right) },
      leadFrames: lead,
    };
  };

const mud = equalised(bell(260, 4));
const harsh = equalised(bell(3800, 4.5, 1.2));

export const damages: readonly Damage[] = [
  { name: 'level', levelLufs: -26 },
  { name: 'tilt up', levelLufs: -23, before: [tilted(4)] },
  { name: 'tilt down', levelLufs: -23, before: [tilted(-4)] },
  { name: 'mud', levelLufs: -22, before: [mud] },
  { name: 'harsh', levelLufs: -22, before: [harsh] },
  { name: 'dull', levelLufs: -23, before: [equalised(highShelf(5000, -7))] },
  { name: 'boom', levelLufs: -24, before: [equalised(bell(90, 6))] },
  { name: 'thin', levelLufs: -22, before: [equalised(lowShelf(180, -6))] },
  { name: 'narrow', levelLufs: -22, before: [narrowed] },
  { name: 'over-wide', levelLufs: -24, before: [overWide] },
  { name: 'imbalance', levelLufs: -22, before: [imbalanced] },
  { name: 'expanded', levelLufs: -24, before: [expanded] },
  { name: 'clipped', levelLufs: -20, before: [clippedBy(5)] },
  { name: 'dc', levelLufs: -23, after: [offset] },
  { name: 'hum 50', levelLufs: -23, after: [hum(50, -52)] },
  { name: 'hum 60', levelLufs: -22, after: [hum(60, -56)] },
  { name: 'hiss', levelLufs: -23, after: [hiss(-57)] },
  { name: 'clicks', levelLufs: -22, after: [clicked] },
  { name: 'silence', levelLufs: -22, after: [silenceAround(6, 8)] },
  {
    name: 'dull, hum, hiss',
    levelLufs: -24,
    before: [equalised(highShelf(5000, -7))],
    after: [hum(50, -54), hiss(-57)],
  },
  { name: 'mud, imbalance, clicks', levelLufs: -22, before: [mud, imbalanced], after: [clicked] },
  { name: 'harsh, narrow, dc', levelLufs: -23, before: [harsh, narrowed], after: [offset] },
  { name: 'clipped, hiss, silence', levelLufs: -20, before: [clippedBy(5)], after: [hiss(-57), silenceAround(4, 6)] },
];

/** The music with this damage, at its level; the same seed gives the same damage. */
export const damage = (music: StereoBlock, { levelLufs, before = [], after = [] }: Damage, seed: number): Damaged => {
  const random = new SeededRandom(seed);
  const run = (damaged: Damaged, steps: Step[]): Damaged => steps.reduce((each, step) => step(each, random), damaged);
  const shaped = run({ audio: music, leadFrames: 0, clicks: [], clipLevel: null }, before);
  const gain = gainFromDb(levelLufs - loudnessOf(shaped.audio));
  const { clipLevel } = shaped;
  return run({ ...shaped, audio: scaled(shaped.audio, gain), clipLevel: clipLevel && clipLevel * gain }, after);
};
