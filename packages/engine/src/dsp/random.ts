// Small fast counter generator (sfc32, PractRand's author C. Doty-Humphrey): 32-bit integers, period at least 2³².
// Integer arithmetic only: the same seed gives the same numbers on every machine.

const WARM_UP = 12;

/** Uniform integers 0…2³²−1 from a seed. */
export class SeededRandom {
  #a = 0;
  #b: number;
  #c = 0;
  #counter = 1;

  /** @param seed any integer; its lowest 32 bits count */
  constructor(seed: number) {
    this.#b = seed | 0;
    for (let i = 0; i < WARM_UP; i++) this.next();
  }

  next(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }
}
