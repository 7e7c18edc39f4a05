import { createHmac, timingSafeEqual } from 'node:crypto';
import { isKey } from './keys.ts';
import { type DownloadAs, StorageError } from './port.ts';

/** One part to PUT, and exactly how long it is. */
type PartAddress = { key: string; multipartId: string; partNumber: number; sizeBytes: number };
/** One object to GET, and what the browser is told about it. */
type ObjectAddress = { key: string } & DownloadAs;

const partsPath = '/storage/parts/';
const objectsPath = '/storage/objects/';

/**
 * Addresses of the disk adapter, `{publicUrl}/storage/…`, good until they expire. The signature (HMAC-SHA-256) binds
 * the method, the key, every parameter and the expiry, so nothing about an address can be changed.
 */
export type AddressSigner = {
  part(address: PartAddress): string;
  object(address: ObjectAddress): { url: string; expiresAt: Date };
  /** Rejects with `signature_invalid`. Only the path and query of `url` are looked at. */
  verifyPart(url: string): PartAddress;
  verifyObject(url: string): ObjectAddress;
};

type SignerOptions = { publicUrl: string; secret: string; lifetimeSeconds: number };

export function createAddressSigner({ publicUrl, secret, lifetimeSeconds }: SignerOptions): AddressSigner {
  const signature = (...fields: string[]) => createHmac('sha256', secret).update(JSON.stringify(fields)).digest();

  function signed(method: string, path: string, key: string, parameters: Record<string, string>) {
    const expiresAt = new Date(Math.ceil(Date.now() / 1000 + lifetimeSeconds) * 1000);
    const query = new URLSearchParams({ ...parameters, expires: String(expiresAt.getTime() / 1000) });
    const bound = signature(method, path, key, query.toString());
    query.set('signature', bound.toString('base64url'));
    return { url: `${publicUrl.replace(/\/$/, '')}${path}${key}?${query}`, expiresAt };
  }

  function verified(method: string, path: string, url: string): { key: string; query: URLSearchParams } {
    const { pathname, searchParams: query } = new URL(url, 'http://local');
    const given = Buffer.from(query.get('signature') ?? '', 'base64url');
    query.delete('signature');
    const key = pathname.slice(pathname.indexOf(path) + path.length);
    const bound = signature(method, path, key, query.toString());
    const authentic = given.length === bound.length && timingSafeEqual(given, bound);
    if (!authentic || !pathname.includes(path) || !isKey(key)) throw invalid('The signed address was altered.');
    if (Number(query.get('expires')) * 1000 < Date.now()) throw invalid('The signed address has expired.');
    return { key, query };
  }

  return {
    part: ({ key, multipartId, partNumber, sizeBytes }) =>
      signed('PUT', partsPath, key, { multipart: multipartId, part: `${partNumber}`, size: `${sizeBytes}` }).url,
    object: ({ key, filename, contentType }) => signed('GET', objectsPath, key, { filename, type: contentType }),
    verifyPart(url) {
      const { key, query } = verified('PUT', partsPath, url);
      const [multipartId = '', partNumber, sizeBytes] = ['multipart', 'part', 'size'].map(
        (name) => query.get(name) ?? '',
      );
      return { key, multipartId, partNumber: Number(partNumber), sizeBytes: Number(sizeBytes) };
    },
    verifyObject(url) {
      const { key, query } = verified('GET', objectsPath, url);
      return { key, filename: query.get('filename') ?? '', contentType: query.get('type') ?? '' };
    },
  };
}

const invalid = (sentence: string) => new StorageError('signature_invalid', sentence);
