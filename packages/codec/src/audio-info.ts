import type { FileFacts } from '@lathe/engine';

/** What a file says of itself, once it was checked. */
export type AudioInfo = FileFacts & {
  format: 'wav' | 'rf64' | 'bw64' | 'w64' | 'aiff' | 'aifc' | 'caf' | 'flac' | 'ogg' | 'm4a' | 'mp3' | 'aac';
  codec: 'pcm' | 'float' | 'flac' | 'alac' | 'mp3' | 'aac' | 'vorbis' | 'opus';
  channels: 1 | 2;
  sampleRateHz: number;
  frames: number;
};
