import { expect, test } from 'vitest';
import { check, FfmpegError, isDrained } from '../src/ffmpeg/ffmpeg-error.ts';
import { loadFfmpeg } from '../src/ffmpeg/load.ts';

test('the codec library is there, and its failures say what was being done', async () => {
  const ffmpeg = await loadFfmpeg();
  expect(ffmpeg.lib.Codec.findDecoder(ffmpeg.constants.AV_CODEC_ID_FLAC)?.name).toBe('flac');
  expect(check(ffmpeg, 7, 'read')).toBe(7);
  const failing = () => check(ffmpeg, ffmpeg.constants.AVERROR_INVALIDDATA, 'read');
  expect(failing).toThrow(FfmpegError);
  expect(failing).toThrow(/^read: Invalid data/);
  expect(isDrained(ffmpeg, ffmpeg.constants.AVERROR_EOF)).toBe(true);
  expect(isDrained(ffmpeg, ffmpeg.constants.AVERROR_EIO)).toBe(false);
});
