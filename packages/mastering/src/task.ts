import type {
  Analysis,
  Failure,
  MasteringPlan,
  MasterOrder,
  MasterReport,
  Measurement,
  Peaks,
  Preview,
  PreviewSide,
} from '@lathe/contracts';

/** Where in the story a task is; the same words as the states of a master. */
export type Stage = 'analysing' | 'rendering' | 'verifying';
/** `fraction` is 0…1 of the whole task and never goes back. */
export type Progress = { stage: Stage; fraction: number };
/** A preview, and where its files lie as long as the task goes on. */
export type MadePreview = { preview: Preview; paths: Record<PreviewSide, string> };

/** Finished music to come nearer to: heard already, or still to be heard. */
export type TaskReference = { weight: number } & ({ analysis: Analysis } | { sourcePath: string });

/** Something to do with one file, as plain JSON: it travels to the child process. */
export type Task =
  | { kind: 'measure'; sourcePath: string }
  | { kind: 'analyse'; sourcePath: string }
  | { kind: 'plan'; sourcePath: string; order: MasterOrder; references?: TaskReference[] }
  | {
      kind: 'preview';
      sourcePath: string;
      order: MasterOrder;
      references?: TaskReference[];
      /** An existing folder; both sides are written there, as WAV. */
      outputFolder: string;
    }
  | {
      kind: 'master';
      sourcePath: string;
      order: MasterOrder;
      references?: TaskReference[];
      /** Given when it is known already: saves a pass. */
      analysis?: Analysis;
      /** Tells of a preview, where the song is much longer than one. */
      preview?: boolean;
      /** An existing folder; the masters are written there under the names in the report. */
      outputFolder: string;
      /** The cover that the order names: a JPEG or PNG file. */
      coverPath?: string;
      /** Stem of the file names, e.g. `my-song`. */
      name: string;
      /** What the report calls the mix; the stem unless given. */
      title?: string;
    };

export type TaskResults = {
  measure: Measurement;
  analyse: { analysis: Analysis; peaks: Peaks; sha256: string };
  plan: { analysis: Analysis; plan: MasteringPlan };
  preview: MadePreview;
  /** Each rendition's `filename` lies in `outputFolder`. */
  master: MasterReport;
};
export type TaskResult<T extends Task> = TaskResults[T['kind']];

export type TaskLimits = {
  /** Heap and buffers of the child. */
  memoryMegabytes: number;
  wallClockSeconds: number;
};

/** A task that failed, with a code of the catalogue. `crashed` tells a killed child from a refused file. */
export class MasteringError extends Error {
  readonly failure: Failure;
  readonly crashed: boolean;
  constructor(failure: Failure, crashed: boolean, options?: ErrorOptions) {
    super(`${failure.code}: ${failure.detail}`, options);
    this.name = 'MasteringError';
    this.failure = failure;
    this.crashed = crashed;
  }
}

/** The machine, not the file, stood in the way: there is no room, or a disk does not answer. Another run may succeed. */
export class DisturbedError extends Error {
  /** The system's, e.g. `ENOSPC`. */
  readonly code: string;
  constructor({ code, detail }: Disturbance, options?: ErrorOptions) {
    super(detail, options);
    this.name = 'DisturbedError';
    this.code = code;
  }
}

export type Disturbance = { code: string; detail: string };

/** What the system says when the machine is at fault, in words. */
const disturbances: Record<string, string> = {
  ENOSPC: 'There is no room left on the disk',
  EDQUOT: 'The disk quota is used up',
  EIO: 'The disk does not answer',
  EROFS: 'The disk cannot be written',
  ENODEV: 'The disk is gone',
  ENXIO: 'The disk is gone',
  ESTALE: 'The disk is gone',
  EMFILE: 'Too many files are open',
  ENFILE: 'Too many files are open',
};

/** The codec library's numbers are the system's, but it says EIO of damaged files, too: only what a full disk gives counts. */
const disturbingNumbers: Record<number, string> = { [-28]: 'ENOSPC', [-122]: 'EDQUOT' };

/** What in an error is the machine's fault; null for any other. */
export function disturbanceOf(error: unknown): Disturbance | null {
  const { code, message, cause } = Object(error) as { code?: unknown; message?: string; cause?: unknown };
  const name = typeof code === 'number' ? disturbingNumbers[code] : String(code);
  const sentence = name === undefined ? undefined : disturbances[name];
  if (name !== undefined && sentence !== undefined) return { code: name, detail: `${sentence} (${message}).` };
  return cause === undefined ? null : disturbanceOf(cause);
}

/** What the child process is told. */
export type Order = { task: Task; memoryMegabytes: number; workFolder: string };
/** What it says: progress, maybe a preview, and then one answer. */
export type Report =
  | { progress: Progress }
  | { preview: MadePreview }
  | { result: TaskResults[Task['kind']] }
  | { failure: Failure; crashed: boolean }
  | { disturbance: Disturbance };
