/** WAV files byte by byte, right or wrong on purpose. */
type Wav = {
  formatTag?: 1 | 3;
  channels?: number;
  sampleRateHz?: number;
  bits?: 16 | 24 | 32;
  data: Buffer;
  /** What the header says the data is long, if not the truth. */
  claimedBytes?: number;
};

export function wavBytes({ data, formatTag = 1, channels = 2, sampleRateHz = 44_100, bits = 16, claimedBytes }: Wav) {
  const frameBytes = (channels * bits) / 8;
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + (claimedBytes ?? data.length), 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(formatTag, 20);
  header.writeUInt16LE(channels, 22);
  header.writeUInt32LE(sampleRateHz, 24);
  header.writeUInt32LE(sampleRateHz * frameBytes, 28);
  header.writeUInt16LE(frameBytes, 32);
  header.writeUInt16LE(bits, 34);
  header.write('data', 36);
  header.writeUInt32LE(claimedBytes ?? data.length, 40);
  return Buffer.concat([header, data]);
}

/** Interleaved 16-bit samples of a sine; `amplitude` above 1 clips. */
export function sine16(frames: number, channels: number, { sampleRateHz = 44_100, amplitude = 0.3 } = {}): Buffer {
  const data = Buffer.alloc(2 * frames * channels);
  for (let n = 0; n < frames; n++) {
    const value = amplitude * Math.sin((2 * Math.PI * 220 * n) / sampleRateHz);
    const sample = Math.round(32_767 * Math.max(-1, Math.min(1, value)));
    for (let c = 0; c < channels; c++) data.writeInt16LE(sample, 2 * (n * channels + c));
  }
  return data;
}

/** Interleaved stereo 32-bit float of a sine, with one value put in its place. */
export function sineFloatWith(value: number, frames: number): Buffer {
  const data = Buffer.alloc(8 * frames);
  for (let n = 0; n < 2 * frames; n++) data.writeFloatLE(0.3 * Math.sin(n / 60), 4 * n);
  data.writeFloatLE(value, 4 * frames);
  return data;
}
