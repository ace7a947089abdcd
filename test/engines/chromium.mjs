/** The golden run in a browser: bundled as a page would bundle the library, on the page's own thread. */
import { goldenImages } from '../golden/images.mjs';
import { bundle } from './bundle.mjs';
import { findChromium } from './find-chromium.mjs';

const executablePath = findChromium();

/** How to get a browser; empty where one is there. */
export const CHROMIUM_HINT = executablePath ? '' : 'apt-get install chromium, or CHROMIUM=path';

/**
 * @param {{ kernel: string, threads: number } | null} options null: only the version
 * @returns {Promise<{ version: string, result?: unknown }>}
 */
export async function runInChromium(options) {
  const { chromium } = await import('playwright-core');
  const browser = await chromium.launch({ executablePath });
  try {
    const version = browser.version();
    if (!options) return { version };
    const page = await browser.newPage();
    // localhost counts as secure, which crypto.subtle insists on. No server is needed for it.
    await page.route('http://localhost/', (route) => route.fulfill({ body: '', contentType: 'text/html' }));
    await page.goto('http://localhost/');
    await page.addScriptTag({ content: await bundle({ format: 'iife' }) });
    const images = goldenImages().map((bytes) => Array.from(bytes));
    const result = await page.evaluate(
      // In the page, where the bundle is the global `golden`.
      ([digits, settings]) =>
        golden.goldenRun(
          digits.map((bytes) => Uint8Array.from(bytes)),
          settings,
        ),
      [images, options],
    );
    return { version, result };
  } finally {
    await browser.close();
  }
}
