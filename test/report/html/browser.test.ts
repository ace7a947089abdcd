/** The report in a real Chromium, where there is one: nothing asked of the network, nothing wider than the window. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reportPage } from '../../../src/report/html/page.ts';
import { LANGUAGES } from '../../../src/report/messages.ts';
import { launchChromium, missing } from '../../chromium-here.ts';
import { temporaryFolder } from '../../temporary.ts';
import { savedRun } from '../runs.ts';

const WIDTHS = [320, 390, 768, 1280, 1920];

describe.skipIf(missing)(`in Chromium${missing}`, () => {
  let browser: Browser;
  let folder: string;
  beforeAll(async () => {
    folder = temporaryFolder();
    const hostile = {
      ...savedRun(),
      name: `${'a long name without end '.repeat(9)}${'x'.repeat(300)}<script>1`,
    };
    writeFileSync(join(folder, 'one.html'), reportPage([savedRun()]));
    writeFileSync(
      join(folder, 'several.html'),
      reportPage([savedRun(), hostile, savedRun([0.5])], LANGUAGES.pt),
    );
    // Skipped unless both are there.
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser?.close();
  });

  /** Opens a page, and gives what `look` gives, with all that the page asked for or complained of. */
  async function open<T>(
    file: string,
    look: (page: Page) => Promise<T>,
  ): Promise<{ seen: T; requests: string[]; complaints: string[] }> {
    const page = await browser.newPage({ colorScheme: 'light' });
    const requests: string[] = [];
    const complaints: string[] = [];
    page.on('request', (request) => requests.push(request.url()));
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    const url = pathToFileURL(join(folder, file)).href;
    await page.goto(url);
    const seen = await look(page);
    await page.close();
    return { seen, complaints, requests: requests.filter((it) => it !== url && !it.startsWith('data:')) };
  }

  // What is given to evaluate runs in the page and sees nothing of this file, so it is text.
  it.each(['one.html', 'several.html'])(
    '%s is no wider than any window, asks for nothing and complains of nothing',
    async (file) => {
      const { seen, requests, complaints } = await open(file, async (page) => {
        const layouts = [];
        for (const width of WIDTHS) {
          await page.setViewportSize({ width, height: 800 });
          layouts.push(
            await page.evaluate(`({
              page: document.documentElement.scrollWidth,
              images: [...document.images].filter((image) => !image.naturalWidth).length,
              cut: [...document.querySelectorAll('main *')].filter((it) =>
                !it.closest('.scroll, svg, .unseen') && it.getBoundingClientRect().right > innerWidth + 1).length,
            })`),
          );
        }
        return layouts;
      });
      expect(seen).toEqual(WIDTHS.map((width) => ({ page: width, images: 0, cut: 0 })));
      expect({ requests, complaints }).toEqual({ requests: [], complaints: [] });
    },
  );

  it('has its style sheet, by the policy’s hash, in both schemes, and is printed light and without links', async () => {
    const look = `[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.querySelector('nav')).display]`;
    const { seen } = await open('one.html', async (page) => {
      const looks = [await page.evaluate(look)];
      await page.emulateMedia({ colorScheme: 'dark' });
      looks.push(await page.evaluate(look));
      await page.emulateMedia({ colorScheme: 'dark', media: 'print' });
      return [...looks, await page.evaluate(look)];
    });
    expect(seen).toEqual([
      ['rgb(255, 255, 255)', 'block'],
      ['rgb(13, 17, 23)', 'block'],
      ['rgb(255, 255, 255)', 'none'],
    ]);
  });

  it('runs no script that stands in it, and loads no image from elsewhere', async () => {
    const injected = reportPage([savedRun()]).replace(
      '</main>',
      '<script>document.title = "run"</script><img src="https://example.org/x.png" alt=""><p style="color: red">red</p></main>',
    );
    writeFileSync(join(folder, 'injected.html'), injected);
    const { seen, complaints } = await open('injected.html', (page) =>
      page.evaluate(`[document.title, document.images[document.images.length - 1].naturalWidth,
        getComputedStyle(document.querySelector('main > p')).color]`),
    );
    expect(seen).toEqual(['Transfer learning: digits 5–9, then 0–4', 0, 'rgb(31, 35, 40)']);
    expect(complaints.length).toBeGreaterThanOrEqual(3);
  });

  it('tells those who can’t see it what there is', async () => {
    const { seen } = await open('one.html', (page) => page.locator('body').ariaSnapshot());
    for (const text of [
      'heading "Transfer learning: digits 5–9, then 0–4" [level=1]',
      '- navigation "Contents":',
      '- region "Learning curves and time":',
      '- img "Accuracy"',
      '- img "Loss"',
      '- table "The two phases side by side":',
      '- rowheader "Test accuracy after 1 epoch"',
      '- columnheader "0–4, frozen"',
      '- img "Image of a 5, test sample 10"',
    ]) {
      expect(seen).toContain(text);
    }
  });

  it('can be walked with the keyboard: links, tables that scroll, and what is folded', async () => {
    const { seen } = await open('one.html', async (page) => {
      await page.keyboard.press('Tab');
      const first = await page.evaluate('document.activeElement.textContent');
      await page.locator('summary').first().focus();
      await page.keyboard.press('Enter');
      return { first, isOpen: await page.locator('details').first().getAttribute('open') };
    });
    expect(seen).toEqual({ first: 'Results', isOpen: '' });
  });
});
