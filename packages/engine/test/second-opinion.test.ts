// ffmpeg's ebur128 shares no code with us. It prints one decimal; its true peak is a shorter filter's.
import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { describePeer } from '../../../test/support/peers.ts';
import { measure } from '../src/index.ts';
import { concatenate, music, noise, type Signal, scaled, streamOf } from './signals.ts';

const ebur128 = (signal: Signal) => {
  const samples = Float32Array.from(
    { length: 2 * signal.left.length },
    (_, i) => (i % 2 ? signal.right : signal.left)[i >> 1],
  );
  const source = ['-f', 'f32le', '-ar', String(signal.sampleRateHz), '-ac', '2', '-i', 'pipe:0'];
  const sink = ['-filter_complex', 'ebur128=peak=true+sample', '-f', 'null', '-'];
  const options = { input: Buffer.from(samples.buffer), encoding: 'utf8', maxBuffer: 2 ** 26 } as const;
  const { stderr } = spawnSync('ffmpeg', ['-hide_banner', ...source, ...sink], options);
  const summary = stderr.slice(stderr.lastIndexOf('Summary:'));
  const read = (pattern: RegExp) => Number(pattern.exec(summary)?.[1] ?? Number.NaN);
  return {
    integratedLufs: read(/I:\s+(-?[\d.]+) LUFS/),
    loudnessRangeLu: read(/LRA:\s+([\d.]+) LU/),
    samplePeakDbfs: read(/Sample peak:\s+Peak:\s+(-?[\d.]+) dBFS/),
    truePeakDbtp: read(/True peak:\s+Peak:\s+(-?[\d.]+) dBFS/),
  };
};

const hasFfmpeg = spawnSync('ffmpeg', ['-version']).status === 0;

describePeer('measure against ffmpeg', hasFfmpeg ? ebur128 : undefined, (meter) => {
  test.each<[string, number, (rateHz: number) => Signal]>([
    ['music', 0.2, (rateHz) => music(20, rateHz)],
    [
      'swelling music',
      0.2,
      (rateHz) => concatenate(...[0.1, 0.3, 1, 0.2].map((gain) => scaled(music(8, rateHz), gain))),
    ],
    // Noise up to half the sample rate lies where interpolation filters end: the longer one finds more (−5.6 dBTP by 512 taps and
    // 16 points per sample, where ffmpeg reads −6.6).
    ['white noise', 1, (rateHz) => noise(10, rateHz)],
  ])('%s: alike, and no true peak below theirs', async (_, truePeakAboveDb, make) => {
    for (const rateHz of [44100, 48000, 96000]) {
      const signal = make(rateHz);
      const theirs = meter(signal);
      const ours = await measure(streamOf(signal));
      expect(Math.abs((ours.integratedLufs ?? 0) - theirs.integratedLufs)).toBeLessThanOrEqual(0.1);
      expect(Math.abs(ours.loudnessRangeLu - theirs.loudnessRangeLu)).toBeLessThanOrEqual(0.15);
      expect(Math.abs((ours.samplePeakDbfs ?? 0) - theirs.samplePeakDbfs)).toBeLessThanOrEqual(0.06);
      const aboveDb = (ours.truePeakDbtp ?? 0) - theirs.truePeakDbtp;
      expect(aboveDb).toBeGreaterThanOrEqual(-0.1);
      expect(aboveDb).toBeLessThanOrEqual(truePeakAboveDb);
    }
  });
});
