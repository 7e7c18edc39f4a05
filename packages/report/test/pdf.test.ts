import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MasterReport } from '@lathe/contracts';
import { afterAll, describe, expect, test } from 'vitest';
import { describePeer } from '../../../test/support/peers.ts';
import { pdfOf } from '../src/index.ts';
import { failedReport, oldReport, reportOf, silentReport } from './example.ts';

const folder = mkdtempSync(join(tmpdir(), 'lathe-pdf-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const latin1 = (pdf: Uint8Array): string => Buffer.from(pdf).toString('latin1');

const reports: [string, MasterReport][] = [
  ['one master', reportOf(1)],
  ['twenty masters', reportOf(20)],
  ['a silent mix', silentReport()],
  ['a failed check', failedReport()],
  ['a report made before there were curves', oldReport()],
];

describe.each(reports)('the PDF of %s', (_name, report) => {
  test('is the same to the byte each time, and tells no time', async () => {
    const pdf = await pdfOf(report);
    expect(Buffer.from(await pdfOf(structuredClone(report))).equals(Buffer.from(pdf))).toBe(true);
    expect(latin1(pdf)).not.toMatch(/CreationDate|ModDate|xmp:/);
  });

  test('is whole: every object is where the table says', async () => {
    const text = latin1(await pdfOf(report));
    const table = Number(/startxref\s+(\d+)\s+%%EOF\s*$/.exec(text)?.[1]);
    expect(text.slice(table, table + 4)).toBe('xref');
    const offsets = [...text.slice(table).matchAll(/^(\d{10}) 00000 n/gm)].map(([, offset]) => Number(offset));
    expect(offsets.length).toBeGreaterThan(20);
    for (const [k, offset] of offsets.entries()) expect(text.slice(offset, offset + 20)).toMatch(`${k + 1} 0 obj`);
  });

  test('brings its fonts, is tagged, and says what language it is in', async () => {
    const text = latin1(await pdfOf(report));
    const fonts = [...text.matchAll(/\/BaseFont \/(\S+)/g)].map(([, name]) => name);
    expect(fonts.length).toBeGreaterThan(0);
    for (const name of fonts) expect(name).toMatch(/^[A-Z]{6}\+Source(Sans|Serif)/);
    expect(text.match(/\/FontFile[23] /g)?.length).toBe(3);
    expect(text).toMatch(/\/MarkInfo|\/Marked true/);
    expect(text).toContain('/Lang (en)');
    expect(text).toContain('/S /H1');
    expect(text).not.toMatch(/NaN|undefined|Infinity/);
  });
});

test('pages are A4, or Letter', async () => {
  const boxOf = async (paper?: 'a4' | 'letter') =>
    new Set(latin1(await pdfOf(reportOf(3), paper)).match(/\/MediaBox \[[^\]]*\]/g));
  expect(await boxOf()).toEqual(new Set(['/MediaBox [0 0 595.28 841.89]']));
  expect(await boxOf('letter')).toEqual(new Set(['/MediaBox [0 0 612 792]']));
});

test('where letters are left out the whole title is there for those who are read to', async () => {
  const titled = async (title: string) => latin1(await pdfOf({ ...reportOf(1), title, artists: ['Łódź'] }));
  const [japanese, greek] = [await titled('夜の歌 Evening 🎵'), await titled('Βραδινό Вечер Đêm')];
  expect(japanese).toContain('/ActualText');
  expect(greek).not.toContain('/ActualText');
});

const poppler = spawnSync('pdftotext', ['-v']).error ? undefined : 'poppler';

describePeer('another reader of PDF', poppler, () => {
  const read = async (report: MasterReport): Promise<{ text: string; info: string; complaints: string }> => {
    const path = join(folder, 'report.pdf');
    writeFileSync(path, await pdfOf(report));
    const info = spawnSync('pdfinfo', [path], { encoding: 'utf8' });
    const text = spawnSync('pdftotext', ['-layout', path, '-'], { encoding: 'utf8' });
    return { info: info.stdout, text: text.stdout, complaints: info.stderr + text.stderr };
  };

  test.each(reports)('has nothing to complain about: %s', async (_name, report) => {
    const { info, complaints } = await read(report);
    expect(complaints).toBe('');
    expect(info).toMatch(/Tagged:\s+yes/);
  });

  test('finds “…” for letters that the fonts do not have, and a line that says so', async () => {
    const { text, info } = await read({ ...reportOf(1), title: '夜の歌 Evening 🎵', artists: ['밤의 노래'] });
    expect(text).toContain('… Evening …');
    expect(text).toContain('Latin, Greek and Cyrillic letters');
    expect(info).toContain('夜の歌 Evening 🎵');
    expect((await read(reportOf(1))).text).not.toContain('Latin, Greek and Cyrillic letters');
  });

  test('finds the song, the figures, every move, every file', async () => {
    const report = reportOf(3);
    const { text, info } = await read(report);
    expect(info).toContain('Evening Song — mastering report');
    const words = ['Evening Song', 'The Lathe Band, Ada', 'All 3 proven', '−19.4', report.plan.summary, 'Q 0.71'];
    for (const { filename, sha256 } of report.renditions) words.push(filename, sha256);
    for (const word of [...words, report.sourceSha256, '1 / ']) expect(text).toContain(word);
  });

  test('finds letters of other scripts, and hostile ones as they are', async () => {
    const title = 'Песня ήλιος Žluťoučký <b>&amp; (\\) %PDF';
    const { text, complaints } = await read({ ...reportOf(1), title });
    expect(complaints).toBe('');
    expect(text).toContain(title);
  });
});
