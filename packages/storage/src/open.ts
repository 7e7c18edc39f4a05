import { createDiskStorage, type DiskStorageOptions } from './disk.ts';
import type { Storage } from './port.ts';

/** Where files lie, as a configuration says it. */
export type StoragePlace = { kind: 'disk'; folder: string } | S3Place;
type S3Place = {
  kind: 's3';
  bucket: string;
  region: string;
  endpoint: string | null;
  publicEndpoint: string | null;
  credentials: { accessKeyId: string; secretAccessKey: string } | null;
  forcePathStyle: boolean;
};

/**
 * Opens the store of a place, and tells the origin its signed addresses lead to. The S3 client is loaded only where it
 * is needed: it takes longer than all the rest of a start.
 */
export async function openStorage(
  place: StoragePlace,
  { publicUrl, secret }: Pick<DiskStorageOptions, 'publicUrl' | 'secret'>,
): Promise<{ storage: Storage; storageOrigin: string }> {
  if (place.kind === 'disk') {
    const storage = createDiskStorage({ folder: place.folder, publicUrl, secret });
    return { storage, storageOrigin: new URL(publicUrl).origin };
  }
  const { createS3Storage } = await import('./s3.ts');
  const { kind: _, endpoint, publicEndpoint, credentials, ...where } = place;
  const storage = createS3Storage({
    ...where,
    endpoint: endpoint ?? undefined,
    publicEndpoint: publicEndpoint ?? undefined,
    credentials: credentials ?? undefined,
  });
  return { storage, storageOrigin: s3Origin(place) };
}

/** Without path style the bucket is part of the host name. */
function s3Origin({ bucket, region, endpoint, publicEndpoint, forcePathStyle }: S3Place): string {
  const base = new URL(publicEndpoint ?? endpoint ?? `https://s3.${region}.amazonaws.com`);
  return forcePathStyle ? base.origin : `${base.protocol}//${bucket}.${base.host}`;
}
