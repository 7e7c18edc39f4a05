import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@lathe/client';
import { type Browser, chromium, type Locator, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { songWav } from '../support/audio.ts';
import { type RunningLathe, startLathe } from '../support/lathe.ts';
import { browserPath, describePeer } from '../support/peers.ts';

const root = join(import.meta.dirname, '../..');
/** Set to keep the picture of the README up to date: `LATHE_SCREENSHOT=1 npx vitest run test/e2e/page.test.ts`. */
const keepsPicture = process.env.LATHE_SCREENSHOT === '1';

describePeer('the page, in a browser', browserPath, (executablePath) => {
  const folder = mkdtempSync(join(tmpdir(), 'lathe-page-'));
  const song = join(folder, 'Evening Song.wav');
  const silence = join(folder, 'Silence.wav');
  let lathe: RunningLathe;
  let browser: Browser;
  let page: Page;
  let complaints: string[] = [];
  /** The browser itself notes every call that failed, also those that were to fail. */
  const forgiveFailedCalls = () => {
    complaints = complaints.filter((complaint) => !complaint.startsWith('Failed to load resource'));
  };

  beforeAll(async () => {
    writeFileSync(song, songWav({ seconds: 20 }));
    lathe = await startLathe();
    browser = await chromium.launch({
      executablePath,
      args: ['--no-sandbox', '--autoplay-policy=no-user-gesture-required'],
    });
    page = await browser.newPage({ viewport: { width: 1280, height: 900 }, acceptDownloads: true });
    page.on('pageerror', (error) => complaints.push(error.message));
    // The browser hands its file dialogue over from here on; asked only in the moment of the key press, it may be too late.
    page.on('filechooser', () => {});
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  });
  afterAll(async () => {
    await browser?.close();
    await lathe?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test('without a key it asks for one, and says when it is wrong', async () => {
    await page.goto(lathe.url);
    await page.getByLabel('API key').fill(`lathe_live_${'0'.repeat(38)}`);
    await page.getByRole('button', { name: 'Open' }).click();
    await page.getByRole('alert').waitFor();
    forgiveFailedCalls();
  });

  test('the printed address opens it, and the key leaves the address bar', async () => {
    await page.goto('about:blank');
    await page.goto(`${lathe.url}/#key=${lathe.apiKey}`);
    await page.getByText('Choose a mix').waitFor();
    expect(page.url()).not.toContain('lathe_live_');
  });

  test('a file that is not audio is refused in a sentence', async () => {
    const path = join(folder, 'notes.wav');
    writeFileSync(path, 'these are words, not samples, and there are enough of them to fill a header');
    await page.locator('input[type=file]').setInputFiles(path);
    await page.getByRole('alert').getByText('not audio', { exact: false }).waitFor();
  });

  test('a mix is uploaded, heard, and told about in plain words', async () => {
    await page.locator('input[type=file]').setInputFiles(song);
    await page.getByRole('heading', { name: 'Your mix' }).waitFor();
    await page.getByRole('heading', { name: 'Evening Song.wav' }).waitFor();
    expect(await page.locator('.figure').count()).toBe(4);
    if (keepsPicture) await page.screenshot({ path: join(folder, '..', 'lathe-page-order.png'), fullPage: true });
  });

  test('an order is made, survives a reload, and ends with proven masters', async () => {
    await page.getByRole('button', { name: 'Make 3 masters' }).click();
    await page.getByRole('heading', { name: /Under the needle|Your masters/ }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'Your masters' }).waitFor({ timeout: 60_000 });
    expect(await page.locator('.card').count()).toBe(3);
    expect(await page.locator('.card .verdict.proven').count()).toBe(3);
    await page.getByRole('heading', { name: 'What was done' }).waitFor();
  });

  test('mix and master play in step, at matched loudness', async () => {
    const play = page.getByRole('button', { name: 'Play' });
    await play.waitFor();
    await expect.poll(() => play.isEnabled(), { timeout: 20_000 }).toBe(true);
    await play.click();
    await page.getByRole('radio', { name: /Master/ }).click();
    const position = () => page.getByLabel('Position').inputValue().then(Number);
    await expect.poll(position, { timeout: 10_000 }).toBeGreaterThan(0.3);
    await page.keyboard.press('a');
    expect(await page.getByRole('radio', { name: /Mix/ }).getAttribute('aria-checked')).toBe('true');
    await page.getByText('Equally loud', { exact: false }).waitFor();
    await page.getByRole('button', { name: 'Pause' }).click();
  });

  test('a master downloads, with the bytes its checksum names', async () => {
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download Spotify' }).click(),
    ]);
    const bytes = readFileSync(await download.path());
    const shown = await page.getByRole('listitem', { name: 'Spotify' }).locator('code').textContent();
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(shown);
    if (keepsPicture) await keepPictures(page);
  });

  test('all masters and their reports download as one file, and each master tells how it will be played', async () => {
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'All as ZIP' }).click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/ masters\.zip$/);
    expect(
      readFileSync(await download.path())
        .subarray(0, 4)
        .toString('latin1'),
    ).toBe('PK\u0003\u0004');
    const spotify = page.getByRole('listitem', { name: 'Spotify' });
    await spotify.getByText('How it will be played').click();
    await spotify.getByRole('row', { name: /^YouTube as it is/ }).waitFor();
  });

  test.each([
    ['Report, PDF', 'Evening Song report.pdf', '%PDF-'],
    ['Report, web page', 'Evening Song report.html', '<!doctype html>'],
  ])('“%s” downloads %s', async (button, filename, start) => {
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: button }).click(),
    ]);
    expect(download.suggestedFilename()).toBe(filename);
    expect(readFileSync(await download.path(), 'latin1').slice(0, start.length)).toBe(start);
  });

  test('an upload pauses, goes on, stops, and outlasts a lost network', async () => {
    await page.getByRole('button', { name: 'Another mix' }).click();
    const letGo = await throttleUploads(page, 1_000_000);
    await page.locator('input[type=file]').setInputFiles(song);
    const status = page.getByRole('status');
    await page.getByRole('button', { name: 'Pause' }).click();
    await status.getByText('Paused').waitFor();
    const paused = await status.textContent();
    await page.waitForTimeout(300);
    expect(await status.textContent()).toBe(paused);
    await page.getByRole('button', { name: 'Resume' }).click();
    await status.getByText('Uploading').waitFor();
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByText('Choose a mix').waitFor();
    await page.locator('input[type=file]').setInputFiles(song);
    await status.getByText('Uploading').waitFor();
    await page.context().setOffline(true);
    await status.getByText('Paused until this device is online again').waitFor();
    await letGo();
    await page.context().setOffline(false);
    await page.getByRole('heading', { name: 'Your mix' }).waitFor();
  });

  test('a second order is made of the same mix', async () => {
    await page.getByRole('button', { name: 'Make 3 masters' }).click();
    await page.getByRole('heading', { name: 'Your masters' }).waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
  });

  test('a profile of one’s own is a target like the platforms, and says what it would refuse', async () => {
    const client = createClient({ baseUrl: lathe.url, apiKey: lathe.apiKey });
    const rules = { name: 'Acme', targetLufs: -12, formats: ['flac24' as const], maxFileBytes: 1000 };
    const { id } = await client.profiles.create({ ...rules, minDurationSeconds: 600 });
    await page.reload();
    await page.getByRole('button', { name: 'New order' }).click();
    await page.getByRole('checkbox', { name: 'Acme, −12 LUFS' }).check();
    await page.getByRole('button', { name: 'Make 4 masters' }).click();
    await page.getByRole('alert').getByText('at least 600.00 s is taken', { exact: false }).waitFor();
    forgiveFailedCalls();
    await client.profiles.update(id, { minDurationSeconds: null });
    await page.getByRole('button', { name: 'Make 4 masters' }).click();
    await page.getByRole('heading', { name: 'Your masters' }).waitFor({ timeout: 60_000 });
    const acme = page.getByRole('listitem', { name: 'Acme' });
    await acme.getByText('Would be refused').waitFor();
    await acme.getByText('at most 0.0 MB is taken', { exact: false }).waitFor();
  });

  test('without the service it keeps key and song, and opens them once it answers', async () => {
    const address = page.url();
    await page.route('**/v1/**', (route) => route.abort('connectionrefused'));
    await page.reload();
    await page.getByRole('alert').getByText('does not answer', { exact: false }).first().waitFor();
    expect(page.url()).toBe(address);
    await page.unroute('**/v1/**');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('heading', { name: 'Your masters' }).waitFor();
    expect(page.url()).toBe(address);
    forgiveFailedCalls();
  });

  test('the keyboard alone leads from the file to the order', async () => {
    writeFileSync(silence, songWav({ seconds: 3, peak: 0 }));
    await press(page, 'Tab', page.getByRole('button', { name: 'Another mix' }));
    await page.keyboard.press('Enter');
    await press(page, 'Tab', page.locator('input[type=file]'));
    const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.keyboard.press('Enter')]);
    await chooser.setFiles(silence);
    await page.getByRole('heading', { name: 'Your mix' }).waitFor();
    await press(page, 'Tab', page.getByRole('checkbox', { name: /Apple Music/ }));
    await page.keyboard.press('Space');
    await press(page, 'Tab', page.getByRole('radio', { name: 'Natural' }));
    await page.keyboard.press('ArrowDown');
    await press(page, 'Tab', page.getByRole('button', { name: 'Make 2 masters' }));
    await page.keyboard.press('Enter');
  });

  test('a silent mix is called silent, and its masters claim nothing', async () => {
    await page.getByRole('heading', { name: 'Your masters' }).waitFor({ timeout: 60_000 });
    await page.getByText('This file is silent. Check what was exported.').waitFor();
    await page.getByText('There is nothing to hear.').waitFor();
    expect(await page.locator('.card').count()).toBe(2);
    expect(await page.locator('.card .verdict.proven').count()).toBe(0);
    for (const verdict of await page.locator('.card .verdict').all()) {
      expect(await verdict.textContent()).toContain('Target not reached');
    }
    expect(await page.locator('.card .not-reached').first().textContent()).toContain('The mix is silent');
    if (keepsPicture) await page.screenshot({ path: join(tmpdir(), 'lathe-page-silent.png'), fullPage: true });
  });

  test('it fits a narrow phone, and nothing complained', async () => {
    await page.setViewportSize({ width: 360, height: 780 });
    const overflow = await page.evaluate<number>(
      'document.documentElement.scrollWidth - document.documentElement.clientWidth',
    );
    expect(overflow).toBe(0);
    expect(complaints).toEqual([]);
  });
});

/** Presses a key, as somebody without a mouse would, until this has the focus. */
async function press(page: Page, key: string, wanted: Locator): Promise<void> {
  await wanted.waitFor({ state: 'attached' });
  const focused = page.locator(':focus');
  for (let presses = 0; presses < 60; presses++) {
    await page.keyboard.press(key);
    if ((await focused.count()) === 1 && (await wanted.and(focused).count()) === 1) return;
  }
  throw new Error(`${key} does not lead to ${wanted}`);
}

/** Makes uploads take a while; the returned call lets them go. */
async function throttleUploads(page: Page, bytesPerSecond: number): Promise<() => Promise<void>> {
  const session = await page.context().newCDPSession(page);
  const limit = (uploadThroughput: number) =>
    session.send('Network.emulateNetworkConditions', {
      ...{ offline: false, latency: 0, downloadThroughput: -1 },
      uploadThroughput,
    });
  await limit(bytesPerSecond);
  return async () => {
    await limit(-1);
    await session.detach();
  };
}

async function keepPictures(page: Page): Promise<void> {
  mkdirSync(join(root, 'docs'), { recursive: true });
  await page.evaluate('window.scrollTo(0, 0)');
  await page.screenshot({ path: join(root, 'docs/page.png') });
  await page.screenshot({ path: join(tmpdir(), 'lathe-page-result.png'), fullPage: true });
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.screenshot({ path: join(tmpdir(), 'lathe-page-dark.png'), fullPage: true });
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize({ width: 390, height: 844 });
  await page.screenshot({ path: join(tmpdir(), 'lathe-page-phone.png'), fullPage: true });
  await page.setViewportSize({ width: 1280, height: 900 });
}
