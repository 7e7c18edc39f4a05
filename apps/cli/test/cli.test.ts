import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type MasteringPlan, platformEntries } from '@lathe/contracts';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../../../packages/codec/test/build-wav.ts';
import { unpacked } from '../../../packages/report/test/unpacked.ts';
import { songWav } from '../../../test/support/audio.ts';
import { orderOf } from '../src/order.ts';

const launcher = fileURLToPath(new URL('../bin/lathe.mjs', import.meta.url));
const folder = temporaryFolder();
const song = join(folder, 'song.wav');
writeFileSync(song, songWav({ seconds: 3 }));
const text = join(folder, 'letter.wav');
writeFileSync(text, 'This is a letter.');

const lathe = (...args: string[]) => spawnSync(process.execPath, [launcher, ...args], { encoding: 'utf8' });

let made = 0;
function newFolder(): string {
  const path = join(folder, `out-${made++}`);
  mkdirSync(path);
  return path;
}

test.each(['master', 'measure', 'analyse', 'plan', 'platforms', 'formats', 'start'])('help for %s', (command) => {
  for (const args of [
    ['help', command],
    [command, '--help'],
  ]) {
    const { status, stdout } = lathe(...args);
    expect({ status, begins: stdout.startsWith(`lathe ${command}`) }).toEqual({ status: 0, begins: true });
  }
});

test('platforms: one row for each, with its numbers and its source; no arguments', () => {
  const { status, stdout } = lathe('platforms');
  expect(status).toBe(0);
  for (const { id, source } of platformEntries) {
    expect(stdout.split('\n').find((line) => line.startsWith(`  ${id} `))).toContain(source);
  }
  expect(lathe('platforms', 'spotify').status).toBe(2);
});

test('--version names one', () => expect(lathe('--version').stdout).toMatch(/^lathe \d+\.\d+\.\d+\n$/));

const measurement = [
  ...['integratedLufs', 'loudnessRangeLu', 'truePeakDbtp', 'samplePeakDbfs', 'maxMomentaryLufs'],
  ...['maxShortTermLufs', 'durationSeconds', 'sampleRateHz', 'channels'],
];

describe('--json: one object on stdout, nothing on stderr', () => {
  const jsonOf = (...args: string[]) => {
    const { status, stdout, stderr } = lathe(...args, '--json');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    return JSON.parse(stdout);
  };
  test('measure', () => expect(Object.keys(jsonOf('measure', song)).sort()).toEqual(measurement.toSorted()));
  test('analyse', () => expect(Object.keys(jsonOf('analyse', song).loudness).sort()).toEqual(measurement.toSorted()));
  test('platforms', () => expect(jsonOf('platforms').data).toContainEqual(expect.objectContaining({ id: 'cd' })));
  test('plan', () => expect(jsonOf('plan', song, '--intensity', '0')).toMatchObject({ version: 1 }));
  test('master', () => {
    const out = newFolder();
    const { renditions } = jsonOf('master', song, '--target', 'spotify,apple-music', '--out', out);
    expect(renditions.map(({ path }: { path: string }) => path)).toEqual([
      join(out, 'song-spotify.wav'),
      join(out, 'song-apple-music.wav'),
    ]);
  });
});

test('--zip gives all masters and their report as one archive, and nothing beside it', () => {
  const out = newFolder();
  const zip = join(out, 'all.zip');
  const { status, stdout } = lathe('master', song, '--target', 'spotify,cd', '--zip', zip, '--json');
  expect([status, readdirSync(out)]).toEqual([0, ['all.zip']]);
  const { names, stored } = unpacked(readFileSync(zip));
  const masters = JSON.parse(stdout).renditions.map(({ filename }: { filename: string }) => filename);
  expect(masters).toHaveLength(2);
  expect(names).toEqual([...masters, 'report.pdf', 'report.html', 'report.json']);
  expect(stored).toBe(true);
});

test('the options of the delivered file are read, or named when they make no sense', () => {
  expect(orderOf({}).sampleRateHz).toBe('source');
  expect(orderOf({ rate: '48000' }).sampleRateHz).toBe(48_000);
  expect(orderOf({ dither: 'shaped' }).dither).toBe('shaped');
  expect(() => orderOf({ dither: 'wet' })).toThrow(/^--dither: /);
  expect(() => orderOf({ rate: '12345' })).toThrow(/^--rate: /);
  expect(() => orderOf({ rate: 'fast' })).toThrow(/^--rate /);
});

test('formats and tags are read, a file of tags too, and single options win over it', () => {
  expect(orderOf({ format: ['flac24,mp3-320', 'wav16'] }).formats).toEqual(['flac24', 'mp3-320', 'wav16']);
  expect(orderOf({}).formats).toEqual(['wav24']);
  const tags = join(newFolder(), 'tags.json');
  writeFileSync(tags, JSON.stringify({ title: 'Nacht', artists: ['Eins'], trackNumber: 3 }));
  const order = orderOf({ tags, title: 'Tag', artist: ['Zwei', 'Drei'], isrc: 'DE-A23-26-00001', year: '2026' });
  expect(order.metadata).toEqual({
    ...{ title: 'Tag', artists: ['Zwei', 'Drei'], trackNumber: 3 },
    ...{ isrc: 'DEA232600001', year: 2026 },
  });
  expect(orderOf({ tags: 'none' })).toMatchObject({ tags: 'none', metadata: {} });
  expect(orderOf({ proofs: 'own' }).proofs).toBe('own');
  expect(() => orderOf({ cover: song })).toThrow(/neither a JPEG nor a PNG/);
  expect(() => orderOf({ track: 'three' })).toThrow(/^--track /);
});

describe('plans', () => {
  const orders = ['--target-lufs', '-16', '--style', 'warm', '--intensity', '100'];
  const bytesOf = (...args: string[]) => {
    const out = join(newFolder(), 'master.wav');
    expect(lathe('master', song, '--target-lufs', '-16', ...args, '--out', out)).toMatchObject({ status: 0 });
    return readFileSync(out);
  };
  const planTo = (change: (plan: MasteringPlan) => unknown) => {
    const path = join(newFolder(), 'plan.json');
    writeFileSync(path, JSON.stringify(change(JSON.parse(lathe('plan', song, ...orders).stdout))));
    return path;
  };

  test('a plan that went into a file renders to the bytes it would have given', () => {
    const same = bytesOf(
      '--plan',
      planTo((plan) => plan),
    );
    expect(same.equals(bytesOf('--style', 'warm', '--intensity', '100'))).toBe(true);
  });

  test('an edited plan is rendered as edited: with nothing left in it, only the level changes', () => {
    const empty = bytesOf(
      '--plan',
      planTo((plan) => ({ ...plan, stages: [] })),
    );
    expect(empty.equals(bytesOf('--off', 'repair,tone', '--off', 'compression,width'))).toBe(true);
    expect(empty.equals(bytesOf('--style', 'warm', '--intensity', '100'))).toBe(false);
  });

  test.each([
    ['no JSON', 'this is no plan'],
    ['no plan', '{"version":1}'],
    [
      'a gain beyond all sense',
      JSON.stringify({ version: 1, summary: '', stages: [{ stage: 'equalise', gainDb: 99 }] }),
    ],
  ])('%s is refused: wrong usage', (_name, content) => {
    const path = join(newFolder(), 'plan.json');
    writeFileSync(path, content);
    const { status, stderr } = lathe('master', song, '--plan', path);
    expect({ status, says: stderr.includes('--plan') }).toEqual({ status: 2, says: true });
  });
});

describe('profiles', () => {
  const profileOf = (rules: object): string => {
    const path = join(newFolder(), 'profile.json');
    writeFileSync(path, JSON.stringify({ name: 'Acme', targetLufs: -16, ...rules }));
    return path;
  };
  test('what would be refused says why, and ends with 1', () => {
    const { status, stdout } = lathe(
      'master',
      song,
      '--profile',
      profileOf({ minDurationSeconds: 30 }),
      '-o',
      newFolder(),
    );
    expect({ status, stdout }).toEqual({
      status: 1,
      stdout: expect.stringContaining('Acme would refuse it. The length'),
    });
  });
  test('one that contradicts itself is wrong usage', () => {
    const path = profileOf({ formats: ['wav24'], maxWordLengthBits: 16 });
    const { status, stderr } = lathe('master', song, '--profile', path);
    expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining('is no profile: formats') });
  });
});

describe('references', () => {
  const other = join(folder, 'other.wav');
  writeFileSync(other, songWav({ seconds: 3, peak: 0.3 }));
  const planOf = (...args: string[]): MasteringPlan => JSON.parse(lathe('plan', song, ...args).stdout);

  test('a song that is its own reference needs nothing', () => {
    const plan = planOf('--reference', song, '--reference', `${song}=2`);
    expect(plan.stages.find(({ stage }) => stage === 'equalise')).toMatchObject({ bypassed: true });
    expect(JSON.stringify(plan)).toContain('the 2 references');
  });

  test.each([['missing.wav'], [`${other}=0`]])('%s is refused', (reference) => {
    expect(lathe('plan', song, '--reference', reference).status).toBeGreaterThanOrEqual(2);
  });
});

test('quiet in a pipe: no progress bar', () => expect(lathe('measure', song).stderr).toBe(''));

test.each([['--target-lufs', '-16'], ['--target-lufs=-16']])('negative numbers: %s %s', (...args) => {
  const out = join(newFolder(), 'a.wav');
  const report = join(newFolder(), 'report.json');
  expect(lathe('master', song, ...args, '--ceiling', '-2', '--out', out, '--report', report).status).toBe(0);
  expect(existsSync(out)).toBe(true);
  const [rendition] = JSON.parse(readFileSync(report, 'utf8')).renditions;
  expect(rendition).toMatchObject({ targetLufs: -16, ceilingDbtp: -2 });
});

test.each([
  ['.html', '<!doctype html>'],
  ['.pdf', '%PDF-'],
  ['.json', '{'],
])('a report whose name ends in %s is one', (ending, start) => {
  const report = join(newFolder(), `report${ending}`);
  expect(lathe('master', song, '--out', newFolder(), '--report', report).status).toBe(0);
  const content = readFileSync(report, 'latin1');
  expect(content.slice(0, start.length)).toBe(start);
  expect(content.length).toBeGreaterThan(5000);
});

test.each<[string[], string]>([
  [['sing'], 'sing'],
  [['measure'], 'Which file'],
  [['master', song, '--volume', '11'], '--volume'],
  [['master', song, '--target', 'walkman'], 'walkman'],
  [['master', song, '--style', 'polka'], 'polka'],
  [['master', song, '--target-lufs', 'loud'], 'loud'],
  [['master', song, '--intensity', '200'], '--intensity'],
  [['master', song, '--target', 'spotify,tidal', '--out', join(folder, 'one.wav')], '2 are asked for'],
  [['master', song, '--out', join(folder, 'one.flac')], 'end in .wav'],
  [['master', song, '--format', 'mp2'], 'mp2'],
  [['master', song, '--format', 'wav16,wav16'], '--format'],
  [['master', song, '--isrc', 'DE-1'], '--isrc'],
  [['master', song, '--upc', '4006381333930'], '--upc'],
  [['master', song, '--out', song], 'never written over'],
  [['master', song, '--report', song], 'never written over'],
  [['master', song, '--zip', join(folder, 'a.tar')], '.zip'],
  [['master', song, '--zip', join(folder, 'a.zip'), '--out', folder], 'one of them'],
  [['master', song, '--report', join(folder, 'nowhere', 'report.json')], 'no folder'],
])('wrong usage ends with 2 and a sentence: %j', (args, words) => {
  const before = readFileSync(song);
  const { status, stdout, stderr } = lathe(...args);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toContain(words);
  expect(readFileSync(song).equals(before)).toBe(true);
});

test.each([text, folder, join(folder, 'nowhere.wav')])('bad input ends with 3 and leaves nothing: %s', (path) => {
  const out = join(folder, 'not-made');
  const { status, stdout } = lathe('master', path, '--out', out, '--json');
  expect(status).toBe(3);
  expect(JSON.parse(stdout).error).toMatchObject({ code: expect.stringMatching(/^(not_audio|source_missing)$/) });
  expect(existsSync(out)).toBe(false);
});

test('anything else ends with 1', () => {
  expect(lathe('measure', song, '--json').status).toBe(0);
  expect(lathe('master', song, '--out', join(song, 'below-a-file')).status).toBe(1);
});

test.runIf(existsSync('/proc/self'))('a folder that nobody can make is named, and not waited for', () => {
  const options = { encoding: 'utf8', timeout: 20_000, killSignal: 'SIGKILL' } as const;
  const { status, stderr } = spawnSync(process.execPath, [launcher, 'master', song, '--out', '/proc/x/y'], options);
  expect(status).toBe(1);
  expect(stderr).toMatch(/The folder \/proc\/x cannot be made/);
});

const systemNode = '/usr/bin/node';
const nodes = [process.execPath, ...(existsSync(systemNode) ? [systemNode] : [])];

test.each(nodes)('Ctrl-C in mid-master leaves nothing behind: %s', async (node) => {
  const home = newFolder();
  const mix = join(home, 'mix.wav');
  const long = join(folder, 'long.wav');
  if (!existsSync(long)) writeFileSync(long, songWav({ seconds: 60 }));
  copyFileSync(long, mix);
  const child = spawn(node, [launcher, 'master', mix], { stdio: 'ignore' });
  while (!readdirSync(home, { recursive: true }).some((name) => /tone-\d+\.wav$/.test(String(name)))) await pause(20);
  child.kill('SIGINT');
  expect(await once(child, 'exit')).toEqual([130, null]);
  expect(readdirSync(home)).toEqual(['mix.wav']);
});
