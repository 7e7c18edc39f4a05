// Small fast counter generator (sfc32, PractRand's author C. Doty-Humphrey): 32-bit integers, period at least 2³².
// Integer arithmetic only: the same seed gives the same numbers on every machine. Kernel: kernels/quantiser.ts.
import { BLOCK_FRAMES } from '../audio.ts';
import { addressOf, kernels, reserve } from '../kernels/wasm.ts';

const WARM_UP = 12;
const UNIFORM = 2 ** -32;

/** Uniform integers 0…2³²−1 from a seed. */
export class SeededRandom {
  /** a, b, c and the counter. */
  readonly state: Int32Array;

  /** @param seed any integer; its lowest 32 bits count */
  constructor(seed: number) {
    this.state = Int32Array.of(0, seed, 0, 1);
    for (let i = 0; i < WARM_UP; i++) this.next();
  }

  next(): number {
    const state = this.state;
    const [a, b, c, counter] = state;
    const sum = (a + b + counter) | 0;
    state[0] = b ^ (b >>> 9);
    state[1] = c + (c << 3);
    state[2] = ((c << 21) | (c >>> 11)) + sum;
    state[3] = counter + 1;
    return sum >>> 0;
  }
}

/** Workspace, for the length of a call. */
const reserved = reserve(2);
const workState = new Int32Array(reserved.buffer, reserved.byteOffset, 4);
/** What was given last, and the states before and after it: files of one seed, made side by side, ask for the same. */
const given = reserve(2 * BLOCK_FRAMES);
const before = new Int32Array(4);
const after = new Int32Array(4);
let givenCount = 0;

/** Numbers of triangular distribution over −1…1, each the difference of two uniform ones. */
export class TriangularNoise {
  readonly #random: SeededRandom;

  /** @param seed any integer; its lowest 32 bits count */
  constructor(seed: number) {
    this.#random = new SeededRandom(seed);
  }

  /** The next `count` numbers, at most two blocks, which are reserved and stay there until the next call. */
  next(count: number): Float64Array {
    const { state } = this.#random;
    if (count !== givenCount || state.some((word, i) => word !== before[i])) {
      before.set(state);
      this.#fill(given, count);
      after.set(state);
      givenCount = count;
    }
    state.set(after);
    return given;
  }

  #fill(values: Float64Array, count: number): void {
    const random = this.#random;
    const wasm = kernels();
    if (!wasm) {
      for (let i = 0; i < count; i++) values[i] = (random.next() - random.next()) * UNIFORM;
      return;
    }
    workState.set(random.state);
    wasm.fillTriangular(addressOf(reserved), addressOf(values), count);
    random.state.set(workState);
  }
}
