import type { Database } from '@lathe/database';
import type { MadePreview, Progress, Task, TaskLimits, TaskResult } from '@lathe/mastering';
import type { Log, Metrics } from '@lathe/runtime';
import type { Storage } from '@lathe/storage';

type RunOptions = {
  onProgress?: (progress: Progress) => void;
  onPreview?: (made: MadePreview) => void;
  signal?: AbortSignal;
  limits?: TaskLimits;
  workFolder?: string;
};

/** Everything a worker stands on, as values. */
export type Deps = {
  db: Database;
  storage: Storage;
  log: Log;
  metrics: Metrics;
  /** Names this process in claims. */
  instanceId: string;
  /** Each piece of work gets a private folder below this one; not to be shared between machines. */
  workFolder: string;
  /** Lets webhooks go to http and to private addresses: for development. */
  allowPrivateWebhooks: boolean;
  /** Runs a task in a short-lived child process. */
  runTask: <T extends Task>(task: T, options?: RunOptions) => Promise<TaskResult<T>>;
};
