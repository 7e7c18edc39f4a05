// A fingerprint of bytes: what was written is what is read, without keeping it. Sixteen words of state, one for every sixteenth word of
// 32 bits: s ← rotl(s ⊕ x, 13) · P. Each step can be undone, so a single wrong word is always seen, and several in one lane escape
// with a chance of 2⁻³²; lanes do not mix. Against accidents, not against intent: that is what SHA-256 is for.
// P is the first prime of xxHash (Collet, "xxHash fast digest algorithm", 2³² over the golden ratio). Kernel: kernels/fingerprint.ts.
import { addressOf, kernels, reserve } from './kernels/wasm.ts';

const WORDS = 16;
const STRIPE_BYTES = 4 * WORDS;
const PRIME = 0x9e37_79b1;

/** Workspaces, for the length of a call. */
const reservedBytes = reserve(2 ** 13);
const work = new Uint8Array(reservedBytes.buffer, reservedBytes.byteOffset, reservedBytes.byteLength);
const workWords = new Int32Array(work.buffer, work.byteOffset, work.byteLength / 4);
const reservedState = reserve(WORDS / 2);
const workState = new Int32Array(reservedState.buffer, reservedState.byteOffset, WORDS);

/** Of bytes that come piece by piece; the sizes of the pieces leave no trace. */
export class Fingerprint {
  readonly #state = new Int32Array(WORDS);
  /** What does not fill a stripe yet. */
  readonly #rest = new Uint8Array(STRIPE_BYTES);
  #length = 0;

  push(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) {
      const held = this.#length % STRIPE_BYTES;
      const taken = Math.min(bytes.length - at, work.length - held);
      work.set(this.#rest.subarray(0, held));
      work.set(bytes.subarray(at, at + taken), held);
      const stripes = Math.floor((held + taken) / STRIPE_BYTES);
      this.#mix(stripes);
      this.#rest.set(work.subarray(stripes * STRIPE_BYTES, held + taken));
      this.#length += taken;
      at += taken;
    }
  }

  /** Of everything so far, and how much that was. */
  read(): string {
    const held = this.#length % STRIPE_BYTES;
    const state = this.#state.slice();
    work.fill(0, 0, STRIPE_BYTES);
    work.set(this.#rest.subarray(0, held));
    if (held > 0) this.#mix(1);
    const words = Array.from(this.#state, (word) => (word >>> 0).toString(16).padStart(8, '0'));
    this.#state.set(state);
    return `${this.#length} ${words.join('')}`;
  }

  /** The first stripes of the workspace. */
  #mix(stripes: number): void {
    const state = this.#state;
    const wasm = kernels();
    if (wasm) {
      workState.set(state);
      wasm.mixStripes(addressOf(reservedBytes), stripes, addressOf(reservedState));
      state.set(workState);
      return;
    }
    for (let i = 0; i < stripes * WORDS; i++) {
      const mixed = state[i % WORDS] ^ workWords[i];
      state[i % WORDS] = Math.imul((mixed << 13) | (mixed >>> 19), PRIME);
    }
  }
}
