/** The short-lived process in which audio is touched: one task over IPC, one answer, and it ends. */
import { flushCompileCache } from 'node:module';
import { performTask } from './perform.ts';
import { disturbanceOf, type MadePreview, MasteringError, type Order, type Progress, type Report } from './task.ts';

const tellEveryMs = 100;
/** Asking for one's own size takes as long as hearing a tenth of a block. */
const weighEveryMs = 20;

process.once('message', (order) => void answer(order as Order));
// Whoever asked has gone: nobody wants the answer.
process.once('disconnect', () => process.exit(1));

async function answer({ task, memoryMegabytes, workFolder }: Order): Promise<void> {
  let toldAtMs = 0;
  let weighedAtMs = 0;
  let stage = '';
  try {
    const onProgress = (progress: Progress): void => {
      const nowMs = performance.now();
      if (nowMs - weighedAtMs >= weighEveryMs) {
        if (process.memoryUsage.rss() > memoryMegabytes * 2 ** 20) throw outOfMemory(memoryMegabytes);
        weighedAtMs = nowMs;
      }
      const soon = progress.stage === stage && nowMs - toldAtMs < tellEveryMs;
      if (soon && progress.fraction < 1) return;
      [stage, toldAtMs] = [progress.stage, nowMs];
      process.send?.({ progress } satisfies Report);
    };
    const onPreview = (preview: MadePreview): void => void process.send?.({ preview } satisfies Report);
    end({ result: await performTask(task, onProgress, workFolder, onPreview) });
  } catch (error) {
    const disturbance = disturbanceOf(error);
    if (disturbance) end({ disturbance });
    else if (error instanceof MasteringError) end({ failure: error.failure, crashed: error.crashed });
    else throw error;
  }
}

function outOfMemory(memoryMegabytes: number): MasteringError {
  const detail = `Mastering needed more than ${memoryMegabytes} MB and was stopped.`;
  return new MasteringError({ code: 'mastering_out_of_memory', detail }, true);
}

function end(report: Report): void {
  // Whoever asked ends this process as soon as it has the answer.
  flushCompileCache();
  process.send?.(report, () => process.exit(0));
}
