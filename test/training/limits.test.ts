/** What a step may take and be given: memory, learning rates, and what the engine lacks. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { encodeModel } from '../../src/formats/model.ts';
import * as degelo from '../../src/index.ts';
import { tinyData, tinyModel } from './tiny.ts';

const { x, y } = tinyData(8);

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

/** A few hundred bytes of layers whose activations take more than two gigabytes, even of one sample by one worker. */
function paddedModel(): degelo.Sequential {
  const { averagePooling2d, globalAveragePooling2d, zeroPadding2d, dense } = degelo;
  const average = () => averagePooling2d({ poolSize: 9, strides: 1, padding: 'same' });
  return degelo.sequential([
    zeroPadding2d({ padding: 9000, inputShape: [10, 10, 1] }),
    ...[average(), average(), average()],
    globalAveragePooling2d(),
    dense({ units: 3, activation: 'softmax' }),
  ]);
}

/** The model as a file holds it, and back. */
async function loaded(model: degelo.Sequential): Promise<degelo.Sequential> {
  const { json, weights } = await encodeModel(model);
  return degelo.decodeModel(json, weights);
}

describe('memoryMB', () => {
  it('of a model from a file is 2048: a step that needs more is refused before anything is allocated', async () => {
    const model = await loaded(paddedModel());
    expect(model.memoryMB).toBe(2048);
    const allocate = vi.spyOn(WebAssembly, 'Memory');
    await expect(model.predict(x)).rejects.toThrow(
      /^a step of 8 samples needs \d+\.\d GB, and may take 2048 MB: lower batchSize, or raise model\.memoryMB \(on the command line: --memory\)$/,
    );
    model.compile({ optimizer: 'sgd', loss: 'categoricalCrossentropy' });
    for (const work of [() => model.fit(x, y), () => model.evaluate(x, y), () => model.trainOnBatch(x, y)]) {
      await expect(work()).rejects.toThrow(/^a step of 8 samples needs .* may take 2048 MB/);
    }
    // To be asked for sizes, kernels have a memory of no bytes.
    expect(allocate.mock.calls.filter(([{ initial }]) => initial > 40_000)).toEqual([]);
  });

  it('is what its user says, and no limit for a model that was made here', async () => {
    const own = tinyModel(degelo);
    expect(own.memoryMB).toBe(Infinity);
    own.memoryMB = 0.01;
    await expect(own.predict(x, { batchSize: 1 })).rejects.toThrow(
      /^a step of 1 sample needs 0\.0 GB, and may take 0\.01 MB: raise model\.memoryMB \(on the command line: --memory\)$/,
    );
    own.memoryMB = 100;
    expect((await own.predict(x)).shape).toEqual([8, 3]);
    await own.dispose();
  });

  it('lets a compiled model predict and evaluate where it is too little for training, until it is trained', async () => {
    const { conv2d, dense, globalAveragePooling2d, sequential, zeros } = degelo;
    await using wide = sequential({ seed: 1, layers: [] });
    wide.add(conv2d({ filters: 8, kernelSize: 3, activation: 'relu', inputShape: [32, 32, 3] }));
    for (let i = 0; i < 8; i++)
      wide.add(conv2d({ filters: 8, kernelSize: 3, padding: 'same', activation: 'relu' }));
    for (const layer of [globalAveragePooling2d(), dense({ units: 3, activation: 'softmax' })])
      wide.add(layer);
    const images = zeros([8, 32, 32, 3]);
    for (const threads of [0, 2]) {
      const before = await wide.predict(images);
      wide.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy', threads });
      wide.memoryMB = 3;
      expect(await wide.predict(images)).toEqual(before);
      expect((await wide.evaluate(images, new Int32Array(8))).loss).toBeGreaterThan(0);
      await expect(wide.fit(images, new Int32Array(8))).rejects.toThrow(/^a step of 8 samples needs/);
      wide.memoryMB = 100;
      await wide.trainOnBatch(images, new Int32Array(8));
      wide.memoryMB = 3;
      expect((await wide.predict(images)).shape).toEqual([8, 3]);
    }
  });

  it.each([
    ['100', TypeError],
    [null, TypeError],
    [0, RangeError],
    [Number.NaN, RangeError],
  ])('is a number above 0, not %s', (value, kind) => {
    expect(() => {
      tinyModel(degelo).memoryMB = value as number;
    }).toThrow(kind);
  });
});

describe('a learning rate that a callback sets', () => {
  it.each([
    [-5, RangeError, 'sgd: learningRate must be at least 0 and finite, got -5'],
    [Number.NaN, RangeError, 'sgd: learningRate must be at least 0 and finite, got NaN'],
    [Infinity, RangeError, 'sgd: learningRate must be at least 0 and finite, got Infinity'],
    ['0.1', TypeError, /^sgd: learningRate must be a number, got .*0\.1/],
  ])('to %s ends fit in the same error with and without threads', async (value, kind, message) => {
    for (const threads of [0, 2]) {
      await using model = tinyModel(degelo);
      const optimizer = degelo.sgd();
      model.compile({ optimizer, loss: 'categoricalCrossentropy', threads });
      const onBatchEnd = () => {
        optimizer.learningRate = value as number;
      };
      const error = await model.fit(x, y, { batchSize: 4, callbacks: [{ onBatchEnd }] }).catch((e) => e);
      expect(error).toBeInstanceOf(kind);
      expect(error.message).toMatch(message);
      expect(model.step).toBe(1);
      // It stays what it was.
      expect(optimizer.learningRate).toBe(0.01);
      expect((await model.evaluate(x, y)).loss).toBeGreaterThan(0);
    }
  });
});

describe('an engine', () => {
  it('without SharedArrayBuffer refuses threads in one line, and trains without', async () => {
    vi.stubGlobal('SharedArrayBuffer', undefined);
    const model = tinyModel(degelo);
    const options = { optimizer: 'sgd', loss: 'categoricalCrossentropy' } as const;
    expect(() => model.compile({ ...options, threads: 2 })).toThrow(
      new RangeError(
        "compile: threads must be 0 here: this engine has no SharedArrayBuffer, so threads can't share memory: got 2",
      ),
    );
    model.compile(options);
    expect((await model.fit(x, y)).history.loss.length).toBe(1);
  });

  it('whose timers are a page’s, as in jsdom and in Electron’s windows, has no threads, and says why', async () => {
    const { setTimeout: real } = globalThis;
    vi.stubGlobal('setTimeout', (run: () => void, after?: number) => Number(real(run, after)));
    const model = tinyModel(degelo);
    model.compile({ optimizer: 'sgd', loss: 'categoricalCrossentropy' });
    expect((await model.fit(x, y)).history.loss.length).toBe(1);
    expect(model.threads).toBe(0);
    expect(model.threadsReason).toMatch(
      /^worker threads need Node's timers, and here setTimeout is a page's/,
    );
  });

  it('that reserves no addresses for WebAssembly says so in one line, and plain kernels need none', async () => {
    const model = tinyModel(degelo);
    vi.spyOn(WebAssembly, 'Memory').mockImplementation(function forbidden() {
      throw new RangeError('WebAssembly.Memory(): could not allocate memory');
    });
    const options = { optimizer: 'sgd', loss: 'categoricalCrossentropy', threads: 0 } as const;
    model.compile({ ...options, kernel: 'simd' });
    await expect(model.fit(x, y)).rejects.toThrow(
      "kernel simd needs WebAssembly memory, which isn't here: use kernel plain, or lift a limit on addresses such as " +
        'ulimit -v (WebAssembly.Memory(): could not allocate memory)',
    );
    model.compile({ ...options, kernel: 'plain' });
    await model.fit(x, y);
  });
});
