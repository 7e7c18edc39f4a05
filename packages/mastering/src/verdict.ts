import type { CodecProof, Measurement, RenditionReport } from '@lathe/contracts';
import { lossyEncodingName } from '@lathe/contracts/tables';
import type { LoudnessSolution } from '@lathe/engine';
import { type Aim, type Heard, lowered, type Piece } from './pieces.ts';

/** How near the delivered loudness must be. */
const toleranceLu = 0.1;

export type Proof = Pick<RenditionReport, 'measured' | 'checks' | 'verdict' | 'notReached' | 'codecProofs'>;
type Made = {
  piece: Pick<Piece, 'targetLufs' | 'ceilingDbtp'>;
  /** Of what was rendered in the end. */
  solution: LoudnessSolution;
  measured: Measurement;
  codecProofs: CodecProof[];
  /** Whether a lossless file holds what was rendered, bit by bit; `null` for a lossy one. */
  exact: boolean | null;
  /** What the delivered file must last, to the sample. */
  durationSeconds: number;
  /** How often the file was made: once, and once more for each correction. */
  tries: number;
};

/** What was promised, against what the delivered bytes say. */
export function prove({ piece, solution, measured, codecProofs, exact, durationSeconds, tries }: Made): Proof {
  const notReached = notReachedOf(piece, solution, measured);
  const checks = [
    loudnessCheck(piece, measured),
    peakCheck(piece, measured),
    durationCheck(measured, durationSeconds),
    ...(exact === null ? [] : [exactCheck(exact)]),
    ...codecProofs.filter(({ delivered }) => !delivered).map((proof) => codecCheck(proof, piece.ceilingDbtp)),
  ];
  const broken = checks.filter(({ name, passed }) => !passed && !(notReached && name === 'integrated_loudness'));
  const passed = tries > 1 ? 'corrected' : 'pass';
  const verdict = broken.length > 0 ? 'failed' : notReached ? 'not_reached' : passed;
  return { measured, checks, codecProofs, notReached, verdict };
}

/** The highest of several peaks; `null` where all is silent. */
export function highest(peaksDbtp: readonly (number | null)[]): number | null {
  const known = peaksDbtp.filter((peak) => peak !== null);
  return known.length === 0 ? null : Math.max(...known);
}

/** What to aim at next; `null` when nothing is broken that another try can mend. */
export function correct(
  { targetLufs, ceilingDbtp }: Pick<Piece, 'targetLufs' | 'ceilingDbtp'>,
  { aim, solution }: { aim: Aim; solution: LoudnessSolution },
  { integratedLufs, peaks }: { integratedLufs: number | null; peaks: readonly Heard[] },
): Aim | null {
  const missingLu = solution.notReached || integratedLufs === null ? 0 : targetLufs - integratedLufs;
  const lower = lowered(ceilingDbtp, peaks);
  const isNear = Math.abs(missingLu) <= toleranceLu;
  if (isNear && (peaks.length === 0 || lower === aim.ceilingDbtp)) return null;
  return { targetLufs: aim.targetLufs + (isNear ? 0 : missingLu), ceilingDbtp: Math.min(aim.ceilingDbtp, lower) };
}

type Check = RenditionReport['checks'][number];

function loudnessCheck({ targetLufs }: Made['piece'], { integratedLufs }: Measurement): Check {
  const passed = integratedLufs !== null && Math.abs(integratedLufs - targetLufs) <= toleranceLu;
  const reading = integratedLufs === null ? 'The file is silent' : `Measured ${lufs(integratedLufs)}`;
  const sentence = `${reading}; asked for ${lufs(targetLufs)}, within ${toleranceLu} LU.`;
  return { name: 'integrated_loudness', passed, measured: integratedLufs, limit: targetLufs, sentence };
}

function peakCheck({ ceilingDbtp }: Made['piece'], { truePeakDbtp }: Measurement): Check {
  const passed = truePeakDbtp === null || truePeakDbtp <= ceilingDbtp;
  const reading = truePeakDbtp === null ? 'There is no peak' : `The true peak is ${decibel(truePeakDbtp)} dBTP`;
  const sentence = `${reading}; it may be at most ${decibel(ceilingDbtp)} dBTP.`;
  return { name: 'true_peak', passed, measured: truePeakDbtp, limit: ceilingDbtp, sentence };
}

function durationCheck({ durationSeconds }: Measurement, expectedSeconds: number): Check {
  const passed = durationSeconds === expectedSeconds;
  const sentence = passed
    ? 'As long as the mix less the silence that is cut, to the sample.'
    : 'Not as long as it should be.';
  return { name: 'duration', passed, measured: durationSeconds, limit: expectedSeconds, sentence };
}

function exactCheck(passed: boolean): Check {
  const sentence = passed
    ? 'Read again, the file holds every sample as it was rendered.'
    : 'Read again, the file does not hold what was rendered.';
  return { name: 'bit_exact', passed, measured: null, limit: null, sentence };
}

function codecCheck({ encoding, tries, excerptSeconds, passed }: CodecProof, ceilingDbtp: number): Check {
  const last = tries.at(-1);
  const measured = last?.truePeakDbtp ?? null;
  const tried =
    last?.part === 'excerpt' ? ` (tried on the ${excerptSeconds} s with the most peaks near the ceiling)` : '';
  const reading = measured === null ? 'there is no peak' : `the true peak is ${decibel(measured)} dBTP`;
  const sentence = `Sent on as ${lossyEncodingName(encoding)}${tried}, ${reading}; it may be at most ${decibel(ceilingDbtp)} dBTP.`;
  return { name: 'after_codec', passed, measured, limit: ceilingDbtp, sentence };
}

function notReachedOf(
  { targetLufs, ceilingDbtp }: Made['piece'],
  solution: LoudnessSolution,
  { integratedLufs }: Measurement,
): RenditionReport['notReached'] {
  if (solution.notReached === null) return null;
  if (solution.notReached === 'silent') {
    const sentence = 'The mix is silent: there is nothing to bring to a loudness.';
    return { code: 'silent', sentence, reachedLufs: integratedLufs };
  }
  const isLower = solution.ceilingDbtp < ceilingDbtp;
  const under = isLower ? `, under the ${decibel(solution.ceilingDbtp)} dBTP that codecs leave,` : '';
  const asked = `${lufs(targetLufs)}${under}`;
  const got = integratedLufs === null ? 'silence' : lufs(integratedLufs);
  const sentence = `${asked} would take more limiting than this mix can bear without being heard to distort; it was brought to ${got}.`;
  return { code: 'distortion_budget', sentence, reachedLufs: integratedLufs };
}

const decibel = (value: number): string => value.toFixed(2).replace('-', '−');
const lufs = (value: number): string => `${decibel(value)} LUFS`;
