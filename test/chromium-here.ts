/** Chromium on this machine, for tests that skip themselves where it isn't there. */
import type { Browser } from 'playwright-core';
import { findChromium } from './engines/find-chromium.mjs';

const playwright = await import('playwright-core').catch(() => null);
const executablePath = findChromium();

/** Why nothing can be tried in it here; empty: it can. */
export const missing = !playwright
  ? ' (skipped: no playwright-core: npm ci)'
  : executablePath === null
    ? ' (skipped: no Chromium: apt-get install chromium, or CHROMIUM=path)'
    : '';

/** Only where nothing is missing. @param args further options of Chromium's command line */
export function launchChromium(args: readonly string[] = []): Promise<Browser> {
  return playwright!.chromium.launch({ executablePath: executablePath!, args: [...args] });
}
