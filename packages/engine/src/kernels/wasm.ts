// The hot loops as WebAssembly: the same arithmetic in the same order as their twins in TypeScript, two samples at a time.
// A kernel owns nothing: it is given addresses in one memory of fixed size, computes, and forgets. What an object must
// remember stays in that object and is copied in and out, so nothing here needs ever to be given back.
import { BINARY } from './binary.ts';

/** Part of the standard of WebAssembly's JavaScript interface; every engine that runs this has it, or runs the twins. */
declare const WebAssembly:
  | undefined
  | {
      Memory: new (limits: { initial: number; maximum: number }) => { readonly buffer: ArrayBuffer };
      Module: new (binary: Uint8Array) => object;
      Instance: new (module: object, imports: object) => { readonly exports: unknown };
    };

type Address = number;

/** See kernels/*.ts. */
export type Kernels = {
  scanGroups(samples: Address, groups: number, peaks: Address, bends: Address): void;
  boundGroups(
    samples: Address,
    groups: number,
    groupPeaks: Address,
    groupBends: Address,
    reach: number,
    bendFactor: number,
    bends: Address,
    bounds: Address,
  ): void;
  hearSteps(
    first: Address,
    second: Address,
    frames: number,
    ends: Address,
    steps: number,
    state: Address,
    energies: Address,
  ): void;
  hearRegions(left: Address, right: Address, frames: number, state: Address): void;
  fillTriangular(state: Address, values: Address, count: number): void;
  quantise(left: Address, right: Address, noise: Address, frames: number, scale: number, out: Address): void;
  transform(re: Address, im: Address, size: number, turns: Address): void;
  transformWindow(
    window: Address,
    left: Address,
    right: Address,
    re: Address,
    im: Address,
    size: number,
    turns: Address,
  ): void;
  pairPowers(re: Address, im: Address, size: number, powers: Address): void;
  addPairSpectra(re: Address, im: Address, size: number, left: Address, right: Address, cross: Address): void;
  sumRanges(numbers: Address, slots: Address, ranges: Address, count: number, sums: Address): void;
  ask(
    left: Address,
    right: Address,
    sustained: Address,
    frames: number,
    drive: number,
    link: number,
    leftOut: Address,
    rightOut: Address,
  ): void;
  applyGains(signal: Address, gains: Address, frames: number, phase: number, gain: number, out: Address): void;
  drivenEnergy(left: Address, right: Address, groups: number, records: Address): number;
  gainBins(
    left: Address,
    right: Address,
    groups: number,
    records: Address,
    heard: number,
    parts: number,
    bins: Address,
  ): number;
  narrow(samples: Address, count: number, out: Address): void;
  followPeaks(samples: Address, groups: number, state: Address, tables: Address, work: Address, out: Address): void;
  weighGroups(left: Address, right: Address, groups: number, state: Address, out: Address): void;
  shapeDips(left: Address, right: Address, frames: number, state: Address): void;
  dot(first: Address, second: Address, count: number): number;
  correlate(piece: Address, size: number, lag: number, sums: Address): void;
  unpackInt16(packed: Address, frames: number, left: Address, right: Address): void;
  unpackInt24(packed: Address, frames: number, left: Address, right: Address): void;
  unpackFloat32(packed: Address, frames: number, left: Address, right: Address): void;
  transformSingles(
    window: Address,
    left: Address,
    right: Address,
    re: Address,
    im: Address,
    size: number,
    turns: Address,
    sums: Address,
  ): void;
  packInt16(samples: Address, count: number, packed: Address): void;
  packInt24(samples: Address, count: number, packed: Address): void;
  packFloat32(left: Address, right: Address, frames: number, packed: Address): void;
  mixStripes(bytes: Address, stripes: number, state: Address): void;
  predictionError(
    samples: Address,
    count: number,
    factors: Address,
    order: number,
    direction: number,
    out: Address,
  ): void;
  screenBends(samples: Address, blocks: number, size: number, peaks: Address, means: Address): void;
  decimate(
    samples: Address,
    first: number,
    count: number,
    factor: number,
    taps: Address,
    tapCount: number,
    out: Address,
  ): void;
  changeRate(
    left: Address,
    right: Address,
    geometry: Address,
    count: number,
    leftOut: Address,
    rightOut: Address,
  ): void;
  addMoments(left: Address, right: Address, count: number, sums: Address): void;
  dotPair(samples: Address, cosines: Address, sines: Address, count: number, out: Address): void;
  means(first: Address, second: Address, count: number, out: Address): void;
  findRuns(samples: Address, count: number, flat: number, steep: number, state: Address, runs: Address): number;
  spreadPlaces(samples: Address, places: number, size: number, highest: Address, lowest: Address): void;
  countMultiples(samples: Address, count: number, scale: number): number;
  addOffsetFree(left: Address, right: Address, count: number, decay: number, state: Address): void;
  largestMagnitude(samples: Address, count: number): number;
  raisePeak(
    samples: Address,
    groups: number,
    bends: Address,
    bounds: Address,
    readings: Address,
    tables: Address,
    peak: number,
  ): number;
  raiseGroup(folds: Address, foldCount: number, pairs: number, samples: Address, readings: Address): void;
};

/** Of 64 KiB, as in tools/build-kernels.ts. Those that are never written cost nothing. */
const PAGES = 512;
const PAGE_BYTES = 65_536;
/** The compiler puts its constants below. */
const FIRST_FREE_BYTE = PAGE_BYTES;

const start = (): { kernels: Kernels; buffer: ArrayBuffer } | null => {
  if (typeof WebAssembly === 'undefined') return null;
  try {
    const module = new WebAssembly.Module(Uint8Array.from(atob(BINARY), (character) => character.charCodeAt(0)));
    const memory = new WebAssembly.Memory({ initial: PAGES, maximum: PAGES });
    const { exports } = new WebAssembly.Instance(module, { env: { memory } });
    return { kernels: exports as Kernels, buffer: memory.buffer };
  } catch {
    // Without 128-bit instructions the module does not compile.
    return null;
  }
};

const started = start();
let wanted = true;
let free = FIRST_FREE_BYTE;

/** The kernels, or null where the twins have to do. */
export const kernels = (): Kernels | null => (wanted && started ? started.kernels : null);

/** For tests and measurements: whether kernels run where they can. */
export const useKernels = (use: boolean): void => {
  wanted = use;
};

/**
 * Room for so many numbers that kernels can reach by its `byteOffset`, for as long as the process lives: for tables and
 * workspaces that belong to a module, never to an object.
 */
export const reserve = (length: number): Float64Array => {
  if (!started) return new Float64Array(length);
  const reserved = new Float64Array(started.buffer, free, length);
  free += Math.ceil(reserved.byteLength / 16) * 16;
  return reserved;
};

/** What lies at multiples of 4 KB competes for the same few places of the nearest cache. */
const APART = 96;

/** Like {@link reserve}, for what is worked on together with other numbers of the same length. */
export const reserveApart = (length: number): Float64Array => {
  const reserved = reserve(length);
  reserve(APART);
  return reserved;
};

/** Like {@link reserve}, of 32 bits each. */
export const reserveSingles = (length: number): Float32Array => {
  const { buffer, byteOffset } = reserve(Math.ceil(length / 2));
  return new Float32Array(buffer, byteOffset, length);
};

/** Like {@link reserve}, whole numbers of 32 bits each. */
export const reserveIntegers = (length: number): Int32Array => {
  const { buffer, byteOffset } = reserve(Math.ceil(length / 2));
  return new Int32Array(buffer, byteOffset, length);
};

type Numbers = Float64Array | Float32Array | Int32Array;

/** Where kernels find the number at `index` of what was reserved. */
export const addressOf = (reserved: Numbers, index = 0): Address =>
  reserved.byteOffset + reserved.BYTES_PER_ELEMENT * index;

/** Whether it was reserved. */
export const isReserved = (numbers: Numbers): boolean => started !== null && numbers.buffer === started.buffer;

/** Where kernels find the numbers from `from` to `to`: where they lie, if that is within reach, or in a copy. */
export const within = (numbers: Float64Array, from: number, to: number, copy: Float64Array): Address => {
  if (isReserved(numbers)) return addressOf(numbers, from);
  copy.set(numbers.subarray(from, to));
  return addressOf(copy);
};
