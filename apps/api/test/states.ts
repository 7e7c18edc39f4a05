import { randomUUID } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Analysis, Master, MasterReport, Mix, RenditionReport } from '@lathe/contracts';
import { advanceMaster, claim, commitMasterReady, commitMixReady, type WorkKind } from '@lathe/database';
import { expect } from 'vitest';
import type { Bench } from './bench.ts';

/** The bytes of every file in these tests: the api never looks into them. */
export const fileBytes = 'RIFFWAVE';

export const announce = (bench: Bench, sizeBytes = fileBytes.length, idempotencyKey?: string) =>
  bench.create('/v1/uploads', { filename: 'mix.wav', sizeBytes }, idempotencyKey);

/** Announced, sent, completed: the mix waits for its analysis. */
export async function uploadMix(bench: Bench): Promise<Mix> {
  const { body: upload } = await announce(bench);
  const put = await fetch(upload.parts[0].url, { method: 'PUT', body: fileBytes });
  const parts = [{ partNumber: 1, etag: put.headers.get('etag') }];
  const completed = await bench.call('post', `/v1/uploads/${upload.id}/complete`, { body: { parts } });
  expect(completed.status).toBe(201);
  return completed.body;
}

async function hold(bench: Bench, kind: WorkKind, id: string) {
  const claimed = await claim(bench.db, { kind, id, workerId: 'test', leaseSeconds: 60 });
  if (claimed === null) throw new Error(`The ${kind} ${id} cannot be claimed.`);
  return { id, epoch: claimed.epoch };
}

/** Does for a mix what a worker does. */
export async function finishMix(bench: Bench, id: string): Promise<void> {
  const peaks = { durationSeconds: 1, min: [-0.5], max: [0.5] };
  const run = await hold(bench, 'mix', id);
  expect(await commitMixReady(bench.db, { ...run, sha256: 'a'.repeat(64), analysis, peaks })).toBe(true);
}

export async function orderMaster(bench: Bench): Promise<Master> {
  const { id: mixId } = await uploadMix(bench);
  await finishMix(bench, mixId);
  const ordered = await bench.create('/v1/masters', { mixId, targets: ['spotify'] });
  expect(ordered.status).toBe(202);
  return ordered.body;
}

/** Does for a master what a worker does, file and all. */
export async function finishMaster(bench: Bench, id: string): Promise<void> {
  const run = await hold(bench, 'master', id);
  for (const state of ['analysing', 'rendering', 'verifying'] as const) {
    await advanceMaster(bench.db, { ...run, state, progress: 0.5 });
  }
  const storageKey = `masters/${id}/${run.epoch}/${rendition.filename}`;
  const path = join(tmpdir(), `lathe-${randomUUID()}.wav`);
  await writeFile(path, fileBytes);
  await bench.storage.putFile(storageKey, path, 'audio/wav');
  await rm(path);
  expect(await commitMasterReady(bench.db, { ...run, report, renditions: [{ ...rendition, storageKey }] })).toBe(true);
}

export async function makeMaster(bench: Bench): Promise<Master> {
  const { id } = await orderMaster(bench);
  await finishMaster(bench, id);
  return (await bench.call('get', `/v1/masters/${id}`)).body;
}

const measured = {
  integratedLufs: -18,
  loudnessRangeLu: 6,
  maxMomentaryLufs: -14,
  maxShortTermLufs: -15,
  truePeakDbtp: -3,
  samplePeakDbfs: -3.1,
  durationSeconds: 1,
  sampleRateHz: 48_000,
  channels: 2,
};
const analysis: Analysis = {
  loudness: measured,
  tone: { bands: [{ centreHz: 1000, levelDb: -3, p10Db: -6, p50Db: -4, p90Db: -1 }] },
  stereo: {
    correlation: 0.8,
    lowCorrelation: 1,
    turnedLows: null,
    sideToMidDb: null,
    balanceDb: 0,
    centreOffsetDb: 0,
    centreSpreadDb: 0.2,
    middle: null,
    panningReachDb: 8,
    monoFoldDownLossDb: 0.5,
    regions: [{ fromHz: 0, toHz: 120, correlation: 1, sideToMidDb: null, monoFoldDownLossDb: 0 }],
  },
  dynamics: {
    crestFactorDb: 14,
    plrDb: 15,
    psrDb: 12,
    regions: [{ fromHz: 0, toHz: 120, crestDb: 7 }],
    loudnessCurve: { startSeconds: 1.5, stepSeconds: 1, lufs: [-18, null] },
  },
  texture: { levelDeviationDb: 2, levelP50ToP95Db: 3, onsetsPerSecond: 3, pulse: 0.4, flatnessDb: -6 },
  structure: {
    sections: [{ startSeconds: 0, endSeconds: 1, lufs: -18, lowsDb: -4, topDb: -20 }],
    loudest: { startSeconds: 0, endSeconds: 1 },
    typical: { startSeconds: 0, endSeconds: 1 },
  },
  kind: { acoustic: 0.5, evidence: [{ feature: 'onsetsPerSecond', value: 3, contribution: 0.1 }] },
  source: { cutoffHz: null, wordBits: 24, file: null },
  defects: {
    clippedRuns: 0,
    clippedSamples: 0,
    ceilings: [],
    clicks: 0,
    clickLikes: 0,
    dcOffset: [0, 0],
    headSilenceSeconds: 0,
    tailSilenceSeconds: 0,
  },
  noise: { floorDbfs: -90, hiss: null, hum: null },
  advice: [],
};
const rendition: RenditionReport = {
  target: 'spotify',
  targetLufs: -14,
  ceilingDbtp: -1,
  format: 'wav24',
  filename: 'mix.spotify.wav',
  sizeBytes: fileBytes.length,
  sha256: 'b'.repeat(64),
  gainDb: 4,
  limiter: { maxReductionDb: 2, p95ReductionDb: 1, meanReductionDb: 0.2 },
  measured,
  checks: [{ name: 'readable', passed: true, measured: null, limit: null, sentence: 'The file can be read.' }],
  verdict: 'pass',
  notReached: null,
  codecProofs: [],
  playback: [],
  profile: null,
};
export const report: MasterReport = {
  engineVersion: '1',
  sourceSha256: 'a'.repeat(64),
  before: analysis,
  plan: { version: 1, summary: 'Nothing but level.', stages: [] },
  renditions: [rendition],
};
