import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { songWav } from '../support/audio.ts';
import { type RunningLathe, startLathe } from '../support/lathe.ts';
import { browserPath, describePeer, s3Environment, s3Peer } from '../support/peers.ts';

const peers = browserPath && s3Peer ? { browserPath, s3Peer } : undefined;

describePeer('the page, in a browser, files on S3', peers, ({ browserPath: executablePath, s3Peer: store }) => {
  const folder = mkdtempSync(join(tmpdir(), 'lathe-page-s3-'));
  const song = join(folder, 'Song.wav');
  let lathe: RunningLathe;
  let browser: Browser;

  beforeAll(async () => {
    writeFileSync(song, songWav({ seconds: 5 }));
    lathe = await startLathe(s3Environment(store, `lathe-page-${process.pid}`));
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  });
  afterAll(async () => {
    await browser?.close();
    await lathe?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test('the bytes of mix and masters go straight to the store and come straight from it', async () => {
    const page = await browser.newPage();
    const atStore: string[] = [];
    page.on('request', (request) => {
      if (request.url().startsWith(store.endpoint)) atStore.push(request.method());
    });
    await page.goto(`${lathe.url}/#key=${lathe.apiKey}`);
    await page.locator('input[type=file]').setInputFiles(song);
    await page.getByRole('heading', { name: 'Your mix' }).waitFor();
    await page.getByRole('button', { name: /^Make \d masters$/ }).click();
    await page.getByRole('heading', { name: 'Your masters' }).waitFor({ timeout: 120_000 });
    const play = page.getByRole('button', { name: 'Play' });
    await expect.poll(() => play.isEnabled(), { timeout: 60_000 }).toBe(true);
    expect(atStore).toContain('PUT');
    expect(atStore.filter((method) => method === 'GET').length).toBeGreaterThanOrEqual(2);
  });
});
