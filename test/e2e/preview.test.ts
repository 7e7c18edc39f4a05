import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@lathe/client';
import { type Master, previewSides } from '@lathe/contracts';
import { chromium } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openAudio } from '../../packages/codec/src/index.ts';
import { measure } from '../../packages/engine/src/index.ts';
import { songWav } from '../support/audio.ts';
import { type RunningLathe, startLathe } from '../support/lathe.ts';
import { browserPath, describePeer } from '../support/peers.ts';

const folder = mkdtempSync(join(tmpdir(), 'lathe-preview-'));
let lathe: RunningLathe;
beforeAll(async () => {
  lathe = await startLathe();
});
afterAll(async () => {
  await lathe?.stop();
  rmSync(folder, { recursive: true, force: true });
});

test('an artist hears 30 s of the master beside the mix, equally loud, before the order has ended', async () => {
  const client = createClient({ baseUrl: lathe.url, apiKey: lathe.apiKey });
  const song = new File([new Uint8Array(songWav({ seconds: 62 }))], 'song.wav');
  const mix = await client.mixes.wait((await client.uploads.file(song)).id);
  const { id } = await client.masters.create({ mixId: mix.id, targets: ['spotify', 'apple-music'] });
  let heard: Promise<Measured[]> | undefined;
  let told: Master['preview'] = null;
  const master = await client.masters.wait(id, {
    onUpdate: ({ preview }) => {
      if (preview) told = preview;
      if (preview) heard ??= Promise.all(previewSides.map((side) => fetchSide(client, id, side)));
    },
  });
  expect(told).toMatchObject({ target: 'spotify', durationSeconds: 30 });
  const sides = (await heard) ?? [];
  expect(sides.map(({ durationSeconds }) => durationSeconds)).toEqual([30, 30]);
  const [mixLufs, masterLufs] = sides.map(({ integratedLufs }) => integratedLufs ?? Number.NaN);
  expect(Math.abs((mixLufs ?? 0) - (masterLufs ?? 1))).toBeLessThan(0.5);
  expect(master).toMatchObject({ state: 'ready', preview: null });
  const types = (await client.events.list()).data.filter(({ data }) => data.id === id).map(({ type }) => type);
  expect(types.indexOf('master.preview')).toBeGreaterThan(types.indexOf('master.queued'));
  expect(types.indexOf('master.preview')).toBeLessThan(types.indexOf('master.ready'));
});

describePeer('the page, in a browser', browserPath, (executablePath) => {
  test('plays the preview while the order is being made, and gives way to the files', async () => {
    const browser = await chromium.launch({
      executablePath,
      args: ['--no-sandbox', '--autoplay-policy=no-user-gesture-required'],
    });
    try {
      const page = await browser.newPage();
      const path = join(folder, 'long.wav');
      writeFileSync(path, songWav({ seconds: 120 }));
      await page.goto(`${lathe.url}/#key=${lathe.apiKey}`);
      await page.locator('input[type=file]').setInputFiles(path);
      await page.getByRole('button', { name: 'Make 3 masters' }).click({ timeout: 90_000 });
      const deck = page.locator('.preview');
      await deck.getByText('30 seconds of what it will be', { exact: false }).waitFor({ timeout: 60_000 });
      await deck.getByRole('button', { name: 'Play' }).click();
      await deck.getByRole('button', { name: 'Pause' }).waitFor();
      await page.keyboard.press('a');
      expect(await deck.getByRole('radio', { name: /Mix/ }).getAttribute('aria-checked')).toBe('true');
      await page.getByRole('heading', { name: 'Your masters' }).waitFor({ timeout: 120_000 });
      expect(await deck.count()).toBe(0);
    } finally {
      await browser.close();
    }
  });
});

type Measured = Awaited<ReturnType<typeof measure>>;

async function fetchSide(client: ReturnType<typeof createClient>, id: string, side: 'mix' | 'master') {
  const { url } = await client.masters.preview(id, side);
  const path = join(folder, `${side}.flac`);
  writeFileSync(path, new Uint8Array(await (await fetch(url)).arrayBuffer()));
  const file = await openAudio(path, { spoolPath: `${path}.pcm` });
  return measure(file.openStream()).finally(file.close);
}
