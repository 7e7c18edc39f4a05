// Integrated loudness from K-weighted energies of groups of eight frames: windows of 400 ms that move by 100 ms, each to the
// nearest group. Source: ITU-R BS.1770-5, Annex 1. Memory grows by 8 bytes per 100 ms.
import type { Level } from '../analysis.ts';
import { GrowingList, integratedLufs } from '../dsp/gating.ts';
import { GROUP } from '../dsp/group-peaks.ts';
import { powerFromDb } from '../units.ts';

const TENTHS_PER_SECOND = 10;
const WINDOW_TENTHS = 4;

/** The energy of groups, of those pushed, from index `from` up to, not including, `to`. */
type EnergyOf = (from: number, to: number) => number;

export class GroupLoudness {
  readonly #groupRateHz: number;
  readonly #scale: number;
  readonly #powers = new GrowingList();
  /** Of the last tenths of a second, the running one last. */
  readonly #energies = new Float64Array(WINDOW_TENTHS);
  #tenths = 0;
  #groups = 0;

  /** @param scale of the energies */
  constructor(sampleRateHz: number, scale: number) {
    this.#groupRateHz = sampleRateHz / GROUP;
    this.#scale = scale;
  }

  /** What belongs to no new group is asked for as well, as from 0 to 0. */
  push(groups: number, energyOf: EnergyOf): void {
    if (groups === 0) this.#energies[WINDOW_TENTHS - 1] += energyOf(0, 0);
    for (let from = 0; from < groups; ) {
      const end = this.#groupOfTenth(this.#tenths + 1);
      const to = Math.min(groups, from + end - this.#groups);
      this.#energies[WINDOW_TENTHS - 1] += energyOf(from, to);
      this.#groups += to - from;
      from = to;
      if (this.#groups === end) this.#endTenth(end);
    }
  }

  /** After so much gain; `null` while nothing louder than −70 LUFS filled a window. */
  integratedLufs(gainDb = 0): Level {
    const factor = powerFromDb(gainDb);
    const { values } = this.#powers;
    return integratedLufs(gainDb === 0 ? values : values.map((power) => factor * power));
  }

  #groupOfTenth(tenth: number): number {
    return Math.round((tenth * this.#groupRateHz) / TENTHS_PER_SECOND);
  }

  #endTenth(end: number): void {
    this.#tenths++;
    if (this.#tenths >= WINDOW_TENTHS) {
      const frames = GROUP * (end - this.#groupOfTenth(this.#tenths - WINDOW_TENTHS));
      const energy = this.#energies.reduce((sum, tenth) => sum + tenth, 0);
      this.#powers.push((this.#scale * energy) / frames);
    }
    this.#energies.copyWithin(0, 1);
    this.#energies[WINDOW_TENTHS - 1] = 0;
  }
}
