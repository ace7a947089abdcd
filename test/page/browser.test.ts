/** The page's story in a real Chromium, where there is one: train, freeze, draw, learn, keep, load; its host, its width, its names. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runTransfer } from '../../src/experiment/transfer.ts';
import { dense, encodeKeras, flatten, input, model, rescaling } from '../../src/index.ts';
import { encodePng } from '../../src/report/html/png.ts';
import { serve } from '../browsers/serve.mjs';
import {
  barriers,
  drawOn,
  drawTwoClasses,
  missing,
  open,
  openSite,
  type Site,
  says,
  workerOf,
} from './chromium.ts';
import { tinyData } from './tiny.ts';

// Several Workers of a busy machine take their time.
describe.skipIf(missing)(`the page in Chromium${missing}`, { timeout: 180_000 }, () => {
  let site: Site;
  beforeAll(async () => {
    site = await openSite();
  });
  afterAll(() => site?.close());

  /** What has the focus, by its id or its data-focus. */
  const focused = (page: Page): Promise<unknown> =>
    page.evaluate('document.activeElement.id || document.activeElement.dataset.focus || null');

  it('trains, goes three ways to Node’s weights, looks at a digit, learns two classes, keeps and loads them', async () => {
    const complaints: string[] = [];
    const context = await site.browser.newContext({
      locale: 'en-US',
      acceptDownloads: true,
      reducedMotion: 'reduce',
    });
    const page = await open(context, site.server.url, complaints);
    expect(await page.evaluate('crossOriginIsolated')).toBe(true);
    await page.fill('#epochs', '1');
    await page.focus('#go');
    await page.keyboard.press('Enter'); // which trains the digits 5–9 first
    await says(page, '#claim', 'After one epoch on frozen features');
    // There is no later epoch.
    expect(await page.textContent('#claim')).not.toContain('A later frozen epoch');
    await says(page, '#ways-status', /right: frozen .*%, thawed .*%, fresh .*%/);
    expect(await focused(page)).toBe('go');
    const { weights_sha256 } = await runTransfer({ data: tinyData(), epochs: 1, threads: 0 });
    // Parts are loaded when one comes near them.
    await page.locator('#proof').scrollIntoViewIfNeeded();
    expect(await page.textContent('[data-hash=frozen]')).toBe(weights_sha256);
    await page.setViewportSize({ width: 320, height: 800 });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(320);
    await page.setViewportSize({ width: 1280, height: 720 });
    await page.locator('#gradient').scrollIntoViewIfNeeded();
    await expect.poll(() => page.locator('#layers li.ice').count()).toBe(2);
    await page.focus('#gradient-ways [data-way=thawed]');
    await page.keyboard.press('Space');
    await expect.poll(() => page.locator('#layers li.ice').count()).toBe(0);
    expect(await focused(page)).toBe('thawed');

    await says(page, '#digit-status', 'Nothing is drawn yet');
    await drawOn(page, '#digit-pad', 'seven');
    await says(page, '#digit-status', /It says [5-9]: \d/);
    await page.focus('#digit-pad');
    for (const key of ['Delete', ' ', 'ArrowUp', 'ArrowUp', 'ArrowLeft', ' ']) await page.keyboard.press(key);
    await says(page, '#digit-status', /It says/);
    // The browser's own keys stay the browser's.
    const keepsKey = await page.evaluate(
      "document.getElementById('digit-pad').dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowLeft', altKey: true, cancelable: true }))",
    );
    expect(keepsKey).toBe(true);

    await page.click('#load-kept');
    await says(page, '#own-status', 'nothing is kept in this browser yet');
    await page.click('#own-add');
    await says(page, '#own-status', 'Nothing is drawn yet');
    await page.click('#learn');
    await says(page, '#own-status', 'At least two classes need an example each');
    await drawTwoClasses(page);
    await page.click('#learn');
    await says(page, '#own-status', '2 of 2 examples are right');
    await drawOn(page, '#own-pad', 'line');
    await says(page, '#own-status', 'It says star');
    // What was said is said again in another language, and names that nobody changed follow.
    await page.click('[data-language=pt]');
    await says(page, '#own-status', 'Ela diz estrela');
    await says(page, '#own-bars', 'estrela');
    await says(page, '#digit-status', /Ela diz \d/);
    await page.click('[data-language=en]');
    await says(page, '#own-status', 'It says star');
    await page.click('#keep');
    await says(page, '#own-status', 'Kept in this browser');
    const [download] = await Promise.all([page.waitForEvent('download'), page.click('#download')]);
    expect(download.suggestedFilename()).toBe('heart+star.keras');
    const file = join(site.folder, 'heart+star.keras');
    await download.saveAs(file);
    // With all that there is to see, and a line that says what went wrong.
    await page.setInputFiles('#upload', fileURLToPath(import.meta.url));
    await says(page, '#own-status', 'That didn’t work');
    await page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true");
    expect(await barriers(page)).toEqual([]);
    await page.close();

    // Another visit; what was kept is there without training, which the drawings' features need.
    const later = await open(context, site.server.url, complaints);
    await later.fill('#epochs', '1');
    await later.locator('#own').scrollIntoViewIfNeeded();
    await says(later, '#classes .class:nth-child(2)', '1 example');
    await later.click('#load-kept');
    await says(later, '#own-status', 'it tells apart heart, star');
    await drawOn(later, '#own-pad', 'bar');
    await says(later, '#own-status', 'It says heart');
    expect(await later.textContent('#source-status')).toBe('');
    // Both wait for the same features.
    await later.evaluate("for (const id of ['learn', 'own-add']) document.getElementById(id).click()");
    await says(later, '#classes .class:nth-child(1)', '2 examples');
    await later.click('#learn');
    await says(later, '#own-status', '3 of 3 examples are right');
    await drawOn(later, '#own-pad', 'line');
    await says(later, '#own-status', 'It says star');
    // A class that is gone takes the focus to the next step.
    await later.focus('#classes .class:nth-child(3) button:last-of-type');
    await later.keyboard.press('Enter');
    expect(await focused(later)).toBe('add-class');
    await later.setInputFiles('#upload', fileURLToPath(import.meta.url));
    await says(later, '#own-status', /That didn’t work: .*no network that this page can read/);
    // Whatever it is called now, on whatever machine: the names are in it.
    const bytes = readFileSync(file);
    await later.setInputFiles('#upload', { name: 'x.keras', mimeType: '', buffer: bytes });
    await says(later, '#own-bars', /heart.*star/);
    await later.setInputFiles('#upload', file);
    // It looks at the drawing that is there at once.
    await says(later, '#own-status', 'It says star');
    await later.setInputFiles('#try-photo', fileURLToPath(import.meta.url));
    await says(later, '#own-status', 'this browser can’t read it as an image: save it as JPEG or PNG');
    await later.setInputFiles('#base', file);
    await says(later, '#own-status', /That didn’t work: .*doesn’t take photos in colour/);
    // What had learnt them ends: they are learnt again, from the drawings that the page has.
    await workerOf(later).evaluate("setTimeout(() => { throw new Error('out of memory'); })");
    await drawOn(later, '#own-pad', 'bar');
    await says(later, '#own-status', 'let them be learnt, or load them, once more');
    await later.click('#learn');
    await says(later, '#own-status', /It says/);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('learns classes of photos on a network that is handed in, says where each went, and goes back to drawings without a training', async () => {
    const photo = input({ shape: [8, 8, 3] });
    const features = flatten().apply(rescaling({ scale: 1 / 255 }).apply(photo));
    const base = model({
      inputs: photo,
      outputs: dense({ units: 9, activation: 'softmax' }).apply(features),
    });
    const drawing = input({ shape: [28, 28, 1] });
    const forDrawings = model({
      inputs: drawing,
      outputs: dense({ units: 2, activation: 'softmax' }).apply(flatten().apply(drawing)),
    });
    const file = (name: string, bytes: Uint8Array) => ({
      ...{ name, mimeType: 'application/octet-stream' },
      buffer: Buffer.from(bytes),
    });
    const plain = (...colour: number[]) =>
      encodePng({
        width: 9,
        height: 12,
        channels: 3,
        data: Uint8Array.from({ length: 324 }, (_, i) => colour[i % 3]),
      });
    const context = await site.browser.newContext({
      locale: 'en-US',
      reducedMotion: 'reduce',
      viewport: { width: 390, height: 700 },
    });
    const page = await open(context, site.server.url);
    // A photo from a phone would hold the page for long.
    await page.evaluate("globalThis.createImageBitmap = () => { throw new Error('on the page’s thread'); }");
    await page.locator('#own').scrollIntoViewIfNeeded();
    await page.locator('#own-pad[width]').waitFor();
    await page.setInputFiles('#base', file('base.keras', encodeKeras(base, 'base.keras')));
    await says(page, '#own-base', 'takes photos of 8 × 8, gives 192 features');
    await says(page, '#own-status', 'Add photos of each class.');
    // The button is far below.
    await expect
      .poll(() =>
        page.evaluate("document.getElementById('own-status').getBoundingClientRect().top / innerHeight"),
      )
      .toSatisfy((place) => place > 0 && place < 1);
    await page.setInputFiles('#photos', [file('a.png', plain(250, 0, 0)), file('b.png', plain(220, 20, 0))]);
    await says(page, '#own-status', '2 added to heart.');
    await page.locator('#classes [type=radio]').nth(1).check();
    await page.setInputFiles('#photos', [file('c.png', plain(0, 0, 220)), file('d.png', plain(0, 20, 250))]);
    await says(page, '#own-status', '2 added to star.');
    await page.click('#learn');
    await says(page, '#own-status', '4 of 4 examples are right');
    await page.setInputFiles('#try-photo', file('e.png', plain(0, 10, 240)));
    await says(page, '#own-status', 'It says star');
    expect(await page.isVisible('#own-pad')).toBe(false);
    // So can what the camera sees, which becomes no example by that.
    await page.evaluate(`{
      const picture = document.createElement('canvas');
      const brush = picture.getContext('2d');
      brush.fillStyle = 'rgb(240 10 0)';
      // A picture that stands still may send none.
      setInterval(() => brush.fillRect(0, 0, 300, 150), 50);
      const stream = picture.captureStream();
      navigator.mediaDevices.getUserMedia = async () => stream;
    }`);
    await page.click('#camera');
    await page.click('text=Try this picture');
    await says(page, '#own-status', 'It says heart');
    await says(page, '#classes .class:nth-child(1)', '2 examples');
    // The focus stays among the buttons that are left.
    await page.evaluate(
      "document.getElementById('take-photo').focus(); document.getElementById('camera').click()",
    );
    await says(page, '#camera', /^Camera$/);
    expect(await focused(page)).toBe('camera');
    expect(await page.isVisible('text=Try this picture')).toBe(false);
    // Classes of drawings can be tried there too, and get no examples of them.
    await page.setInputFiles('#upload', file('up+down.keras', encodeKeras(forDrawings, 'up+down.keras')));
    await says(page, '#own-status', 'it tells apart up, down. Draw something new');
    await drawOn(page, '#own-pad', 'bar');
    await says(page, '#own-status', /It says (up|down)/);
    expect(await page.isVisible('#own-add')).toBe(false);
    await page.click('#digits-again');
    await says(page, '#own-base', 'Drawings, on the features that were learnt from 5–9');
    expect(await page.isVisible('#own-pad')).toBe(true);
    expect(await page.textContent('#source-status')).toBe('');
    // Only now are the features wanted.
    await page.fill('#epochs', '1');
    await drawOn(page, '#own-pad', 'bar');
    await page.click('#own-add');
    await says(page, '#own-status', '1 added to heart.');
    await says(page, '#source-status', 'Done');
    await context.close();
  });

  it('takes one finger’s line at a time: a hand that rests on the screen draws nothing', async () => {
    const context = await site.browser.newContext({
      hasTouch: true,
      locale: 'en-US',
      reducedMotion: 'reduce',
    });
    const page = await open(context, site.server.url);
    await page.fill('#epochs', '1');
    await page.click('#train');
    await says(page, '#source-status', 'Done');
    await page.locator('#digit-pad').scrollIntoViewIfNeeded();
    await page.locator('#digit-pad[width]').waitFor();
    const box = await page.locator('#digit-pad').boundingBox();
    const at = (id: number, x: number, y: number) => ({
      ...{ id, x: (box?.x ?? 0) + x * (box?.width ?? 0), y: (box?.y ?? 0) + y * (box?.height ?? 0) },
    });
    const screen = await context.newCDPSession(page);
    const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', ...touchPoints: ReturnType<typeof at>[]) =>
      screen.send('Input.dispatchTouchEvent', { type, touchPoints });
    await touch('touchStart', at(0, 0.3, 0.2));
    await touch('touchStart', at(0, 0.3, 0.2), at(1, 0.8, 0.9));
    await touch('touchMove', at(0, 0.5, 0.6), at(1, 0.85, 0.95));
    await touch('touchEnd');
    await says(page, '#digit-status', /It says/);
    await page.click('#digit-undo');
    await says(page, '#digit-status', 'Nothing is drawn yet');
    await context.close();
  });

  it('isolates itself on a host without headers, by loading itself again once', async () => {
    const bare = await serve(fileURLToPath(new URL('../../dist/page', import.meta.url)));
    try {
      const context = await site.browser.newContext();
      const page = await open(context, `${bare.origin}/`);
      await says(page, '#threads', /\d/);
      expect(await page.evaluate('crossOriginIsolated')).toBe(true);
      await context.close();
    } finally {
      await bare.close();
    }
  });

  it('goes on with one thread, and says why in its language, where the service worker that would isolate it never comes', async () => {
    const bare = await serve(fileURLToPath(new URL('../../dist/page', import.meta.url)));
    try {
      // Playwright refuses it without a word: it is neither registered nor ready.
      const context = await site.browser.newContext({ serviceWorkers: 'block', locale: 'pt-BR' });
      const page = await open(context, `${bare.origin}/`);
      await says(page, '#threads', 'uma thread, num Worker');
      await says(page, '#why-one-reason', 'não está isolada de outras origens');
      await context.close();
    } finally {
      await bare.close();
    }
  });

  it('is no wider than any window, and names everything that can be pressed or filled in', async () => {
    const context = await site.browser.newContext({ colorScheme: 'dark' });
    const page = await open(context, site.server.url);
    const widths = [];
    for (const width of [320, 390, 768, 1280]) {
      await page.setViewportSize({ width, height: 800 });
      widths.push(await page.evaluate('document.documentElement.scrollWidth'));
    }
    expect(widths).toEqual([320, 390, 768, 1280]);
    // The largest seed is seen whole.
    await page.fill('#seed', '999999');
    expect(
      await page.evaluate(
        "(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)(document.getElementById('seed'))",
      ),
    ).toBe(0);
    // Letters twice as large, as people set them who need that.
    await page.evaluate("document.documentElement.style.fontSize = '200%'");
    for (const width of [640, 1280]) {
      await page.setViewportSize({ width, height: 800 });
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
    }
    // With letters and words far apart too, cards of classes and all, on phones.
    await page.locator('#own-pad').scrollIntoViewIfNeeded();
    await page.locator('.class').first().waitFor();
    await page.evaluate(
      "for (const { style } of document.querySelectorAll('*')) Object.assign(style, { letterSpacing: '0.12em', wordSpacing: '0.16em' })",
    );
    for (const width of [320, 390]) {
      await page.setViewportSize({ width, height: 800 });
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
    }
    // Where the system has its own colours, what is pressed looks otherwise than what isn't.
    await page.emulateMedia({ forcedColors: 'active' });
    const colours = await page.evaluate(
      "[...document.querySelectorAll('[data-language]')].map((each) => getComputedStyle(each).backgroundColor)",
    );
    expect(new Set(colours as string[]).size).toBe(2);
    await page.emulateMedia({ forcedColors: 'none' });
    // Paper is light, whatever the screen is.
    const ground = 'getComputedStyle(document.body).backgroundColor';
    const dark = await page.evaluate(ground);
    await page.emulateMedia({ media: 'print' });
    expect(await page.evaluate(ground)).not.toBe(dark);
    // Nor are grounds printed, of which the heading is on screens.
    expect(await page.evaluate("getComputedStyle(document.querySelector('h1')).color")).toBe(
      'rgb(20, 32, 46)',
    );
    await page.emulateMedia({ media: 'screen' });
    const tree = await page.locator('body').ariaSnapshot();
    expect(tree).not.toMatch(/^\s*- (?:button|textbox|spinbutton|radio|img|progressbar)(?: \[|:|$)/m);
    expect(tree).toContain('heading "Watch it thaw" [level=1]');
    // What is read begins with what is seen, which people say to a computer that listens.
    expect(tree).toContain('button "EN: English"');
    expect(await barriers(page)).toEqual([]);
    await context.close();
  });
});
