/** What a distributor takes, against the delivered bytes. */
import type { WrittenTags } from '@lathe/codec';
import type { Measurement, ProfileSnapshot, RenditionReport } from '@lathe/contracts';
import { formats } from '@lathe/contracts/tables';
import type { Followed } from '@lathe/engine';

type Check = RenditionReport['checks'][number];

export type Delivered = {
  format: RenditionReport['format'];
  sizeBytes: number;
  measured: Measurement;
  silence: Followed['silence'];
  /** Null where the profile does not ask. */
  tags: WrittenTags | null;
};

/** One check for each rule the profile has. */
export function ruleChecks(profile: ProfileSnapshot, delivered: Delivered): Check[] {
  const { measured, silence, sizeBytes } = delivered;
  const checks = [
    atMost('sample_rate', 'The sample rate', profile.maxSampleRateHz, { value: measured.sampleRateHz, write: hertz }),
    atMost('word_length', 'The word length', profile.maxWordLengthBits, {
      value: wordLengthOf(delivered),
      write: bits,
    }),
    atMost('file_size', 'The size', profile.maxFileBytes, { value: sizeBytes, write: bytes }),
    metadataCheck(profile, delivered.tags),
    atLeast(profile.minDurationSeconds, measured.durationSeconds),
    atMost('max_duration', 'The length', profile.maxDurationSeconds, {
      value: measured.durationSeconds,
      write: seconds,
    }),
    atMost('head_silence', 'Silence before the music', profile.maxHeadSilenceSeconds, {
      value: silence.headSeconds,
      write: seconds,
    }),
    atMost('tail_silence', 'Silence after the music', profile.maxTailSilenceSeconds, {
      value: silence.tailSeconds,
      write: seconds,
    }),
  ];
  return checks.filter((check) => check !== null);
}

/** Where a rule is broken the file is not what the distributor takes, however well it sounds. */
export function verdictWith(verdict: RenditionReport['verdict'], rules: readonly Check[]): RenditionReport['verdict'] {
  return verdict !== 'failed' && rules.some(({ passed }) => !passed) ? 'refused' : verdict;
}

type Measured = { value: number | null; write(value: number): string };

function atMost(name: Check['name'], what: string, limit: number | null, { value, write }: Measured): Check | null {
  if (limit === null || value === null) return null;
  const sentence = `${what}: ${write(value)}; at most ${write(limit)} is taken.`;
  return { name, passed: value <= limit, measured: value, limit, sentence };
}

function atLeast(limit: number | null, value: number): Check | null {
  if (limit === null) return null;
  const sentence = `The length: ${seconds(value)}; at least ${seconds(limit)} is taken.`;
  return { name: 'min_duration', passed: value >= limit, measured: value, limit, sentence };
}

function metadataCheck({ metadata }: ProfileSnapshot, tags: WrittenTags | null): Check | null {
  if (metadata === 'any' || tags === null) return null;
  const { title, artists, anything } = tags;
  const unmeasured = { name: 'metadata', measured: null, limit: null } as const;
  if (metadata === 'forbidden') {
    const says = anything ? 'The file says something about the music' : 'The file says nothing about the music';
    return { ...unmeasured, passed: !anything, sentence: `${says}; files that do are not taken.` };
  }
  const missing = [title === null && 'title', artists.length === 0 && 'artist'].filter((word) => word !== false);
  const says = missing.length > 0 ? `The file names no ${missing.join(' and no ')}` : 'The file names title and artist';
  return { ...unmeasured, passed: missing.length === 0, sentence: `${says}; both are wanted.` };
}

/** Floating point counts as 32 bits; what a lossy encoder makes has no word length. */
const wordLengthOf = ({ format }: Delivered): number | null => {
  const { lossy, wordLengthBits } = formats[format];
  return lossy ? null : (wordLengthBits ?? 32);
};

const hertz = (value: number): string => `${value / 1000} kHz`;
const bits = (value: number): string => `${value} bit`;
const bytes = (value: number): string => `${(value / 1e6).toFixed(1)} MB`;
const seconds = (value: number): string => `${value.toFixed(2)} s`;
