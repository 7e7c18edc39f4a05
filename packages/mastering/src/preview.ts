/**
 * What an artist hears within seconds of an order: the loudest 30 s as they will be in the first file of the order, and the
 * same of the mix, equally loud. The master's are rendered through the plan and the loudness stage as the whole will be, after
 * some seconds for the processors to settle; but how loud they are to be is an estimate, since the whole is not rendered yet:
 *   target of the excerpt = target of the order + loudness of the excerpt of the mix − loudness of the mix
 * The louder side is turned down behind its limiter, so that this works as it would.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Analysis,
  deliverablesOf,
  deliveredRateHz,
  formatRateHz,
  formats,
  type MasteringPlan,
  type MasterOrder,
  type Measurement,
  type Preview,
  type PreviewSide,
} from '@lathe/contracts';
import { type AudioStream, type LoudnessMove, type LoudnessSpec, solveLoudness } from '@lathe/engine';
import { renderCuts } from './cuts.ts';
import { excerptOf, excerptSpool, type Span } from './excerpt.ts';
import type { JobPool } from './job-pool.ts';
import { type Spool, type Spools, spoolTone } from './spools.ts';
import type { MadePreview } from './task.ts';

type Heard = { stream: AudioStream; folder: string; analysis: Analysis; plan: MasteringPlan };
type Paths = MadePreview['paths'];

const settleSeconds = 3;
/** Shorter music is finished about as soon. */
const leastSeconds = 45;
const encoding = 'mp3-v0';
/** Of the ceiling over the peaks of the mix: nothing of it is limited. */
const headroomDb = 1;

export const isWorthPreviewing = ({ loudness }: Analysis): boolean => loudness.durationSeconds >= leastSeconds;

/** Both sides as WAV files of 16 bits, and all that is known before they are heard again. */
export type RenderedPreview = Omit<Preview, 'format' | 'integratedLufs'> & { paths: Paths; rateHz: number };

/** Leaves both sides in the folder; `null` where there is no loudness to match. */
export async function renderPreview(heard: Heard, order: MasterOrder): Promise<RenderedPreview | null> {
  const [deliverable] = deliverablesOf(order);
  if (!deliverable) throw new Error('an order has a target');
  const { folder, analysis, stream } = heard;
  const rateHz = formatRateHz(encoding, deliveredRateHz(deliverable, stream.sampleRateHz));
  const { startSeconds, endSeconds } = analysis.structure.loudest;
  const durationSeconds = endSeconds - startSeconds;
  const settling = Math.min(settleSeconds, startSeconds);
  const whole = { startSeconds: startSeconds - settling, seconds: settling + durationSeconds };
  const sides = await spoolSides({ ...heard, stream: excerptOf(stream, whole) }, rateHz);
  try {
    const paths = { mix: join(folder, 'preview-mix.wav'), master: join(folder, 'preview-master.wav') };
    const span = { startSeconds: settling, seconds: durationSeconds };
    const gainDb = await sides.with((pair) => renderPair(pair, { span, paths, analysis, spec: deliverable }));
    return gainDb && { target: deliverable.target, startSeconds, durationSeconds, gainDb, paths, rateHz };
  } finally {
    sides.close();
  }
}

type Pair = Record<PreviewSide, Spool>;

/** The excerpt before and after the tone stage, both at the rate that is heard. */
async function spoolSides({ stream, folder, plan }: Heard, rateHz: number) {
  const [mixFolder, masterFolder] = (['mix', 'master'] as const).map((side) => join(folder, `preview-${side}`));
  if (!mixFolder || !masterFolder) throw new Error('two sides');
  for (const path of [mixFolder, masterFolder]) mkdirSync(path, { recursive: true });
  const ratesHz = [...new Set([stream.sampleRateHz, rateHz])];
  const untouched = { ...plan, stages: [] };
  const mixes = await spoolTone({ stream, folder: mixFolder, plan: untouched }, ratesHz, unheard);
  // Silence is cut from the ends of a song, not of an excerpt.
  const stages = plan.stages.filter(({ stage }) => stage !== 'trim');
  const masters = await mixes.with(stream.sampleRateHz, ({ open }) =>
    spoolTone({ stream: open(), folder: masterFolder, plan: { ...plan, stages } }, [rateHz], unheard),
  );
  return {
    with: <T>(work: (pair: Pair) => Promise<T>): Promise<T> =>
      mixes.with(rateHz, (mix) => masters.with(rateHz, (master) => work({ mix, master }))),
    close: () => {
      for (const spools of [mixes, masters] satisfies Spools[]) spools.close();
    },
  };
}

const unheard = (): void => {};

type Wanted = { span: Span; paths: Paths; analysis: Analysis; spec: LoudnessSpec };

/** Writes both sides equally loud; tells what each was turned by. */
async function renderPair(pair: Pair, { span, paths, analysis, spec }: Wanted): Promise<Preview['gainDb'] | null> {
  const [mix, master] = [await excerptSpool(pair.mix, span), await excerptSpool(pair.master, span)];
  const { integratedLufs } = analysis.loudness;
  const mixLufs = mix.outline.integratedLufs;
  if (integratedLufs === null || mixLufs === null) return null;
  const target = { ...spec, targetLufs: spec.targetLufs + mixLufs - integratedLufs };
  const [solution] = await solveLoudness(master.outline, master.open, [target]);
  if (!solution || solution.expectedLufs === null) return null;
  const louderDb = solution.expectedLufs - mixLufs;
  const gainDb = { mix: Math.min(0, louderDb), master: Math.min(0, -louderDb) };
  const moves: Record<PreviewSide, LoudnessMove> = {
    mix: { gainDb: gainDb.mix, ceilingDbtp: gainDb.mix + peakDb(mix) + headroomDb },
    master: { gainDb: solution.gainDb + gainDb.master, ceilingDbtp: solution.ceilingDbtp + gainDb.master },
  };
  for (const [side, spool] of Object.entries({ mix, master }) as [PreviewSide, Spool][]) {
    const streams = [{ kind: 'wav16' as const, path: paths[side] }];
    await renderCuts(spool, [{ move: moves[side], streams }], { dither: 'tpdf', seed: 0 });
  }
  return { mix: rounded(gainDb.mix), master: rounded(gainDb.master) };
}

const peakDb = ({ outline }: Spool): number => 20 * Math.log10(outline.peak);

const rounded = (db: number): number => Math.round(100 * db) / 100 + 0;

/** Encodes both sides beside each other, unless WAV is wanted or all that can be made, and hears them again. */
export async function finishPreview(
  { rateHz, paths, ...rendered }: RenderedPreview,
  wanted: Preview['format'],
  pool: JobPool,
): Promise<MadePreview> {
  const encode: Finish = async (sourcePath) => {
    const path = sourcePath.replace(/wav$/, formats[encoding].extension);
    const measured = await pool.run({ kind: 'transcode', sourcePath, encoding, rateHz, path, tags: null, seed: 0 });
    return { path, measured };
  };
  const keep: Finish = async (path) => ({ path, measured: (await pool.run({ kind: 'follow', path })).measured });
  const finish = async (format: Preview['format'], side: Finish): Promise<MadePreview> => {
    const [mix, master] = await Promise.all([side(paths.mix), side(paths.master)]);
    const integratedLufs = { mix: mix.measured.integratedLufs ?? 0, master: master.measured.integratedLufs ?? 0 };
    return { preview: { ...rendered, format, integratedLufs }, paths: { mix: mix.path, master: master.path } };
  };
  return wanted === 'wav16' ? finish('wav16', keep) : finish(encoding, encode).catch(() => finish('wav16', keep));
}

type Finish = (path: string) => Promise<{ path: string; measured: Measurement }>;
