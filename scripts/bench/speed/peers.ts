import { spawnSync } from 'node:child_process';

const frameRateHz = 44_100;
const filters = {
  'ffmpeg ebur128, true peak': 'ebur128=peak=true',
  'ffmpeg loudnorm, one pass': 'loudnorm=I=-14:TP=-1',
  'ffmpeg alimiter': 'alimiter=limit=0.5',
} as const;

export type PeerTime = { name: string; ns: number; timesRealTime: number };

/** Processor time of ffmpeg's filters on a file, less that of reading it. None without ffmpeg. */
export function timePeers(wav: string, seconds: number): PeerTime[] {
  const reading = cpuSeconds(wav, 'anull');
  if (reading === null) return [];
  return Object.entries(filters).map(([name, filter]) => {
    const taken = (cpuSeconds(wav, filter) ?? reading) - reading;
    return { name, ns: (taken * 1e9) / (seconds * frameRateHz), timesRealTime: seconds / taken };
  });
}

function cpuSeconds(wav: string, filter: string): number | null {
  const options = ['-nostdin', '-threads', '1', '-benchmark', '-i', wav, '-af', filter, '-f', 'null', '-'];
  const { stderr, status } = spawnSync('ffmpeg', options, { encoding: 'utf8' });
  const times = /utime=([\d.]+)s stime=([\d.]+)s/.exec(stderr ?? '');
  return status === 0 && times ? Number(times[1]) + Number(times[2]) : null;
}
