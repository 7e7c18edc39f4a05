/** What the page offers beyond platforms and style, from the form to the bytes of the files. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient, type LatheClient } from '@lathe/client';
import type { Master } from '@lathe/contracts';
import { type Browser, chromium, type Locator, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { songWav } from '../support/audio.ts';
import { type RunningLathe, startLathe } from '../support/lathe.ts';
import { browserPath, describePeer } from '../support/peers.ts';

/** One grey pixel. */
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==',
  'base64',
);

describePeer('an order with everything, in a browser', browserPath, (executablePath) => {
  const folder = mkdtempSync(join(tmpdir(), 'lathe-page-order-'));
  const [song, reference, cover] = ['Song.wav', 'Finished.wav', 'cover.png'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  let lathe: RunningLathe;
  let client: LatheClient;
  let browser: Browser;
  let page: Page;

  const newest = async (): Promise<Master> => (await client.masters.list({ limit: 1 })).data[0] as Master;
  const panel = (title: string): Locator => page.locator('details.panel').filter({ hasText: title });
  const open = (title: string) => panel(title).locator('summary').click();
  const masters = () => page.getByText('Measured again on the finished files.').waitFor({ timeout: 60_000 });

  beforeAll(async () => {
    writeFileSync(song, songWav({ seconds: 8 }));
    writeFileSync(reference, songWav({ seconds: 8, seed: 7, peak: 0.8 }));
    writeFileSync(cover, png);
    lathe = await startLathe();
    client = createClient({ baseUrl: lathe.url, apiKey: lathe.apiKey });
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
    page = await browser.newPage({ viewport: { width: 1280, height: 900 }, acceptDownloads: true });
    await page.goto(`${lathe.url}/#key=${lathe.apiKey}`);
    await page.locator('input[type=file]').setInputFiles(song);
    await page.getByRole('heading', { name: 'Your mix' }).waitFor();
  });
  afterAll(async () => {
    await browser?.close();
    await lathe?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test('what most orders do not need is closed, and says what is chosen', async () => {
    expect(await page.locator('details.panel[open]').count()).toBe(0);
    await panel('Reference tracks').getByText('none').waitFor();
    await panel('Sample rate and dither').getByText('As the mix, plain dither').waitFor();
  });

  test('a reference is sent beside the mix, and can be taken out and chosen again', async () => {
    await open('Reference tracks');
    await page.getByLabel('Add reference tracks').setInputFiles(reference);
    await panel('Reference tracks').getByText('1 track').waitFor();
    const make = page.getByRole('button', { name: 'Make 3 masters' });
    await expect.poll(() => make.isEnabled(), { timeout: 30_000 }).toBe(true);
    await page.getByRole('button', { name: 'Remove Finished.wav' }).click();
    await panel('Reference tracks').getByText('none').waitFor();
    await page.getByLabel('or one that was uploaded before').selectOption('Finished.wav');
    await panel('Reference tracks').getByText('1 track').waitFor();
    expect(await page.getByRole('heading', { name: 'Song.wav' }).count()).toBe(1);
  });

  test('a field that the service refuses is marked, with its sentence, and has the focus', async () => {
    await open('Title, artists and cover');
    await page.getByLabel('Title', { exact: true }).fill('Quiet Harbour');
    await page.getByLabel('Artists').fill('Ada; Earth, Wind & Fire');
    await page.getByLabel('ISRC').fill('nonsense');
    await page.getByLabel('Choose a cover').setInputFiles(cover);
    await page.getByAltText('The chosen cover').waitFor();
    await open('Title, artists and cover');
    await page.getByRole('button', { name: 'Make 3 masters' }).click();
    await page.getByText('An ISRC has the form', { exact: false }).waitFor();
    const isrc = page.getByLabel('ISRC');
    expect(await isrc.getAttribute('aria-invalid')).toBe('true');
    expect(await isrc.evaluate((field) => field === field.ownerDocument.activeElement)).toBe(true);
    await isrc.fill('DE-A23-26-00001');
    expect(await isrc.getAttribute('aria-invalid')).toBeNull();
  });

  test('a profile is written, refused in words, and chosen once it is made', async () => {
    for (const name of [/^Spotify/, /^Apple Music/, /^YouTube, /]) await page.getByRole('checkbox', { name }).uncheck();
    await page.getByRole('button', { name: 'New profile…' }).click();
    await page.getByLabel('Name').fill('Acme');
    await page.getByLabel('Loudness, LUFS').fill('−3');
    await page.getByRole('button', { name: 'Make the profile' }).click();
    await page.getByText('a number from −36 to −5 LUFS', { exact: false }).waitFor();
    await page.getByLabel('Loudness, LUFS').fill('−12');
    await page.getByRole('button', { name: 'Make the profile' }).click();
    const acme = page.getByRole('checkbox', { name: 'Acme, −12 LUFS' });
    await expect.poll(() => acme.isChecked(), { timeout: 20_000 }).toBe(true);
  });

  test('the files have the rate, the words and the cover that were asked for', async () => {
    await open('Sample rate and dither');
    await page.getByLabel('Sample rate').selectOption('48000');
    await page.getByRole('radio', { name: 'Punchy' }).check();
    await open('How much of each part');
    await page.getByRole('slider', { name: 'Repairs' }).fill('0');
    await page.getByRole('button', { name: 'Make the master' }).click();
    await masters();
    const { order, renditions } = await newest();
    expect(order).toMatchObject({
      sampleRateHz: 48_000,
      references: [{ weight: 1 }],
      amounts: { repair: 0, tone: 100 },
    });
    expect(order.metadata).toMatchObject({ artists: ['Ada', 'Earth, Wind & Fire'], isrc: 'DEA232600001' });
    expect(renditions.map(({ profile, measured }) => [profile?.name, measured.sampleRateHz])).toEqual([
      ['Acme', 48_000],
    ]);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download Acme' }).click(),
    ]);
    const bytes = readFileSync(await download.path());
    expect([bytes.includes('Quiet Harbour'), bytes.includes(png)]).toEqual([true, true]);
  });

  test('a plan that was changed is rendered so, and compared with the one before', async () => {
    const before = await newest();
    await page.getByRole('button', { name: 'Change these moves' }).click();
    const again = page.getByRole('button', { name: 'Make it again with these moves' });
    expect(await again.isDisabled()).toBe(true);
    const stage = page.locator('.plan > li:not(.bypassed)').first().getByRole('checkbox').first();
    await stage.uncheck();
    await again.click();
    await page.getByRole('heading', { name: 'Compared with before' }).waitFor({ timeout: 60_000 });
    await page.locator('.changes').getByText('on → off').waitFor();
    const now = await newest();
    const off = (master: Master) => master.plan?.stages.filter(({ bypassed }) => bypassed).length ?? 0;
    expect(off(now)).toBe(off(before) + 1);
    expect(now.renditions[0]?.sha256).not.toBe(before.renditions[0]?.sha256);
    expect({ ...now.order, plan: undefined }).toEqual({ ...before.order, plan: undefined });
  });

  test('what it is compared with survives a reload, can be heard, and is gone back to', async () => {
    await page.reload();
    await page.getByRole('heading', { name: 'Compared with before' }).waitFor();
    await expect.poll(() => page.getByRole('button', { name: 'Play' }).isEnabled(), { timeout: 20_000 }).toBe(true);
    await page.getByRole('radio', { name: /Before/ }).click();
    await page.getByLabel('A is').selectOption('the mix');
    await page.getByRole('radio', { name: /Mix/ }).waitFor();
    await page.getByRole('button', { name: 'Back to the one before' }).click();
    await page.getByRole('heading', { name: 'Compared with before' }).waitFor({ state: 'detached' });
  });

  test('a profile is changed and deleted', async () => {
    await page.getByRole('button', { name: 'New order' }).click();
    await page.getByRole('button', { name: 'Edit Acme' }).click();
    await page.getByLabel('Loudness, LUFS').fill('-16');
    await page.getByRole('button', { name: 'Save the profile' }).click();
    await page.getByRole('checkbox', { name: 'Acme, −16 LUFS' }).waitFor();
    await page.getByRole('button', { name: 'Edit Acme' }).click();
    await page.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('button', { name: 'Delete it for good' }).click();
    await page.getByRole('checkbox', { name: /^Acme/ }).waitFor({ state: 'detached' });
    expect((await client.profiles.list()).data).toEqual([]);
  });

  test('all of it fits a phone', async () => {
    for (const title of ['How much of each part', 'Reference tracks', 'Title, artists', 'Sample rate'])
      await open(title);
    await page.setViewportSize({ width: 390, height: 844 });
    const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
    expect(await page.evaluate<number>(overflow)).toBe(0);
  });
});
