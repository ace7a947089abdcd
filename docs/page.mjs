/**
 * Takes docs/page.webp, a picture of the page "Watch it thaw" after five epochs, in a Chromium that is installed. In a checkout:
 *
 *   npm run build && npm run build:page && node docs/page.mjs
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { ISOLATION, serve } from '../test/browsers/serve.mjs';
import { findChromium } from '../test/engines/find-chromium.mjs';

const WIDTH = 1000;
/** A training of four networks, on a machine that has other things to do too. */
const PATIENCE = 600_000;

const executablePath = findChromium();
if (executablePath === null) throw new Error('no Chromium: apt-get install chromium, or CHROMIUM=path');
const site = await serve(fileURLToPath(new URL('../dist/page/', import.meta.url)), ISOLATION);
const browser = await chromium.launch({ executablePath });
const page = await browser.newPage({
  ...{ locale: 'en-US', colorScheme: 'light', reducedMotion: 'reduce' },
  viewport: { width: WIDTH, height: 2000 },
});
await page.goto(site.origin);
await page.click('#go'); // which trains the digits 5–9 first
const claim = page.locator('#claim').filter({ hasText: 'After one epoch' });
await claim.waitFor({ timeout: PATIENCE });

// The bar at the top would be over the picture.
await page.evaluate("document.querySelector('.top').remove()");
// The three ways.
const [top, bottom] = await Promise.all(['#ways', '#claim'].map((id) => page.locator(id).boundingBox()));
const y = top.y + (await page.evaluate('scrollY'));
const height = bottom.y + bottom.height - top.y + 24;
const session = await page.context().newCDPSession(page);
const { data } = await session.send('Page.captureScreenshot', {
  ...{ format: 'webp', quality: 75, captureBeyondViewport: true },
  clip: { x: 0, y, width: WIDTH, height, scale: 1 },
});
writeFileSync(new URL('./page.webp', import.meta.url), Buffer.from(data, 'base64'));
await browser.close();
await site.close();
