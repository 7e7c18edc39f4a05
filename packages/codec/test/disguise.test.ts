/** Playlists, scripts and descriptions that are named and begin like audio: they are never followed to the file they name. */
import { describe, expect, test } from 'vitest';
import { type CompressedKind, withInput } from '../src/ffmpeg/input.ts';
import { loadFfmpeg } from '../src/ffmpeg/load.ts';
import { openFile } from '../src/file.ts';
import { CodecError, openAudio } from '../src/index.ts';
import { save, temporaryFolder, tone, wav } from './build-wav.ts';

const folder = temporaryFolder();
/** Somebody else's song, that nobody may hear. */
const neighbour = save(folder, wav({ planes: [tone(2), tone(2)] }), 'neighbour.wav');

const disguises: [string, string][] = [
  ['an HLS playlist', `#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n${neighbour}\n#EXT-X-ENDLIST\n`],
  ['a script of ffmpeg', `ffconcat version 1.0\nfile '${neighbour}'\nduration 2\n`],
  ['a session description', 'v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nm=audio 5004 RTP/AVP 96\n'],
  ['a manifest of DASH', `<?xml version="1.0"?><MPD><BaseURL>${neighbour}</BaseURL></MPD>`],
  ['names of protocols', `file:${neighbour}\nconcat:${neighbour}|${neighbour}\n`],
];

describe('our own look at the first bytes', () => {
  const heads: [string, string][] = [
    ['bare', ''],
    ['behind an ID3 tag', 'ID3\x04\0\0\0\0\0\0'],
    ['behind the letters of a FLAC', 'fLaC'],
    ['behind the letters of Ogg', 'OggS'],
    ['behind the letters of MPEG-4', '\0\0\0\x14ftypM4A \0\0\0\0M4A '],
    ['behind the head of an MP3 frame', '\xff\xfb\x90\x64'],
    ['behind the letters of CAF', 'caff\0\x01\0\0desc\0\0\0\0\0\0\0\x20'],
  ];
  const all = disguises.flatMap(([what, text]) => heads.map(([how, head]) => [what, how, head + text] as const));
  test.each(all)('%s, %s', async (_what, _how, text) => {
    const path = save(folder, Buffer.from(text, 'latin1'), 'song.mp3');
    const opening = openAudio(path, { spoolPath: `${path}.pcm` });
    await expect(opening).rejects.toThrow(CodecError);
    await expect(opening).rejects.toMatchObject({ code: expect.stringMatching(/^(not|malformed|truncated)_audio$/) });
  });
});

describe('and if that were fooled, the library', () => {
  const kinds: CompressedKind[] = ['flac', 'ogg', 'mp4', 'mp3', 'adts', 'caf'];
  test.each(disguises.flatMap(([what, text]) => kinds.map((kind) => [what, kind, text] as const)))(
    '%s as %s',
    async (_, kind, text) => {
      const file = openFile(save(folder, Buffer.from(text), 'song.mp3'));
      const opening = withInput(await loadFfmpeg(), file, kind, async ({ codec }) => codec);
      await expect(opening).rejects.toThrow();
      file.close();
    },
  );
});
