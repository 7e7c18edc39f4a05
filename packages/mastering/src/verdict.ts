import type { Deliverable, Measurement, RenditionReport } from '@lathe/contracts';
import type { LoudnessSolution } from '@lathe/engine';

/** How near the delivered loudness must be. */
const toleranceLu = 0.1;

export type Proof = Pick<RenditionReport, 'measured' | 'checks' | 'verdict' | 'notReached'>;
type Proven = {
  deliverable: Deliverable;
  solution: LoudnessSolution;
  measured: Measurement;
  /** What the delivered file must last, to the sample. */
  durationSeconds: number;
  /** How often the file was made: once, and once more for each correction. */
  tries: number;
};

/** What was promised, against what the delivered bytes say. */
export function prove({ deliverable, solution, measured, durationSeconds, tries }: Proven): Proof {
  const notReached = notReachedOf(solution, measured);
  const checks = [
    loudnessCheck(deliverable, measured),
    peakCheck(deliverable, measured),
    durationCheck(measured, durationSeconds),
  ];
  const broken = checks.filter(({ name, passed }) => !passed && !(notReached && name === 'integrated_loudness'));
  const passed = tries > 1 ? 'corrected' : 'pass';
  return { measured, checks, notReached, verdict: broken.length > 0 ? 'failed' : notReached ? 'not_reached' : passed };
}

/** The gain and ceiling to try next, when a proof fails that another try can mend. */
export function correct(
  move: { gainDb: number; ceilingDbtp: number },
  { targetLufs, ceilingDbtp }: Deliverable,
  { integratedLufs, truePeakDbtp }: Measurement,
  notReached: LoudnessSolution['notReached'],
): { gainDb: number; ceilingDbtp: number } | null {
  const missingLu = notReached || integratedLufs === null ? 0 : targetLufs - integratedLufs;
  const excessDb = Math.max(0, (truePeakDbtp ?? -Infinity) - ceilingDbtp);
  if (Math.abs(missingLu) <= toleranceLu && excessDb === 0) return null;
  const loweredBy = excessDb > 0 ? excessDb + 0.02 : 0;
  return {
    gainDb: move.gainDb + (Math.abs(missingLu) > toleranceLu ? missingLu : 0),
    ceilingDbtp: move.ceilingDbtp - loweredBy,
  };
}

type Check = RenditionReport['checks'][number];

function loudnessCheck({ targetLufs }: Deliverable, { integratedLufs }: Measurement): Check {
  const passed = integratedLufs !== null && Math.abs(integratedLufs - targetLufs) <= toleranceLu;
  const reading = integratedLufs === null ? 'The file is silent' : `Measured ${lufs(integratedLufs)}`;
  const sentence = `${reading}; asked for ${lufs(targetLufs)}, within ${toleranceLu} LU.`;
  return { name: 'integrated_loudness', passed, measured: integratedLufs, limit: targetLufs, sentence };
}

function peakCheck({ ceilingDbtp }: Deliverable, { truePeakDbtp }: Measurement): Check {
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

function notReachedOf(solution: LoudnessSolution, { integratedLufs }: Measurement): RenditionReport['notReached'] {
  if (solution.notReached === null) return null;
  if (solution.notReached === 'silent') {
    const sentence = 'The mix is silent: there is nothing to bring to a loudness.';
    return { code: 'silent', sentence, reachedLufs: integratedLufs };
  }
  const asked = lufs(solution.targetLufs);
  const got = integratedLufs === null ? 'silence' : lufs(integratedLufs);
  const sentence = `${asked} would take more limiting than this mix can bear without being heard to distort; it was brought to ${got}.`;
  return { code: 'distortion_budget', sentence, reachedLufs: integratedLufs };
}

const decibel = (value: number): string => value.toFixed(2).replace('-', '−');
const lufs = (value: number): string => `${decibel(value)} LUFS`;
