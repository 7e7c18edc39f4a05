/**
 * How well hum and hiss are heard under real music, how much of them is taken out, and what it costs the music.
 *   npm run bench:noise [FOLDER [EVERY [FIRST [listen]]]]
 * Takes every EVERY-th piece of music below FOLDER (fetched unless given), 30 s from its first third, plays it at −20 … −26 LUFS as a mix, listens
 * to it as it is, and again with known hum and known hiss added; with `listen` nothing is repaired. Needs ffmpeg.
 */
import { join } from 'node:path';
import { HumMeter } from '../../packages/engine/src/analyse/hum.ts';
import { HissMeter } from '../../packages/engine/src/analyse/noise.ts';
import { dehumStage, denoiseStage } from '../../packages/engine/src/decide/noise.ts';
import { Fft } from '../../packages/engine/src/dsp/fft.ts';
import {
  type Analysis,
  LoudnessMeter,
  renderTone,
  type Stage,
  type StereoBlock,
} from '../../packages/engine/src/index.ts';
import { decode, filesIn, lengthOf, SAMPLE_RATE_HZ as RATE, streamOf, withMusic } from './music.ts';
import { gather, inBlocks } from './signal.ts';

const [folder, every = '1', first = '0', mode = 'repair'] = process.argv.slice(2);

const SECONDS = 30;
const HUM_DBFS = [-54, -58];
const HISS = [
  { dbfs: -57, colour: 0 },
  { dbfs: -57, colour: -0.4 },
  { dbfs: -63, colour: 0 },
];
const TONE_EDGES_HZ = [40, 120, 400, 1000, 2000, 4000, 8000, 12_000, 16_000];

const db = (power: number): number => 10 * Math.log10(power + 1e-30);
const map = (a: StereoBlock, b: StereoBlock, f: (x: number, y: number) => number): StereoBlock => ({
  left: a.left.map((x, i) => f(x, b.left[i] ?? 0)),
  right: a.right.map((x, i) => f(x, b.right[i] ?? 0)),
});
const add = (a: StereoBlock, b: StereoBlock): StereoBlock => map(a, b, (x, y) => x + y);
const subtract = (a: StereoBlock, b: StereoBlock): StereoBlock => map(a, b, (x, y) => x - y);
const powerOf = ({ left, right }: StereoBlock): number =>
  (left.reduce((e, x) => e + x * x, 0) + right.reduce((e, x) => e + x * x, 0)) / (2 * left.length);

/** Numbers in 0…1 that repeat for a name. */
function randomFrom(name: string): () => number {
  let state = [...name].reduce((hash, letter) => Math.imul(hash ^ letter.charCodeAt(0), 16_777_619), 0);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

function asMix(music: StereoBlock, random: () => number): { mix: StereoBlock; lufs: number } | null {
  const meter = new LoudnessMeter(RATE);
  inBlocks(music, (block, frames) => meter.push(block, frames));
  const heard = meter.integratedLufs();
  if (heard === null) return null;
  const lufs = -20 - 6 * random();
  return { mix: map(music, music, (x) => x * 10 ** ((lufs - heard) / 20)), lufs };
}

/** Near 50 or 60 Hz, 5 to 8 harmonics that fall by 4 to 9 dB an octave, each with its own phase. */
function createHum(frames: number, dbfs: number, random: () => number): { hum: StereoBlock; mainsHz: number } {
  const mainsHz = (random() < 0.5 ? 50 : 60) + 0.2 * (random() - 0.5);
  const slope = 0.6 + 0.9 * random();
  const lines = Array.from({ length: 5 + Math.floor(4 * random()) }, (_, k) => ({
    step: (2 * Math.PI * (k + 1) * mainsHz) / RATE,
    gain: (k + 1) ** -slope,
    phase: 2 * Math.PI * random(),
  }));
  const scale = 10 ** (dbfs / 20) / Math.sqrt(lines.reduce((sum, { gain }) => sum + gain ** 2 / 2, 0));
  const plane = Float64Array.from({ length: frames }, (_, i) =>
    lines.reduce((sum, { step, gain, phase }) => sum + scale * gain * Math.sin(step * i + phase), 0),
  );
  return { hum: { left: plane, right: plane }, mainsHz };
}

/** Gaussian, independent in both channels; `colour` above 0 is brighter than white, below darker. */
function createHiss(frames: number, { dbfs, colour }: (typeof HISS)[number], random: () => number): StereoBlock {
  const plane = (): Float64Array => {
    let before = 0;
    const raw = Float64Array.from({ length: frames }, () => {
      const white = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
      const value = white - colour * before;
      before = colour > 0 ? white : value;
      return value;
    });
    const scale = 10 ** (dbfs / 20) / Math.sqrt(raw.reduce((sum, x) => sum + x * x, 0) / frames);
    return raw.map((x) => scale * x);
  };
  return { left: plane(), right: plane() };
}

const heardIn = (signal: StereoBlock, lufs: number): { dehum: Stage | null; denoise: Stage | null } => {
  const [hum, hiss] = [new HumMeter(RATE), new HissMeter(RATE)];
  inBlocks(signal, (block, frames) => hum.push(block, frames));
  inBlocks(signal, (block, frames) => hiss.push(block, frames));
  const analysis = { noise: { ...hiss.finish(), hum: hum.finish() }, loudness: { integratedLufs: lufs } } as Analysis;
  return { dehum: dehumStage(analysis), denoise: denoiseStage(analysis, 'natural') };
};

async function rendered(signal: StereoBlock, stage: Stage): Promise<StereoBlock> {
  const { whole, hear } = gather(signal.left.length);
  await renderTone(streamOf(signal), { version: 1, summary: '', stages: [stage] }, hear);
  return whole;
}

/** Powers of the left channel in a few broad bands, from every fourth window. */
function bandPowers({ left }: StereoBlock): number[] {
  const size = 4096;
  const fft = new Fft(size);
  const powers = TONE_EDGES_HZ.map(() => 0);
  for (let at = 0; at + size <= left.length; at += 4 * size) {
    const [re, im] = [new Float64Array(size), new Float64Array(size)];
    for (let n = 0; n < size; n++) {
      re[fft.order[n] ?? 0] = (0.5 - 0.5 * Math.cos((2 * Math.PI * n) / size)) * (left[at + n] ?? 0);
    }
    fft.transform(re, im);
    for (let k = 1; k < size / 2; k++) {
      const band = TONE_EDGES_HZ.findLastIndex((hz) => hz <= (k * RATE) / size);
      if (band >= 0) powers[band] = (powers[band] ?? 0) + (re[k] ?? 0) ** 2 + (im[k] ?? 0) ** 2;
    }
  }
  return powers;
}

const quantile = (values: number[], share: number): string => {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
  return (sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN).toFixed(1);
};
const spread = (values: number[]): string =>
  values.every(Number.isNaN) ? '–' : `${quantile(values, 0.5)} (${quantile(values, 0.1)} … ${quantile(values, 0.9)})`;

/** What was asked and heard; the error, also band by band, and what the plan said it would be; change of level; all in dB. */
type Tally = {
  asked: number;
  found: number;
  wrong: number;
  errorDb: number[];
  promisedDb: number[];
  bandErrorDb: number[][];
  toneDb: number[][];
};
const tallies = new Map<string, Tally>();
function tallyOf(name: string): Tally {
  const tally = tallies.get(name) ?? {
    asked: 0,
    found: 0,
    wrong: 0,
    errorDb: [],
    promisedDb: [],
    bandErrorDb: [],
    toneDb: [],
  };
  tallies.set(name, tally);
  return tally;
}

async function repair(tally: Tally, mix: StereoBlock, damage: StereoBlock, stage: Stage): Promise<void> {
  tally.found++;
  if (mode === 'listen') return;
  const out = await rendered(add(mix, damage), stage);
  const error = subtract(out, mix);
  tally.errorDb.push(db(powerOf(error) / powerOf(damage)));
  if (stage.stage === 'dehum') tally.promisedDb.push(stage.humAfterDbfs - stage.humBeforeDbfs);
  const [ofMix, ofDamage, ofOut, ofError] = [mix, damage, out, error].map(bandPowers);
  const audible = 1e-4 * Math.max(...(ofDamage ?? []));
  tally.bandErrorDb.push(
    TONE_EDGES_HZ.map((_, b) =>
      (ofDamage?.[b] ?? 0) > audible ? db((ofError?.[b] ?? 0) / (ofDamage?.[b] ?? 1)) : Number.NaN,
    ),
  );
  tally.toneDb.push(TONE_EDGES_HZ.map((_, b) => db((ofOut?.[b] ?? 0) / (ofMix?.[b] ?? 1))));
}

async function judge(name: string, music: StereoBlock): Promise<void> {
  const random = randomFrom(name);
  const made = asMix(music, random);
  if (made === null) return;
  const { mix, lufs } = made;
  const clean = heardIn(mix, lufs);
  for (const [kind, stage] of Object.entries(clean)) {
    const tally = tallyOf(`undamaged: ${kind}`);
    tally.asked++;
    if (stage === null) continue;
    tally.found++;
    const change = db(powerOf(subtract(await rendered(mix, stage), mix)));
    console.log(`  ${name}: ${kind} though undamaged, a change of ${change.toFixed(1)} dBFS. ${stage.reason}`);
  }
  for (const dbfs of HUM_DBFS) {
    const { hum, mainsHz } = createHum(mix.left.length, dbfs, random);
    const tally = tallyOf(`hum of ${dbfs} dBFS`);
    tally.asked++;
    const { dehum } = heardIn(add(mix, hum), lufs);
    if (dehum?.stage !== 'dehum') continue;
    if (Math.abs(dehum.mainsHz - mainsHz) < 0.02) await repair(tally, mix, hum, dehum);
    else tally.wrong++;
  }
  for (const kind of HISS) {
    const hiss = createHiss(mix.left.length, kind, random);
    const tally = tallyOf(`hiss of ${kind.dbfs} dBFS, colour ${kind.colour}`);
    tally.asked++;
    const { denoise } = heardIn(add(mix, hiss), lufs);
    if (denoise !== null) await repair(tally, mix, hiss, denoise);
  }
}

await withMusic({ folder }, async (found) => {
  for (const file of filesIn(found).filter((_, k) => k % Number(every) === Number(first))) {
    const seconds = lengthOf(join(found, file));
    if (seconds <= SECONDS) continue;
    process.stderr.write(`${file}\n`);
    await judge(file, decode(join(found, file), Math.floor((seconds - SECONDS) / 3), SECONDS));
  }
});
console.log('dB: median (10th … 90th percentile); the error is the difference to the undamaged mix, re the damage');
for (const [name, { asked, found, wrong, errorDb, promisedDb, bandErrorDb, toneDb }] of tallies) {
  console.log(`${name}: found in ${found} of ${asked}, elsewhere in ${wrong}`);
  if (errorDb.length === 0) continue;
  console.log(`  error ${spread(errorDb)}, promised ${spread(promisedDb)}`);
  TONE_EDGES_HZ.forEach((hz, b) => {
    const column = (rows: number[][]): number[] => rows.map((row) => row[b] ?? Number.NaN);
    console.log(`  from ${hz} Hz: error ${spread(column(bandErrorDb))}, level re undamaged ${spread(column(toneDb))}`);
  });
}
