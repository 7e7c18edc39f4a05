import { readFileSync } from 'node:fs';
import { formatIds, platforms, styles } from '@lathe/contracts';

export const version = (): string => {
  const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return `lathe ${(JSON.parse(manifest) as { version: string }).version}`;
};

const general = `Lathe masters music: a finished mix in, correct masters out, each measured again.

  lathe master FILE     make masters          lathe plan FILE      say what would be done, and why
  lathe preview FILE    hear 30 s of it first
  lathe measure FILE    loudness and peaks    lathe analyse FILE   everything that is heard
  lathe platforms       where masters go      lathe formats        the files it writes
  lathe start           the whole service on this machine

  --json    one JSON object on stdout and nothing else
  lathe help COMMAND    more about one; lathe --version

Exit codes: 0 done, 2 wrong usage, 3 bad input, 1 anything else.`;

const order = `  --target ID[,ID…]     ${wrap(Object.keys(platforms))}
  --profile FILE        what a distributor takes, as JSON: its files are made so, and checked; may be given several times
  --target-lufs N       a loudness of your own (without any of these: −14 LUFS)
  --ceiling DBTP        a ceiling of your own (without: the platform's, or −1 dBTP)
  --style ID            ${Object.keys(styles).join(', ')}
  --intensity 0-100     how far tonal moves may go; 50 without, 0 leaves the tone alone
  --off PART[,PART…]    leaves a part of the work out: repair, tone, compression, width
  --phase WORD          of the equaliser: minimum or linear
  --reference FILE[=WEIGHT]  finished music to come nearer to; may be given several times
  --plan FILE           renders a plan of yours: lathe plan FILE > plan.json, edit it, give it back
  --loudness WORD       quieter, platform, louder: 2 LU below or above a platform's own number`;

const details: Record<string, string> = {
  master: `lathe master FILE [options]

${order}
  --format ID[,ID…]     ${wrap(formatIds)}
                        each target in each of these; wav24 without; see lathe formats
  --rate HZ             44100, 48000, 88200, 96000, 176400, 192000; the mix's own without
  --dither WORD         tpdf, shaped (16 bits at 44.1 or 48 kHz: less noise where the ear is keenest), none
  --title, --artist (may be given several times), --album, --album-artist, --track N, --disc N, --isrc, --upc,
  --copyright, --label, --year N, --genre, --comment
                        what the files tell of the music
  --tags FILE.json      the same from a file: {"title": "…", "artists": ["…"], "trackNumber": 1, …}; none: nothing at all
  --cover FILE          a JPEG or PNG, at most 5 MB
  --proofs WORD         all: also the encodings a platform will make are tried; own: only those that are delivered
  --out FILE|DIR        where the masters go; beside the mix without
  --zip FILE.zip        all masters and their report as one archive, in place of files
  --report FILE         writes the whole report: .html a page, .pdf a document, anything else JSON
  --json                the report on stdout`,
  plan: `lathe plan FILE [options]\n\n${order}\n  --json                the plan on stdout; in a pipe it goes so by itself`,
  preview: `lathe preview FILE [options]

The loudest 30 s as they will be in the master, and the same of the mix, equally loud.

${order}
  --out FILE.wav        where it goes, and the mix beside it as FILE-mix.wav; beside the mix without
  --json                what was done, on stdout`,
  measure: 'lathe measure FILE [--json]\n\nLoudness after BS.1770-5 and EBU Tech 3341/3342, true peak and sample peak.',
  analyse:
    'lathe analyse FILE [--json]\n\nLoudness, tone, stereo, dynamics, defects, and what they mean for the artist.',
  platforms:
    'lathe platforms [--json]\n\nWhere masters go: loudness, ceiling and file of each, how it is played, the source, the day it was checked.',
  formats: 'lathe formats [--json]\n\nEvery kind of file that Lathe writes, and what it is for.',
  start: `lathe start

Postgres, api, worker and website on this machine. Settings, from the environment:
  LATHE_DATA_DIR   where everything lies (.data)        LATHE_PORT   4800
  DATABASE_URL, REDIS_URL, S3_BUCKET … to use servers of your own`,
};

export const usageOf = (command: string | undefined): string => details[command ?? ''] ?? general;

function wrap(words: string[]): string {
  const perLine = 5;
  const lines = words.flatMap((_, i) => (i % perLine === 0 ? [words.slice(i, i + perLine).join(', ')] : []));
  return lines.join(`,\n${' '.repeat(24)}`);
}
