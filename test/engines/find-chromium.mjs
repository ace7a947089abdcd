/** A Chromium that is installed here, for playwright-core, which brings none; null where there is none. */
import { existsSync } from 'node:fs';

const PATHS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** @returns {string | null} */
export function findChromium() {
  return process.env.CHROMIUM ?? PATHS.find((path) => existsSync(path)) ?? null;
}
