// The outline of a signal: all that the loudness stage must know of it before it may change it, found once for all targets.
// A record for each eight frames: true peak of each channel (dsp/group-peaks.ts), K-weighted energy of each
// (dsp/group-energies.ts). 16 bytes, kept by whoever can: the engine opens no files.
import type { Level } from '../analysis.ts';
import { type AudioStream, BLOCK_FRAMES, type StereoBlock } from '../audio.ts';
import { GroupEnergies } from '../dsp/group-energies.ts';
import { CONTEXT_FRAMES, GROUP, GroupPeaks, RECORD } from '../dsp/group-peaks.ts';
import { addressOf, isReserved, kernels, reserveSingles } from '../kernels/wasm.ts';
import { listen } from '../listen.ts';
import { GroupLoudness } from './group-loudness.ts';
import { dipGroupsAt } from './limiter.ts';

/** Keeps records in their order. */
export type OutlineStore = {
  /** The array is used again afterwards. */
  append(records: Float32Array): void;
  /** Fills the array with the numbers from index `at` on. */
  read(at: number, records: Float32Array): void | Promise<void>;
};

/** In memory: two bytes a frame, for songs that are short. */
const memoryStore = (): OutlineStore => {
  let kept = new Float32Array(2 ** 16);
  let length = 0;
  return {
    append: (records) => {
      if (length + records.length > kept.length) {
        const grown = new Float32Array(2 * (length + records.length));
        grown.set(kept.subarray(0, length));
        kept = grown;
      }
      kept.set(records, length);
      length += records.length;
    },
    read: (at, records) => records.set(kept.subarray(at, at + records.length)),
  };
};

export type Outline = {
  readonly sampleRateHz: number;
  readonly frames: number;
  /** Largest peak, linear. */
  readonly peak: number;
  /** Integrated loudness after so much gain: a quiet passage that it lifts over −70 LUFS counts from there on. */
  lufsAt(gainDb: number): Level;
  /** What the energies of the records are to be multiplied by. */
  readonly energyScale: number;
  /** Fills the array with records, the first that of group `from`; behind the end there is silence. */
  read(from: number, records: Float32Array): void | Promise<void>;
};

/** Draws the outline of a signal that goes by. */
export type Outliner = { write(block: StereoBlock, frames: number): void; finish(): Outline };

export const createOutliner = (sampleRateHz: number, store: OutlineStore = memoryStore()): Outliner => {
  const tracer = new Tracer(sampleRateHz, store);
  let frames = 0;
  return {
    write: (block, count) => {
      tracer.push(block, count);
      frames += count;
    },
    finish: () => {
      const groups = Math.ceil(frames / GROUP);
      tracer.finish(GROUP * groups - frames);
      const { peak, energyScale, loudness } = tracer;
      const read = readerOf(store, groups);
      const lufsAt = (gainDb: number): Level => loudness.integratedLufs(gainDb);
      return { sampleRateHz, frames, peak, lufsAt, energyScale, read };
    },
  };
};

/** Hears a whole stream. */
export const outlineOf = async (stream: AudioStream): Promise<Outline> => {
  const { write, finish } = createOutliner(stream.sampleRateHz);
  await listen(stream, write);
  return finish();
};

const readerOf =
  (store: OutlineStore, groups: number): Outline['read'] =>
  (from, records) => {
    const end = Math.min(records.length, Math.max(0, (groups - from) * RECORD));
    records.fill(0, end);
    return end > 0 ? store.read(from * RECORD, records.subarray(0, end)) : undefined;
  };

/** Of one channel: what was heard and is still needed, and what comes. */
type Tape = { readonly samples: Float32Array; readonly kept: Float32Array; readonly peaks: GroupPeaks };

/** Samples that stay behind at most: both contexts, and a group that is not whole. */
const KEPT = 2 * CONTEXT_FRAMES + GROUP;
/** Workspaces, for the length of a call. */
const tapes = [0, 1].map(() => reserveSingles(KEPT + BLOCK_FRAMES + 4 * GROUP));
const records = reserveSingles(RECORD * (BLOCK_FRAMES / GROUP + 2));

class Tracer {
  readonly loudness: GroupLoudness;
  readonly energyScale: number;
  peak = 0;
  readonly #store: OutlineStore;
  readonly #tapes: readonly Tape[];
  readonly #energies: GroupEnergies;
  /** On each tape, the context before the first group with them. */
  #kept = CONTEXT_FRAMES;

  constructor(sampleRateHz: number, store: OutlineStore) {
    this.#store = store;
    const dipGroups = dipGroupsAt(sampleRateHz);
    this.#tapes = tapes.map((samples) => ({
      ...{ samples, kept: new Float32Array(KEPT), peaks: new GroupPeaks(dipGroups) },
    }));
    this.#energies = new GroupEnergies(sampleRateHz);
    this.energyScale = this.#energies.scale;
    this.loudness = new GroupLoudness(sampleRateHz, this.energyScale);
  }

  push({ left, right }: StereoBlock, frames: number): void {
    const length = this.#kept + frames;
    const groups = Math.max(0, Math.floor((length - 2 * CONTEXT_FRAMES) / GROUP));
    const kept = length - GROUP * groups;
    [left, right].forEach((plane, c) => {
      const tape = this.#tapes[c];
      tape.samples.set(tape.kept.subarray(0, this.#kept));
      narrow(plane, frames, tape.samples.subarray(this.#kept));
      if (groups > 0) tape.peaks.follow(tape.samples, groups, records.subarray(c));
      tape.kept.set(tape.samples.subarray(length - kept, length));
    });
    this.#kept = kept;
    if (groups > 0) this.#record(groups);
  }

  /** Lets the signal end in silence, to a whole group and the context of the last. */
  finish(missing: number): void {
    const silence = new Float64Array(missing + CONTEXT_FRAMES);
    this.push({ left: silence, right: silence }, silence.length);
  }

  #record(groups: number): void {
    const [left, right] = this.#tapes.map(({ samples }) => samples.subarray(CONTEXT_FRAMES));
    this.#energies.weigh(left, right, groups, records.subarray(2));
    const written = records.subarray(0, RECORD * groups);
    for (let at = 0; at < written.length; at += RECORD) this.peak = Math.max(this.peak, written[at], written[at + 1]);
    this.loudness.push(groups, (from, to) => {
      let energy = 0;
      for (let at = RECORD * from; at < RECORD * to; at += RECORD) energy += written[at + 2] + written[at + 3];
      return energy;
    });
    this.#store.append(written);
  }
}

const narrow = (plane: Float64Array, frames: number, out: Float32Array): void => {
  const wasm = kernels();
  if (wasm && isReserved(plane)) wasm.narrow(addressOf(plane), frames, addressOf(out));
  else out.set(plane.subarray(0, frames));
};
