/**
 * The page's story in a real Firefox, where there is one, and what drives it: `npm run browsers -- --install`. What is missing or goes
 * wrong is tried in Chromium alone (mishaps.test.ts).
 */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { runTransfer } from '../../src/experiment/transfer.ts';
import { tinyData } from './tiny.ts';
import { serveTinySite } from './tiny-site.ts';

const executablePath = ['/usr/bin/firefox-esr', '/usr/bin/firefox'].find((path) => existsSync(path));
const puppeteer = await driver();
const missing = !puppeteer
  ? ' (skipped: no puppeteer-core: npm run browsers -- --install)'
  : executablePath === undefined
    ? ' (skipped: no Firefox: apt-get install firefox-esr)'
    : '';

/** What is used of puppeteer's page, whose types aren't installed here. */
interface Page {
  goto(url: string): Promise<unknown>;
  click(selector: string): Promise<void>;
  evaluate(script: string): Promise<unknown>;
  waitForFunction(script: string, options: { timeout: number }): Promise<unknown>;
  on(event: 'pageerror', hear: (error: Error) => void): void;
  readonly mouse: {
    move(x: number, y: number, options?: { steps: number }): Promise<void>;
    down(): Promise<void>;
    up(): Promise<void>;
  };
}

async function driver() {
  try {
    const from = createRequire(new URL('../browsers/package.json', import.meta.url));
    return (await import(/* @vite-ignore */ pathToFileURL(from.resolve('puppeteer-core')).href)).default;
  } catch {
    return null;
  }
}

/** A camera that shows a changing colour, and may be used; and no smooth scrolling, which a click would come too early for. */
const extraPrefsFirefox = {
  'ui.prefersReducedMotion': 1,
  'media.navigator.streams.fake': true,
  'media.navigator.permission.disabled': true,
};

/** Waits until an element says something like that. */
async function says(page: Page, selector: string, text: RegExp): Promise<void> {
  const said = `document.querySelector(${JSON.stringify(selector)})?.textContent ?? ''`;
  await page
    .waitForFunction(`${text}.test(${said})`, { timeout: 60_000 })
    .catch(async () => expect(await page.evaluate(said)).toMatch(text));
}

/** A line in an area to draw in, in parts of its side. */
async function drawLine(
  page: Page,
  pad: string,
  from: readonly [number, number],
  to: readonly [number, number],
) {
  const scroll = `document.querySelector('${pad}').scrollIntoView({ block: 'center', behavior: 'instant' })`;
  await page.evaluate(scroll);
  // Its part of the page is loaded then, and makes it large.
  await page.waitForFunction(`document.querySelector('${pad}[width]') !== null`, { timeout: 60_000 });
  await page.evaluate(scroll);
  const [left, top, side] = (await page.evaluate(
    `(({ left, top, width }) => [left, top, width])(document.querySelector('${pad}').getBoundingClientRect())`,
  )) as [number, number, number];
  await page.mouse.move(left + from[0] * side, top + from[1] * side);
  await page.mouse.down();
  await page.mouse.move(left + to[0] * side, top + to[1] * side, { steps: 3 });
  await page.mouse.up();
}

describe.skipIf(missing)(`the page in Firefox${missing}`, { timeout: 180_000 }, () => {
  it('trains, goes three ways to Node’s weights, looks at a digit, learns two classes, one of them by the camera too, and keeps them', async () => {
    const site = await serveTinySite();
    const browser = await puppeteer.launch({
      browser: 'firefox',
      executablePath,
      headless: true,
      extraPrefsFirefox,
      timeout: 120_000, // of the start: machines are busy
    });
    try {
      const complaints: string[] = [];
      const page: Page = await browser.newPage();
      page.on('pageerror', ({ message }) => complaints.push(message));
      await page.goto(site.server.url);
      expect(await page.evaluate('crossOriginIsolated')).toBe(true);
      await page.evaluate('document.querySelector("#epochs").value = 1');
      await page.click('#go'); // which trains the digits 5–9 first
      await says(page, '#claim', /After one epoch on frozen features/);
      await page.evaluate('document.querySelector("#proof").scrollIntoView()');
      const { weights_sha256 } = await runTransfer({ data: tinyData(), epochs: 1, threads: 0 });
      await says(page, '[data-hash=frozen]', new RegExp(`^${weights_sha256}$`));

      await drawLine(page, '#digit-pad', [0.3, 0.2], [0.5, 0.9]);
      await says(page, '#digit-status', /It says [5-9]: \d/);

      for (const [i, to] of (
        [
          [0.5, 0.9],
          [0.9, 0.4],
        ] as const
      ).entries()) {
        await page.evaluate(`document.querySelectorAll('#classes [type=radio]')[${i}].click()`);
        await drawLine(page, '#own-pad', [0.4, 0.3], to);
        await page.click('#own-add');
        await says(page, `#classes .class:nth-child(${i + 1})`, /1 example/);
      }
      await page.click('#learn');
      await says(page, '#own-status', /2 of 2 examples are right/);
      await page.click('#camera');
      await says(page, '#camera', /Close camera/);
      // Its first picture takes a moment.
      await page.waitForFunction('document.querySelector("video").videoWidth > 0', { timeout: 60_000 });
      await page.click('#take-photo');
      await says(page, '#classes .class:nth-child(2)', /2 examples/);
      await page.click('#camera');
      await says(page, '#camera', /^Camera$/);
      await page.click('#keep');
      await says(page, '#own-status', /Kept in this browser/);
      await page.click('[data-language=pt]');
      await says(page, '#own-status', /Guardado neste navegador/);
      expect(complaints).toEqual([]);
    } finally {
      await browser.close();
      await site.close();
    }
  });
});
