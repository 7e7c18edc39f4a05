import { randomBytes } from 'node:crypto';
import { DeleteBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { describePeer, s3Peer } from '../../../test/support/peers.ts';
import { createS3Storage } from '../src/s3.ts';
import { describeStorage } from './conformance.ts';

describePeer('storage on S3', s3Peer, (peer) => {
  const bucket = `lathe-test-${randomBytes(6).toString('hex')}`;
  describeStorage(async () => ({
    storage: createS3Storage({ bucket, ...peer }),
    async close() {
      const client = new S3Client(peer);
      await client.send(new DeleteBucketCommand({ Bucket: bucket }));
      client.destroy();
    },
  }));

  it('signs addresses for the public endpoint', async () => {
    const storage = createS3Storage({ bucket, ...peer, publicEndpoint: 'https://files.example.com' });
    const { url } = await storage.signDownload('a/b', { filename: 'b.wav', contentType: 'audio/wav' });
    expect(url).toMatch(/^https:\/\/files\.example\.com\//);
  });

  it('refuses to start with a wrong key', async () => {
    const storage = createS3Storage({
      bucket,
      ...peer,
      credentials: { ...peer.credentials, secretAccessKey: 'wrong' },
    });
    await expect(storage.check()).rejects.toMatchObject({ code: 'unavailable' });
  });
});

describe('storage on S3, when nobody answers', () => {
  it('says that the store is unavailable', async () => {
    const storage = createS3Storage({
      bucket: 'nobody',
      endpoint: 'http://127.0.0.1:1',
      region: 'us-east-1',
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
      forcePathStyle: true,
    });
    await expect(storage.check()).rejects.toMatchObject({ code: 'unavailable' });
    await expect(storage.head('a')).rejects.toMatchObject({ code: 'unavailable' });
  });
});
