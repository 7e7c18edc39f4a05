import {
  type Analysis,
  type Course,
  type MasterReport,
  masterReportSchema,
  platformIds,
  playbackEverywhere,
  type RenditionReport,
} from '@lathe/contracts';

/** A wave that never repeats within a report, so that no two numbers are alike by chance. */
const wave = (seed: number, k: number): number => Math.sin(seed + k * 0.7) + Math.sin(k * 0.013);
const tenths = (value: number): number => Math.round(value * 10) / 10;
const listOf = <T>(length: number, of: (k: number) => T): T[] => Array.from({ length }, (_, k) => of(k));

// biome-ignore format: a table
const centresHz = [
  20, 25, 31.5, 40, 50, 63, 80, 100, 125, 160, 200, 250, 315, 400, 500, 630, 800,
  1000, 1250, 1600, 2000, 2500, 3150, 4000, 5000, 6300, 8000, 10000, 12500, 16000, 20000,
];

const measured = (integratedLufs: number | null, truePeakDbtp: number | null) => ({
  integratedLufs,
  loudnessRangeLu: integratedLufs === null ? 0 : 6.32,
  maxMomentaryLufs: integratedLufs === null ? null : integratedLufs + 4.7,
  maxShortTermLufs: integratedLufs === null ? null : integratedLufs + 2.6,
  truePeakDbtp,
  samplePeakDbfs: truePeakDbtp === null ? null : truePeakDbtp - 0.2,
  durationSeconds: 187.4,
  sampleRateHz: 44_100,
  channels: 2,
});

const levelOf = (k: number): number => -4.31 - Math.abs(k - 8) * 0.93;

const analysis: Analysis = {
  loudness: measured(-19.43, -5.27),
  tone: {
    bands: centresHz.map((centreHz, k) => ({ centreHz, levelDb: levelOf(k), p10Db: -30, p50Db: -20, p90Db: -10 })),
  },
  stereo: {
    ...{
      correlation: 0.8,
      lowCorrelation: 1,
      turnedLows: null,
      sideToMidDb: -8,
      balanceDb: 0,
      centreOffsetDb: 0,
      centreSpreadDb: 0.2,
      middle: null,
    },
    ...{ panningReachDb: 8, monoFoldDownLossDb: 0.5, regions: [] },
  },
  dynamics: {
    ...{ crestFactorDb: 14, plrDb: 14, psrDb: 12, regions: [] },
    loudnessCurve: { startSeconds: 1.5, stepSeconds: 1, lufs: listOf(185, (k) => tenths(-20 + wave(1, k))) },
  },
  texture: { levelDeviationDb: 2, levelP50ToP95Db: 3, onsetsPerSecond: 3, pulse: 0.4, flatnessDb: -6 },
  structure: {
    sections: [],
    loudest: { startSeconds: 40, endSeconds: 70 },
    typical: { startSeconds: 80, endSeconds: 110 },
  },
  kind: { acoustic: 0.5, evidence: [] },
  source: { cutoffHz: null, wordBits: 24, file: null },
  defects: {
    ...{ clippedRuns: 0, clippedSamples: 0, ceilings: [], clicks: 0, clickLikes: 0, dcOffset: [0, 0] },
    ...{ headSilenceSeconds: 1.5, tailSilenceSeconds: 0 },
  },
  noise: { floorDbfs: -80, hiss: null, hum: null },
  advice: [
    { code: 'little_headroom', severity: 'warning', sentence: 'The mix is loud already.' },
    { code: 'mono_file', severity: 'info', sentence: 'Both sides are the same.' },
  ],
};

const shaOf = (n: number): string => n.toString(16).padStart(2, '0').repeat(32);

function courseOf(n: number, targetLufs: number): Course {
  const around = (k: number): number => targetLufs + wave(n, k);
  return {
    sha256: shaOf(n),
    loudness: {
      stepSeconds: 0.4,
      shortTerm: { startSeconds: 1.65, lufs: listOf(460, (k) => tenths(around(k))) },
      momentary: {
        startSeconds: 0.35,
        minLufs: listOf(468, (k) => tenths(around(k) - 2)),
        maxLufs: listOf(468, (k) => tenths(around(k) + 2)),
      },
    },
    reduction: {
      stepSeconds: 0.3125,
      deepestDb: listOf(600, (k) => Math.max(0, tenths(2 * wave(n, k)))),
      meanDb: listOf(600, (k) => Math.max(0, tenths(0.4 * wave(n, k)))),
    },
    tone: centresHz.map((centreHz, k) => ({ centreHz, levelDb: levelOf(k) + 0.02 * k })),
  };
}

function renditionOf(n: number): RenditionReport {
  const targetLufs = -14 - (n % 5);
  const file = measured(targetLufs + 0.01 * n, -1.13 - 0.01 * n);
  return {
    target: platformIds[n % platformIds.length] ?? 'custom',
    targetLufs,
    ceilingDbtp: -1,
    format: 'wav24',
    filename: `evening-song-${n}.wav`,
    sizeBytes: 49_587_044 + n,
    sha256: shaOf(n),
    gainDb: 5.43,
    limiter: { maxReductionDb: 3.87, p95ReductionDb: 1.29, meanReductionDb: 0.46 },
    measured: file,
    checks: [
      {
        ...{ name: 'integrated_loudness', passed: true, measured: file.integratedLufs, limit: targetLufs },
        sentence: `Measured; asked for ${targetLufs} LUFS.`,
      },
    ],
    codecProofs: [
      {
        ...{ encoding: 'aac-256', delivered: false, passed: true },
        tries: [
          { part: 'excerpt', ceilingDbtp: -1, truePeakDbtp: -0.678 },
          { part: 'whole', ceilingDbtp: -1.62, truePeakDbtp: -1.314 },
        ],
      },
    ],
    profile: n === 0 ? { name: 'A Distributor <of> records' } : null,
    verdict: n === 1 ? 'corrected' : 'pass',
    notReached: null,
    playback: playbackEverywhere(file),
  } as RenditionReport;
}

/** Everything a report can hold, with so many masters. */
export function reportOf(masters: number): MasterReport {
  const renditions = listOf(masters, renditionOf);
  const report: MasterReport = {
    title: 'Evening Song',
    artists: ['The Lathe Band', 'Ada'],
    engineVersion: '0.2.0',
    sourceSha256: shaOf(250),
    before: analysis,
    plan: {
      version: 1,
      summary: '2 moves: silence cut, lows +1.2 dB.',
      stages: [
        { stage: 'trim', bypassed: false, reason: 'There is silence.', headSeconds: 1.25, tailSeconds: 0 },
        {
          ...{ stage: 'equalise', bypassed: false, reason: 'The lows are thin.', phase: 'minimum' },
          bands: [{ kind: 'low-shelf', frequencyHz: 112, gainDb: 1.2, q: 0.71, reason: 'The lows lie low.' }],
        },
        {
          ...{ stage: 'compress', bypassed: false, reason: 'The lows jump.', crossoversHz: [123] },
          bands: [
            { thresholdDb: -22, ratio: 1.8, kneeDb: 6, attackMs: 30, releaseMs: 180 },
            { thresholdDb: -18, ratio: 1.3, kneeDb: 9, attackMs: 12, releaseMs: 90 },
          ],
        },
        { stage: 'width', bypassed: true, reason: 'The width is usual.', crossoversHz: [], widths: [1] },
      ],
    },
    renditions,
    toneRegion: {
      of: 'finished_music',
      bands: centresHz
        .slice(4, 29)
        .map((centreHz, k) => ({ centreHz, lowDb: levelOf(k + 4) - 4, highDb: levelOf(k + 4) + 4 })),
    },
    courses: renditions.map(({ targetLufs }, n) => courseOf(n, targetLufs)),
  };
  return masterReportSchema.parse(report);
}

/** One whose mix was silent. */
export function silentReport(): MasterReport {
  const report = reportOf(1);
  const nothing = measured(null, null);
  const sentence = 'The mix is silent: there is nothing to bring to a loudness.';
  return {
    ...report,
    before: { ...analysis, loudness: nothing, tone: { bands: [] } },
    toneRegion: { of: 'finished_music', bands: [] },
    renditions: report.renditions.map((rendition) => ({
      ...rendition,
      measured: nothing,
      limiter: { maxReductionDb: 0, p95ReductionDb: 0, meanReductionDb: 0 },
      verdict: 'not_reached',
      notReached: { code: 'silent', sentence, reachedLufs: null },
    })),
  };
}

/** One made before it was drawn. */
export function oldReport(): MasterReport {
  const { title: _title, artists: _artists, courses: _courses, toneRegion: _region, ...old } = reportOf(2);
  return masterReportSchema.parse(old);
}

/** Two masters, the second of which broke a promise. */
export function failedReport(): MasterReport {
  const report = reportOf(2);
  const renditions = report.renditions.map((rendition, n): RenditionReport => {
    if (n === 0) return rendition;
    const sentence = 'The true peak is −0.21 dBTP; it may be at most −1.00 dBTP.';
    const check = { name: 'true_peak', passed: false, measured: -0.21, limit: -1, sentence } as const;
    return { ...rendition, verdict: 'failed', checks: [...rendition.checks, check] };
  });
  return { ...report, renditions };
}
