/**
 * A song made of sums and products only, all the way through the engine, and what comes out as short fingerprints: for any
 * JavaScript engine to run, so it imports the engine by its path and nothing else.
 */
import {
  type AudioStream,
  analyse,
  BLOCK_FRAMES,
  createBlock,
  createQuantiser,
  type Dither,
  decide,
  type Intent,
  type MasteringPlan,
  outlineOf,
  Resampler,
  renderLoudness,
  renderTone,
  type StereoBlock,
  solveLoudness,
  type WriteBlock,
} from '../../packages/engine/src/index.ts';

const rateHz = 44_100;
const seconds = 6;
const targets = [
  { targetLufs: -14, ceilingDbtp: -1 },
  { targetLufs: -8, ceilingDbtp: -1 },
];
const intent: Intent = {
  style: 'warm',
  intensity: 100,
  amounts: { repair: 100, tone: 100, compression: 100, width: 100 },
  phase: 'minimum',
};

/** Every stage there is that shapes sound, by numbers that no analysis chose. */
const everything: MasteringPlan = {
  version: 1,
  summary: '',
  stages: [
    { stage: 'dc', bypassed: false, reason: '', cutoffHz: 4 },
    { stage: 'balance', bypassed: false, reason: '', leftGainDb: -0.7, rightGainDb: 0.7 },
    { stage: 'low-end', bypassed: false, reason: '', highPassHz: 22, turnBack: null, monoBelowHz: 110 },
    {
      stage: 'equalise',
      bypassed: false,
      reason: '',
      phase: 'linear',
      bands: [
        { kind: 'low-shelf', frequencyHz: 110, gainDb: 2.3, q: 0.71, reason: '' },
        { kind: 'bell', frequencyHz: 1000, gainDb: -1.7, q: 0.8, reason: '' },
        { kind: 'high-shelf', frequencyHz: 8000, gainDb: 3.1, q: 0.71, reason: '' },
      ],
    },
    {
      stage: 'compress',
      bypassed: false,
      reason: '',
      crossoversHz: [120, 800, 5000],
      bands: [1, 2, 3, 4].map((k) => ({
        thresholdDb: -30 - k,
        ratio: 1.7,
        kneeDb: 6,
        attackMs: 40 / k,
        releaseMs: 90,
      })),
    },
    { stage: 'width', bypassed: false, reason: '', crossoversHz: [200, 2500], widths: [1, 1.15, 0.9] },
  ],
};

type Song = StereoBlock & { sampleRateHz: number };

/** Tones that ring down, from x[n] = c·x[n−1] − d·x[n−2], struck twice a second, under a noisy beat. */
function makeSong(): Song {
  const song = { ...createBlock(rateHz * seconds), sampleRateHz: rateHz };
  const tones = [1.9997, 1.9991, 1.998, 1.99, 1.93, 1.2].map((c, k) => ({ c, pan: (k - 2) / 6, x1: 0, x2: 0 }));
  let state = 1;
  const noise = (): number => {
    state = (state * 48_271) % 2_147_483_647;
    return (2 * state) / 2_147_483_647 - 1;
  };
  let beat = 0;
  for (let n = 0; n < song.left.length; n++) {
    const struck = n % 22_050 === 0 ? 0.002 + (n % 3) * 0.0005 : 0;
    beat = n % 11_025 === 0 ? 0.3 : beat * 0.9995;
    const hiss = beat * noise();
    let left = 0.005 + hiss + 0.0003 * noise();
    let right = 0.005 + 0.7 * hiss;
    for (const tone of tones) {
      const x = tone.c * tone.x1 - 0.9999 * tone.x2 + struck;
      tone.x2 = tone.x1;
      tone.x1 = x;
      left += x * (1 - tone.pan);
      right += x * (1 + tone.pan);
    }
    song.left[n] = 0.4 * left;
    song.right[n] = 0.4 * right;
  }
  return song;
}

function streamOf(song: Song): AudioStream {
  let at = 0;
  return {
    sampleRateHz: song.sampleRateHz,
    channels: 2,
    frames: song.left.length,
    read: (block) => {
      const frames = Math.min(BLOCK_FRAMES, song.left.length - at);
      block.left.set(song.left.subarray(at, at + frames));
      block.right.set(song.right.subarray(at, at + frames));
      at += frames;
      return frames;
    },
  };
}

/** Through a spool of 32-bit floats, as in mastering. */
async function spooled(sampleRateHz: number, render: (write: WriteBlock) => Promise<void>): Promise<Song> {
  const left: number[] = [];
  const right: number[] = [];
  await render((block, frames) => {
    for (let i = 0; i < frames; i++) {
      left.push(Math.fround(block.left[i] ?? 0));
      right.push(Math.fround(block.right[i] ?? 0));
    }
  });
  return { left: Float64Array.from(left), right: Float64Array.from(right), sampleRateHz };
}

/** FNV-1a, 32 bits, over bytes. */
function fingerprint(bytes: Uint8Array): string {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}

const ofText = (text: string): string => fingerprint(Uint8Array.from(text, (letter) => letter.charCodeAt(0) & 255));
const ofSong = ({ left, right }: Song): string =>
  fingerprint(new Uint8Array(left.buffer)) + fingerprint(new Uint8Array(right.buffer));

type Move = { gainDb: number; ceilingDbtp: number };

async function delivered(song: Song, move: Move, dither: Dither): Promise<string> {
  const { sampleRateHz } = song;
  const outline = await outlineOf(streamOf(song));
  const wordLengthBits = dither === 'shaped' ? 16 : 24;
  const quantise = createQuantiser({ wordLengthBits, seed: 1, dither, sampleRateHz });
  const samples = new Int32Array(2 * song.left.length);
  let at = 0;
  const write: WriteBlock = (block, frames) => {
    quantise(block, frames, samples.subarray(2 * at));
    at += frames;
  };
  await renderLoudness(outline, streamOf(song), { move, write });
  return fingerprint(new Uint8Array(samples.buffer));
}

/** One fingerprint per step of the way; equal everywhere. */
export async function fingerprints(): Promise<Record<string, string>> {
  const song = makeSong();
  const analysis = await analyse(streamOf(song));
  const plan = decide(analysis, intent);
  const found: Record<string, string> = { song: ofSong(song), plan: ofText(JSON.stringify(plan)) };
  const plans = { decided: plan, everything };
  for (const [name, each] of Object.entries(plans)) {
    const toned = await spooled(rateHz, (write) => renderTone(streamOf(song), each, write));
    found[`${name}: tone`] = ofSong(toned);
    for (const solution of await solveLoudness(await outlineOf(streamOf(toned)), () => streamOf(toned), targets)) {
      const title = `${name}: ${solution.targetLufs} LUFS`;
      found[`${title}, gain`] = `${solution.gainDb.toFixed(6)} dB`;
      found[`${title}, 24 bits`] = await delivered(toned, solution, 'tpdf');
      found[`${title}, 16 bits`] = await delivered(toned, solution, 'shaped');
    }
  }
  const resampled = await spooled(48_000, async (write) => {
    const resampler = new Resampler({ fromHz: rateHz, toHz: 48_000 }, write);
    await renderTone(streamOf(song), everything, resampler.write);
    await resampler.finish();
  });
  return { ...found, resampled: ofSong(resampled) };
}
