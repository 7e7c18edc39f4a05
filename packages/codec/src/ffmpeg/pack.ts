/** Samples as a decoder gives them, put in a row as they lie in a file: channels interleaved, little-endian, left-justified. */
export type Decoded = {
  bytes: Buffer;
  frames: number;
  channels: 1 | 2;
  /** Of one sample; the machine's order, which is little-endian wherever there is a binary of the library. */
  sampleBytes: 2 | 4;
  /** Each channel by itself, one after the other; otherwise interleaved. */
  planar: boolean;
};

/** Writes `count` frames from `first` on to the start of `target`, the `kept` uppermost bytes of each sample. */
export function pack(
  decoded: Decoded,
  { first, count }: { first: number; count: number },
  kept: number,
  target: Buffer,
) {
  const { bytes, frames, channels, sampleBytes, planar } = decoded;
  const stride = planar ? sampleBytes : sampleBytes * channels;
  const dropped = sampleBytes - kept;
  for (let channel = 0; channel < channels; channel++) {
    let from = (planar ? channel * frames * sampleBytes : channel * sampleBytes) + first * stride + dropped;
    let to = channel * kept;
    for (let n = 0; n < count; n++, from += stride, to += kept * channels) {
      target[to] = bytes[from];
      if (kept > 1) target[to + 1] = bytes[from + 1];
      if (kept > 2) target[to + 2] = bytes[from + 2];
      if (kept > 3) target[to + 3] = bytes[from + 3];
    }
  }
}
