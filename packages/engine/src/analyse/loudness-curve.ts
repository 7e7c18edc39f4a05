// How loud the music is as it goes: short-term loudness (3 s, EBU Tech 3341) once a second. Where that would be more than 600
// points, neighbours are joined by their mean power and the step doubles, as often as needed.
import type { Analysis, Level } from '../analysis.ts';
import { lufsFromPower, powerFromLufs } from '../units.ts';

const MOST_POINTS = 600;
const WINDOW_SECONDS = 3;

/** Levels in reports need no more than this. */
const tenths = (level: Level): Level => (level === null ? null : Math.round(10 * level) / 10);

/** Memory does not grow with the length of the music. */
export class LoudnessCurveMeter {
  readonly #powers = new Float64Array(MOST_POINTS);
  #points = 0;
  #step = 1;
  #sum = 0;
  #summed = 0;

  /** Takes the loudness of the last 3 s, once a second from the third on. */
  push(shortTermLufs: Level): void {
    this.#sum += shortTermLufs === null ? 0 : powerFromLufs(shortTermLufs);
    this.#summed++;
    if (this.#summed < this.#step) return;
    if (this.#points === MOST_POINTS) this.#halve();
    else this.#addPoint();
  }

  read(): Analysis['dynamics']['loudnessCurve'] {
    const lufs = Array.from(this.#powers.subarray(0, this.#points), (power) => tenths(lufsFromPower(power)));
    return { startSeconds: (WINDOW_SECONDS + this.#step - 1) / 2, stepSeconds: this.#step, lufs };
  }

  #addPoint(): void {
    this.#powers[this.#points++] = this.#sum / this.#summed;
    this.#sum = 0;
    this.#summed = 0;
  }

  #halve(): void {
    for (let k = 0; k < MOST_POINTS / 2; k++) this.#powers[k] = (this.#powers[2 * k] + this.#powers[2 * k + 1]) / 2;
    this.#points = MOST_POINTS / 2;
    this.#step *= 2;
  }
}
