import type { FileHandle } from 'node:fs/promises';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  HeadBucketCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { limits } from '@lathe/contracts';
import { withFile } from './files.ts';
import { hasName } from './s3-errors.ts';

/** Makes the bucket if it is missing, and proves that it can be written. */
export async function ensureBucket(client: S3Client, Bucket: string, region: string): Promise<void> {
  try {
    await client.send(new HeadBucketCommand({ Bucket }));
  } catch (error) {
    if (!hasName(error, 'NotFound', 'NoSuchBucket')) throw error;
    await createBucket(client, Bucket, region);
  }
  const probe = { Bucket, Key: 'checks/writable' };
  await client.send(new PutObjectCommand({ ...probe, Body: 'written' }));
  await client.send(new DeleteObjectCommand(probe));
}

async function createBucket(client: S3Client, Bucket: string, region: string): Promise<void> {
  // Amazon takes its oldest region only unnamed; 'auto' is how other vendors call theirs.
  const named = region !== 'us-east-1' && region !== 'auto';
  const place = named ? { CreateBucketConfiguration: { LocationConstraint: region as 'eu-west-1' } } : {};
  try {
    await client.send(new CreateBucketCommand({ Bucket, ...place }));
  } catch (error) {
    if (!hasName(error, 'BucketAlreadyOwnedByYou')) throw error;
  }
}

type Target = { Bucket: string; Key: string; ContentType: string };

/** Sends a file part by part from one buffer, which the client can send again when the network fails. */
export const putFileInParts = (client: S3Client, target: Target, path: string): Promise<void> =>
  withFile(path, 'r', (file) => putInParts(client, target, file));

async function putInParts(client: S3Client, target: Target, file: FileHandle): Promise<void> {
  const { size } = await file.stat();
  const buffer = Buffer.alloc(Math.min(size, limits.partSizeBytes));
  if (size <= limits.partSizeBytes) {
    await client.send(new PutObjectCommand({ ...target, Body: await readAt(file, buffer, 0) }));
    return;
  }
  const { UploadId } = await client.send(new CreateMultipartUploadCommand(target));
  const upload = { Bucket: target.Bucket, Key: target.Key, UploadId };
  try {
    const Parts: { PartNumber: number; ETag: string | undefined }[] = [];
    for (let offset = 0; offset < size; offset += limits.partSizeBytes) {
      const PartNumber = Parts.length + 1;
      const Body = await readAt(file, buffer, offset);
      const { ETag } = await client.send(new UploadPartCommand({ ...upload, PartNumber, Body }));
      Parts.push({ PartNumber, ETag });
    }
    await client.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts } }));
  } catch (error) {
    await client.send(new AbortMultipartUploadCommand(upload)).catch(() => undefined);
    throw error;
  }
}

/** Fills the buffer from the file, or as much of it as the file still has. */
async function readAt(file: FileHandle, buffer: Buffer, offset: number): Promise<Buffer> {
  let filled = 0;
  while (filled < buffer.length) {
    const { bytesRead } = await file.read(buffer, filled, buffer.length - filled, offset + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}
