import type { AudioStream, OnProgress, StereoBlock, WriteBlock } from '../audio.ts';
import { GROUP } from '../dsp/group-peaks.ts';
import { gainOfDb } from '../dsp/logarithm.ts';
import { withBlocks } from '../kernels/blocks.ts';
import type { LoudnessSolution } from '../plan.ts';
import { applyGains, designLimiter, Limiter, type LimiterDesign, type Peaks } from './limiter.ts';
import type { Outline } from './outline.ts';
import { PeakWindow } from './peak-window.ts';
import { ReductionMeter } from './reduction.ts';
import { type ReductionCourse, ReductionCourseMeter } from './reduction-course.ts';
import { CEILING_MARGIN_DB } from './solve-loudness.ts';

/** What the loudness stage needs of a solution; a corrected gain or ceiling makes another one. */
export type LoudnessMove = Pick<LoudnessSolution, 'gainDb' | 'ceilingDbtp'>;

/** What the limiter did in the rendering itself. */
export type Limited = { limiter: LoudnessSolution['limiter']; course: ReductionCourse };

/** One master of several that are made of the same signal. */
export type Rendition = { readonly move: LoudnessMove; readonly write: WriteBlock };

/** {@link renderLoudnesses} for one master. */
export const renderLoudness = async (
  outline: Outline,
  stream: AudioStream,
  rendition: Rendition,
  onProgress?: OnProgress,
): Promise<Limited> => (await renderLoudnesses(outline, stream, [rendition], onProgress))[0];

/**
 * Gain, then the true-peak limiter, for several masters in one pass, each as it would be alone. The outline is that of the
 * stream. What comes out has the length of what goes in and lies where it lay. Where nothing is limited and the gain is 0 dB,
 * the samples are bit-equal.
 */
export const renderLoudnesses = (
  outline: Outline,
  stream: AudioStream,
  renditions: readonly Rendition[],
  onProgress?: OnProgress,
): Promise<Limited[]> =>
  withBlocks(2, async (block, driven) => {
    const design = designLimiter(outline.sampleRateHz);
    const window = new PeakWindow(outline, design);
    const masters = renditions.map((rendition) => new Master(rendition, outline, design));
    await window.advance(design.latencyGroups + 1);
    for (const master of masters) master.begin(window.peaks);
    let heard = 0;
    for (let frames = await stream.read(block); frames > 0; frames = await stream.read(block)) {
      await window.advance(Math.ceil((heard + frames) / GROUP) - Math.ceil(heard / GROUP));
      for (const master of masters) {
        master.process(block, window, { phase: heard % GROUP, frames, driven });
        await master.write(driven, frames);
      }
      heard += frames;
      onProgress?.(Math.min(1, heard / Math.max(heard, stream.frames)));
    }
    return masters.map((master) => master.read());
  });

/** The frames of a block, the first of which lies so many behind the start of a group, and where they go. */
type Extent = { phase: number; frames: number; driven: StereoBlock };

class Master {
  readonly write: WriteBlock;
  readonly #gain: number;
  readonly #limiter: Limiter;
  readonly #reduction = new ReductionMeter();
  readonly #course: ReductionCourseMeter;

  constructor({ move, write }: Rendition, { sampleRateHz, frames }: Outline, design: LimiterDesign) {
    this.#gain = gainOfDb(roundedDb(move.gainDb));
    const drive = gainOfDb(driveDbOf(move));
    this.write = write;
    this.#limiter = new Limiter(drive, design);
    this.#course = new ReductionCourseMeter(sampleRateHz, frames);
  }

  /** Brings the first gain up to the start. */
  begin(peaks: Peaks): void {
    this.#limiter.follow(peaks, 2);
  }

  /** The window shows what follows the groups that start in the block, whose records it has. */
  process(block: StereoBlock, { peaks, records }: PeakWindow, { phase, frames, driven }: Extent): void {
    // Of the group before the next sample's, of that group, and of the one behind it if it has begun.
    const keep = (phase + frames) % GROUP === 0 ? 2 : 3;
    const gains = this.#limiter.follow(peaks, keep);
    applyGains(block, frames, { gains, phase, gain: this.#gain, driven });
    const [left, right] = [gains.left, gains.right].map((plane) => plane.subarray(phase === 0 ? 1 : 2));
    this.#reduction.push({ left, right }, records, { drive: this.#limiter.drive, groups: peaks.groups });
    this.#course.push({ left, right }, peaks.groups);
  }

  read(): Limited {
    return { limiter: this.#reduction.read(), course: this.#course.read() };
  }
}

/** How far the gain would bring a peak of 0 dBTP above where the limiter starts. */
export const driveDbOf = ({ gainDb, ceilingDbtp }: LoudnessMove): number =>
  roundedDb(gainDb - (ceilingDbtp - CEILING_MARGIN_DB));

/** Gains follow from measurements, whose last bits may differ between machines (dsp/quantise.ts); a millionth of a dB may not. */
const roundedDb = (db: number): number => Math.round(db * 1e6) / 1e6;
