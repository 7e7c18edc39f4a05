import { expect, test } from 'vitest';
import { check, isDrained } from '../src/ffmpeg/ffmpeg-error.ts';
import { loadFfmpeg } from '../src/ffmpeg/load.ts';

test('the codec library is there, and its failures say what was being done', async () => {
  const ffmpeg = await loadFfmpeg();
  expect(ffmpeg.lib.Codec.findDecoderByName('flac')?.name).toBe('flac');
  expect(check(ffmpeg, 7, 'read')).toBe(7);
  expect(() => check(ffmpeg, ffmpeg.constants.AVERROR_INVALIDDATA, 'read')).toThrow(/^read: Invalid data/);
  expect(isDrained(ffmpeg, ffmpeg.constants.AVERROR_EOF)).toBe(true);
  expect(isDrained(ffmpeg, ffmpeg.constants.AVERROR_EIO)).toBe(false);
});
