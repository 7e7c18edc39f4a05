// How transparent the limiter is, beside ffmpeg's alimiter at four times the rate: `npm run bench:limiter [FOLDER] [--json]`.
// Music is brought to a true peak of −1 dBTP, then driven until it is 4 LU louder with its peaks still at −1 dBTP. Tones are
// driven 6 dB over. See docs/dsp/limiter.md.
import { parseArgs } from 'node:util';
import type { StereoBlock } from '../../packages/engine/src/audio.ts';
import { designOversampler } from '../../packages/engine/src/dsp/oversampler.ts';
import { outlineOf } from '../../packages/engine/src/render/outline.ts';
import { renderLoudness } from '../../packages/engine/src/render/render-loudness.ts';
import { TruePeakMeter } from '../../packages/engine/src/true-peak-meter.ts';
import { gainFromDb } from '../../packages/engine/src/units.ts';
import { compare, type Figures, type Reference, referenceOf } from './limiter-figures.ts';
import { type Excerpt, filtered, ONE_PACKAGE, SAMPLE_RATE_HZ, streamOf, withExcerpts } from './music.ts';
import { gather, loudnessOf, scaled, truePeakDbtpOf } from './signal.ts';

const CEILING_DBTP = -1;
const LOUDER_LU = 4;
const NEAR_LU = 0.03;

type Limit = (input: StereoBlock, gainDb: number) => StereoBlock | Promise<StereoBlock>;
type Row = Figures & { name: string; gainDb: number; missedLu: number; truePeakDbtp: number };

const lathe: Limit = async (input, gainDb) => {
  const { whole, hear } = gather(input.left.length);
  const rendition = { move: { gainDb, ceilingDbtp: CEILING_DBTP }, write: hear };
  await renderLoudness(await outlineOf(streamOf(input)), streamOf(input), rendition);
  return whole;
};

const alimiter: Limit = (input, gainDb) => {
  const up = `volume=${gainDb}dB,aresample=${4 * SAMPLE_RATE_HZ}:filter_size=64`;
  const limiter = `alimiter=level=disabled:latency=1:limit=${gainFromDb(CEILING_DBTP)}`;
  const filters = `${up},${limiter},aresample=${SAMPLE_RATE_HZ}:filter_size=64`;
  return filtered(input, filters);
};

const limiters: Record<string, Limit> = { lathe, alimiter };

/** Read at eight points per sample, 64 taps each. */
const closePeakOf = (signal: StereoBlock): number =>
  truePeakDbtpOf(signal, new TruePeakMeter(designOversampler(8, 64)));

/** Drives a limiter by secant steps until the loudness is met, or six steps are done. */
const driveTo = async (limit: Limit, input: StereoBlock, lufs: number) => {
  const attempt = async (gainDb: number) => {
    const output = await limit(input, gainDb);
    return { gainDb, output, missedLu: loudnessOf(output) - lufs };
  };
  let before = await attempt(LOUDER_LU);
  let now = await attempt(LOUDER_LU - 1.5 * before.missedLu);
  for (let step = 0; step < 6 && Math.abs(now.missedLu) > NEAR_LU && now.gainDb < 30; step++) {
    const slope = Math.max(0.08, (now.missedLu - before.missedLu) / (now.gainDb - before.gainDb));
    before = now;
    now = await attempt(now.gainDb - now.missedLu / slope);
  }
  return now;
};

const tone = (partials: readonly [hz: number, amplitude: number][]): StereoBlock => {
  const left = Float64Array.from({ length: 4 * SAMPLE_RATE_HZ }, (_, i) =>
    partials.reduce((sum, [hz, amplitude]) => sum + amplitude * Math.sin((2 * Math.PI * hz * i) / SAMPLE_RATE_HZ), 0),
  );
  return { left, right: left };
};

/** Mean square of one frequency, by correlation over whole periods. */
const powerAt = (samples: Float64Array, hz: number): number => {
  let re = 0;
  let im = 0;
  for (let i = 0; i < samples.length; i++) {
    re += samples[i] * Math.cos((2 * Math.PI * hz * i) / SAMPLE_RATE_HZ);
    im += samples[i] * Math.sin((2 * Math.PI * hz * i) / SAMPLE_RATE_HZ);
  }
  return (2 * (re * re + im * im)) / samples.length ** 2;
};

/** THD+N of 50 Hz and SMPTE intermodulation of 60 Hz and 7 kHz at 4 : 1, in the third of four seconds, 6 dB over. */
const measureTones = async (limit: Limit): Promise<{ thdDb: number; imdDb: number }> => {
  const third = async (input: StereoBlock) =>
    (await limit(input, 6 + CEILING_DBTP)).left.slice(2 * SAMPLE_RATE_HZ, 3 * SAMPLE_RATE_HZ);
  const low = await third(tone([[50, 1]]));
  const fundamental = powerAt(low, 50);
  const rest = low.reduce((sum, x) => sum + x * x, 0) / low.length - fundamental;
  const two = tone([
    [60, 0.8],
    [7000, 0.2],
  ]);
  const both = await third(two);
  const sidebands = [1, 2, 3, 4].flatMap((k) => [powerAt(both, 7000 - 60 * k), powerAt(both, 7000 + 60 * k)]);
  const sum = sidebands.reduce((a, b) => a + b, 0);
  return {
    thdDb: 10 * Math.log10(Math.max(1e-14, rest) / fundamental),
    imdDb: 10 * Math.log10(sum / powerAt(both, 7000)),
  };
};

const mean = (rows: readonly Row[], figureOf: (row: Row) => number): number =>
  rows.reduce((sum, row) => sum + figureOf(row), 0) / rows.length;

type Song = { name: string; input: StereoBlock; reference: Reference; lufs: number };
type Result = { limiter: string; thdDb: number; imdDb: number; rows: Row[] };

const prepare = ({ name, audio }: Excerpt): Song => {
  const input = scaled(audio, gainFromDb(CEILING_DBTP - closePeakOf(audio)));
  return { name, input, reference: referenceOf(input, SAMPLE_RATE_HZ), lufs: loudnessOf(input) + LOUDER_LU };
};

const measure = async (limit: Limit, songs: readonly Song[]): Promise<Omit<Result, 'limiter'>> => {
  const rows: Row[] = [];
  for (const { name, input, reference, lufs } of songs) {
    const { output, gainDb, missedLu } = await driveTo(limit, input, lufs);
    rows.push({ name, gainDb, missedLu, truePeakDbtp: closePeakOf(output), ...compare(reference, output) });
  }
  return { ...(await measureTones(limit)), rows };
};

const cell = (value: number): string => value.toFixed(2).padStart(9);
const lineOf = (name: string, figures: readonly number[]) =>
  console.log(name.slice(0, 28).padEnd(29), ...figures.map(cell));

const print = (results: readonly Result[]): void => {
  console.log(
    `+${LOUDER_LU} LU at ${CEILING_DBTP} dBTP`.padEnd(29),
    '  gain dB  NMR all  no slow   attack    missed   peak dBTP',
  );
  for (const { limiter, thdDb, imdDb, rows } of results) {
    console.log(`\n${limiter}: 50 Hz THD+N ${thdDb.toFixed(1)} dB, SMPTE IMD ${imdDb.toFixed(1)} dB, both 6 dB over`);
    const figures: ((row: Row) => number)[] = [
      ...[(row: Row) => row.gainDb, (row: Row) => row.nmrAllDb, (row: Row) => row.nmrWithoutSlowGainDb],
      ...[(row: Row) => row.attackLossDb, (row: Row) => row.missedLu, (row: Row) => row.truePeakDbtp],
    ];
    for (const row of rows)
      lineOf(
        row.name,
        figures.map((figureOf) => figureOf(row)),
      );
    lineOf(
      'mean',
      figures.map((figureOf) => mean(rows, figureOf)),
    );
  }
};

const { values, positionals } = parseArgs({ options: { json: { type: 'boolean' } }, allowPositionals: true });
/** Past the intro, where enough follows. */
const fromSeconds = (songSeconds: number): number => (songSeconds >= 40 ? 30 : 0);
const choice = {
  folder: positionals[0],
  packages: ONE_PACKAGE,
  count: 8,
  seconds: 20,
  fromSeconds,
  shortestSeconds: 15,
};
await withExcerpts(choice, async (excerpts) => {
  const songs = excerpts.map(prepare);
  const results: Result[] = [];
  for (const [limiter, limit] of Object.entries(limiters)) results.push({ limiter, ...(await measure(limit, songs)) });
  if (values.json) console.log(JSON.stringify(results, null, 2));
  else print(results);
});
