/** Resources as the service sends them, whole; a test says only what matters to it. */
import type { Master, Measurement, Mix } from '@lathe/contracts';

const at = '2026-01-02T03:04:05.000Z';

export const mixOf = (change: Partial<Mix> = {}): Mix => ({
  id: 'mix_01jd7x5c2v8m3k9p4q6r7s8t9w',
  uploadId: 'upl_01jd7x5c2v8m3k9p4q6r7s8t9w',
  state: 'ready',
  filename: 'Evening Song.wav',
  sizeBytes: 5_292_044,
  sha256: null,
  analysis: null,
  error: null,
  createdAt: at,
  updatedAt: at,
  ...change,
});

export const masterOf = (change: Partial<Master> = {}): Master => ({
  id: 'mst_01jd7x5c2v8m3k9p4q6r7s8t9w',
  mixId: mixOf().id,
  state: 'rendering',
  progress: 0.5,
  order: {
    targets: ['spotify'],
    style: 'natural',
    intensity: 50,
    loudness: 'platform',
    formats: ['wav24'],
    sampleRateHz: 'source',
    dither: 'tpdf',
    amounts: { repair: 100, tone: 100, compression: 100, width: 100 },
    phase: 'minimum',
    references: [],
    metadata: {},
    tags: 'all',
    proofs: 'all',
  },
  plan: null,
  preview: null,
  renditions: [],
  error: null,
  createdAt: at,
  updatedAt: at,
  finishedAt: null,
  ...change,
});

export const measurementOf = (change: Partial<Measurement> = {}): Measurement => ({
  integratedLufs: -18.2,
  loudnessRangeLu: 6,
  truePeakDbtp: -3.1,
  samplePeakDbfs: -3.4,
  maxMomentaryLufs: -12,
  maxShortTermLufs: -14,
  durationSeconds: 200,
  sampleRateHz: 44_100,
  channels: 2,
  ...change,
});
