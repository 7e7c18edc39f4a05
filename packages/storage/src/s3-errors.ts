import { StorageError, type StorageErrorCode } from './port.ts';

const codes: Record<string, StorageErrorCode> = {
  NoSuchKey: 'not_found',
  NotFound: 'not_found',
  NoSuchUpload: 'parts_missing',
  InvalidPart: 'parts_missing',
  InvalidPartOrder: 'parts_missing',
  EntityTooSmall: 'parts_missing',
};

export const hasName = (error: unknown, ...names: string[]): boolean =>
  error instanceof Error && names.includes(error.name);

/** Throws what the store said in the words of the port. What it does not foresee is `unavailable`, with its cause. */
export function asStorageError(error: unknown): never {
  if (error instanceof StorageError) throw error;
  const name = error instanceof Error ? error.name : '';
  const said = error instanceof Error ? error.message : String(error);
  throw new StorageError(codes[name] ?? 'unavailable', `The object store answered ${name}: ${said}`, { cause: error });
}
