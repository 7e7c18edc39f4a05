import { execFileSync } from 'node:child_process';
import { chmodSync, globSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const debianPackage = 'extremetuxracer-data';

/** The largest piece of music of a Debian package, fetched for this run. */
export function fetchSong(folder: string): string {
  // apt-get drops its rights, and must be able to write here.
  chmodSync(folder, 0o755);
  execFileSync('apt-get', ['download', '-qq', debianPackage], { cwd: folder, stdio: 'ignore' });
  const archive = readdirSync(folder).find((name) => name.endsWith('.deb')) ?? '';
  execFileSync('dpkg-deb', ['-x', archive, 'data'], { cwd: folder });
  const songs = globSync('data/**/*.ogg', { cwd: folder }).map((name) => join(folder, name));
  const [largest] = songs.sort((a, b) => statSync(b).size - statSync(a).size);
  if (!largest) throw new Error(`${debianPackage} holds no music.`);
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
