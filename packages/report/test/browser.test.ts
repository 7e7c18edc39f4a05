import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { browserPath, describePeer } from '../../../test/support/peers.ts';
import { htmlOf } from '../src/index.ts';
import { failedReport, oldReport, reportOf, silentReport } from './example.ts';

const longTitle = `${'Donaudampfschifffahrtsgesellschaft'.repeat(4)} ${'and so on '.repeat(20)}`;

/** In the browser: what reaches over the right edge of the page. */
const sticksOut = `[...document.querySelectorAll('body *')]
  .filter((part) => part.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
  .map((part) => part.tagName + '.' + part.getAttribute('class'))`;

describePeer('the page, in a browser', browserPath, (executablePath) => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  });
  afterAll(() => browser?.close());

  test.each([320, 390, 768, 1280])('%i pixels wide nothing sticks out', async (width) => {
    const page = await browser.newPage({ viewport: { width, height: 900 } });
    for (const report of [{ ...reportOf(7), title: longTitle }, failedReport(), silentReport(), oldReport()]) {
      await page.setContent(htmlOf(report));
      expect(await page.evaluate(sticksOut)).toEqual([]);
    }
    await page.close();
  });

  test('it asks for nothing, and the browser has nothing to complain about', async () => {
    const page = await browser.newPage();
    const heard: string[] = [];
    page.on('request', (request) => heard.push(request.url()));
    page.on('console', (message) => heard.push(message.text()));
    page.on('pageerror', (error) => heard.push(error.message));
    await page.setContent(htmlOf(reportOf(3)));
    expect(await page.title()).toBe('Evening Song — mastering report');
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.emulateMedia({ media: 'print' });
    expect(heard).toEqual([]);
    await page.close();
  });
});
