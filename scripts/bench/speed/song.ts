import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { fetchPackages, filesIn, ONE_PACKAGE } from '../music.ts';

/** The largest piece of music of a Debian package, fetched for this run. */
export function fetchSong(folder: string): string {
  const found = fetchPackages(folder, ONE_PACKAGE);
  const songs = filesIn(found).map((name) => join(found, name));
  const [largest] = songs.sort((a, b) => statSync(b).size - statSync(a).size);
  if (!largest) throw new Error(`There is no music in ${ONE_PACKAGE}.`);
  return largest;
}

/** So much of a song as 16-bit WAV, from its start again where it is shorter. */
export function looped(song: string, wanted: { folder: string; seconds: number; sampleRateHz: number }): string {
  const { folder, seconds, sampleRateHz } = wanted;
  const path = join(folder, `song-${seconds}-${sampleRateHz}.wav`);
  const input = ['-nostdin', '-v', 'error', '-y', '-stream_loop', '-1', '-i', song, '-t', String(seconds)];
  const output = ['-ar', String(sampleRateHz), '-ac', '2', '-c:a', 'pcm_s16le', '-rf64', 'auto', path];
  execFileSync('ffmpeg', [...input, ...output]);
  return path;
}
