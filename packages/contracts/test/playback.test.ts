import { describe, expect, test } from 'vitest';
import { type PlatformId, platformEntries, playbackEverywhere, playbackOn, playbackSchema } from '../src/index.ts';

const of = (integratedLufs: number | null, truePeakDbtp: number | null) => ({ integratedLufs, truePeakDbtp });

/** Platform, what was measured on the master (LUFS, dBTP), and what is done: outcome, dB, LUFS there. */
const usual: [PlatformId, number, number, string, number, number][] = [
  // Spotify's own example: −20 LUFS with peaks at −5 dB is lifted to −16 only.
  ['spotify', -20, -5, 'raised', 4, -16],
  ['spotify', -20, -12, 'raised', 6, -14],
  ['spotify', -14, -1, 'untouched', 0, -14],
  ['spotify', -14.04, -3, 'untouched', 0, -14.04],
  ['spotify', -9, -1, 'lowered', -5, -14],
  ['spotify', -18, -1, 'untouched', 0, -18],
  ['spotify', -18, 0.4, 'untouched', 0, -18],
  ['apple-music', -14, -1, 'lowered', -2, -16],
  ['apple-music', -19, -6, 'raised', 3, -16],
  ['apple-music', -19, -2.5, 'raised', 1.5, -17.5],
  ['youtube', -9.37, -1, 'lowered', -4.63, -14],
  ['youtube', -20, -12, 'untouched', 0, -20],
  ['youtube-music', -8, -1, 'untouched', 0, -8],
  ['youtube-music', -5.5, -1, 'lowered', -1.5, -7],
  ['tidal', -10, -1, 'lowered', -4, -14],
  ['tidal', -18, -9, 'untouched', 0, -18],
  ['amazon-music', -11, -2, 'lowered', -3, -14],
  ['deezer', -17, -8, 'raised', 2, -15],
  ['soundcloud', -8, -1, 'untouched', 0, -8],
  ['cd', -6, 0, 'untouched', 0, -6],
];

test.each(usual)('%s plays %f LUFS with a peak of %f dBTP: %s by %f dB, at %f LUFS', (...row) => {
  const [platform, lufs, peak, outcome, gainDb, playedLufs] = row;
  expect(playbackOn(platform, of(lufs, peak))[0]).toMatchObject({ mode: 'normal', outcome, gainDb, playedLufs });
});

describe('Spotify’s settings', () => {
  const modes = (lufs: number, peak: number) =>
    Object.fromEntries(playbackOn('spotify', of(lufs, peak)).map((each) => [each.mode, each]));

  test('Loud reaches −11 LUFS whatever the peaks, with a limiter where they have no room', () => {
    expect(modes(-14, -1).loud).toMatchObject({ outcome: 'limited', gainDb: 3, playedLufs: -11 });
    expect(modes(-14, -6).loud).toMatchObject({ outcome: 'raised', gainDb: 3, playedLufs: -11 });
    expect(modes(-8, -1).loud).toMatchObject({ outcome: 'lowered', gainDb: -3, playedLufs: -11 });
  });
  test('Quiet turns down to −19 LUFS', () => {
    expect(modes(-14, -1).quiet).toMatchObject({ outcome: 'lowered', gainDb: -5, playedLufs: -19 });
  });
});

test('the sentence says why music is not raised, or not all the way, and how albums are played', () => {
  const sentence = (id: PlatformId, lufs: number, peak: number) => playbackOn(id, of(lufs, peak))[0]?.sentence;
  expect(sentence('youtube', -20, -9)).toBe('Played as it is: quieter music is not turned up.');
  expect(sentence('deezer', -20, -0.5)).toBe('Played as it is: its peaks leave no room to turn it up.');
  expect(sentence('deezer', -20, -4)).toBe('Turned up by 3.0 dB, as far as its peaks allow.');
  expect(sentence('spotify', -9, -1)).toBe('Turned down by 5.0 dB. Within its album, by one gain for all of it.');
  expect(sentence('tidal', -9, -1)).toContain('by the gain of the whole album');
});

test('silence is played as silence', () => {
  for (const { outcome, playedLufs } of playbackEverywhere(of(null, null))) {
    expect([outcome, playedLufs]).toEqual(['untouched', null]);
  }
});

test('every streaming platform says how it plays a master, and nothing is ever raised above its own ceiling', () => {
  const streaming = platformEntries.filter(({ kind }) => kind === 'streaming');
  expect(new Set(playbackEverywhere(of(-20, -3)).map(({ platform }) => platform))).toEqual(
    new Set(streaming.map(({ id }) => id)),
  );
  for (let lufs = -36; lufs <= -4; lufs += 1.7) {
    for (let peak = -14; peak <= 1; peak += 1.3) {
      for (const played of playbackEverywhere(of(lufs, peak))) {
        expect(playbackSchema.safeParse(played).success).toBe(true);
        if (played.outcome === 'raised') expect(peak + played.gainDb).toBeLessThanOrEqual(-1 + 0.005);
      }
    }
  }
});
