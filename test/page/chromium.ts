/** The page in a real Chromium, for the tests that use it as people do: served with images in miniature, opened, drawn on, read. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { launchChromium } from '../chromium-here.ts';
import { serveTinySite, type TinySite } from './tiny-site.ts';

export { missing } from '../chromium-here.ts';

/** Strokes in parts of the area's side. */
const SHAPES = {
  seven: [
    [0.3, 0.2],
    [0.7, 0.2],
    [0.4, 0.85],
  ],
  bar: [
    [0.5, 0.3],
    [0.5, 0.9],
  ],
  line: [
    [0.1, 0.5],
    [0.9, 0.5],
  ],
} as const satisfies Record<string, readonly (readonly [number, number])[]>;

/** A browser, and a server of the page. */
export interface Site extends TinySite {
  readonly browser: Browser;
}

/** @param args further options of Chromium's command line */
export async function openSite(args: readonly string[] = []): Promise<Site> {
  const site = await serveTinySite();
  const browser = await launchChromium(args);
  return {
    ...{ ...site, browser },
    async close() {
      await browser.close();
      await site.close();
    },
  };
}

/** Opens an address. @param complaints takes what the page's console says, and what it throws */
export async function open(context: BrowserContext, url: string, complaints: string[] = []): Promise<Page> {
  const page = await context.newPage();
  // As vitest has it for these files.
  page.setDefaultTimeout(150_000);
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(url);
  return page;
}

/** Waits until an element says something like that. */
export const says = (page: Page, selector: string, text: RegExp | string): Promise<void> =>
  page.locator(selector).filter({ hasText: text }).waitFor({ state: 'attached' });

export async function drawOn(page: Page, pad: string, shape: keyof typeof SHAPES): Promise<void> {
  // At once, as less motion is wanted: where the area is, is asked next. Its part of the page is loaded then, and makes it large.
  await page.locator(pad).scrollIntoViewIfNeeded();
  await page.locator(`${pad}[width]`).waitFor();
  const box = await page.locator(pad).boundingBox();
  if (!box) throw new Error(`${pad} isn't shown`);
  const [first, ...others] = SHAPES[shape].map(([x, y]) => [box.x + x * box.width, box.y + y * box.height]);
  await page.mouse.move(first[0], first[1]);
  await page.mouse.down();
  for (const [x, y] of others) await page.mouse.move(x, y, { steps: 3 });
  await page.mouse.up();
}

/** Gives each of the first two classes one drawing. */
export async function drawTwoClasses(page: Page): Promise<void> {
  await page.locator('#own').scrollIntoViewIfNeeded();
  for (const [i, shape] of (['bar', 'line'] as const).entries()) {
    await page.locator('#classes [type=radio]').nth(i).check();
    await drawOn(page, '#own-pad', shape);
    await page.click('#own-add');
    await says(page, `#classes .class:nth-child(${i + 1})`, '1 example');
  }
}

/** The Worker that does what the page asks for, apart from the three ways. */
export function workerOf(page: Page) {
  const [worker] = page.workers().filter((each) => each.url().endsWith('worker.js'));
  return worker;
}

const AXE = fileURLToPath(import.meta.resolve('axe-core/axe.min.js'));

/** Each language light and dark, on a phone and on a desk: not all of these together, for the time that it takes. */
const SIGHTS = [
  ['pt', 'light', 390],
  ['pt', 'dark', 1280],
  ['en', 'dark', 390],
  ['en', 'light', 1280],
] as const;

/** What axe finds that keeps people from using the page as it is now. */
export async function barriers(page: Page): Promise<string[]> {
  await page.evaluate(readFileSync(AXE, 'utf8'));
  const found: string[] = [];
  for (const [language, colorScheme, width] of SIGHTS) {
    await page.click(`[data-language=${language}]`);
    await page.locator(`[data-language=${language}][aria-pressed=true]`).waitFor();
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 720 });
    const each = await page.evaluate(`axe
      .run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'], resultTypes: ['violations'] })
      .then(({ violations }) => violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => id + ': ' + target)))`);
    found.push(...(each as string[]).map((one) => `${language}, ${colorScheme}, ${width}: ${one}`));
  }
  return found;
}
