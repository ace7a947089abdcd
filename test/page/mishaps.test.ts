/** The page in a real Chromium where something is missing, full, refused or ended: it says what is the matter, and goes on. */
import { fileURLToPath } from 'node:url';
import type { BrowserContext } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runTransfer } from '../../src/experiment/transfer.ts';
import { drawOn, drawTwoClasses, missing, open, openSite, type Site, says, workerOf } from './chromium.ts';
import { tinyData } from './tiny.ts';

/** Keeps a file waiting. @returns lets it come */
async function heldBack(context: BrowserContext, file: string): Promise<() => void> {
  let letCome = () => {};
  const slow = new Promise<void>((resolve) => {
    letCome = resolve;
  });
  await context.route(file, (route) => slow.then(() => route.continue()));
  return letCome;
}

describe.skipIf(missing)(`the page in Chromium${missing}`, { timeout: 180_000 }, () => {
  let site: Site;
  beforeAll(async () => {
    site = await openSite();
  });
  afterAll(() => site?.close());

  it('says what is the matter where images or the Worker’s program are missing, and goes on when they are back', async () => {
    const context = await site.browser.newContext({ locale: 'pt-BR' });
    await context.route('**/worker.js', (route) => route.abort());
    await context.addInitScript('IDBFactory.prototype.open = () => { throw new Error("forbidden here"); }');
    const letSpeak = await heldBack(context, '**/pt.js');
    const page = await open(context, site.server.url);
    // Before its language is there.
    await page.click('#train');
    await says(page, '#source-status', 'the Worker’s program can’t be loaded');
    letSpeak();
    await says(page, '#source-status', 'o programa do Worker não pode ser carregado');
    await page.click('[data-language=en]');
    await says(page, '#source-status', 'the Worker’s program can’t be loaded');
    await page.click('[data-language=pt]');
    await context.unroute('**/worker.js');
    await context.route('**/*.gz', (route) => route.fulfill({ status: 404 }));
    await page.click('#train');
    await says(page, '#source-status', 'as imagens dos dígitos não podem ser carregadas (status HTTP 404)');
    await page.click('[data-language=en]');
    await says(
      page,
      '#source-status',
      'the images of the digits can’t be loaded (HTTP status 404): try again',
    );
    await page.click('[data-language=pt]');
    await context.unroute('**/*.gz');
    // Nor does anybody have to wait for them.
    const letImagesCome = await heldBack(context, '**/*.gz');
    await page.click('#train');
    await says(page, '#source-status', 'Carregando as imagens');
    expect(await page.locator('#source-progress:indeterminate').count()).toBe(1);
    await page.click('#stop');
    await says(page, '#source-status', 'Parado');
    letImagesCome();
    await page.fill('#epochs', '1');
    await context.route('**/look.js', (route) => route.abort());
    await page.click('#train');
    await says(page, '#source-status', 'Pronto');
    // What looks into the network is missed where somebody looks.
    await drawOn(page, '#digit-pad', 'seven');
    await says(page, '#digit-status', 'uma parte da página não pode ser carregada');
    await context.unroute('**/look.js');
    await page.click('#digit-clear');
    await drawOn(page, '#digit-pad', 'seven');
    await says(page, '#digit-status', 'Ela diz');
    await page.click('[data-language=en]');
    await says(page, '#source-status', 'Done');
    await drawOn(page, '#own-pad', 'bar');
    await page.click('#own-add');
    await says(page, '#own-status', /gone when this page is closed.*forbidden here/);
    await says(page, '#classes .class:nth-child(1)', '1 example');
    await says(page, '#own-base', /forbidden here/);
    // A part of a Worker's program, which has no window.
    await context.route('**/any-model.js', (route) => route.abort());
    await page.setInputFiles('#upload', fileURLToPath(import.meta.url));
    await says(page, '#own-status', 'a part of the page can’t be loaded');
    await page.click('[data-language=pt]');
    await says(page, '#own-status', 'uma parte da página não pode ser carregada');
    await page.click('[data-language=en]');
    await context.unroute('**/any-model.js');
    await page.setInputFiles('#upload', fileURLToPath(import.meta.url));
    await says(page, '#own-status', 'no network that this page can read');
    // What ends all three ways is said once.
    await context.route('**/worker.js', (route) => route.abort());
    await page.click('#go');
    await says(page, '#ways-status', /^That didn’t work: the Worker’s program can’t be loaded[^,]*$/);
    await context.unroute('**/worker.js');
    // The three ways, whose images don't come, end where what they began with is trained anew.
    await context.route('**/*.gz', () => {});
    await page.click('#go');
    await page.locator('#stop-ways').waitFor();
    await page.click('#train');
    await says(page, '#fresh-facts', 'Stopped');
    await says(page, '#source-status', 'Done');
    expect(await page.textContent('#claim')).toBe('');
    await context.close();
  });

  it('does what was pressed before its part was there', async () => {
    const context = await site.browser.newContext({ locale: 'en-US', reducedMotion: 'reduce' });
    const letCome = await heldBack(context, '**/own.js');
    const page = await open(context, site.server.url);
    await page.click('#learn');
    letCome();
    await says(page, '#own-status', 'At least two classes need an example each');
    // A file as well, of which nothing is known but its name.
    await page.reload();
    await page.setInputFiles('#upload', fileURLToPath(import.meta.url));
    await says(page, '#own-status', 'no network that this page can read');
    await context.close();
  });

  it('says how it is served where it is opened as a file, to which browsers give no programs, and what to do where one doesn’t come', async () => {
    const context = await site.browser.newContext();
    const page = await context.newPage();
    await page.goto(new URL('../../dist/page/index.html', import.meta.url).href);
    expect(await page.innerText('body')).toMatch(/npx degelo page serves it.*npx degelo page a serve/);
    await page.goto(site.server.url);
    expect(await page.innerText('body')).not.toContain('npx degelo page');
    const toLoadAgain = "getComputedStyle(document.querySelector('.hero'), '::after')";
    await says(page, '#threads', 'thread');
    expect(await page.evaluate(`${toLoadAgain}.content`)).toBe('none');
    // A part of the program itself doesn't come: nothing of it runs, and a line says so after a while.
    await context.route('**/markup.js', (route) => route.abort());
    await page.reload();
    expect(await page.evaluate(`${toLoadAgain}.visibility`)).toBe('hidden');
    await page.evaluate('for (const each of document.getAnimations()) each.finish()');
    expect(await page.evaluate(`${toLoadAgain}.visibility + ${toLoadAgain}.content`)).toMatch(
      /visible.*load this page again.*carregue esta página/,
    );
    await context.close();
  });

  it('says in its language why there is no picture of the camera', async () => {
    const context = await site.browser.newContext({ locale: 'pt-BR' });
    const page = await open(context, site.server.url);
    for (const [name, why] of [
      ['NotAllowedError', 'o uso foi recusado'],
      ['NotFoundError', 'não há nenhuma'],
      ['OverconstrainedError', 'não há nenhuma'],
      ['NotReadableError', 'outro programa pode estar usando-a'],
    ]) {
      await page.evaluate(
        `navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('in English', '${name}'))`,
      );
      await page.click('#camera');
      await says(page, '#own-status', `A câmera não pode ser usada: ${why}`);
    }
    // One that is pulled out: its picture doesn't stand still.
    await page.evaluate(`{
      const picture = document.createElement('canvas');
      picture.getContext('2d').fillRect(0, 0, 9, 9);
      globalThis.stream = picture.captureStream();
      navigator.mediaDevices.getUserMedia = async () => stream;
    }`);
    await page.click('#camera');
    await says(page, '#camera', 'Fechar');
    await page.evaluate("stream.getVideoTracks()[0].dispatchEvent(new Event('ended'))");
    await says(page, '#own-status', 'ela parou');
    await says(page, '#camera', /^Câmera$/);
    await context.close();
  });

  it('says which of two tabs keeps its drawings, and loses none that were kept', async () => {
    const context = await site.browser.newContext({ locale: 'en-US' });
    const [first, second] = [await open(context, site.server.url), await open(context, site.server.url)];
    for (const page of [first, second]) {
      await page.bringToFront();
      await page.locator('#own').scrollIntoViewIfNeeded();
      await says(page, '#classes .class:nth-child(2)', '0 examples');
    }
    for (const page of [first, second]) {
      await page.bringToFront();
      await page.fill('#epochs', '1');
      await drawOn(page, '#own-pad', 'bar');
      await page.click('#own-add');
      await says(page, '#classes .class:nth-child(1)', '1 example');
    }
    await says(second, '#own-base', 'another tab of this page kept its own meanwhile');
    expect(await first.textContent('#own-base')).not.toContain('another tab');
    await second.reload();
    await second.locator('#own').scrollIntoViewIfNeeded();
    await says(second, '#classes .class:nth-child(1)', '1 example');
    await context.close();
  });

  it('says that a class is gone to which a drawing was on its way, and puts the drawing back', async () => {
    const context = await site.browser.newContext({ locale: 'en-US' });
    const page = await open(context, site.server.url);
    await page.fill('#epochs', '1');
    await drawOn(page, '#own-pad', 'bar');
    await page.evaluate("document.getElementById('own-add').click()");
    await page.click('#classes .class:nth-child(1) [data-focus^=remove]');
    await says(page, '#own-status', 'that class was removed meanwhile');
    await page.click('#own-add');
    await says(page, '#own-status', '1 added to star');
    // What is taken back is said too, to those who don't see it go.
    await page.click('#classes .class:nth-child(1) [data-focus^=undo]');
    await says(page, '#own-status', 'star: 0 examples');
    await context.close();
  });

  it('says that its storage is full or refused, has the classes downloaded instead, and keeps them once there is room', async () => {
    const context = await site.browser.newContext({ locale: 'en-US', acceptDownloads: true });
    const page = await open(context, site.server.url);
    await page.fill('#epochs', '1');
    const full = `{
      globalThis.put = IDBObjectStore.prototype.put;
      IDBObjectStore.prototype.put = () => { throw new DOMException('full', 'QuotaExceededError'); };
    }`;
    const room = 'IDBObjectStore.prototype.put = globalThis.put';
    await page.evaluate(full);
    await drawTwoClasses(page);
    await says(page, '#own-base', /gone when this page is closed.*storage has no room left/);
    await page.click('#learn');
    await says(page, '#own-status', '2 of 2 examples are right');
    await workerOf(page).evaluate(full);
    await page.click('#keep');
    await says(page, '#own-status', /has no room left.*Download gives you the classes as a file/);
    await Promise.all([page.waitForEvent('download'), page.click('#download')]);
    await workerOf(page).evaluate(
      "indexedDB.open = () => { throw new DOMException('denied', 'SecurityError'); }",
    );
    for (const id of ['#keep', '#load-kept']) {
      await page.click(id);
      await says(page, '#own-status', 'gives the page no storage (denied (SecurityError))');
    }
    await workerOf(page).evaluate(`delete indexedDB.open; ${room}`);
    await page.click('#keep');
    await says(page, '#own-status', 'Kept in this browser');
    await page.evaluate(room);
    await drawOn(page, '#own-pad', 'seven');
    await page.click('#own-add');
    await says(page, '#own-base', 'keeps them until you come back');
    await context.close();
  });

  it('says that a language doesn’t come; is in the one that was chosen before; where storage is refused, in that of the browser', async () => {
    const context = await site.browser.newContext({ locale: 'en-US' });
    const page = await open(context, site.server.url);
    await context.route('**/pt.js', (route) => route.abort());
    await page.click('[data-language=pt]');
    await says(page, '#spoken', 'That didn’t work: a part of the page can’t be loaded');
    await context.unroute('**/pt.js');
    await page.click('[data-language=pt]');
    await says(page, 'h1', 'Veja o degelo');
    expect(await page.textContent('#spoken')).toBe('');
    await page.reload();
    await says(page, 'h1', 'Veja o degelo');
    await page.addInitScript(
      "Object.defineProperty(globalThis, 'localStorage', { get() { throw new DOMException('denied', 'SecurityError'); } })",
    );
    await page.reload();
    await says(page, '#threads', 'thread');
    expect(await page.textContent('h1')).toBe('Watch it thaw');
    await page.click('[data-language=pt]');
    await says(page, 'h1', 'Veja o degelo');
    await context.close();
  });

  it('leaves nothing half-saved where it is closed in mid-training, or while it keeps something', async () => {
    const context = await site.browser.newContext({ locale: 'en-US' });
    const page = await open(context, site.server.url);
    await page.fill('#epochs', '1');
    await drawTwoClasses(page);
    await page.click('#learn');
    await says(page, '#own-status', '2 of 2 examples are right');
    await page.click('#keep');
    await says(page, '#own-status', 'Kept in this browser');
    await page.fill('#epochs', '30');
    await page.click('#go');
    await says(page, '#fresh-facts', 'an epoch');
    await page.evaluate("for (const id of ['own-add', 'keep']) document.getElementById(id).click()");
    await page.close();
    const later = await open(context, site.server.url);
    expect(await later.textContent('#source-status')).toBe('');
    await later.locator('#own').scrollIntoViewIfNeeded();
    await says(later, '#classes .class:nth-child(2)', '1 example');
    await later.click('#load-kept');
    await says(later, '#own-status', 'it tells apart heart, star');
    await context.close();
  });
});

// What V8 has SIMD by, on x64: where it is turned off, there is none. Elsewhere nothing turns it off.
const noSimd = process.arch === 'x64' ? '' : ' (skipped: this processor always has SIMD)';

describe.skipIf(missing || noSimd)(
  `the page in Chromium without SIMD${missing || noSimd}`,
  { timeout: 180_000 },
  () => {
    it('trains the same weights, with threads and without WebAssembly too, and says that it is slower', async () => {
      const site = await openSite(['--js-flags=--no-enable-sse4-1']);
      try {
        const context = await site.browser.newContext({ locale: 'en-US' });
        const page = await open(context, site.server.url);
        await page.fill('#epochs', '1');
        await page.click('#go');
        await says(page, '#claim', 'After one epoch on frozen features');
        await says(page, '#source-status', /Done.*This browser runs no WebAssembly SIMD here/);
        await page.locator('#proof').scrollIntoViewIfNeeded();
        const { weights_sha256 } = await runTransfer({ data: tinyData(), epochs: 1, threads: 0 });
        await says(page, '[data-hash=frozen]', weights_sha256);
        const expected = await page.textContent('[data-hash=source]');
        await drawTwoClasses(page);
        await page.click('#learn');
        await says(page, '#own-status', '2 of 2 examples are right');

        // Of the page's Workers and of their threads.
        await context.route(/(worker|thread)\.js$/, async (route) => {
          const response = await route.fetch();
          await route.fulfill({ response, body: `delete self.WebAssembly;${await response.text()}` });
        });
        await page.reload();
        await page.fill('#epochs', '1');
        await page.click('#train');
        await says(page, '#source-status', /Done.*This browser runs no WebAssembly SIMD here/);
        expect(await workerOf(page).evaluate('typeof WebAssembly')).toBe('undefined');
        await page.locator('#proof').scrollIntoViewIfNeeded();
        await says(page, '[data-hash=source]', expected ?? '');
      } finally {
        await site.close();
      }
    });
  },
);
