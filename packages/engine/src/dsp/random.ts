// Small fast counter generator (sfc32, PractRand's author C. Doty-Humphrey): 32-bit integers, period at least 2³².
// Integer arithmetic only: the same seed gives the same numbers on every machine. Kernel: kernels/quantiser.ts.
import { addressOf, kernels, reserve } from '../kernels/wasm.ts';

const WARM_UP = 6;
const UNIFORM = 2 ** -32;

/** Workspaces, for the length of a call. */
const workState = reserve(2);
const words = new Int32Array(workState.buffer, workState.byteOffset, 4);

/** Numbers of triangular distribution over −1…1, each the difference of two uniform ones. */
export class TriangularNoise {
  /** a, b, c and the counter. */
  readonly #state: Int32Array;

  /** @param seed any integer; its lowest 32 bits count */
  constructor(seed: number) {
    this.#state = Int32Array.of(0, seed, 0, 1);
    for (let i = 0; i < WARM_UP; i++) this.#next();
  }

  /** Fills the first `count` of reserved numbers. */
  fill(values: Float64Array, count: number): void {
    const wasm = kernels();
    if (!wasm) {
      for (let i = 0; i < count; i++) values[i] = this.#next();
      return;
    }
    words.set(this.#state);
    wasm.fillTriangular(addressOf(workState), addressOf(values), count);
    this.#state.set(words);
  }

  #next(): number {
    const first = this.#uniform();
    return (first - this.#uniform()) * UNIFORM;
  }

  /** An integer 0…2³²−1. */
  #uniform(): number {
    const state = this.#state;
    const [a, b, c, counter] = state;
    const sum = (a + b + counter) | 0;
    state[0] = b ^ (b >>> 9);
    state[1] = c + (c << 3);
    state[2] = ((c << 21) | (c >>> 11)) + sum;
    state[3] = counter + 1;
    return sum >>> 0;
  }
}
