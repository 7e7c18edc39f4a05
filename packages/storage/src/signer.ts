import { createHmac, timingSafeEqual } from 'node:crypto';
import { isKey } from './keys.ts';
import { StorageError } from './port.ts';

type Signed = { method: 'GET' | 'PUT'; path: string; key: string; parameters: Record<string, string> };

/**
 * Addresses `{publicUrl}{path}{key}?…`, good until they expire. The signature (HMAC-SHA-256) binds the method, the key,
 * every parameter and the expiry, so nothing about an address can be changed. Keys are as those of the storage.
 */
export type Signer = {
  sign(address: Signed): { url: string; expiresAt: Date };
  /** Rejects with `signature_invalid`. Only the path and query of `url` are looked at. */
  verify(address: Pick<Signed, 'method' | 'path'>, url: string): { key: string; query: URLSearchParams };
};

export type SignerOptions = { publicUrl: string; secret: string; lifetimeSeconds: number };

export function createSigner({ publicUrl, secret, lifetimeSeconds }: SignerOptions): Signer {
  const signature = (...fields: string[]) => createHmac('sha256', secret).update(JSON.stringify(fields)).digest();
  return {
    sign({ method, path, key, parameters }) {
      const expiresAt = new Date(Math.ceil(Date.now() / 1000 + lifetimeSeconds) * 1000);
      const query = new URLSearchParams({ ...parameters, expires: String(expiresAt.getTime() / 1000) });
      const bound = signature(method, path, key, query.toString());
      query.set('signature', bound.toString('base64url'));
      return { url: `${publicUrl.replace(/\/$/, '')}${path}${key}?${query}`, expiresAt };
    },
    verify({ method, path }, url) {
      const { pathname, searchParams: query } = new URL(url, 'http://local');
      const given = Buffer.from(query.get('signature') ?? '', 'base64url');
      query.delete('signature');
      const key = pathname.slice(pathname.indexOf(path) + path.length);
      const bound = signature(method, path, key, query.toString());
      const authentic = given.length === bound.length && timingSafeEqual(given, bound);
      if (!authentic || !pathname.includes(path) || !isKey(key)) throw invalid('The signed address was altered.');
      if (Number(query.get('expires')) * 1000 < Date.now()) throw invalid('The signed address has expired.');
      return { key, query };
    },
  };
}

const invalid = (sentence: string) => new StorageError('signature_invalid', sentence);
