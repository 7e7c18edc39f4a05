// From one sample rate to another, for delivery: flat within 0.01 dB up to 20 kHz of 44.1 (0.4535 of the lower rate), nothing
// left above −140 dB from half the lower rate on. Where the rates are more than a factor of three apart the last doubling, or
// the first halving, is a stage of its own with a wide transition.
// Zero phase: each frame lies where it lay; as long as the input, to the nearest frame. Source: dsp/polyphase.ts.
import { BLOCK_FRAMES, createBlock, type StereoBlock, type WriteBlock } from '../audio.ts';
import { PolyphaseStage, type RateChange } from '../dsp/polyphase.ts';
import { tailOf } from './aligned.ts';

/** As a part of the lower rate. */
const PASS_EDGE = 20 / 44.1;
const FAR_APART = 3;
/** Silence before the start, longer than all filters look back, so that a stage's first ringing reaches the next. */
const LEAD_FRAMES = 1024;

const greatestCommonDivisor = (a: number, b: number): number => (b === 0 ? a : greatestCommonDivisor(b, a % b));

const ratioOf = (fromHz: number, toHz: number): { up: number; down: number } => {
  const divisor = greatestCommonDivisor(fromHz, toHz);
  return { up: toHz / divisor, down: fromHz / divisor };
};

/** Keeps what lies well below half of the lower rate; nothing passes that half, nor mirrors itself below it. */
const sharp = (fromHz: number, toHz: number): RateChange => {
  const lowerHz = Math.min(fromHz, toHz);
  return { ...ratioOf(fromHz, toHz), passEdge: (PASS_EDGE * lowerHz) / fromHz, stopEdge: lowerHz / 2 / fromHz };
};

/** By a factor of two around a rate, for a signal of which only what lies below half of `keptHz` counts. */
const wide = (fromHz: number, toHz: number, keptHz: number): RateChange => {
  const lowerHz = Math.min(fromHz, toHz);
  return { ...ratioOf(fromHz, toHz), passEdge: keptHz / 2 / fromHz, stopEdge: (lowerHz - keptHz / 2) / fromHz };
};

/** Whole numbers of Hz. */
const rateChanges = ({ fromHz, toHz }: Resampling): RateChange[] => {
  if (toHz > FAR_APART * fromHz) return [sharp(fromHz, toHz / 2), wide(toHz / 2, toHz, fromHz)];
  if (fromHz > FAR_APART * toHz) return [wide(fromHz, fromHz / 2, toHz), sharp(fromHz / 2, toHz)];
  return [sharp(fromHz, toHz)];
};

export type Resampling = { readonly fromHz: number; readonly toHz: number };

/** Passes what is written on to another writer, at another rate; `finish` gives what is still inside. */
export class Resampler {
  readonly #resampling: Resampling;
  readonly #write: WriteBlock;
  readonly #stages: readonly PolyphaseStage[];
  readonly #blocks: readonly StereoBlock[];
  readonly #silence = createBlock();
  #leadFrames: number;
  /** Frames still to come out that lie before the start. */
  #early: number;
  #heard = 0;
  #given = 0;
  #end = Number.POSITIVE_INFINITY;

  constructor(resampling: Resampling, write: WriteBlock) {
    const changes = rateChanges(resampling);
    // A whole number of frames at every rate on the way.
    const unit = changes.reduce((product, { down }) => product * down, 1);
    this.#resampling = resampling;
    this.#write = write;
    this.#stages = changes.map((change) => new PolyphaseStage(change));
    this.#blocks = changes.map(() => createBlock());
    this.#leadFrames = unit * Math.ceil(LEAD_FRAMES / unit);
    this.#early = (this.#leadFrames * resampling.toHz) / resampling.fromHz;
  }

  readonly write = async (block: StereoBlock, frames: number): Promise<void> => {
    await this.#lead();
    this.#heard += frames;
    await this.#pass(block, frames, 0);
  };

  /** Call it once, after the last write. */
  async finish(): Promise<void> {
    await this.#lead();
    const { fromHz, toHz } = this.#resampling;
    this.#end = Math.round((this.#heard * toHz) / fromHz);
    while (this.#given < this.#end) await this.#pass(this.#silence, BLOCK_FRAMES, 0);
  }

  async #lead(): Promise<void> {
    for (; this.#leadFrames > 0; this.#leadFrames -= BLOCK_FRAMES) {
      await this.#pass(this.#silence, Math.min(this.#leadFrames, BLOCK_FRAMES), 0);
    }
  }

  /** Through the stages from the `index`-th on, in blocks of the usual size. */
  async #pass(input: StereoBlock, frames: number, index: number): Promise<void> {
    if (index === this.#stages.length) return this.#give(input, frames);
    const made = this.#stages[index].process(input, frames);
    const block = this.#blocks[index];
    for (let from = 0; from < made.frames; from += BLOCK_FRAMES) {
      const to = Math.min(made.frames, from + BLOCK_FRAMES);
      block.left.set(made.block.left.subarray(from, to));
      block.right.set(made.block.right.subarray(from, to));
      await this.#pass(block, to - from, index + 1);
    }
  }

  /** Until the end is known, less has come out than lies before it: every filter still waits for half its length. */
  #give(block: StereoBlock, frames: number): void | Promise<void> {
    const from = Math.min(this.#early, frames);
    const to = Math.min(frames, from + this.#end - this.#given);
    this.#early -= from;
    this.#given += to - from;
    if (to > from) return this.#write(tailOf(block, from, to), to - from);
  }
}
