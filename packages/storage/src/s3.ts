import type { Readable } from 'node:stream';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  type ListMultipartUploadsCommandOutput,
  paginateListObjectsV2,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { limits } from '@lathe/contracts';
import { attachment } from './download.ts';
import { assertKey, bareEtag, orderedParts } from './keys.ts';
import { type ObjectInfo, type Storage, StorageError } from './port.ts';
import { asStorageError, hasName } from './s3-errors.ts';
import { ensureBucket, putFileInParts } from './s3-write.ts';

export type S3StorageOptions = {
  bucket: string;
  /** Unset: Amazon's own for the region. */
  endpoint?: string | undefined;
  /** Where browsers and distributors reach the store, if that is another address than ours. Addresses are signed for it. */
  publicEndpoint?: string | undefined;
  region: string;
  /** Unset: the machine's own identity. */
  credentials?: { accessKeyId: string; secretAccessKey: string } | undefined;
  forcePathStyle: boolean;
};

/**
 * Any S3-compatible store. Pages of other origins can use the signed addresses only if the bucket's CORS rules allow PUT
 * and GET and expose `ETag`.
 */
export function createS3Storage(options: S3StorageOptions): Storage {
  const Bucket = options.bucket;
  const client = connect(options, options.endpoint);
  const signer = connect(options, options.publicEndpoint ?? options.endpoint);
  const expiresIn = limits.signedUrlSeconds;

  const storage: Storage = {
    check: () => ensureBucket(client, Bucket, options.region).catch(asStorageError),

    async createMultipart(key, contentType) {
      const command = new CreateMultipartUploadCommand({ Bucket, Key: assertKey(key), ContentType: contentType });
      const { UploadId } = await client.send(command).catch(asStorageError);
      return { multipartId: UploadId as string };
    },

    async signPart({ key, multipartId, partNumber, sizeBytes }) {
      const part = { Bucket, Key: assertKey(key), UploadId: multipartId, PartNumber: partNumber };
      const url = await getSignedUrl(signer, new UploadPartCommand({ ...part, ContentLength: sizeBytes }), {
        expiresIn,
      });
      return { partNumber, url, headers: {}, sizeBytes };
    },

    async completeMultipart(key, multipartId, parts) {
      const Parts = orderedParts(parts).map((part) => ({
        PartNumber: part.partNumber,
        ETag: `"${bareEtag(part.etag)}"`,
      }));
      const upload = { Bucket, Key: assertKey(key), UploadId: multipartId, MultipartUpload: { Parts } };
      try {
        await client.send(new CompleteMultipartUploadCommand(upload));
      } catch (error) {
        // Keys are written once: when the object is there, an earlier call has completed it.
        if (!hasName(error, 'NoSuchUpload') || (await storage.head(key)) === null) asStorageError(error);
      }
    },

    async abortMultipart(key, multipartId) {
      const command = new AbortMultipartUploadCommand({ Bucket, Key: assertKey(key), UploadId: multipartId });
      await client.send(command).catch((error) => hasName(error, 'NoSuchUpload') || asStorageError(error));
    },

    listMultiparts: () => listMultiparts(client, Bucket).catch(asStorageError),

    async head(key) {
      try {
        const { ContentLength, LastModified } = await client.send(
          new HeadObjectCommand({ Bucket, Key: assertKey(key) }),
        );
        return { key, sizeBytes: ContentLength ?? 0, modifiedAt: LastModified ?? new Date(0) };
      } catch (error) {
        return hasName(error, 'NotFound', 'NoSuchKey') ? null : asStorageError(error);
      }
    },

    async read(key) {
      const { Body } = await client.send(new GetObjectCommand({ Bucket, Key: assertKey(key) })).catch(asStorageError);
      return Body as Readable;
    },

    putFile: async (key, path, contentType) =>
      putFileInParts(client, { Bucket, Key: assertKey(key), ContentType: contentType }, path).catch(asStorageError),

    async remove(key) {
      await client.send(new DeleteObjectCommand({ Bucket, Key: assertKey(key) })).catch(asStorageError);
    },

    list: (prefix) => listObjects(client, Bucket, prefix),

    async signDownload(key, { filename, contentType }) {
      const command = new GetObjectCommand({
        Bucket,
        Key: assertKey(key),
        ResponseContentDisposition: attachment(filename),
        ResponseContentType: contentType,
      });
      const expiresAt = new Date(Date.now() + expiresIn * 1000);
      return { url: await getSignedUrl(signer, command, { expiresIn }), expiresAt };
    },
  };
  return storage;
}

function connect(options: S3StorageOptions, endpoint: string | undefined): S3Client {
  const { region, forcePathStyle, credentials } = options;
  return new S3Client({
    ...(endpoint ? { endpoint } : {}),
    region,
    forcePathStyle,
    ...(credentials ? { credentials } : {}),
    // Not every S3-compatible store knows the newer trailing checksums.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: { connectionTimeout: 3_000, requestTimeout: 60_000, throwOnRequestTimeout: true },
  });
}

async function* listObjects(client: S3Client, Bucket: string, Prefix: string): AsyncGenerator<ObjectInfo> {
  try {
    for await (const page of paginateListObjectsV2({ client }, { Bucket, Prefix })) {
      for (const { Key, Size, LastModified } of page.Contents ?? []) {
        yield { key: Key ?? '', sizeBytes: Size ?? 0, modifiedAt: LastModified ?? new Date(0) };
      }
    }
  } catch (error) {
    throw error instanceof StorageError ? error : asStorageError(error);
  }
}

async function listMultiparts(client: S3Client, Bucket: string) {
  const found: { key: string; multipartId: string; startedAt: Date }[] = [];
  let markers: { KeyMarker?: string; UploadIdMarker?: string } | undefined = {};
  while (markers) {
    const page: ListMultipartUploadsCommandOutput = await client.send(
      new ListMultipartUploadsCommand({ Bucket, ...markers }),
    );
    for (const { Key = '', UploadId = '', Initiated } of page.Uploads ?? []) {
      found.push({ key: Key, multipartId: UploadId, startedAt: Initiated ?? new Date(0) });
    }
    const { NextKeyMarker: KeyMarker, NextUploadIdMarker: UploadIdMarker } = page;
    markers = page.IsTruncated && KeyMarker && UploadIdMarker ? { KeyMarker, UploadIdMarker } : undefined;
  }
  return found;
}
