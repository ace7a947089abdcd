/** What the page says where the library or the browser has trouble: in its own words, in both languages, and none of a programmer's. */
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { readMnist } from '../../src/formats/mnist-web.ts';
import { english as first } from '../../src/page/messages/en.ts';
import { later } from '../../src/page/messages/later-en.ts';
import { portuguese } from '../../src/page/messages/pt.ts';
import type { Messages, Words } from '../../src/page/messages.ts';
import { pixelsOf } from '../../src/page/work/photo.ts';
import { WebThread } from '../../src/training/threads/web-thread.ts';
import { tinyFiles } from './tiny.ts';

const english = { ...first, ...later, text: portuguese.text } as Messages;
const images = tinyFiles()['train-images-idx3-ubyte.gz'];

/** Loads the images where each address has these bytes. */
const load = (bytes: Uint8Array): Promise<unknown> => {
  vi.stubGlobal('fetch', async () => new Response(Uint8Array.from(bytes)));
  return readMnist('http://localhost/mnist');
};

describe('trouble', () => {
  let reasonOf: (error: unknown) => Words;
  beforeAll(async () => {
    // The texts of index.html are none of this.
    vi.stubGlobal('document', { querySelectorAll: () => [] });
    // By a name that the compiler doesn't follow: the DOM's types are the page's alone.
    const language = '../../src/page/language.ts';
    ({ reasonOf } = await import(language));
  });
  afterEach(() => vi.unstubAllGlobals());

  it.each<[what: string, work: () => Promise<unknown>, en: RegExp, pt: RegExp]>([
    ['images that came in part', () => load(images.subarray(0, 900)), /came damaged: load/, /danificadas/],
    [
      'half of an image',
      () => load(gunzipSync(images).subarray(0, 900)),
      /came damaged: load/,
      /danificadas/,
    ],
    ['a server’s page for images', () => load(Buffer.from('<!doctype html>')), /came damaged/, /danificadas/],
    [
      'no DecompressionStream',
      () => {
        vi.stubGlobal('DecompressionStream', undefined);
        return load(images);
      },
      /too old for that: update it/,
      /antigo demais para isso: atualize/,
    ],
    [
      'no OffscreenCanvas',
      () => {
        vi.stubGlobal('createImageBitmap', async () => ({ width: 1, height: 1 }));
        return pixelsOf(new Blob());
      },
      /too old for that: update it/,
      /antigo demais para isso: atualize/,
    ],
    [
      'threads that do nothing',
      () => Promise.reject(new Error('the threads gave no answer')),
      /^the threads gave no answer$/,
      /^as threads não responderam$/,
    ],
    [
      'a thread whose program comes too late',
      () =>
        Promise.reject(
          new Error("a worker thread can't start: the workers' program didn't load within 30 seconds"),
        ),
      /^the Worker’s program can’t be loaded: try again/,
      /^o programa do Worker não pode ser carregado: tente/,
    ],
    [
      'a thread whose program doesn’t come',
      () => {
        const addEventListener = (type: string, hear: (event: never) => void): void => {
          if (type === 'error') hear(new Event(type) as never);
        };
        return new WebThread(() => ({ postMessage() {}, terminate() {}, addEventListener })).ready;
      },
      /^the Worker’s program can’t be loaded: try again/,
      /^o programa do Worker não pode ser carregado: tente/,
    ],
  ])('with %s is told so, with what to do', async (_, work, en, pt) => {
    const error = await work().then(
      () => null,
      (reason: unknown) => reason,
    );
    expect(error).not.toBeNull();
    const words = reasonOf(error);
    expect(words(english)).toMatch(en);
    expect(words(portuguese as Messages)).toMatch(pt);
  });

  it('is none where images come, and how much of the largest file has come is told', async () => {
    const files = tinyFiles();
    vi.stubGlobal('fetch', async (url: string) => {
      const bytes = Uint8Array.from(files[url.split('/').at(-1) ?? '']);
      return new Response(bytes, { headers: { 'content-length': String(bytes.length) } });
    });
    const heard: unknown[] = [];
    await readMnist('http://localhost/mnist', (bytes, total) => heard.push([bytes, total]));
    expect(heard).toEqual([[images.length, images.length]]);
  });
});
