export { plainWords } from './names.ts';
export { type RunOptions, runTask } from './run.ts';
export { describeSandbox } from './sandbox.ts';
export {
  type MadePreview,
  MasteringError,
  type Progress,
  type Task,
  type TaskLimits,
  type TaskReference,
  type TaskResult,
} from './task.ts';
