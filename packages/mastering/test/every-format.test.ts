/** Every format out, read by programs of others: samples, lengths, tags. */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type FormatId, formatIds, formats, type MasterReport, masterOrderSchema } from '@lathe/contracts';
import { beforeAll, describe, expect, test } from 'vitest';
import { songWav } from '../../../test/support/audio.ts';
import { describePeer } from '../../../test/support/peers.ts';
import { readers } from '../../../test/support/programs.ts';
import { temporaryFolder } from '../../codec/test/build-wav.ts';
import { performTask } from '../src/perform.ts';

const folder = temporaryFolder();
const mix = join(folder, 'mix.wav');
const cover = join(folder, 'cover.png');
/** One white pixel. */
const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8/5+hHgAHggJ/PchI7wAAAABJRU5ErkJggg==';
const seconds = 3.021;
const frames = Math.round(seconds * 44_100);
const metadata = {
  title: 'Grüße — 夜',
  artists: ['Ä. Eins', 'Zwei'],
  album: 'Platte',
  albumArtist: 'Viele',
  trackNumber: 3,
  discNumber: 1,
  isrc: 'DE-A23-26-00001',
  upc: '4006381333931',
  copyright: '2026 Niemand',
  label: 'Rille',
  year: 2026,
  genre: 'Rock',
  comment: 'Gemastert',
};

async function make(name: string, order: object): Promise<{ report: MasterReport; path(id: FormatId): string }> {
  const outputFolder = join(folder, name);
  mkdirSync(outputFolder);
  const report = await performTask(
    {
      kind: 'master',
      sourcePath: mix,
      order: masterOrderSchema.parse({ targets: [{ targetLufs: -10 }], formats: formatIds, proofs: 'own', ...order }),
      outputFolder,
      coverPath: cover,
      name: 'song',
    },
    () => {},
  );
  const path = (id: FormatId) =>
    join(outputFolder, report.renditions.find(({ format }) => format === id)?.filename ?? 'missing');
  return { report, path };
}

let tagged: Awaited<ReturnType<typeof make>>;
let plain: Awaited<ReturnType<typeof make>>;
beforeAll(async () => {
  writeFileSync(mix, songWav({ seconds, peak: 0.9 }));
  writeFileSync(cover, Buffer.from(png, 'base64'));
  tagged = await make('tagged', { metadata });
  plain = await make('plain', { metadata, tags: 'none', formats: formatIds.filter((id) => !formats[id].lossy) });
}, 120_000);

const lossless = formatIds.filter((id) => !formats[id].lossy);
const lossy = formatIds.filter((id) => formats[id].lossy);

test('every format keeps its promises, and says so', () => {
  const { renditions } = tagged.report;
  expect(renditions.map(({ format }) => format)).toEqual(formatIds);
  for (const { verdict, checks, format } of renditions) {
    expect({ format, verdict, broken: checks.filter(({ passed }) => !passed) }).toMatchObject({ broken: [] });
  }
  for (const id of lossy) {
    const proofs = renditions.find(({ format }) => format === id)?.codecProofs;
    expect(proofs).toMatchObject([{ encoding: id, delivered: true, passed: true }]);
  }
});

test('lossless files are the same bytes whenever they are made', async () => {
  const again = await make('again', { metadata, formats: lossless });
  for (const id of lossless) expect(readFileSync(again.path(id)).equals(readFileSync(tagged.path(id)))).toBe(true);
});

describePeer(
  'files read by ffmpeg, flac, mpg123, libsndfile, mediainfo, opusdec, oggdec and mutagen',
  readers,
  (peer) => {
    const hashOf = (path: string, sampleFormat: string) =>
      createHash('md5')
        .update(peer.bytes('ffmpeg', '-v', 'error', '-i', path, '-map', '0:a', '-f', sampleFormat, '-'))
        .digest('hex');

    test.each([
      ['flac16', 'wav16', 's16le'],
      ['alac16', 'wav16', 's16le'],
      ['flac24', 'wav24', 's24le'],
      ['alac24', 'wav24', 's24le'],
    ] as const)('%s holds the samples of %s, tagged or not', (id, wav, sampleFormat) => {
      const expected = hashOf(tagged.path(wav), sampleFormat);
      for (const made of [tagged, plain]) {
        expect(hashOf(made.path(id), sampleFormat)).toBe(expected);
        expect(hashOf(made.path(wav), sampleFormat)).toBe(expected);
      }
    });

    test('FLAC carries the checksum of its samples, and flac finds it true', () => {
      for (const id of ['flac16', 'flac24'] as const) {
        expect(peer.run('flac', '-t', '-s', '-w', tagged.path(id))).toBe('');
        expect(readFileSync(tagged.path(id)).subarray(26, 42).equals(Buffer.alloc(16))).toBe(false);
      }
    });

    const decodedFrames = (id: FormatId): number => {
      const decoded = join(folder, `${id}.decoded.wav`);
      const path = tagged.path(id);
      if (id === 'opus-128') peer.run('opusdec', '--quiet', path, decoded);
      else if (id === 'vorbis-q9') peer.run('oggdec', '-Q', '-o', decoded, path);
      else peer.run('mpg123', '-q', '-w', decoded, path);
      return Number(/Frames\s*:\s*(\d+)/.exec(peer.run('sndfile-info', decoded))?.[1]);
    };

    test.each(['mp3-320', 'mp3-v0', 'vorbis-q9', 'opus-128'] as const)(
      '%s is as long as the mix, to the sample',
      (id) => {
        const expected = id === 'opus-128' ? Math.round((frames * 48_000) / 44_100) : frames;
        expect(decodedFrames(id)).toBe(expected);
      },
    );

    test('AAC says where its music begins and ends in both ways players read', () => {
      const path = tagged.path('aac-256');
      const probe = peer.run(
        'ffprobe',
        '-v',
        'error',
        '-show_entries',
        'stream=duration_ts,start_pts',
        '-of',
        'csv=p=0',
        path,
      );
      expect(probe.trim().split('\n')[0]).toBe(`0,${frames}`);
      const told = peer.mutagen(path)['----:com.apple.iTunes:iTunSMPB'] ?? '';
      const [, delay, padding, length] = told
        .trim()
        .split(' ')
        .map((word) => Number.parseInt(word, 16));
      expect(length).toBe(frames);
      expect(((delay ?? 0) + (padding ?? 0) + frames) % 1024).toBe(0);
    });

    test.each([
      [
        'flac24',
        { title: metadata.title, artist: 'Ä. Eins|Zwei', isrc: 'DEA232600001', barcode: metadata.upc, label: 'Rille' },
      ],
      ['vorbis-q9', { title: metadata.title, isrc: 'DEA232600001', barcode: metadata.upc, tracknumber: '03' }],
      ['opus-128', { title: metadata.title, isrc: 'DEA232600001', barcode: metadata.upc, date: '2026' }],
      [
        'mp3-320',
        { TIT2: metadata.title, TSRC: 'DEA232600001', 'TXXX:BARCODE': metadata.upc, TCOP: metadata.copyright },
      ],
      ['mp3-v0', { TIT2: metadata.title, TSRC: 'DEA232600001', 'TXXX:BARCODE': metadata.upc, TPUB: 'Rille' }],
      ['aac-256', { '©nam': metadata.title, '©alb': 'Platte', aART: 'Viele' }],
      ['alac24', { '©nam': metadata.title, cprt: metadata.copyright, '©day': '2026' }],
      ['wav24', { TIT2: metadata.title, TSRC: 'DEA232600001', 'TXXX:BARCODE': metadata.upc, TALB: 'Platte' }],
      ['wav32f', { TIT2: metadata.title, TPE1: 'Ä. Eins|Zwei', TSRC: 'DEA232600001', TDRC: '2026' }],
    ] as const)('%s tells what it is', (id, expected) => {
      expect(peer.mutagen(tagged.path(id))).toMatchObject(expected);
    });

    test.each(['aac-256', 'alac24'] as const)('%s carries the codes where iTunes has a place for them', (id) => {
      const tags = peer.mutagen(tagged.path(id));
      expect(tags['----:com.apple.iTunes:ISRC']).toContain('DEA232600001');
      expect(tags['----:com.apple.iTunes:BARCODE']).toContain(metadata.upc);
    });

    test('every file but a Wave carries the cover where ffmpeg finds it, and a Wave where mutagen does', () => {
      for (const id of formatIds.filter((each) => formats[each].codec !== 'pcm')) {
        const streams = peer.run(
          'ffprobe',
          '-v',
          'error',
          '-show_entries',
          'stream=codec_name',
          '-of',
          'csv=p=0',
          tagged.path(id),
        );
        expect({ id, streams }).toMatchObject({ streams: expect.stringContaining('png') });
      }
      expect(Object.keys(peer.mutagen(tagged.path('wav24')))).toContain('APIC:');
    });

    test('a Wave tells its loudness and where it comes from as a Broadcast Wave does', () => {
      for (const id of ['wav16', 'wav24', 'wav32f'] as const) {
        const told = peer.run('sndfile-metadata-get', '--all', tagged.path(id));
        const measured = tagged.report.renditions.find(({ format }) => format === id)?.measured;
        expect(told).toMatch(/Originator\s*: Lathe/);
        expect(told).toMatch(/Origination ref\s*: DEA232600001/);
        expect(told).toContain('A. Eins, Zwei - Grusse - ?');
        const info = peer.run('mediainfo', '--Full', tagged.path(id));
        const reading = (name: string) => Number(new RegExp(`${name}\\s*: (-?[\\d.]+)`).exec(info)?.[1]);
        expect(reading('LoudnessValue')).toBeCloseTo(measured?.integratedLufs ?? 0, 1.9);
        expect(reading('MaxTruePeakLevel')).toBeCloseTo(measured?.truePeakDbtp ?? 0, 1.9);
        expect(reading('MaxMomentaryLoudness')).toBeCloseTo(measured?.maxMomentaryLufs ?? 0, 1.9);
      }
    });

    test('INFO is plain ASCII', () => {
      const told = peer.run('ffprobe', '-v', 'error', '-show_entries', 'format_tags', tagged.path('wav24'));
      expect(told).toMatch(/TAG:title=/);
      const bytes = readFileSync(tagged.path('wav24'));
      const from = bytes.lastIndexOf('INFOINAM');
      const list = bytes.subarray(from, bytes.indexOf('id3 ', from));
      expect([...list].every((byte) => byte < 0x80)).toBe(true);
    });

    test('untagged files say nothing about the music', () => {
      for (const id of lossless) {
        const bytes = readFileSync(plain.path(id));
        for (const word of ['Platte', 'DEA232600001', metadata.upc, 'bext', 'Lathe']) {
          expect({ id, word, found: bytes.includes(word) }).toEqual({ id, word, found: false });
        }
      }
    });
  },
);

describe('an order', () => {
  test.each([
    [{ isrc: 'DEA23260000' }],
    [{ isrc: 'dea232600001' }],
    [{ upc: '4006381333930' }],
    [{ upc: '40063813339' }],
    [{ artists: [] }],
    [{ title: 'two\nlines' }],
    [{ unknown: 'field' }],
  ])('with %j is refused', (wrong) => {
    expect(masterOrderSchema.safeParse({ targets: ['spotify'], metadata: wrong }).success).toBe(false);
  });
  test('keeps an ISRC without its hyphens, and takes UPC and EAN', () => {
    for (const upc of ['4006381333931', '036000291452']) {
      const order = masterOrderSchema.parse({ targets: ['spotify'], metadata: { isrc: 'US-RC1-76-07839', upc } });
      expect(order.metadata).toEqual({ isrc: 'USRC17607839', upc });
    }
  });
  test('names no format twice', () => {
    expect(masterOrderSchema.safeParse({ targets: ['spotify'], formats: ['wav24', 'wav24'] }).success).toBe(false);
  });
});
