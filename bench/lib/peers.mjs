/** What to say where a peer is missing: how to install it, and go on without it. */

/** @type {Set<string>} */
export const missing = new Set();

const INSTALL = 'npm ci --prefix bench';

/**
 * @param {string} name
 * @param {unknown} error why it couldn't be loaded
 * @param {string} [install]
 * @returns {null}
 */
export function notInstalled(name, error, install = INSTALL) {
  if (!missing.has(name)) {
    const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
    console.error(`  ${name}: not installed (${install}): ${reason}`);
    missing.add(name);
  }
  return null;
}
