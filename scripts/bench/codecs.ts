// What lossy encoders add to the true peak of hot masters: `npm run bench:codecs [FOLDER] [--count N] [--seconds N] [--json]`.
// Music is brought to −8 LUFS, or as near as the budget of the limiter allows, under −1 dBTP, written as 24 bits, encoded, decoded
// without clipping and measured. See docs/codecs.md.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createIntegerWav } from '../../packages/codec/src/index.ts';
import { formatRateHz, type LossyEncodingId, lossyEncodingIds } from '../../packages/contracts/src/index.ts';
import {
  BLOCK_FRAMES,
  createQuantiser,
  outlineOf,
  renderLoudness,
  solveLoudness,
  type WriteBlock,
} from '../../packages/engine/src/index.ts';
import { performJob } from '../../packages/mastering/src/jobs.ts';
import { type Excerpt, SAMPLE_RATE_HZ, streamOf, withExcerpts } from './music.ts';

const CEILING_DBTP = -1;
const TARGET_LUFS = -8;

type Row = { name: string; lufs: number; truePeakDbtp: number; over: Record<LossyEncodingId, number> };

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean' }, count: { type: 'string' }, seconds: { type: 'string' } },
});

const scratch = mkdtempSync(join(tmpdir(), 'lathe-codecs-'));
const choice = { folder: positionals[0], count: Number(values.count ?? 8), seconds: Number(values.seconds ?? 20) };
try {
  await withExcerpts(choice, async (excerpts) => {
    const rows: Row[] = [];
    for (const excerpt of excerpts) rows.push(await rowOf(excerpt));
    if (values.json) console.log(JSON.stringify(rows, null, 2));
    else print(rows);
  });
} finally {
  rmSync(scratch, { recursive: true });
}

async function rowOf({ name, audio }: Excerpt): Promise<Row> {
  const path = join(scratch, 'master.wav');
  await master(audio, path);
  const { measured } = await performJob({ kind: 'follow', path });
  const over: Partial<Row['over']> = {};
  for (const encoding of lossyEncodingIds) {
    const rateHz = formatRateHz(encoding === 'mp3-128' ? 'mp3-320' : encoding, SAMPLE_RATE_HZ);
    const job = { sourcePath: path, encoding, rateHz, tags: null, seed: 1 };
    const heard = await performJob({ kind: 'transcode', ...job, path: join(scratch, `encoded-${encoding}.m4a`) });
    over[encoding] = (heard.truePeakDbtp ?? 0) - (measured.truePeakDbtp ?? 0);
  }
  const [lufs, truePeakDbtp] = [measured.integratedLufs ?? 0, measured.truePeakDbtp ?? 0];
  return { name, lufs, truePeakDbtp, over: over as Row['over'] };
}

async function master(audio: Excerpt['audio'], path: string): Promise<void> {
  const outline = await outlineOf(streamOf(audio));
  const spec = { targetLufs: TARGET_LUFS, ceilingDbtp: CEILING_DBTP };
  const [move] = await solveLoudness(outline, () => streamOf(audio), [spec]);
  const file = createIntegerWav(path, { sampleRateHz: SAMPLE_RATE_HZ, wordLengthBits: 24 });
  const quantise = createQuantiser({ wordLengthBits: 24, seed: 1, dither: 'tpdf', sampleRateHz: SAMPLE_RATE_HZ });
  const samples = new Int32Array(2 * BLOCK_FRAMES);
  const write: WriteBlock = (block, frames) => {
    quantise(block, frames, samples);
    file.write(samples, frames);
  };
  await renderLoudness(outline, streamOf(audio), { move, write });
  file.close();
}

function print(rows: readonly Row[]): void {
  console.log(`dB over the master's own true peak       LUFS   dBTP  ${lossyEncodingIds.join('  ')}`);
  const columns = (over: (id: LossyEncodingId) => number) =>
    lossyEncodingIds.map((id) => over(id).toFixed(2).padStart(id.length)).join('  ');
  for (const { name, lufs, truePeakDbtp, over } of rows) {
    const figures = [lufs, truePeakDbtp].map((value) => value.toFixed(2).padStart(6)).join(' ');
    console.log(`${name.slice(0, 38).padEnd(38)} ${figures}  ${columns((id) => over[id])}`);
  }
  const sorted = (id: LossyEncodingId) => rows.map(({ over }) => over[id]).sort((a, b) => a - b);
  console.log(`${'median'.padEnd(53)}${columns((id) => sorted(id)[rows.length >> 1] ?? 0)}`);
  console.log(`${'most'.padEnd(53)}${columns((id) => sorted(id).at(-1) ?? 0)}`);
}
