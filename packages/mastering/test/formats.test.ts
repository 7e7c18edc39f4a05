/** A mix may come in any format. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { masterOrderSchema } from '@lathe/contracts';
import { expect, test } from 'vitest';
import { save, temporaryFolder, tone, wav } from '../../codec/test/build-wav.ts';
import { fixturePlanes } from '../../codec/test/fixtures/signal.ts';
import { performTask } from '../src/perform.ts';

const folder = temporaryFolder();
const folders = [temporaryFolder(), temporaryFolder()] as const;
const fixture = (name: string): string => fileURLToPath(new URL(`../../codec/test/fixtures/${name}`, import.meta.url));
const nothing = (): void => {};

async function mastered(sourcePath: string, outputFolder: string) {
  const order = masterOrderSchema.parse({ targets: ['spotify'], formats: ['wav32f'] });
  const report = await performTask({ kind: 'master', sourcePath, order, outputFolder, name: 'song' }, nothing);
  const [rendition] = report.renditions;
  return { report, bytes: readFileSync(`${outputFolder}/${rendition?.filename}`) };
}

test('a FLAC is mastered to the very bytes that the same samples in a WAV give', async () => {
  const plain = save(folder, wav({ encoding: 'int24', planes: fixturePlanes() }), 'signal.wav');
  const [fromWav, fromFlac] = [await mastered(plain, folders[0]), await mastered(fixture('signal.flac'), folders[1])];
  expect(fromFlac.bytes.equals(fromWav.bytes)).toBe(true);
  expect(fromFlac.report.before.source.file).toMatchObject({
    format: 'flac',
    codec: 'flac',
    lossy: false,
    wordBits: 24,
  });
});

const advice = async (sourcePath: string) => {
  const { analysis } = await performTask({ kind: 'analyse', sourcePath }, nothing);
  return new Map(analysis.advice.map(({ code, severity }) => [code, severity]));
};

test.each(['lame.mp3', 'aac.m4a', 'vorbis.ogg', 'opus.opus'])('%s is taken, and the artist is told', async (name) => {
  expect((await advice(fixture(name))).get('lossy_source')).toBe('warning');
});

test.each(['adts.aac', 'untagged.mp3'])(
  '%s, which says nothing of its length, is told to be cut off where it ends inside a frame',
  async (name) => {
    const whole = readFileSync(fixture(name));
    const told = async (bytes: Buffer): Promise<boolean> =>
      (await advice(save(folder, bytes, `cut-${name}`))).has('cut_off');
    expect(await told(whole)).toBe(false);
    const tag = Buffer.alloc(128);
    tag.write('TAG');
    expect(await told(Buffer.concat([whole, tag]))).toBe(false);
    for (const missing of [1, 50]) expect(await told(whole.subarray(0, -missing))).toBe(true);
  },
);

test('words shorter than the file has room for are told; a file of 16 bits is what it says, one of 8 is a warning', async () => {
  const short = tone(1).map((x) => Math.round(x * 2 ** 15) / 2 ** 15);
  const padded = save(folder, wav({ encoding: 'int24', planes: [short, short] }), 'padded.wav');
  const honest = save(folder, wav({ encoding: 'int16', planes: [short, short] }), 'honest.wav');
  const coarse = save(folder, wav({ encoding: 'int8', planes: [tone(1), tone(1)] }), 'coarse.wav');
  expect((await advice(coarse)).get('low_word_length')).toBe('warning');
  expect((await advice(padded)).has('low_word_length')).toBe(true);
  expect((await advice(honest)).has('low_word_length')).toBe(false);
});
