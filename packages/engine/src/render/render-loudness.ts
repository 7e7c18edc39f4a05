import type { AudioStream, OnProgress, StereoBlock, WriteBlock } from '../audio.ts';
import { gainOfDb } from '../dsp/logarithm.ts';
import { reservedBlock, withBlocks } from '../kernels/blocks.ts';
import type { LoudnessSolution } from '../plan.ts';
import { forEachAligned, tailOf } from './aligned.ts';
import { applyGains, GainComputer, LimiterInput, type Peaks } from './limiter.ts';
import { CEILING_MARGIN_DB } from './solve-loudness.ts';

/** What the loudness stage needs of a solution; a corrected gain or ceiling makes another one. */
export type LoudnessMove = Pick<LoudnessSolution, 'gainDb' | 'ceilingDbtp'>;

/** One master of several that are made of the same signal. */
export type Rendition = { readonly move: LoudnessMove; readonly write: WriteBlock };

/**
 * Gain, then the true-peak limiter. What comes out has the length of what goes in and lies where it lay. Where nothing is
 * limited and the gain is 0 dB, the samples are bit-equal.
 */
export const renderLoudness = (
  stream: AudioStream,
  move: LoudnessMove,
  write: WriteBlock,
  onProgress?: OnProgress,
): Promise<void> => renderLoudnesses(stream, [{ move, write }], onProgress);

/** Like `renderLoudness`, several at once: what each would be alone, in one pass that finds the peaks once. */
export const renderLoudnesses = (
  stream: AudioStream,
  renditions: readonly Rendition[],
  onProgress?: OnProgress,
): Promise<void> =>
  withBlocks(1, async (driven) => {
    const masters = renditions.map((rendition) => new Master(rendition, stream.sampleRateHz));
    const input = new LimiterInput(stream.sampleRateHz, Math.max(...masters.map(({ drive }) => drive)));
    const visit = async (block: StereoBlock, frames: number, skip: number): Promise<void> => {
      input.process(block, frames);
      for (const master of masters) {
        master.process(block, input.peaks, driven, frames);
        if (frames > skip) await master.write(skip === 0 ? driven : tailOf(driven, skip, frames), frames - skip);
      }
    };
    await forEachAligned(stream, input.latencyFrames, visit, onProgress);
  });

/** Workspace, for the length of a call. */
const gains = reservedBlock();

class Master {
  readonly drive: number;
  readonly write: WriteBlock;
  readonly #gain: number;
  readonly #gainComputer: GainComputer;

  constructor({ move, write }: Rendition, sampleRateHz: number) {
    this.#gain = gainOfDb(roundedDb(move.gainDb));
    this.drive = gainOfDb(roundedDb(move.gainDb - (move.ceilingDbtp - CEILING_MARGIN_DB)));
    this.write = write;
    this.#gainComputer = new GainComputer(sampleRateHz);
  }

  process(block: StereoBlock, peaks: Peaks, driven: StereoBlock, frames: number): void {
    this.#gainComputer.process(peaks, this.drive, gains, frames);
    applyGains({ delayed: block, gains, gain: this.#gain, driven }, frames);
  }
}

/** Gains follow from measurements, whose last bits may differ between machines (dsp/quantise.ts); a millionth of a dB may not. */
const roundedDb = (db: number): number => Math.round(db * 1e6) / 1e6;
