import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { type Preview, previewSides } from '@lathe/contracts';
import { runTask } from '@lathe/mastering';
import { type Command, parse, UsageError } from './command.ts';
import { orderOf, orderOptions, referencesOf } from './order.ts';
import { isSameFile } from './same-file.ts';
import { decibel } from './tables.ts';

/** `lathe preview FILE`: the loudest 30 s as they will be, and the same of the mix, equally loud; two WAV files. */
export const previewCommand: Command = async (args, watch) => {
  const { file, values } = parse(args, { ...orderOptions, out: { type: 'string', short: 'o' } } as const);
  const out = values.out ?? join(dirname(file), `${basename(file, extname(file))}-preview.wav`);
  const paths = { master: out, mix: out.replace(/\.wav$/i, '-mix.wav') };
  refuseOut(paths, file);
  const outputFolder = mkdtempSync(join(dirname(out), '.lathe-'));
  try {
    const order = orderOf(values);
    const task = { kind: 'preview', sourcePath: file, order, references: referencesOf(values), outputFolder } as const;
    const made = await runTask(task, { ...watch, workFolder: outputFolder });
    for (const side of previewSides) copyFileSync(made.paths[side], paths[side]);
    return { object: { ...made.preview, paths }, text: previewText(made.preview, paths) };
  } finally {
    rmSync(outputFolder, { recursive: true, force: true });
  }
};

function refuseOut(paths: Record<'mix' | 'master', string>, mix: string): void {
  if (paths.master === paths.mix) throw new UsageError('--out names a WAV file: let it end in .wav.');
  if (!existsSync(dirname(paths.master))) throw new UsageError(`--out: there is no folder ${dirname(paths.master)}.`);
  for (const path of Object.values(paths)) {
    if (isSameFile(path, mix)) throw new UsageError(`${path} is the mix itself; it is never written over. Give --out.`);
  }
}

function previewText(
  { startSeconds, durationSeconds, gainDb, integratedLufs }: Preview,
  paths: Record<string, string>,
) {
  const louderDb = gainDb.mix - gainDb.master;
  const [from, to] = [startSeconds, startSeconds + durationSeconds].map((seconds) => seconds.toFixed(0));
  const course = louderDb < 0 ? 'quieter' : 'louder';
  return [
    `${paths.master}  as it will be, ${from}–${to} s`,
    `${paths.mix}  the mix`,
    `Both at ${decibel(integratedLufs.master, 'LUFS')}; the master will be about ${decibel(Math.abs(louderDb), 'dB')} ${course}.`,
  ].join('\n');
}
