import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient, type LatheClient } from '@lathe/client';
import type { Master } from '@lathe/contracts';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { songWav } from '../support/audio.ts';
import { type RunningLathe, startLathe } from '../support/lathe.ts';
import { ffmpegMeter, hasFfmpeg } from '../support/meter.ts';
import { describePeer, redisUrl, s3Environment, s3Peer } from '../support/peers.ts';
import { type Received, startReceiver } from '../support/webhook-receiver.ts';

const targets = { spotify: [-14, -1], 'apple-music': [-16, -1], youtube: [-14, -1] } as const;
type Target = keyof typeof targets;

describe('a mix through the front door, queue on Postgres, files on disk', () => wholeWay({}));

describePeer('a mix through the front door, queue on Redis, files on disk', redisUrl, (url) =>
  wholeWay({ REDIS_URL: url }),
);

const everyPeer = redisUrl && s3Peer ? { redisUrl, s3Peer } : undefined;
describePeer('a mix through the front door, queue on Redis, files on S3', everyPeer, (peers) =>
  wholeWay({
    REDIS_URL: peers.redisUrl,
    ...s3Environment(peers.s3Peer, `lathe-e2e-${process.pid}`),
  }),
);

function wholeWay(environment: Record<string, string>): void {
  const folder = mkdtempSync(join(tmpdir(), 'lathe-e2e-files-'));
  const song = songWav({ seconds: 12 });
  let lathe: RunningLathe;
  let client: LatheClient;
  let receiver: Awaited<ReturnType<typeof startReceiver>>;
  let secret: string;
  let mixId: string;
  let master: Master;
  const files = new Map<Target, Buffer>();

  beforeAll(async () => {
    receiver = await startReceiver();
    lathe = await startLathe({ ...environment, LATHE_WEBHOOK_ALLOW_PRIVATE: 'true' });
    client = createClient({ baseUrl: lathe.url, apiKey: lathe.apiKey });
  });
  afterAll(async () => {
    await lathe?.stop();
    await receiver?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test('an uploaded mix is analysed', async () => {
    ({ secret } = await client.webhookEndpoints.create({ url: receiver.url }));
    const sha256 = createHash('sha256').update(song).digest('hex');
    const uploaded = await client.uploads.file(new File([new Uint8Array(song)], 'song.wav'), { sha256 });
    const mix = await client.mixes.wait(uploaded.id);
    expect(mix).toMatchObject({ state: 'ready', filename: 'song.wav', sizeBytes: song.length, sha256, error: null });
    expect(mix.analysis?.loudness.durationSeconds).toBeCloseTo(12, 6);
    expect((await client.mixes.peaks(mix.id)).max.length).toBeGreaterThan(100);
    mixId = mix.id;
  });

  test('an order ends ready, with progress that never goes back', async () => {
    const seen: number[] = [];
    const created = await client.masters.create({ mixId, targets: Object.keys(targets) as Target[] });
    master = await client.masters.wait(created.id, { onUpdate: ({ progress }) => seen.push(progress) });
    expect(master).toMatchObject({ state: 'ready', progress: 1, error: null });
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    expect(master.renditions.map(({ target }) => target).sort()).toEqual(Object.keys(targets).sort());
    expect(master.plan).not.toBeNull();
  });

  test('each rendition is the file its report describes', async () => {
    for (const rendition of master.renditions) {
      const { url } = await client.masters.download(master.id, rendition.id);
      const bytes = Buffer.from(await (await fetch(new URL(url, lathe.url))).arrayBuffer());
      expect(bytes.length).toBe(rendition.sizeBytes);
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(rendition.sha256);
      expect(rendition.measured.durationSeconds).toBeCloseTo(12, 6);
      files.set(rendition.target as Target, bytes);
    }
    expect(files.size).toBe(3);
  });

  describePeer('an independent meter, ffmpeg', hasFfmpeg ? ffmpegMeter : undefined, (meter) => {
    test('finds each target within 0.1 LU, and no peak above its ceiling', () => {
      for (const [target, bytes] of files) {
        const path = join(folder, `${target}.wav`);
        writeFileSync(path, bytes);
        const { integratedLufs, truePeakDbtp } = meter(path);
        const [targetLufs, ceilingDbtp] = targets[target];
        expect(Math.abs(integratedLufs - targetLufs)).toBeLessThanOrEqual(0.1);
        expect(truePeakDbtp).toBeLessThanOrEqual(ceilingDbtp);
      }
    });
  });

  test('the same order again gives identical bytes', async () => {
    const created = await client.masters.create({ mixId, targets: Object.keys(targets) as Target[] });
    const again = await client.masters.wait(created.id);
    const checksums = ({ renditions }: Master) => renditions.map(({ target, sha256 }) => [target, sha256]);
    expect(checksums(again)).toEqual(checksums(master));
  });

  test('every webhook arrives once, with a signature that the reference library accepts', async () => {
    const told = () => receiver.received.map((it) => JSON.parse(it.body) as { type: string; data: { id: string } });
    await expect.poll(() => told().filter(({ type }) => type === 'master.ready').length, { timeout: 20_000 }).toBe(2);
    const verifier = new Webhook(secret);
    for (const { body, headers } of receiver.received) expect(verifier.verify(body, headers)).toBeDefined();
    expect(told().map(({ type }) => type)).toEqual(['mix.ready', 'master.ready', 'master.ready']);
    expect(told()[1]?.data.id).toBe(master.id);
    expect(new Set(receiver.received.map(idOf)).size).toBe(3);
  });

  test('nothing of it can be seen with another key', async () => {
    const stranger = createClient({ baseUrl: lathe.url, apiKey: `lathe_live_${'0'.repeat(38)}` });
    await expect(stranger.masters.get(master.id)).rejects.toMatchObject({ problem: { code: 'unauthenticated' } });
  });
}

const idOf = ({ headers }: Received): string | undefined => headers['webhook-id'];
