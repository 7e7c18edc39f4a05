import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { masterOrderSchema } from '../../../packages/contracts/src/index.ts';
import { performTask } from '../../../packages/mastering/src/perform.ts';
import { parts } from '../../../packages/mastering/src/progress.ts';
import { targets } from './command.ts';

export type StageTime = { name: string; cpuSeconds: number };

const rounds = 3;

/** Processor time of a master in this process, stage by stage; the fastest round counts. */
export async function timeStages(wav: string, folder: string): Promise<StageTime[]> {
  const made: StageTime[][] = [];
  for (let round = 0; round < rounds; round++) made.push(await timeOnce(wav, folder));
  return made.reduce((best, each) => (totalOf(each) < totalOf(best) ? each : best));
}

export const totalOf = (stages: readonly StageTime[]): number =>
  stages.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0);

async function timeOnce(wav: string, folder: string): Promise<StageTime[]> {
  const outputFolder = mkdtempSync(join(folder, 'stages-'));
  const order = masterOrderSchema.parse({ targets: targets.map((target) => ({ target })), proofs: 'own' });
  const stages: StageTime[] = [{ name: 'opening', cpuSeconds: 0 }];
  let at = process.cpuUsage();
  const end = (): void => {
    const { user, system } = process.cpuUsage(at);
    at = process.cpuUsage();
    const last = stages.at(-1);
    if (last) last.cpuSeconds += (user + system) / 1e6;
  };
  const onProgress = ({ fraction }: { fraction: number }): void => {
    const name = Object.entries(parts).find(([, { to }]) => fraction < to)?.[0];
    if (name === undefined || stages.at(-1)?.name === name) return;
    end();
    stages.push({ name, cpuSeconds: 0 });
  };
  const task = { kind: 'master', sourcePath: wav, order, outputFolder, name: 'master' } as const;
  await performTask(task, onProgress, outputFolder);
  end();
  rmSync(outputFolder, { recursive: true });
  return stages;
}
