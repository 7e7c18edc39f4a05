// The loudness of limited masters as a meter will read it: each is driven, weighted and forgotten, all in one pass.
// Weighting is linear, so while a limiter is at rest its master's energies are those of the signal times the drive squared, and
// one weighting does for all. A limiter that begins to act takes over the memory of that one; at rest again it is followed
// until nothing that it did is heard any more.
import type { AudioStream, OnProgress, StereoBlock } from '../audio.ts';
import { GROUP } from '../dsp/group-peaks.ts';
import { KWeightedPair, stepEnds } from '../dsp/k-weighting.ts';
import { gainOfDb } from '../dsp/logarithm.ts';
import { reservedBlock, withBlocks } from '../kernels/blocks.ts';
import { GroupLoudness } from './group-loudness.ts';
import { applyGains, designLimiter, Limiter, type LimiterDesign } from './limiter.ts';
import type { CurvePoint } from './loudness-curve.ts';
import type { Outline } from './outline.ts';
import { PeakWindow } from './peak-window.ts';
import { ReductionMeter } from './reduction.ts';

/** Of the high-pass of 38 Hz, the slower part of the weighting, 10⁻⁹ is left after 100 ms. */
const MEMORY_SECONDS = 0.1;

/** A block, the first frame of which lies so many behind the start of a group. */
type Stretch = { block: StereoBlock; phase: number; frames: number; groups: number };

/** Energy of each part of a block that belongs to one tenth of a second. */
type Weigh = (from: number, to: number) => number;

/** Workspace, for the length of a call. */
const driven = reservedBlock();

const energyOf = (pair: KWeightedPair, { left, right }: StereoBlock, from: number, to: number): number => {
  stepEnds[0] = to - from;
  const energies = pair.add(left, right, { from, to, steps: 1 });
  return energies[0] + energies[1];
};

/** Weighs what lies between the starts of groups; what comes before the first and after the last counts to those. */
const weighing =
  (pair: KWeightedPair, block: StereoBlock, { phase, frames, groups }: Stretch): Weigh =>
  (from, to) => {
    const first = (GROUP - phase) % GROUP;
    return energyOf(pair, block, from === 0 ? 0 : first + GROUP * from, to === groups ? frames : first + GROUP * to);
  };

/** The signal itself. */
class Undriven {
  /** What the weighting remembered before the block. */
  readonly before: KWeightedPair;
  /** Of the parts of the block. */
  readonly energies: number[] = [];
  readonly #pair: KWeightedPair;
  readonly #loudness: GroupLoudness;

  constructor(sampleRateHz: number) {
    this.before = new KWeightedPair(sampleRateHz);
    this.#pair = new KWeightedPair(sampleRateHz);
    this.#loudness = new GroupLoudness(sampleRateHz, 1);
  }

  hear(stretch: Stretch): void {
    this.before.remember(this.#pair, 1);
    this.energies.length = 0;
    const weigh = weighing(this.#pair, stretch.block, stretch);
    this.#loudness.push(stretch.groups, (from, to) => {
      const energy = weigh(from, to);
      this.energies.push(energy);
      return energy;
    });
  }
}

class Probe {
  readonly #driveDb: number;
  readonly #limiter: Limiter;
  readonly #pair: KWeightedPair;
  readonly #memoryFrames: number;
  readonly #loudness: GroupLoudness;
  readonly #reduction = new ReductionMeter();
  #restFrames = Infinity;

  constructor(driveDb: number, sampleRateHz: number, design: LimiterDesign) {
    this.#driveDb = driveDb;
    this.#limiter = new Limiter(gainOfDb(driveDb), design);
    this.#pair = new KWeightedPair(sampleRateHz);
    this.#memoryFrames = MEMORY_SECONDS * sampleRateHz;
    this.#loudness = new GroupLoudness(sampleRateHz, 1);
  }

  /** Brings the first gain up to the start. */
  begin({ peaks }: PeakWindow): void {
    this.#limiter.follow(peaks, 2);
  }

  hear(stretch: Stretch, { peaks, records }: PeakWindow, undriven: Undriven): void {
    const { block, phase, frames, groups } = stretch;
    const { drive } = this.#limiter;
    const gains = this.#limiter.follow(peaks, (phase + frames) % GROUP === 0 ? 2 : 3);
    const [left, right] = [gains.left, gains.right].map((plane) => plane.subarray(phase === 0 ? 1 : 2));
    this.#reduction.push({ left, right }, records, { drive, groups });
    const wasHeard = this.#restFrames < this.#memoryFrames;
    if (this.#limiter.isAtRest && !wasHeard) {
      let part = 0;
      this.#loudness.push(groups, () => drive * drive * undriven.energies[part++]);
      return;
    }
    if (!wasHeard) this.#pair.remember(undriven.before, drive);
    this.#restFrames = this.#limiter.isAtRest ? this.#restFrames + frames : 0;
    applyGains(block, frames, { gains, phase, gain: drive, driven });
    this.#loudness.push(groups, weighing(this.#pair, driven, stretch));
  }

  read(): CurvePoint {
    const lufs = this.#loudness.integratedLufs() ?? -Infinity;
    return { driveDb: this.#driveDb, lufs, limiter: this.#reduction.read() };
  }
}

/** Measures the loudness at these drives, with the ceiling at 0 dB. */
export const measureDriven = async (
  outline: Outline,
  stream: AudioStream,
  drivesDb: readonly number[],
  onProgress?: OnProgress,
): Promise<CurvePoint[]> =>
  withBlocks(1, async (block) => {
    const { sampleRateHz } = outline;
    const design = designLimiter(sampleRateHz);
    const window = new PeakWindow(outline, design);
    const undriven = new Undriven(sampleRateHz);
    const probes = drivesDb.map((driveDb) => new Probe(driveDb, sampleRateHz, design));
    await window.advance(design.latencyGroups + 1);
    for (const probe of probes) probe.begin(window);
    let heard = 0;
    for (let frames = await stream.read(block); frames > 0; frames = await stream.read(block)) {
      const groups = Math.ceil((heard + frames) / GROUP) - Math.ceil(heard / GROUP);
      await window.advance(groups);
      const stretch = { block, phase: heard % GROUP, frames, groups };
      undriven.hear(stretch);
      for (const probe of probes) probe.hear(stretch, window, undriven);
      heard += frames;
      onProgress?.(Math.min(1, heard / Math.max(heard, stream.frames)));
    }
    return probes.map((probe) => probe.read());
  });
