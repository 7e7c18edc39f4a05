// Hann windows of two channels in their frequencies, by one transform of both, Z = L + iR, as window-transform.ts makes it, and the
// sum of the powers of many, frequency by frequency: Σ |L[k]|² + |R[k]|², of which |Z[k]|² + |Z[−k]|² is twice as much.
// Single precision, which carries twice as many points at a time: what rounding adds lies some 140 dB below the whole.
// Sums and products in one order, and turns by trigonometry.ts: the same bits on every machine. Kernel: kernels/power-sums.ts.
import { addressOf, kernels, reserveSingles } from '../kernels/wasm.ts';
import { bitReversal } from './fft.ts';
import { cosineOfTurns, sineOfTurns } from './trigonometry.ts';

/** What all sums of one size share: tables, and a workspace for the length of a call. */
type Shared = {
  readonly window: Float32Array;
  /** Of all passes, the largest first: W^2p, W^p and W^3p, or W^p alone, cosines and sines of four neighbours each. */
  readonly turns: Float32Array;
  readonly re: Float32Array;
  readonly im: Float32Array;
  readonly spectrum: SingleComplexes;
};
const sharedBySize = new Map<number, Shared>();

/** Neighbours in the tables, and transforms whose powers lie side by side. */
const LANES = 4;
/** Of p, in the order of the tables, by the radix of a pass. */
const MULTIPLES = { 2: [1], 4: [2, 1, 3] } as const;

type Pass = { readonly size: number; readonly radix: 2 | 4 };

/** All but the last, of radix 4; the first is of radix 2 where the size asks for one. */
const passesOf = (size: number): Pass[] => {
  const passes: Pass[] = [];
  for (let n = size; n > LANES; n /= passes.at(-1)?.radix ?? 1) {
    passes.push({ size: n, radix: n === size && Math.log2(size) % 2 === 1 ? 2 : 4 });
  }
  return passes;
};
const turnCount = ({ size, radix }: Pass): number => (2 * MULTIPLES[radix].length * size) / radix;
const windowOf = (size: number): Float32Array => {
  const window = reserveSingles(size);
  for (let n = 0; n < size; n++) window[n] = 0.5 - 0.5 * cosineOfTurns(n / size);
  return window;
};

const turnsOf = (passes: readonly Pass[]): Float32Array => {
  const turns = reserveSingles(passes.reduce((sum, pass) => sum + turnCount(pass), 0));
  let at = 0;
  for (const { size, radix } of passes) {
    for (let p = 0; p < size / radix; p += LANES) {
      for (const multiple of MULTIPLES[radix]) {
        for (let lane = 0; lane < LANES; lane++, at++) {
          turns[at] = cosineOfTurns((multiple * (p + lane)) / size);
          turns[at + LANES] = -sineOfTurns((multiple * (p + lane)) / size);
        }
        at += LANES;
      }
    }
  }
  return turns;
};

const sharedOf = (size: number): Shared => {
  const known = sharedBySize.get(size);
  if (known) return known;
  const [re, im] = [reserveSingles(size + APART), reserveSingles(size + APART)];
  const spectrum = { re: re.subarray(0, size), im: im.subarray(0, size) };
  const shared = { window: windowOf(size), turns: turnsOf(passesOf(size)), re, im, spectrum };
  sharedBySize.set(size, shared);
  return shared;
};

/** What lies at multiples of 4 KB competes for the same few places of the nearest cache. */
const APART = 192;

type Channels = { readonly left: Float32Array; readonly right: Float32Array };
export type Singles = Channels & { readonly sums: Float32Array };
/** Z[k] stands where k with its bits reversed says, as in window-transform.ts. */
export type SingleComplexes = { readonly re: Float32Array; readonly im: Float32Array };

/** Z of a window, valid until the next of this size; channels reserved, of a power of two of at least 64 or more. */
export const transformSingles = ({ left, right }: Channels, size: number): SingleComplexes => {
  const shared = sharedOf(size);
  if (!callKernel(shared, left, right, 0)) transform(shared, left, right);
  return shared.spectrum;
};

/** Adds the powers of a window to `sums`, in an order of its own; all of them reserved, of a power of two of at least 64. */
export const addWindowPowers = ({ left, right, sums }: Singles): void => {
  const shared = sharedOf(sums.length);
  if (callKernel(shared, left, right, addressOf(sums))) return;
  transform(shared, left, right);
  const { re, im } = shared;
  for (let place = 0; place < sums.length; place++) {
    sums[sumOf(place)] += single(single(re[place] * re[place]) + single(im[place] * im[place]));
  }
};

/** Where the kernel has the sum for a place: transforms of four points lie four by four. */
const sumOf = (place: number): number => {
  const transform = place >> 2;
  return 16 * (transform >> 2) + LANES * (place & 3) + (transform & 3);
};

const callKernel = (
  { window, turns, re, im }: Shared,
  left: Float32Array,
  right: Float32Array,
  sumsAt: number,
): boolean => {
  const wasm = kernels();
  if (!wasm) return false;
  const [windowAt, leftAt, rightAt] = [addressOf(window), addressOf(left), addressOf(right)];
  wasm.transformSingles(
    windowAt,
    leftAt,
    rightAt,
    addressOf(re),
    addressOf(im),
    window.length,
    addressOf(turns),
    sumsAt,
  );
  return true;
};

const transform = ({ window, turns, re, im }: Shared, left: Float32Array, right: Float32Array): void => {
  const size = window.length;
  for (let n = 0; n < size; n++) {
    re[n] = window[n] * left[n];
    im[n] = window[n] * right[n];
  }
  let at = 0;
  for (const each of passesOf(size)) {
    const numbers = { re, im, turns: turns.subarray(at) };
    if (each.radix === 2) passOfTwo(numbers, size / 2);
    else for (let group = 0; group < size; group += each.size) pass(numbers, group, each.size / 4);
    at += turnCount(each);
  }
  for (let i = 0; i < size; i += 4) lastPass(re, im, i);
};

/** Sums as `addWindowPowers` leaves them, of both channels, in the order of their frequencies from 0 to half the sample rate. */
export const powersInOrder = (sums: Float64Array): Float64Array => {
  const size = sums.length;
  const order = bitReversal(size);
  const placeOf = (k: number): number => sumOf(order[k]);
  return Float64Array.from({ length: size / 2 + 1 }, (_, k) => sums[placeOf(k)] + sums[placeOf((size - k) % size)]);
};

const single = Math.fround;

/** re and im of (x + iy)·(cos + i·sin), in single precision. */
const turnedRe = (x: number, y: number, cosine: number, sine: number): number =>
  single(single(x * cosine) - single(y * sine));
const turnedIm = (x: number, y: number, cosine: number, sine: number): number =>
  single(single(x * sine) + single(y * cosine));

type Numbers = Pick<Shared, 're' | 'im' | 'turns'>;

/** A transform of twice `half` points becomes two: of the even frequencies and of the odd ones. */
const passOfTwo = ({ re, im, turns }: Numbers, half: number): void => {
  for (let p = 0; p < half; p++) {
    const t = 8 * (p >> 2) + (p & 3);
    const [x, y] = [single(re[p] - re[p + half]), single(im[p] - im[p + half])];
    re[p] += re[p + half];
    im[p] += im[p + half];
    re[p + half] = turnedRe(x, y, turns[t], turns[t + LANES]);
    im[p + half] = turnedIm(x, y, turns[t], turns[t + LANES]);
  }
};

/** A transform of four times `quarter` points becomes four: of the frequencies 4m, 4m + 2, 4m + 1 and 4m + 3. */
const pass = ({ re, im, turns }: Numbers, group: number, quarter: number): void => {
  for (let p = 0; p < quarter; p++) {
    const [a, b, c, d] = [0, 1, 2, 3].map((n) => group + p + n * quarter);
    const t = 24 * (p >> 2) + (p & 3);
    const [evenRe, evenIm] = [single(re[a] + re[c]), single(im[a] + im[c])];
    const [oddRe, oddIm] = [single(re[b] + re[d]), single(im[b] + im[d])];
    const [differenceRe, differenceIm] = [single(re[a] - re[c]), single(im[a] - im[c])];
    const [oddDifferenceRe, oddDifferenceIm] = [single(re[b] - re[d]), single(im[b] - im[d])];
    re[a] = evenRe + oddRe;
    im[a] = evenIm + oddIm;
    const store = (at: number, x: number, y: number, turn: number): void => {
      re[at] = turnedRe(x, y, turns[turn], turns[turn + LANES]);
      im[at] = turnedIm(x, y, turns[turn], turns[turn + LANES]);
    };
    store(b, single(evenRe - oddRe), single(evenIm - oddIm), t);
    store(c, single(differenceRe + oddDifferenceIm), single(differenceIm - oddDifferenceRe), t + 2 * LANES);
    store(d, single(differenceRe - oddDifferenceIm), single(differenceIm + oddDifferenceRe), t + 4 * LANES);
  }
};

/** A transform of four points, whose turns are 1, −i, −1 and i. */
const lastPass = (re: Float32Array, im: Float32Array, i: number): void => {
  const [evenRe, evenIm] = [single(re[i] + re[i + 2]), single(im[i] + im[i + 2])];
  const [oddRe, oddIm] = [single(re[i + 1] + re[i + 3]), single(im[i + 1] + im[i + 3])];
  const [differenceRe, differenceIm] = [single(re[i] - re[i + 2]), single(im[i] - im[i + 2])];
  const [oddDifferenceRe, oddDifferenceIm] = [single(re[i + 1] - re[i + 3]), single(im[i + 1] - im[i + 3])];
  re[i] = evenRe + oddRe;
  im[i] = evenIm + oddIm;
  re[i + 1] = evenRe - oddRe;
  im[i + 1] = evenIm - oddIm;
  re[i + 2] = differenceRe + oddDifferenceIm;
  im[i + 2] = differenceIm - oddDifferenceRe;
  re[i + 3] = differenceRe - oddDifferenceIm;
  im[i + 3] = differenceIm + oddDifferenceRe;
};
