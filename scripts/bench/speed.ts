/**
 * `npm run bench`: how fast Lathe is, on one core, with four minutes of music from a Debian package: each kernel against its
 * twin in TypeScript, peers on the PATH, encoders, the chain in one process, stage by stage, the whole command for several lengths,
 * its memory, a whole order on two cores, and how soon its preview can be heard.
 *
 *   npm run bench -- [--json] [--long] [--song FILE]
 *
 * `--long` masters two hours at 96 kHz as well, which takes 33 GB of disk. Needs taskset and ffmpeg; without `--song`
 * also apt-get and dpkg-deb. × real time is by processor time.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type CommandRun, runCommand } from './speed/command.ts';
import { type EncoderTime, timeEncoders } from './speed/encoders.ts';
import { type KernelTime, timeKernels } from './speed/kernels.ts';
import { type PeerTime, timePeers } from './speed/peers.ts';
import { type PreviewTime, timePreview } from './speed/preview.ts';
import { fetchSong, looped } from './speed/song.ts';
import { type StageTime, timeStages, totalOf } from './speed/stages.ts';

const core = '0';
const songSeconds = 240;
const lengthsSeconds = [60, 240, 960];
/** The masters alone, as WAV. */
const bare = { cores: core, options: ['--proofs', 'own'] };
/** Every file of an order, and all proofs. */
const wholeOrder = { cores: '0,1', options: ['--format', 'wav24,flac24,mp3-320,aac-256'] };

type Results = {
  song: string;
  kernels: KernelTime[];
  peers: PeerTime[];
  encoders: EncoderTime[];
  stages: StageTime[];
  commands: CommandRun[];
  previews: PreviewTime[];
};

const { values } = parseArgs({
  options: { json: { type: 'boolean' }, long: { type: 'boolean' }, song: { type: 'string' } },
});

// Everything on one core, children too.
spawnSync('taskset', ['-cp', core, String(process.pid)]);
const folder = mkdtempSync(join(tmpdir(), 'lathe-bench-'));
try {
  const results = await measure(folder);
  if (values.json) console.log(JSON.stringify(results, null, 2));
  else print(results);
} finally {
  rmSync(folder, { recursive: true });
}

async function measure(folder: string): Promise<Results> {
  const song = values.song ?? fetchSong(folder);
  const wav = looped(song, { folder, seconds: songSeconds, sampleRateHz: 44_100 });
  const kernels = await timeKernels(wav);
  const peers = timePeers(wav, songSeconds);
  const encoders = await timeEncoders(wav, folder, songSeconds);
  const stages = await timeStages(wav, folder);
  const commands: CommandRun[] = [];
  for (const seconds of lengthsSeconds) {
    const path = looped(song, { folder, seconds, sampleRateHz: 44_100 });
    commands.push(await runCommand({ name: `${seconds / 60} min`, path, seconds, folder, ...bare }));
  }
  if (values.long) {
    const [seconds, sampleRateHz] = [7200, 96_000];
    const path = looped(song, { folder, seconds, sampleRateHz });
    commands.push(await runCommand({ name: '2 h at 96 kHz', path, seconds, folder, ...bare }));
  }
  const order = { name: '4 min, whole order, 2 cores', path: wav, seconds: songSeconds, folder, ...wholeOrder };
  commands.push(await runCommand(order));
  const previews = await timePreview(wav, folder, order.cores);
  return { song, kernels, peers, encoders, stages, commands, previews };
}

function print({ song, kernels, peers, encoders, stages, commands, previews }: Results): void {
  console.log(`${song}: four minutes, 44.1 kHz stereo, one core\n`);
  console.log('kernel                    ns/frame  twin   twin:kernel  x real time');
  for (const { name, kernelNs, twinNs, timesRealTime } of kernels) {
    const [kernel, twin] = [kernelNs, twinNs].map((ns) => ns.toFixed(1).padStart(7));
    const ratio = (twinNs / kernelNs).toFixed(1).padStart(9);
    console.log(`${name.padEnd(25)} ${kernel} ${twin} ${ratio} ${timesRealTime.toFixed(0).padStart(13)}`);
  }
  console.log('\npeer, without decoding         ns/frame  x real time');
  for (const { name, ns, timesRealTime } of peers) {
    console.log(`${name.padEnd(30)} ${ns.toFixed(1).padStart(8)} ${timesRealTime.toFixed(0).padStart(11)}`);
  }
  const total = totalOf(stages);
  console.log('\nsix masters in one process      CPU s  share of it');
  for (const { name, cpuSeconds } of stages) {
    const share = `${((100 * cpuSeconds) / total).toFixed(0)} %`;
    console.log(`${name.padEnd(30)} ${cpuSeconds.toFixed(2).padStart(6)} ${share.padStart(12)}`);
  }
  console.log(`${'all'.padEnd(30)} ${total.toFixed(2).padStart(6)}, ${(songSeconds / total).toFixed(0)} × real time`);
  console.log('\nencoder     seconds  ffmpeg  ours:ffmpeg  x real time');
  for (const { name, seconds, ffmpegSeconds, timesRealTime } of encoders) {
    const [own, other] = [seconds, ffmpegSeconds].map((time) => time.toFixed(2).padStart(7));
    const ratio = (seconds / ffmpegSeconds).toFixed(2).padStart(12);
    console.log(`${name.padEnd(11)} ${own} ${other} ${ratio} ${timesRealTime.toFixed(0).padStart(12)}`);
  }
  console.log('\nlathe master, six targets   seconds    CPU s  x real time  peak MB');
  for (const { name, wallSeconds, cpuSeconds, timesRealTime, peakMegabytes } of commands) {
    const [wall, cpu] = [wallSeconds, cpuSeconds].map((seconds) => seconds.toFixed(1).padStart(8));
    console.log(
      `${name.padEnd(26)} ${wall} ${cpu} ${timesRealTime.toFixed(1).padStart(12)} ${String(peakMegabytes).padStart(8)}`,
    );
  }
  printPreviews(previews);
}

function printPreviews(previews: readonly PreviewTime[]): void {
  console.log('\nan order, 2 cores              preview s  whole s');
  for (const { name, previewSeconds, orderSeconds } of previews) {
    const [preview, whole] = [previewSeconds, orderSeconds].map((seconds) => seconds.toFixed(1));
    console.log(`${name.padEnd(30)} ${preview?.padStart(9)} ${whole?.padStart(8)}`);
  }
}
