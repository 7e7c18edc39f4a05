import type { StereoBlock } from '../audio.ts';
import { CentreMeter } from './centre.ts';
import { FrameMeter } from './frames.ts';
import { LevelSpreadMeter } from './level-spread.ts';
import { LoudBandMeter } from './loud-bands.ts';
import { LoudGate } from './loud-gate.ts';
import { OnsetMeter } from './onsets.ts';
import { PanningMeter } from './panning.ts';
import { StructureMeter } from './structure.ts';
import { thirdOctavesBelow } from './third-octaves.ts';

type MusicFigures = {
  readonly bandSpreads: ReturnType<LoudBandMeter['read']>;
  readonly level: ReturnType<LevelSpreadMeter['read']>;
  readonly onsets: ReturnType<OnsetMeter['read']>;
  readonly structure: ReturnType<StructureMeter['finish']>;
  readonly panningReachDb: ReturnType<PanningMeter['read']>;
  readonly middle: ReturnType<CentreMeter['read']>;
};

/** Everything that is heard window by window, from one short-term spectrum. */
export class RunningMusic {
  readonly #frames: FrameMeter;
  readonly #gate = new LoudGate();
  readonly #bands: LoudBandMeter;
  readonly #level: LevelSpreadMeter;
  readonly #onsets: OnsetMeter;
  readonly #structure: StructureMeter;
  readonly #panning = new PanningMeter();
  readonly #centre = new CentreMeter();

  constructor(sampleRateHz: number) {
    const bands = thirdOctavesBelow(sampleRateHz / 2);
    this.#frames = new FrameMeter(sampleRateHz);
    this.#bands = new LoudBandMeter(bands.length);
    this.#level = new LevelSpreadMeter(bands);
    this.#onsets = new OnsetMeter(bands, this.#frames.hopSeconds);
    this.#structure = new StructureMeter(bands);
    const { listeners } = this.#frames;
    listeners.push(this.#gate, this.#bands, this.#level, this.#onsets, this.#structure, this.#panning, this.#centre);
  }

  push(block: StereoBlock, frames: number): void {
    this.#frames.push(block, frames);
  }

  finish(durationSeconds: number): MusicFigures {
    this.#frames.finish();
    const loud = this.#gate.read();
    return {
      bandSpreads: this.#bands.read(loud),
      level: this.#level.read(loud),
      onsets: this.#onsets.read(),
      structure: this.#structure.finish(durationSeconds),
      panningReachDb: this.#panning.read(),
      middle: this.#centre.read(),
    };
  }
}
