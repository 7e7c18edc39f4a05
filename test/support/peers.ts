import { existsSync } from 'node:fs';
import { describe, test } from 'vitest';

/**
 * Servers that tests use when they are there: `export $(scripts/peers.sh up DIR)`. Without one its suites are skipped,
 * loudly; with `LATHE_REQUIRE_PEERS=1`, as in CI, they fail instead.
 */
export type S3Peer = {
  endpoint: string;
  region: string;
  credentials: { accessKeyId: string; secretAccessKey: string };
  forcePathStyle: boolean;
};

const env = process.env;

export const redisUrl: string | undefined = env.REDIS_URL;

export const s3Peer: S3Peer | undefined = env.S3_ENDPOINT
  ? {
      endpoint: env.S3_ENDPOINT,
      region: env.S3_REGION ?? 'us-east-1',
      credentials: { accessKeyId: env.S3_ACCESS_KEY_ID ?? '', secretAccessKey: env.S3_SECRET_ACCESS_KEY ?? '' },
      forcePathStyle: env.S3_FORCE_PATH_STYLE !== 'false',
    }
  : undefined;

/** The settings with which Lathe keeps its files there. */
export const s3Environment = ({ endpoint, region, credentials, forcePathStyle }: S3Peer, bucket: string) => ({
  S3_BUCKET: bucket,
  S3_ENDPOINT: endpoint,
  S3_REGION: region,
  S3_ACCESS_KEY_ID: credentials.accessKeyId,
  S3_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  S3_FORCE_PATH_STYLE: String(forcePathStyle),
});

/** Debian's browser. */
export const browserPath: string | undefined = ['/usr/bin/chromium'].find((path) => existsSync(path));

const howToGetPeers = 'servers come with export $(scripts/peers.sh up DIR), programs as .ci/run installs them';

/** A suite that needs a peer: run with it, or seen to be missing. */
export function describePeer<P>(title: string, peer: P | undefined, suite: (peer: P) => void): void {
  describe(title, () => {
    if (peer !== undefined) return suite(peer);
    if (env.LATHE_REQUIRE_PEERS === '1') {
      test('its peer is there', () => {
        throw new Error(`LATHE_REQUIRE_PEERS=1, but there is no peer for “${title}”: ${howToGetPeers}`);
      });
    } else {
      console.warn(`\n*** NOT TESTED: ${title}. Its peer is missing: ${howToGetPeers} ***\n`);
      test.skip('no peer was given');
    }
  });
}
