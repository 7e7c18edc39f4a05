import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Analysis, masterOrderSchema } from '../../../packages/contracts/src/index.ts';
import { runTask } from '../../../packages/mastering/src/index.ts';
import { targets } from './command.ts';

export type PreviewTime = { name: string; previewSeconds: number; orderSeconds: number };

/** From an order to the moment in which its preview can be heard, and to its end; the service has heard the mix before. */
export async function timePreview(wav: string, folder: string, cores: string): Promise<PreviewTime[]> {
  spawnSync('taskset', ['-cp', cores, String(process.pid)]);
  const { analysis } = await runTask({ kind: 'analyse', sourcePath: wav });
  const fresh = await timeOrder('4 min, mix not heard yet', { wav, folder });
  const known = await timeOrder('4 min, mix heard before', { wav, folder, analysis });
  return [fresh, known];
}

type Wanted = { wav: string; folder: string; analysis?: Analysis };

async function timeOrder(name: string, { wav, folder, analysis }: Wanted): Promise<PreviewTime> {
  const outputFolder = mkdtempSync(join(folder, 'preview-'));
  const order = masterOrderSchema.parse({ targets: [...targets], proofs: 'own' });
  const given = analysis && { analysis };
  const task = { kind: 'master', sourcePath: wav, order, outputFolder, name: 'song', preview: true, ...given } as const;
  const started = performance.now();
  const seconds = (): number => (performance.now() - started) / 1000;
  let previewSeconds = Number.NaN;
  const onPreview = (): void => {
    previewSeconds = seconds();
  };
  await runTask(task, { onPreview, workFolder: folder });
  rmSync(outputFolder, { recursive: true });
  return { name, previewSeconds, orderSeconds: seconds() };
}
