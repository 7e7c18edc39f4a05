/** Synthesised music and the WAV files that hold it, written without any code of ours that a test might be testing. */
import { wavBytes } from './wav-bytes.ts';

type Shape = { seconds: number; sampleRateHz?: number; peak?: number; seed?: number };

/** Chords with a decay, a bass and a noise beat, in stereo: enough tone, width and dynamics for every stage to hear. */
function synthesiseSong({ seconds, sampleRateHz = 44_100, peak = 0.4, seed = 1 }: Shape): Float64Array[] {
  const frames = Math.round(seconds * sampleRateHz);
  const left = new Float64Array(frames);
  const right = new Float64Array(frames);
  const random = noise(seed);
  const chords = [
    [110, 220, 277.18, 329.63],
    [98, 196, 246.94, 293.66],
    [123.47, 246.94, 311.13, 369.99],
    [82.41, 164.81, 207.65, 246.94],
  ];
  for (let n = 0; n < frames; n++) {
    const t = n / sampleRateHz;
    const chord = chords[Math.floor(t / 2) % chords.length] ?? [];
    const decay = Math.exp(-1.2 * (t % 2));
    const beat = random() * Math.exp(-30 * (t % 0.5)) * 0.5;
    const tones = chord.map((hz, i) => (Math.sin(2 * Math.PI * hz * t) * decay) / (i + 1));
    const sum = tones.reduce((a, b) => a + b, 0);
    left[n] = sum + 0.3 * (tones[1] ?? 0) + beat;
    right[n] = sum - 0.3 * (tones[1] ?? 0) + beat * 0.8;
  }
  const loudest = Math.max(maxAbs(left), maxAbs(right));
  for (const plane of [left, right]) for (let n = 0; n < frames; n++) plane[n] = ((plane[n] ?? 0) * peak) / loudest;
  return [left, right];
}

/** A plain 24-bit WAV file of these planes. */
function wav24(planes: Float64Array[], sampleRateHz = 44_100): Buffer {
  const frames = planes[0]?.length ?? 0;
  const data = Buffer.alloc(frames * planes.length * 3);
  let at = 0;
  for (let n = 0; n < frames; n++) {
    for (const plane of planes) {
      data.writeIntLE(Math.max(-8388608, Math.min(8388607, Math.round((plane[n] ?? 0) * 8388608))), at, 3);
      at += 3;
    }
  }
  return wavBytes({ data, channels: planes.length, sampleRateHz, bits: 24 });
}

export const songWav = (shape: Shape): Buffer => wav24(synthesiseSong(shape), shape.sampleRateHz);

function maxAbs(plane: Float64Array): number {
  let peak = 0;
  for (const sample of plane) peak = Math.max(peak, Math.abs(sample));
  return peak;
}

/** Park–Miller, −1…1: the same noise on every machine. */
function noise(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return (2 * state) / 2_147_483_647 - 1;
  };
}
