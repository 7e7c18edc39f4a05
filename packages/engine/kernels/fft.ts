// Fourier transform: twin of src/dsp/fft.ts. Lanes are neighbouring frequencies.

const NUMBER: usize = 8;

/** Transforms of four points, whose turns are 1, −i, −1 and i. */
function firstPass(re: usize, im: usize, size: usize): void {
  const end = re + NUMBER * size;
  for (; re < end; re += 4 * NUMBER, im += 4 * NUMBER) {
    const re0 = f64.load(re);
    const re1 = f64.load(re, 8);
    const re2 = f64.load(re, 16);
    const re3 = f64.load(re, 24);
    const im0 = f64.load(im);
    const im1 = f64.load(im, 8);
    const im2 = f64.load(im, 16);
    const im3 = f64.load(im, 24);
    const sumRe = re0 + re1;
    const sumIm = im0 + im1;
    const differenceRe = re0 - re1;
    const differenceIm = im0 - im1;
    const oddSumRe = re2 + re3;
    const oddSumIm = im2 + im3;
    const oddDifferenceRe = re2 - re3;
    const oddDifferenceIm = im2 - im3;
    f64.store(re, sumRe + oddSumRe);
    f64.store(im, sumIm + oddSumIm);
    f64.store(re, differenceRe + oddDifferenceIm, 8);
    f64.store(im, differenceIm - oddDifferenceRe, 8);
    f64.store(re, sumRe - oddSumRe, 16);
    f64.store(im, sumIm - oddSumIm, 16);
    f64.store(re, differenceRe - oddDifferenceIm, 24);
    f64.store(im, differenceIm + oddDifferenceRe, 24);
  }
}

/** Four transforms of `half` points make one of four times as many. Turns: re and im of W^2k, W^k, W^3k for two k at a time. */
function passOfFour(re: usize, im: usize, size: usize, half: usize, turns: usize): void {
  const b: usize = half * NUMBER;
  const c: usize = 2 * b;
  const d: usize = 3 * b;
  const end: usize = re + NUMBER * size;
  while (re < end) {
    let turn = turns;
    for (const groupEnd: usize = re + b; re < groupEnd; re += 16, im += 16, turn += 96) {
      let x = v128.load(re + b);
      let y = v128.load(im + b);
      let cosine = v128.load(turn);
      let sine = v128.load(turn, 16);
      const bRe = f64x2.sub(f64x2.mul(x, cosine), f64x2.mul(y, sine));
      const bIm = f64x2.add(f64x2.mul(x, sine), f64x2.mul(y, cosine));
      x = v128.load(re + c);
      y = v128.load(im + c);
      cosine = v128.load(turn, 32);
      sine = v128.load(turn, 48);
      const cRe = f64x2.sub(f64x2.mul(x, cosine), f64x2.mul(y, sine));
      const cIm = f64x2.add(f64x2.mul(x, sine), f64x2.mul(y, cosine));
      x = v128.load(re + d);
      y = v128.load(im + d);
      cosine = v128.load(turn, 64);
      sine = v128.load(turn, 80);
      const dRe = f64x2.sub(f64x2.mul(x, cosine), f64x2.mul(y, sine));
      const dIm = f64x2.add(f64x2.mul(x, sine), f64x2.mul(y, cosine));
      const aRe = v128.load(re);
      const aIm = v128.load(im);
      const evenRe = f64x2.add(aRe, bRe);
      const evenIm = f64x2.add(aIm, bIm);
      const differenceRe = f64x2.sub(aRe, bRe);
      const differenceIm = f64x2.sub(aIm, bIm);
      const oddRe = f64x2.add(cRe, dRe);
      const oddIm = f64x2.add(cIm, dIm);
      const oddDifferenceRe = f64x2.sub(cRe, dRe);
      const oddDifferenceIm = f64x2.sub(cIm, dIm);
      v128.store(re, f64x2.add(evenRe, oddRe));
      v128.store(im, f64x2.add(evenIm, oddIm));
      v128.store(re + b, f64x2.add(differenceRe, oddDifferenceIm));
      v128.store(im + b, f64x2.sub(differenceIm, oddDifferenceRe));
      v128.store(re + c, f64x2.sub(evenRe, oddRe));
      v128.store(im + c, f64x2.sub(evenIm, oddIm));
      v128.store(re + d, f64x2.sub(differenceRe, oddDifferenceIm));
      v128.store(im + d, f64x2.add(differenceIm, oddDifferenceRe));
    }
    re += d;
    im += d;
  }
}

/** Two transforms of half the size make the whole. Turns: re and im of W^k for two k at a time. */
function passOfTwo(re: usize, im: usize, size: usize, turns: usize): void {
  const b: usize = (size / 2) * NUMBER;
  for (const end: usize = re + b; re < end; re += 16, im += 16, turns += 32) {
    const x = v128.load(re + b);
    const y = v128.load(im + b);
    const cosine = v128.load(turns);
    const sine = v128.load(turns, 16);
    const turnedRe = f64x2.sub(f64x2.mul(x, cosine), f64x2.mul(y, sine));
    const turnedIm = f64x2.add(f64x2.mul(x, sine), f64x2.mul(y, cosine));
    const aRe = v128.load(re);
    const aIm = v128.load(im);
    v128.store(re + b, f64x2.sub(aRe, turnedRe));
    v128.store(im + b, f64x2.sub(aIm, turnedIm));
    v128.store(re, f64x2.add(aRe, turnedRe));
    v128.store(im, f64x2.add(aIm, turnedIm));
  }
}

/** In place; samples in scattered order in. @param turns of all passes, one behind the other */
export function transform(re: usize, im: usize, size: usize, turns: usize): void {
  firstPass(re, im, size);
  let half: usize = 4;
  for (; half <= size / 4; half *= 4) {
    passOfFour(re, im, size, half, turns);
    turns += 6 * NUMBER * half;
  }
  if (half < size) passOfTwo(re, im, size, turns);
}
