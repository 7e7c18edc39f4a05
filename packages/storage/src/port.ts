import type { Readable } from 'node:stream';
import type { CompletedPart, UploadPart } from '@lathe/contracts';

export type ObjectInfo = { key: string; sizeBytes: number; modifiedAt: Date };

/** What a browser is told when it fetches a signed address. */
export type DownloadAs = { filename: string; contentType: string };

/**
 * Where files lie. Keys are chosen by the server, `a/b/c` in `[a-z0-9_./-]`, and written once. Two adapters, disk and S3,
 * run the same conformance suite. Signed addresses are used by browsers and distributors directly.
 */
export type Storage = {
  /** Resolves when the store can be written and read; rejects with a sentence when not. */
  check(): Promise<void>;

  createMultipart(key: string, contentType: string): Promise<{ multipartId: string }>;
  signPart(part: { key: string; multipartId: string; partNumber: number; sizeBytes: number }): Promise<UploadPart>;
  /** Repeating a completed call is harmless. Rejects with {@link StorageError} `parts_missing` if the parts do not fit. */
  completeMultipart(key: string, multipartId: string, parts: CompletedPart[]): Promise<void>;
  /** Removes the parts; harmless when there are none. */
  abortMultipart(key: string, multipartId: string): Promise<void>;
  /** Multipart uploads begun and neither completed nor aborted; `key` is empty for one that died in its first moment. */
  listMultiparts(): Promise<{ key: string; multipartId: string; startedAt: Date }[]>;

  /** Resolves to null when there is nothing under the key. */
  head(key: string): Promise<ObjectInfo | null>;
  /** Streams an object; rejects with {@link StorageError} `not_found`. */
  read(key: string): Promise<Readable>;
  /** Writes a local file under a key; the object is there whole or not at all. */
  putFile(key: string, path: string, contentType: string): Promise<void>;
  /** Harmless when there is nothing. */
  remove(key: string): Promise<void>;
  list(prefix: string): AsyncIterable<ObjectInfo>;
  signDownload(key: string, as: DownloadAs): Promise<{ url: string; expiresAt: Date }>;
};

/**
 * `not_found`: nothing under the key. `parts_missing`: the parts do not fit what arrived. `unavailable`: the store
 * cannot answer. From signed addresses only: `signature_invalid` (or expired), and `wrong_length` for a part whose bytes
 * are more or fewer than were signed.
 */
export type StorageErrorCode = 'not_found' | 'parts_missing' | 'unavailable' | 'signature_invalid' | 'wrong_length';

export class StorageError extends Error {
  readonly code: StorageErrorCode;
  constructor(code: StorageErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StorageError';
    this.code = code;
  }
}
