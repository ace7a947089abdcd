/**
 * The browsers: each opens an address, and hands back what the page leaves in `globalThis.result`. Chromium by playwright-core, Firefox by
 * puppeteer-core (WebDriver BiDi), WebKit by its own driver (WebDriver classic), on a screen of Xvfb.
 *
 * @typedef {{ version: string, run(address: string, seconds: number): Promise<any>, close(): Promise<void> }} Browser
 */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { findChromium } from '../engines/find-chromium.mjs';

const FIREFOX = ['/usr/bin/firefox-esr', '/usr/bin/firefox'].find((path) => existsSync(path));
const WEBKIT_DRIVER = ['/usr/bin/WebKitWebDriver'].find((path) => existsSync(path));

/** What a page left, as JSON; null: nothing yet. */
const RESULT = 'JSON.stringify(globalThis.result ?? null)';

/** @type {Readonly<Record<string, { missing: string | null, open(): Promise<Browser> }>>} */
export const BROWSERS = {
  Chromium: {
    missing: findChromium() ? null : 'apt-get install chromium, or CHROMIUM=path',
    open: openChromium,
  },
  Firefox: { missing: FIREFOX ? null : 'apt-get install firefox-esr', open: openFirefox },
  WebKit: {
    missing:
      WEBKIT_DRIVER && miniBrowser() && existsSync('/usr/bin/Xvfb')
        ? null
        : 'apt-get install webkit2gtk-driver xvfb',
    open: openWebKit,
  },
};

async function openChromium() {
  const { chromium } = await import('playwright-core');
  const browser = await chromium.launch({ executablePath: findChromium() ?? undefined });
  return visitor(browser, browser.version());
}

async function openFirefox() {
  const { default: puppeteer } = await import('puppeteer-core');
  const browser = await puppeteer.launch({ browser: 'firefox', executablePath: FIREFOX, headless: true });
  return visitor(browser, (await browser.version()).replace(/^\D*/, ''));
}

/** Opens a page at a time: the two libraries have the same words for that. */
function visitor(browser, version) {
  return {
    version,
    async run(address, seconds) {
      const page = await browser.newPage();
      try {
        await page.goto(address);
        return await poll(() => page.evaluate(RESULT), seconds);
      } finally {
        await page.close();
      }
    },
    close: () => browser.close(),
  };
}

async function openWebKit() {
  const screen = await start('Xvfb', (display) => [
    `:${display}`,
    '-screen',
    '0',
    '1280x800x24',
    '-nolisten',
    'tcp',
  ]);
  const port = await freePort();
  const driver = spawn(WEBKIT_DRIVER, [`--port=${port}`], {
    env: { ...process.env, DISPLAY: `:${screen.number}`, WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1' },
    stdio: 'ignore',
  });
  /** @param {string} method @param {string} path @param {object} [body] */
  const call = async (method, path, body) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    const { value } = await response.json();
    if (!response.ok) throw new Error(`WebKit: ${value?.error}: ${value?.message}`);
    return value;
  };
  await poll(
    () =>
      call('GET', '/status').then(
        ({ ready }) => JSON.stringify(ready || null),
        () => 'null',
      ),
    20,
  );
  const { sessionId, capabilities } = await call('POST', '/session', {
    capabilities: {
      alwaysMatch: {
        browserName: 'MiniBrowser',
        'webkitgtk:browserOptions': { binary: miniBrowser(), args: ['--automation'] },
      },
    },
  });
  return {
    version: String(capabilities.browserVersion),
    async run(address, seconds) {
      await call('POST', `/session/${sessionId}/url`, { url: address });
      return poll(
        () => call('POST', `/session/${sessionId}/execute/sync`, { script: `return ${RESULT}`, args: [] }),
        seconds,
      );
    },
    async close() {
      await call('DELETE', `/session/${sessionId}`).catch(() => {});
      driver.kill();
      screen.process.kill();
    },
  };
}

/** WebKitGTK's small browser, in a folder with its version's name. */
function miniBrowser() {
  const libraries = '/usr/lib/x86_64-linux-gnu';
  if (!existsSync(libraries)) return null;
  const folder = readdirSync(libraries).find((name) => existsSync(`${libraries}/${name}/MiniBrowser`));
  return folder ? `${libraries}/${folder}/MiniBrowser` : null;
}

/** @param {string} program @param {(display: number) => string[]} args */
async function start(program, args) {
  for (let display = 90; display < 120; display++) {
    if (existsSync(`/tmp/.X11-unix/X${display}`)) continue;
    const child = spawn(program, args(display), { stdio: 'ignore' });
    for (let i = 0; i < 100 && child.exitCode === null; i++) {
      if (existsSync(`/tmp/.X11-unix/X${display}`)) return { process: child, number: display };
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    child.kill();
  }
  throw new Error(`${program} doesn't start`);
}

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
      server.close(() => resolve(port));
    });
  });
}

/** @param {() => Promise<string>} ask @param {number} seconds */
async function poll(ask, seconds) {
  for (let i = 0; i < seconds * 5; i++) {
    const value = JSON.parse(await ask());
    if (value !== null) return value;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`no result within ${seconds} s`);
}
