import type { AudioStream, OnProgress, StereoBlock, WriteBlock } from '../audio.ts';
import { gainOfDb } from '../dsp/logarithm.ts';
import { reservedBlock, withBlocks } from '../kernels/blocks.ts';
import type { LoudnessSolution } from '../plan.ts';
import { forEachAligned, tailOf } from './aligned.ts';
import { applyGains, GainComputer, LimiterInput, type Peaks } from './limiter.ts';
import { ReductionMeter } from './reduction.ts';
import { type ReductionCourse, ReductionCourseMeter } from './reduction-course.ts';
import { CEILING_MARGIN_DB } from './solve-loudness.ts';

/** What the loudness stage needs of a solution; a corrected gain or ceiling makes another one. */
export type LoudnessMove = Pick<LoudnessSolution, 'gainDb' | 'ceilingDbtp'>;

/** What the limiter did in the rendering itself. */
export type Limited = { limiter: LoudnessSolution['limiter']; course: ReductionCourse };

/** One master of several that are made of the same signal. */
export type Rendition = { readonly move: LoudnessMove; readonly write: WriteBlock };

/**
 * Gain, then the true-peak limiter. What comes out has the length of what goes in and lies where it lay. Where nothing is
 * limited and the gain is 0 dB, the samples are bit-equal.
 */
export const renderLoudness = async (
  stream: AudioStream,
  move: LoudnessMove,
  write: WriteBlock,
  onProgress?: OnProgress,
): Promise<Limited> => (await renderLoudnesses(stream, [{ move, write }], onProgress))[0];

/** Like `renderLoudness`, several at once: what each would be alone, in one pass that finds the peaks once. */
export const renderLoudnesses = (
  stream: AudioStream,
  renditions: readonly Rendition[],
  onProgress?: OnProgress,
): Promise<Limited[]> =>
  withBlocks(1, async (driven) => {
    const masters = renditions.map((rendition) => new Master(rendition, stream));
    const input = new LimiterInput(stream.sampleRateHz, Math.max(...masters.map(({ drive }) => drive)));
    const visit = async (block: StereoBlock, frames: number, skip: number): Promise<void> => {
      input.process(block, frames);
      for (const master of masters) {
        master.process(block, input.peaks, driven, { skip, frames });
        if (frames > skip) await master.write(skip === 0 ? driven : tailOf(driven, skip, frames), frames - skip);
      }
    };
    await forEachAligned(stream, input.latencyFrames, visit, onProgress);
    return masters.map((master) => master.read());
  });

/** Workspace, for the length of a call. */
const gains = reservedBlock();

/** The frames of a block that are processed, and how many of them lie before the start. */
type Extent = { skip: number; frames: number };

class Master {
  readonly drive: number;
  readonly write: WriteBlock;
  readonly #gain: number;
  readonly #gainComputer: GainComputer;
  readonly #reduction = new ReductionMeter();
  readonly #course: ReductionCourseMeter;

  constructor({ move, write }: Rendition, { sampleRateHz, frames }: AudioStream) {
    this.#gain = gainOfDb(roundedDb(move.gainDb));
    this.drive = gainOfDb(roundedDb(move.gainDb - (move.ceilingDbtp - CEILING_MARGIN_DB)));
    this.write = write;
    this.#gainComputer = new GainComputer(sampleRateHz);
    this.#course = new ReductionCourseMeter(sampleRateHz, frames);
  }

  process(block: StereoBlock, peaks: Peaks, driven: StereoBlock, { skip, frames }: Extent): void {
    this.#gainComputer.process(peaks, this.drive, gains, frames);
    this.#reduction.push(gains, peaks, this.drive, frames);
    this.#course.push(gains, skip, frames);
    applyGains({ delayed: block, gains, gain: this.#gain, driven }, frames);
  }

  read(): Limited {
    return { limiter: this.#reduction.read(), course: this.#course.read() };
  }
}

/** Gains follow from measurements, whose last bits may differ between machines (dsp/quantise.ts); a millionth of a dB may not. */
const roundedDb = (db: number): number => Math.round(db * 1e6) / 1e6;
