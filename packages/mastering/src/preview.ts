/**
 * What an artist hears within seconds of an order: the loudest 30 s as they will be in the first file of the order, and the
 * same of the mix, equally loud. The master's are rendered through the plan and the loudness stage as the whole will be, after
 * some seconds for the processors to settle; but how loud they are to be is an estimate, since the whole is not rendered yet:
 *   target of the excerpt = target of the order + loudness of the excerpt of the mix − loudness of the mix
 * The louder side is turned down behind its limiter, so that this works as it would.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Analysis, MasteringPlan, MasterOrder, Measurement, Preview, PreviewSide } from '@lathe/contracts';
import { deliverablesOf, deliveredRateHz, formatRateHz, formats } from '@lathe/contracts/tables';
import { type AudioStream, type LoudnessMove, type LoudnessSpec, measure, solveLoudness } from '@lathe/engine';
import { renderCuts, type Stream } from './cuts.ts';
import { performJob } from './jobs.ts';
import { openOwn, withFile } from './source.ts';
import { type Spool, type Spools, spoolTone } from './spools.ts';
import { type Stretch, stretchOf, stretchOfSpool } from './stretch.ts';
import type { MadePreview } from './task.ts';

export type Heard = { stream: AudioStream; folder: string; analysis: Analysis; plan: MasteringPlan };

const settleSeconds = 3;
/** Shorter music is finished about as soon. */
const leastSeconds = 60;
/** Of the ceiling over the peaks of the mix: nothing of it is limited. */
const headroomDb = 1;

export const isWorthPreviewing = ({ loudness }: Analysis): boolean => loudness.durationSeconds >= leastSeconds;

type Sides = { streams: Record<PreviewSide, Stream> } & Pick<Preview, 'gainDb'>;
/** Both sides as they will be heard, not yet heard again. */
export type RenderedPreview = Omit<Preview, 'format' | 'integratedLufs'> & Sides & { folder: string };

/** `null` where there is no loudness to match. */
export async function renderPreview(heard: Heard, order: MasterOrder): Promise<RenderedPreview | null> {
  const [deliverable] = deliverablesOf(order);
  if (!deliverable) throw new Error('an order has a target');
  const { folder, analysis, stream } = heard;
  // 44.1 or 48 kHz, as every browser plays it.
  const rateHz = formatRateHz('mp3-320', deliveredRateHz(deliverable, stream.sampleRateHz));
  const { startSeconds, endSeconds } = analysis.structure.loudest;
  const durationSeconds = endSeconds - startSeconds;
  const settling = Math.min(settleSeconds, startSeconds);
  const whole = { startSeconds: startSeconds - settling, seconds: settling + durationSeconds };
  const sides = await spoolSides({ ...heard, stream: stretchOf(stream, whole) }, rateHz);
  try {
    const stretch = { startSeconds: settling, seconds: durationSeconds };
    const made = await sides.with((pair) => renderPair(pair, { stretch, folder, analysis, spec: deliverable }));
    return made && { target: deliverable.target, startSeconds, durationSeconds, folder, ...made };
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

type Wanted = { stretch: Stretch; folder: string; analysis: Analysis; spec: LoudnessSpec };

/** Writes both sides equally loud; tells what each was turned by. */
async function renderPair(pair: Pair, { stretch, folder, analysis, spec }: Wanted): Promise<Sides | null> {
  const [mix, master] = [await stretchOfSpool(pair.mix, stretch), await stretchOfSpool(pair.master, stretch)];
  const { integratedLufs } = analysis.loudness;
  const mixLufs = mix.outline.lufsAt(0);
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
  const cut = async (side: PreviewSide, spool: Spool): Promise<Stream> => {
    const streams = [{ kind: 'wav16' as const, path: join(folder, `cut-${side}.wav`) }];
    const [made] = await renderCuts(spool, [{ move: moves[side], streams }], { dither: 'tpdf', seed: 0 });
    const stream = made?.streams.get('wav16');
    if (!stream) throw new Error('a cut has its stream');
    return stream;
  };
  const streams = { mix: await cut('mix', mix), master: await cut('master', master) };
  return { streams, gainDb: { mix: rounded(gainDb.mix), master: rounded(gainDb.master) } };
}

const peakDb = ({ outline }: Spool): number => 20 * Math.log10(outline.peak);

const rounded = (db: number): number => Math.round(100 * db) / 100 + 0;

/** Makes the files: FLAC, or WAV where that is wanted or all that can be made. Loudness is read back from what they hold. */
export async function finishPreview(rendered: RenderedPreview, wanted: Preview['format']): Promise<MadePreview> {
  const { folder, streams, ...told } = rendered;
  const measured = { mix: await measureOwn(streams.mix.path), master: await measureOwn(streams.master.path) };
  const integratedLufs = { mix: measured.mix.integratedLufs ?? 0, master: measured.master.integratedLufs ?? 0 };
  const make = async (format: Preview['format']): Promise<MadePreview> => {
    const paths = { mix: '', master: '' };
    for (const side of ['mix', 'master'] as const) {
      const path = join(folder, `preview-${side}.${formats[format].extension}`);
      const job = { source: streams[side], takes: false, format, path, tags: null, loudness: measured[side] };
      await performJob({ kind: 'deliver-lossless', ...job });
      paths[side] = path;
    }
    return { preview: { ...told, format, integratedLufs }, paths };
  };
  return make(wanted).catch(() => make('wav16'));
}

const measureOwn = (path: string): Promise<Measurement> => withFile(openOwn(path), (open) => measure(open()));
