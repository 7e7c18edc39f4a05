// Which windows are loud: those that pass the gates of BS.1770-5, −70 LUFS and then 10 LU below the mean of those that do.
// The second gate is known only at the end; until then everything is kept apart by loudness, in steps of 1 LU.
import { lufsFromPower, powerFromDb } from '../units.ts';

const ABSOLUTE_GATE_LUFS = -70;
const RELATIVE_GATE_LU = -10;
/** Steps of loudness from the absolute gate up. */
export const LOUDNESSES = 100;

/** Sum over the steps of loudness that begin with `first`. */
export const sumFrom = (values: Float64Array, first: number): number =>
  values.subarray(first).reduce((sum, value) => sum + value, 0);

/** Which of `count` steps a level falls into; those beyond the ends count to the ends. */
export const stepOf = (level: number, count: number): number => Math.max(0, Math.min(count - 1, Math.floor(level)));

/** The step of loudness of a K-weighted power; −1 below the absolute gate. */
export const loudnessOf = (loudPower: number): number => {
  const lufs = lufsFromPower(loudPower);
  return lufs === null || lufs < ABSOLUTE_GATE_LUFS ? -1 : stepOf(lufs - ABSOLUTE_GATE_LUFS, LOUDNESSES);
};

/** The steps of loudness that pass both gates begin with `first`; so many windows do. */
export type Loud = { readonly first: number; readonly windows: number };

/** Counts windows by their loudness. */
export class LoudGate {
  readonly #windows = new Float64Array(LOUDNESSES);
  readonly #powers = new Float64Array(LOUDNESSES);

  hear({ loudness, loudPower }: { loudness: number; loudPower: number }): void {
    if (loudness < 0) return;
    this.#windows[loudness]++;
    this.#powers[loudness] += loudPower;
  }

  read(): Loud {
    const mean = sumFrom(this.#powers, 0) / Math.max(1, sumFrom(this.#windows, 0));
    const gateLufs = lufsFromPower(mean * powerFromDb(RELATIVE_GATE_LU)) ?? ABSOLUTE_GATE_LUFS;
    const first = stepOf(gateLufs - ABSOLUTE_GATE_LUFS, LOUDNESSES);
    return { first, windows: sumFrom(this.#windows, first) };
  }
}
