/**
 * What the repair of clicks and of cut peaks finds and wins, on real music: `npm run bench:mending [FOLDER [COUNT]]`.
 * Each excerpt of 20 s is heard as it is (nothing should be found), then with 40 clicks, then cut off 5 dB below its peak; both
 * damaged ones at −22 LUFS in 16 bits. Prints how many clicks are found by their level above the music, and by how much the
 * error at the damaged samples falls.
 */

import { SeededRandom } from '../../packages/engine/src/dsp/random.ts';
import { analyse, decide, type MasteringPlan, renderTone, type StereoBlock } from '../../packages/engine/src/index.ts';
import { gainFromDb } from '../../packages/engine/src/units.ts';
import { streamOf, withExcerpts } from './music.ts';
import { gather, loudnessOf, peakOf, scaled } from './signal.ts';

const [folder, count = '24'] = process.argv.slice(2);
const LEVEL_LUFS = -22;
const CLICKS = 40;
const OVER_DB = 5;
const NEAR_FRAMES = 1024;

type Damage = { audio: StereoBlock; isDamaged: (n: number, channel: number) => boolean };
type Click = { at: number; frames: number; channels: number[]; levelDb: number };

const mendingsFor = async (audio: StereoBlock): Promise<MasteringPlan> => {
  const amounts = { repair: 100, tone: 0, compression: 0, width: 0 };
  const plan = decide(await analyse(streamOf(audio)), { style: 'natural', intensity: 50, amounts, phase: 'minimum' });
  return { ...plan, stages: plan.stages.filter(({ stage }) => stage === 'declip' || stage === 'declick') };
};

const mended = async (audio: StereoBlock, plan: MasteringPlan): Promise<StereoBlock> => {
  const { whole, hear } = gather(audio.left.length);
  await renderTone(streamOf(audio), plan, hear);
  return whole;
};

const planesOf = ({ left, right }: StereoBlock): Float64Array[] => [left, right];
const in16Bits = (audio: StereoBlock): StereoBlock => {
  const rounded = (x: number): number => Math.max(-1, Math.min(32767 / 32768, Math.round(x * 32768) / 32768));
  return { left: audio.left.map(rounded), right: audio.right.map(rounded) };
};

const errorOf = (heard: StereoBlock, clean: StereoBlock, isDamaged: Damage['isDamaged']): number => {
  const other = planesOf(clean);
  return planesOf(heard).reduce((sum, plane, channel) => {
    const original = other[channel] ?? plane;
    return plane.reduce((all, x, n) => all + (isDamaged(n, channel) ? (x - (original[n] ?? 0)) ** 2 : 0), sum);
  }, 1e-20);
};

const gainDb = async (damage: Damage, clean: StereoBlock, plan: MasteringPlan): Promise<number> => {
  const out = await mended(damage.audio, plan);
  return 10 * Math.log10(errorOf(damage.audio, clean, damage.isDamaged) / errorOf(out, clean, damage.isDamaged));
};

/** Spikes, blocks, bursts of noise, decaying ones and ones of both polarities, 1 to 20 samples, decaying ones up to 1 ms. */
const shapes: ((frames: number, next: () => number) => number[])[] = [
  () => [1],
  (frames) => Array.from({ length: frames }, () => 1),
  (frames, next) => Array.from({ length: frames }, () => 2 * next() - 1),
  (frames) => Array.from({ length: 2 * frames }, (_, k) => Math.exp((-2.5 * k) / frames) * (k % 2 === 0 ? 1 : -0.7)),
  (frames) => Array.from({ length: frames }, (_, k) => (k < frames / 2 ? 1 : -1)),
];

const clicked = (clean: StereoBlock, seed: number): Damage & { clicks: Click[] } => {
  const random = new SeededRandom(seed);
  const next = (): number => random.next() / 2 ** 32;
  const planes = planesOf(clean).map((plane) => plane.slice());
  const clicks = Array.from({ length: CLICKS }, (_, k): Click => {
    const at = Math.floor(((k + 0.1 + 0.8 * next()) / CLICKS) * clean.left.length);
    const values = shapes[k % shapes.length]?.(1 + Math.floor(20 * next()), next) ?? [];
    const around = clean.left.subarray(Math.max(0, at - NEAR_FRAMES), at + NEAR_FRAMES);
    const rms = Math.sqrt(around.reduce((sum, x) => sum + x * x, 1e-6) / around.length);
    const levelDb = -6 + 30 * next();
    const channels = next() < 0.6 ? [0, 1] : [next() < 0.5 ? 0 : 1];
    const height = Math.min(0.9, rms * gainFromDb(levelDb)) * (next() < 0.5 ? -1 : 1);
    for (const channel of channels)
      values.forEach((x, i) => {
        const plane = planes[channel];
        if (plane && at + i < plane.length) plane[at + i] = (plane[at + i] ?? 0) + height * x;
      });
    return { at, frames: values.length, channels, levelDb: 20 * Math.log10(Math.abs(height) / rms) };
  });
  const near = [0, 1].map((channel) => new Set(clicks.filter((c) => c.channels.includes(channel)).flatMap(framesOf)));
  const [left = clean.left, right = clean.right] = planes;
  const isDamaged = (n: number, channel: number): boolean => near[channel]?.has(n) ?? false;
  return { audio: in16Bits({ left, right }), clicks, isDamaged };
};

const framesOf = ({ at, frames }: Click): number[] => Array.from({ length: frames + 4 }, (_, k) => at - 2 + k);

const cutOff = (clean: StereoBlock): Damage => {
  const level = peakOf(clean) * gainFromDb(-OVER_DB);
  const cut = (x: number): number => Math.max(-level, Math.min(level, x));
  const planes = planesOf(clean);
  return {
    audio: in16Bits({ left: clean.left.map(cut), right: clean.right.map(cut) }),
    isDamaged: (n, channel) => Math.abs(planes[channel]?.[n] ?? 0) > level,
  };
};

const levels = [0, 6, 12, 18, Number.POSITIVE_INFINITY];
const found = levels.map(() => ({ of: 0, found: 0 }));
const countFound = ({ clicks, audio }: { clicks: Click[]; audio: StereoBlock }, out: StereoBlock): void => {
  for (const click of clicks) {
    const tally = found[levels.findIndex((level) => click.levelDb < level)];
    const [plane, after] = click.channels.includes(0) ? [audio.left, out.left] : [audio.right, out.right];
    if (!tally) continue;
    tally.of++;
    if (framesOf(click).some((n) => plane[n] !== after[n])) tally.found++;
  }
};

const spread = (values: number[]): string => {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (part: number): string => (sorted[Math.floor(part * (sorted.length - 1))] ?? Number.NaN).toFixed(1);
  return `${sorted.length} excerpts: least ${at(0)}, quarter ${at(0.25)}, median ${at(0.5)}, most ${at(1)} dB`;
};

await withExcerpts({ folder, count: Number(count), seconds: 20 }, async (excerpts) => {
  const [clickGains, clipGains]: [number[], number[]] = [[], []];
  for (const [seed, { name, audio }] of excerpts.entries()) {
    const untouched = await mendingsFor(audio);
    for (const { stage, reason } of untouched.stages) console.log(`as it is: ${name}: ${stage}: ${reason}`);
    const clean = scaled(audio, gainFromDb(LEVEL_LUFS - loudnessOf(audio)));
    const clicks = clicked(clean, seed);
    const plan = await mendingsFor(clicks.audio);
    countFound(clicks, await mended(clicks.audio, plan));
    clickGains.push(await gainDb(clicks, clean, plan));
    const clipped = cutOff(clean);
    clipGains.push(await gainDb(clipped, clean, await mendingsFor(clipped.audio)));
  }
  console.log(`clicks, error at the damaged samples falls by, over ${spread(clickGains)}`);
  console.log(`cut peaks, the same, over ${spread(clipGains)}`);
  found.forEach(({ of, found: hit }, k) => {
    console.log(`clicks below ${levels[k]} dB re the music's RMS around: ${hit} of ${of} found`);
  });
});
