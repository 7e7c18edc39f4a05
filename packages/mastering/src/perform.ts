import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { analyse, measure } from '@lathe/engine';
import { master } from './master.ts';
import { notingPeaks } from './peaks.ts';
import { planFor } from './plan.ts';
import { finishPreview, renderPreview } from './preview.ts';
import { asMasteringError, openSource, sha256Of, type Workplace, withFile } from './source.ts';
import {
  type MadePreview,
  MasteringError,
  type Progress,
  type Task,
  type TaskResult,
  type TaskResults,
} from './task.ts';

type OnTaskProgress = (progress: Progress) => void;

/**
 * Does a task in this process, synchronously reading files as it goes: for the child that {@link runTask} starts.
 * @param workFolder private to the task; made and removed where none is given
 * @throws MasteringError for audio that cannot be mastered
 */
export async function performTask<T extends Task>(
  task: T,
  onProgress: OnTaskProgress,
  workFolder?: string,
  onPreview?: (made: MadePreview) => void,
): Promise<TaskResult<T>> {
  const folder = workFolder ?? mkdtempSync(join(tmpdir(), 'lathe-work-'));
  const onBreath = (): void => onProgress({ stage: 'analysing', fraction: 0 });
  try {
    return (await perform(task, onProgress, { folder, onBreath, ...(onPreview && { onPreview }) })) as TaskResult<T>;
  } catch (error) {
    throw asMasteringError(error);
  } finally {
    if (workFolder === undefined) rmSync(folder, { recursive: true, force: true });
  }
}

async function perform(task: Task, onProgress: OnTaskProgress, place: Workplace): Promise<TaskResults[Task['kind']]> {
  const listening = (fraction: number) => onProgress({ stage: 'analysing', fraction });
  switch (task.kind) {
    case 'measure':
      return withFile(await openSource(task.sourcePath, place), (open) => measure(open(), listening));
    case 'analyse':
      return analyseFile(task.sourcePath, listening, place);
    case 'plan': {
      const { analysis } = await analyseFile(task.sourcePath, listening, place);
      const { plan } = await planFor(analysis, task, place);
      return { analysis, plan };
    }
    case 'preview':
      return previewFile(task, listening, place);
    case 'master':
      return master(task, onProgress, place);
  }
}

async function analyseFile(
  path: string,
  onProgress: (fraction: number) => void,
  place: Workplace,
): Promise<TaskResults['analyse']> {
  return withFile(await openSource(path, place), async (open) => {
    const noting = notingPeaks(open());
    const analysis = await analyse(noting.stream, onProgress);
    return { analysis, peaks: noting.peaks(), sha256: await sha256Of(path) };
  });
}

type PreviewTask = Extract<Task, { kind: 'preview' }>;

async function previewFile(
  task: PreviewTask,
  onProgress: (fraction: number) => void,
  place: Workplace,
): Promise<MadePreview> {
  return withFile(await openSource(task.sourcePath, place), async (open) => {
    const analysis = await analyse(open(), onProgress);
    const { plan } = await planFor(analysis, task, place);
    const folder = task.outputFolder;
    const rendered = await renderPreview({ stream: open(), folder, analysis, plan }, task.order);
    if (rendered) return finishPreview(rendered, 'wav16');
    const detail = 'There is nothing to hear in this file.';
    throw new MasteringError({ code: 'audio_empty', detail }, false);
  });
}
