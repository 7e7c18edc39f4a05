import { analyse, measure } from '@lathe/engine';
import { master } from './master.ts';
import { notingPeaks } from './peaks.ts';
import { planFor } from './plan.ts';
import { asMasteringError, openSource, sha256Of, withFile } from './source.ts';
import type { Progress, Task, TaskResult, TaskResults } from './task.ts';

type OnTaskProgress = (progress: Progress) => void;

/**
 * Does a task in this process, synchronously reading files as it goes: for the child that {@link runTask} starts.
 * @throws MasteringError for audio that cannot be mastered
 */
export async function performTask<T extends Task>(task: T, onProgress: OnTaskProgress): Promise<TaskResult<T>> {
  try {
    return (await perform(task, onProgress)) as TaskResult<T>;
  } catch (error) {
    throw asMasteringError(error);
  }
}

async function perform(task: Task, onProgress: OnTaskProgress): Promise<TaskResults[Task['kind']]> {
  const listening = (fraction: number) => onProgress({ stage: 'analysing', fraction });
  switch (task.kind) {
    case 'measure':
      return withFile(openSource(task.sourcePath), (open) => measure(open(), listening));
    case 'analyse':
      return analyseFile(task.sourcePath, listening);
    case 'plan': {
      const { analysis } = await analyseFile(task.sourcePath, listening);
      const { plan } = await planFor(analysis, task);
      return { analysis, plan };
    }
    case 'master':
      return master(task, onProgress);
  }
}

async function analyseFile(path: string, onProgress: (fraction: number) => void): Promise<TaskResults['analyse']> {
  return withFile(openSource(path), async (open) => {
    const noting = notingPeaks(open());
    const analysis = await analyse(noting.stream, onProgress);
    return { analysis, peaks: noting.peaks(), sha256: await sha256Of(path) };
  });
}
