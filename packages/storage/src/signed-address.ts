import type { DownloadAs } from './port.ts';
import { createSigner, type SignerOptions } from './signer.ts';

/** One part to PUT, and exactly how long it is. */
type PartAddress = { key: string; multipartId: string; partNumber: number; sizeBytes: number };
/** One object to GET, and what the browser is told about it. */
type ObjectAddress = { key: string } & DownloadAs;

const parts = { method: 'PUT', path: '/storage/parts/' } as const;
const objects = { method: 'GET', path: '/storage/objects/' } as const;

/** Addresses of the disk adapter, `{publicUrl}/storage/…`. */
export type AddressSigner = {
  part(address: PartAddress): string;
  object(address: ObjectAddress): { url: string; expiresAt: Date };
  /** Rejects with `signature_invalid`. Only the path and query of `url` are looked at. */
  verifyPart(url: string): PartAddress;
  verifyObject(url: string): ObjectAddress;
};

export function createAddressSigner(options: SignerOptions): AddressSigner {
  const { sign, verify } = createSigner(options);
  return {
    part({ key, multipartId, partNumber, sizeBytes }) {
      const parameters = { multipart: multipartId, part: `${partNumber}`, size: `${sizeBytes}` };
      return sign({ ...parts, key, parameters }).url;
    },
    object: ({ key, filename, contentType }) => sign({ ...objects, key, parameters: { filename, type: contentType } }),
    verifyPart(url) {
      const { key, query } = verify(parts, url);
      const [multipartId = '', partNumber, sizeBytes] = ['multipart', 'part', 'size'].map(
        (name) => query.get(name) ?? '',
      );
      return { key, multipartId, partNumber: Number(partNumber), sizeBytes: Number(sizeBytes) };
    },
    verifyObject(url) {
      const { key, query } = verify(objects, url);
      return { key, filename: query.get('filename') ?? '', contentType: query.get('type') ?? '' };
    },
  };
}
