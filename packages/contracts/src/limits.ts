/** Every limit a caller can meet, in one place. Names carry units. */
export const limits = {
  /** RF64 at 192 kHz, 24 bit, stereo: one hour is 4.1 GB. */
  maxUploadBytes: 8 * 1024 ** 3,
  partSizeBytes: 16 * 1024 ** 2,
  /** S3 takes at most 10 000 parts. */
  maxParts: 10_000,
  signedUrlSeconds: 15 * 60,
  uploadLifetimeSeconds: 24 * 3600,
  idempotencyKeyDays: 30,
  /** How long a cover waits for an order that names it. */
  unnamedCoverSeconds: 24 * 3600,
  /** How long the file of a mix that was refused is kept; the refusal itself stays. */
  refusedSourceSeconds: 24 * 3600,
  minSampleRateHz: 8_000,
  maxSampleRateHz: 192_000,
  /** One gating block of BS.1770: anything shorter has no loudness. */
  minDurationSeconds: 0.4,
  maxDurationSeconds: 3 * 3600,
  maxTargetsPerOrder: 16,
  /** Targets times formats. */
  maxFilesPerOrder: 64,
  maxReferences: 5,
  maxCoverBytes: 5 * 1024 ** 2,
  minTargetLufs: -36,
  maxTargetLufs: -5,
  minCeilingDbtp: -12,
  maxCeilingDbtp: 0,
  maxRequestBodyBytes: 256 * 1024,
  requestsPerMinutePerKey: 600,
  maxPageSize: 100,
  maxWebhookEndpoints: 20,
  maxProfiles: 100,
  maxLongPollSeconds: 30,
} as const;
