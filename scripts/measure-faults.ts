/**
 * What decide/faults.ts does to finished music, and to finished music with a known fault of tone: the table of docs/dsp/decide.md.
 *
 *   node scripts/measure-faults.ts analyses.jsonl      what scripts/measure-tolerance.ts listened to; a third of it is asked
 *
 * Distances are root mean squares over the third-octaves from 50 Hz to 12.5 kHz, in dB. The usual was measured on the same
 * pieces, so finished music may fare a little better here than elsewhere.
 */
import { readFileSync } from 'node:fs';
import type { Analysis } from '../packages/engine/src/analysis.ts';
import { straysOf } from '../packages/engine/src/decide/faults.ts';
import { type EqShape, prototypeDbAt } from '../packages/engine/src/dsp/eq-design.ts';

const FAULTY = [0.3, 0.6];
const EVERY = 3;
const shelf = (kind: 'low-shelf' | 'high-shelf', frequencyHz: number, gainDb: number, q = 0.71): EqShape => ({
  kind,
  frequencyHz,
  gainDb,
  q,
});
const bell = (frequencyHz: number, gainDb: number): EqShape => ({ kind: 'bell', frequencyHz, gainDb, q: 1 });
const faults: Record<string, EqShape[]> = {
  none: [],
  'tilt +4 dB': [shelf('low-shelf', 350, -4, 0.4), shelf('high-shelf', 2800, 4, 0.4)],
  'tilt −4 dB': [shelf('low-shelf', 350, 4, 0.4), shelf('high-shelf', 2800, -4, 0.4)],
  'mud, +4 dB at 260 Hz': [bell(260, 4)],
  'harshness, +4.5 dB at 3.8 kHz': [bell(3800, 4.5)],
  'dull, −7 dB above 5 kHz': [shelf('high-shelf', 5000, -7)],
  'boom, +6 dB at 90 Hz': [bell(90, 6)],
  'thin, −6 dB below 180 Hz': [shelf('low-shelf', 180, -6)],
};

const rms = (values: readonly number[]): number => Math.sqrt(values.reduce((sum, v) => sum + v * v, 0) / values.length);
const mean = (values: readonly number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length;
const withoutMean = (values: readonly number[]): number[] => values.map((v) => v - mean(values));
const fixed = (value: number): string => value.toFixed(2).padStart(6);

type Song = Pick<Analysis, 'tone' | 'kind'>;

/** How far a song is from what it was once the expected fault is taken back; `before`: from the fault alone. */
function distances(
  { tone, kind }: Song,
  shapes: readonly EqShape[],
  faulty: number,
): { before: number; after: number } {
  const faultAt = (hz: number): number => shapes.reduce((sum, shape) => sum + prototypeDbAt(shape, hz), 0);
  const bands = tone.bands.map(({ centreHz, levelDb }) => ({ centreHz, levelDb: levelDb + faultAt(centreHz) }));
  const strays = straysOf(bands, kind.acoustic, faulty);
  const fault = withoutMean(strays.map(({ centreHz }) => faultAt(centreHz)));
  const expected = withoutMean(strays.map(({ excessDb }) => excessDb));
  return { before: rms(fault), after: rms(fault.map((db, k) => db - (expected[k] ?? 0))) };
}

const lines = readFileSync(process.argv[2] ?? '', 'utf8')
  .trim()
  .split('\n');
const songs = lines.filter((_, i) => i % EVERY === 0).map((line): Song => JSON.parse(line));
for (const faulty of FAULTY) {
  console.log(
    `\n${faulty} of all mixes are believed to have a fault; ${songs.length} pieces\n${''.padEnd(32)}before  after  95 %    most`,
  );
  for (const [name, shapes] of Object.entries(faults)) {
    const all = songs.map((song) => distances(song, shapes, faulty));
    const after = all.map((each) => each.after).sort((a, b) => a - b);
    const p95 = after[Math.round(0.95 * (after.length - 1))] ?? 0;
    console.log(name.padEnd(32), fixed(all[0]?.before ?? 0), fixed(mean(after)), fixed(p95), fixed(after.at(-1) ?? 0));
  }
}
