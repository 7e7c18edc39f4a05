/** Why a file is refused. The words are the service's stable codes for audio that cannot be mastered. */
export type CodecErrorCode =
  | 'not_audio'
  | 'malformed_audio'
  | 'truncated_audio'
  | 'audio_checksum_mismatch'
  | 'audio_empty'
  | 'audio_too_short'
  | 'audio_too_long'
  | 'unsupported_encoding'
  | 'unsupported_channels'
  | 'unsupported_sample_rate';

/** A file that cannot be read as audio. The message is a sentence for the artist. Failures of the disk stay what they are. */
export class CodecError extends Error {
  readonly code: CodecErrorCode;
  constructor(code: CodecErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'CodecError';
    this.code = code;
  }
}
