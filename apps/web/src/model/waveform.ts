import type { Peaks } from '@lathe/contracts';

/** Loudest absolute sample per bar; 1 is full scale. */
export type Bars = number[];

/** Reduces peaks to as many bars as fit; each keeps the loudest sample of the slices it covers. */
export function barsOf(peaks: Pick<Peaks, 'min' | 'max'>, count: number): Bars {
  const slices = peaks.max.length;
  return Array.from({ length: count }, (_, bar) => {
    const from = Math.floor((bar * slices) / count);
    const to = Math.max(from + 1, Math.floor(((bar + 1) * slices) / count));
    let loudest = 0;
    for (let i = from; i < Math.min(to, slices); i++) {
      loudest = Math.max(loudest, Math.abs(peaks.min[i] ?? 0), Math.abs(peaks.max[i] ?? 0));
    }
    return loudest;
  });
}

/** Peaks of the mid signal of decoded audio, the same measure the service gives for a mix. */
export function peaksOfChannels(channels: Float32Array[], slices: number, durationSeconds: number): Peaks {
  const [left, right = left] = channels;
  const min: number[] = [];
  const max: number[] = [];
  if (!left || !right) return { durationSeconds, min, max };
  for (let slice = 0; slice < slices; slice++) {
    const from = Math.floor((slice * left.length) / slices);
    const to = Math.floor(((slice + 1) * left.length) / slices);
    let lowest = 0;
    let highest = 0;
    for (let i = from; i < to; i++) {
      const mid = ((left[i] as number) + (right[i] as number)) / 2;
      if (mid < lowest) lowest = mid;
      if (mid > highest) highest = mid;
    }
    min.push(lowest);
    max.push(highest);
  }
  return { durationSeconds, min, max };
}

/** Where a half of the waveform stands: upwards or downwards from the centre line. */
export type Half = 'above' | 'below';

/** How much of its half the highest bar fills, so that a quiet mix is as easy to see as a loud one. */
const fill = 0.9;
/** −60 dB: what never rises above it is drawn as the near silence it is. */
const quietest = 0.001;

/** One linear factor for all sides of a picture, each as it plays: what is louder than the other stays higher. */
export function fittingScale(sides: { bars: Bars; gain: number }[]): number {
  const highest = Math.max(quietest, ...sides.map(({ bars, gain }) => gain * Math.max(0, ...bars)));
  return fill / highest;
}

/**
 * Vertical strokes as one SVG path in a box `bars.length` wide and 200 high, centre at 100. Every bar has at least a
 * hair of height, so that silence reads as a line and not as nothing. `scale` is linear gain.
 */
export function barsPath(bars: Bars, half: Half, scale = 1): string {
  const direction = half === 'above' ? -1 : 1;
  return bars
    .map((level, index) => {
      const height = Math.max(1, Math.min(0.98, level * scale) * 100);
      return `M${index + 0.5} ${100 + direction * 1.5}v${(direction * height).toFixed(1)}`;
    })
    .join('');
}

/** One groove of the empty lacquer: a quiet, repeatable curve; no randomness, so that it never flickers. */
export function groovePath(line: number, width: number, y: number): string {
  const points: string[] = [];
  for (let x = 0; x <= width; x += 6) {
    const t = x / width;
    const swell = Math.exp(-((t - 0.36 - 0.14 * Math.sin(line * 0.9)) ** 2) / 0.035);
    const echo = 0.55 * Math.exp(-((t - 0.78 + 0.06 * Math.sin(line * 1.7)) ** 2) / 0.012);
    const wave = Math.sin(t * 46 + line * 0.8) * 0.6 + Math.sin(t * 97 - line * 1.3) * 0.4;
    points.push(`${x} ${(y + wave * (swell + echo) * 7).toFixed(1)}`);
  }
  return `M${points.join('L')}`;
}
