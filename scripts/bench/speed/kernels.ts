import { openWav } from '../../../packages/codec/src/index.ts';
import { SpectrumMeter } from '../../../packages/engine/src/analyse/spectrum.ts';
import { createBlock, type StereoBlock } from '../../../packages/engine/src/audio.ts';
import { PolyphaseStage } from '../../../packages/engine/src/dsp/polyphase.ts';
import { createQuantiser } from '../../../packages/engine/src/index.ts';
import { useKernels } from '../../../packages/engine/src/kernels/wasm.ts';
import { LoudnessMeter } from '../../../packages/engine/src/loudness-meter.ts';
import { createOutliner } from '../../../packages/engine/src/render/outline.ts';
import { ToneMeter } from '../../../packages/engine/src/tone-meter.ts';
import { TruePeakMeter } from '../../../packages/engine/src/true-peak-meter.ts';

export type KernelTime = { name: string; kernelNs: number; twinNs: number; timesRealTime: number };
type Hear = (block: StereoBlock, frames: number) => void;

const sampleRateHz = 44_100;
const rounds = 3;

/** What uses a kernel, made anew for each measurement. */
const users: Record<string, () => Hear> = {
  'loudness meter': () => {
    const meter = new LoudnessMeter(sampleRateHz);
    return (block, frames) => meter.push(block, frames);
  },
  'true-peak meter': () => {
    const meter = new TruePeakMeter();
    return (block, frames) => meter.push(block, frames);
  },
  'outline of peaks and energies': () => createOutliner(sampleRateHz, { append: () => {}, read: () => {} }).write,
  'spectrum, 16384 points': () => {
    const meter = new SpectrumMeter(sampleRateHz);
    return (block, frames) => meter.push(block, frames);
  },
  'tone of a finished file': () => {
    const meter = new ToneMeter(sampleRateHz, 2);
    return (block, frames) => meter.push(block, frames);
  },
  'dither to 24 bits': () => {
    const quantise = createQuantiser({ wordLengthBits: 24, seed: 1, dither: 'tpdf', sampleRateHz });
    const out = new Int32Array(2 * createBlock().left.length);
    return (block, frames) => quantise(block, frames, out);
  },
  'resampling to 48 kHz': () => {
    const stage = new PolyphaseStage({ up: 160, down: 147, passEdge: 20 / 44.1, stopEdge: 0.5 });
    return (block, frames) => stage.process(block, frames);
  },
};

/** Processor time of each, with kernel and with twin in turn; the fastest round counts. */
export async function timeKernels(wav: string): Promise<KernelTime[]> {
  const blocks = await blocksOf(wav);
  const frames = blocks.reduce((sum, { left }) => sum + left.length, 0);
  return Object.entries(users).map(([name, make]) => {
    const nanoseconds = { kernel: Number.POSITIVE_INFINITY, twin: Number.POSITIVE_INFINITY };
    for (let round = 0; round < rounds; round++) {
      for (const kind of ['kernel', 'twin'] as const) {
        useKernels(kind === 'kernel');
        nanoseconds[kind] = Math.min(nanoseconds[kind], cpuNanoseconds(make(), blocks) / frames);
      }
    }
    useKernels(true);
    const { kernel, twin } = nanoseconds;
    return { name, kernelNs: kernel, twinNs: twin, timesRealTime: 1e9 / sampleRateHz / kernel };
  });
}

function cpuNanoseconds(hear: Hear, blocks: readonly StereoBlock[]): number {
  const started = process.cpuUsage();
  for (const block of blocks) hear(block, block.left.length);
  const { user, system } = process.cpuUsage(started);
  return (user + system) * 1000;
}

/** A minute is enough. */
const seconds = 60;

async function blocksOf(wav: string): Promise<StereoBlock[]> {
  const file = openWav(wav);
  const stream = file.openStream();
  const blocks: StereoBlock[] = [];
  const block = createBlock();
  for (let heard = 0; heard < seconds * sampleRateHz; ) {
    const frames = await stream.read(block);
    if (frames === 0) break;
    blocks.push({ left: block.left.slice(0, frames), right: block.right.slice(0, frames) });
    heard += frames;
  }
  file.close();
  return blocks;
}
