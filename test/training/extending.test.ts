/** Layers, losses and optimizers of users' own: on one thread as they are, on many and in files by their registered names. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
// pretest built it: worker threads run the built library.
import * as built from '../../dist/index.js';
import type * as source from '../../src/index.ts';
import { temporaryFolder } from '../temporary.ts';
import { getWeightsFlat } from './weights.ts';

// One class declared twice, in src and in dist, is two types to TypeScript.
const degelo = built as unknown as typeof source;
const { dense, registerLayer, registerLoss, registerMetric, registerOptimizer, sequential, tensor } = degelo;

/** Modules as users write them, each a file that worker threads can import. */
let folder: string;
const index = new URL('../../dist/index.js', import.meta.url).href;
const moduleOf = (name: string, code: string): string => {
  const path = join(folder, name);
  writeFileSync(path, `import * as degelo from ${JSON.stringify(index)};\n${code}`);
  return pathToFileURL(path).href;
};
beforeAll(() => {
  folder = temporaryFolder();
});

class Half extends degelo.Layer {
  readonly className: string;

  constructor(className: string, options: source.LayerOptions = {}) {
    super(options);
    this.className = className;
  }

  forward({ x, y, stage }: source.Run, N: number): void {
    for (let i = 0; i < N * stage.inputShape[0]; i++) y[i] = x[i] / 2;
  }

  backward({ dy, dx, stage }: source.Run, N: number): void {
    for (let i = 0; dx && i < N * stage.inputShape[0]; i++) dx[i] = dy[i] / 2;
  }
}

const x = [[1], [2], [3], [4]];
const y = [2, 4, 6, 8];
const sum: source.Loss = {
  name: 'sum',
  targetKind: 'rows',
  compute({ C, x, losses, dx }, N, batch) {
    for (let n = 0; n < N; n++) losses[n] = x[n * C];
    dx?.fill(1 / batch, 0, N * C);
  },
};
const still = (): source.Optimizer => ({
  ...{ name: 'still', learningRate: 1, slots: [], update() {}, getConfig: () => ({ name: 'still' }) },
});
const model = (className: string) =>
  sequential([
    dense({ units: 2, inputShape: [1] }),
    new Half(className, { name: 'half' }),
    dense({ units: 1 }),
  ]);

describe('on one thread', () => {
  it('objects that nobody registered train as they are; unless told no threads are taken', async () => {
    const own = model('Half');
    own.compile({ optimizer: still(), loss: sum });
    const { history } = await own.fit(x, y, { epochs: 2 });
    expect(history.loss[1]).toBe(history.loss[0]);
    own.compile({ optimizer: 'sgd', loss: sum });
    const trained = await own.fit(x, y, { epochs: 2 });
    expect(trained.history.loss[1]).toBeLessThan(trained.history.loss[0]);
    const fresh = model('Half');
    expect((await fresh.predict(x)).shape).toEqual([4, 1]);
  });

  it.each([
    ['layer half \\(Half\\)', () => model('Half'), 'sgd', 'meanSquaredError'],
    // A class of the user's own that calls itself one of ours.
    ['layer half \\(Dense\\)', () => model('Dense'), 'sgd', 'meanSquaredError'],
    ['loss sum', () => sequential([dense({ units: 1, inputShape: [1] })]), 'sgd', sum],
    [
      'optimizer still',
      () => sequential([dense({ units: 1, inputShape: [1] })]),
      still(),
      'meanSquaredError',
    ],
  ] as const)(
    '%s can’t be sent to threads that are asked for, and can’t be saved',
    async (what, make, optimizer, loss) => {
      const own = make();
      expect(() => own.compile({ optimizer, loss, threads: 2 })).toThrow(
        new RegExp(
          `^compile: ${what} can't be sent to worker threads: register it with the URL of its module, or use threads: 0$`,
        ),
      );
    },
  );

  it('what nobody registered can’t be saved', async () => {
    const refused = (what: string) =>
      `${what} can't be saved or cloned: register it first: docs/extending.md`;
    await expect(degelo.encodeModel(model('Half'))).rejects.toThrow(refused('layer half'));
    const own = sequential([dense({ units: 1, inputShape: [1] })]);
    own.compile({ optimizer: 'sgd', loss: sum });
    await expect(degelo.encodeModel(own)).rejects.toThrow(refused('loss sum'));
    const optimizer = {
      name: 'still',
      learningRate: 0,
      slots: [],
      update() {},
      getConfig: () => ({ name: 'still' }),
    };
    own.compile({ optimizer, loss: 'mse' });
    await expect(degelo.encodeModel(own)).rejects.toThrow(refused('optimizer still'));
  });
});

describe('on many threads', () => {
  it('a layer whose module can’t be imported there ends training at once, with the module and the reason', async () => {
    const url = moduleOf('broken.mjs', "throw new Error('no disk');");
    registerLayer('Broken', () => new Half('Broken'), url);
    await using own = model('Broken');
    own.compile({ optimizer: 'sgd', loss: 'meanSquaredError', threads: 2 });
    const failed = own.fit(x, y);
    await expect(failed).rejects.toThrow(degelo.ModuleError);
    await expect(failed).rejects.toThrow(/^worker threads can't use file:.*broken.mjs: no disk$/);
  });

  it('a module that doesn’t register the layer is named', async () => {
    registerLayer('Absent', () => new Half('Absent'), moduleOf('empty.mjs', ''));
    await using own = model('Absent');
    own.compile({ optimizer: 'sgd', loss: 'meanSquaredError', threads: 1 });
    await expect(own.fit(x, y)).rejects.toThrow(/can't use file:.*empty.mjs: .*unknown layer class Absent/);
  });

  it('a module that trains when it is imported is stopped before its threads have threads', async () => {
    const url = moduleOf(
      'trains.mjs',
      `const model = degelo.sequential([degelo.dense({ units: 1, inputShape: [1] })]);
       await model.predict([[1]]);`,
    );
    registerLayer('Trains', () => new Half('Trains'), url);
    await using own = model('Trains');
    own.compile({ optimizer: 'sgd', loss: 'meanSquaredError', threads: 1 });
    await expect(own.fit(x, y)).rejects.toThrow(/trains.mjs: a module that registers must do nothing else/);
  });

  it('registered modules train with the same bits as on one, and predict', async () => {
    const code = (name: string) => `
      class Shift extends degelo.Layer {
        className = '${name}';
        constructor(options) { super(options); this.by = options.by; }
        forward({ x, y, stage }, N) {
          for (let i = 0; i < N * stage.inputShape[0]; i++) y[i] = x[i] + this.by;
        }
        backward({ dy, dx, stage }, N) {
          for (let i = 0; dx && i < N * stage.inputShape[0]; i++) dx[i] = dy[i];
        }
      }
      export const shift = (options) => new Shift(options);
      degelo.registerLayer('${name}', shift, import.meta.url);`;
    const { shift } = await import(/* @vite-ignore */ moduleOf('shift.mjs', code('ShiftBy')));
    const outcome = async (threads: number) => {
      await using own = sequential({
        seed: 3,
        layers: [dense({ units: 3, inputShape: [1] }), shift({ by: 0.25 }), dense({ units: 1 })],
      });
      own.compile({ optimizer: 'adam', loss: 'meanSquaredError', threads });
      await own.fit(x, y, { epochs: 3, batchSize: 3 });
      const { json, weights } = await degelo.encodeModel(own);
      expect(JSON.parse(json).network.layers[1]).toEqual({
        className: 'ShiftBy',
        config: { by: 0.25, name: own.layers[1].name, trainable: true },
      });
      const read = await degelo.decodeModel(json, weights);
      const predictions = [...(await own.predict(x)).data];
      await using _ = read;
      expect([...(await read.predict(x)).data]).toEqual(predictions);
      return { weights: getWeightsFlat(own), predictions };
    };
    expect(await outcome(2)).toEqual(await outcome(0));
  });
});

describe('register', () => {
  it.each([
    [
      () => registerLayer('Dense', () => new Half('Dense')),
      /^register layer: the name must not be one of degelo's own, got Dense$/,
    ],
    [
      () => registerLoss('meanSquaredError', () => sum),
      /^register loss: the name must not be one of degelo's own/,
    ],
    [
      () => registerOptimizer('adam', still),
      /^register optimizer: the name must not be one of degelo's own, got adam$/,
    ],
    [() => registerLayer('', () => new Half('')), /name must be a string that isn't empty, got ''$/],
    [() => registerLayer('Mine', 5 as never), /Mine must come with a function that makes it, got 5/],
    [
      () => registerLayer('Half', Half as never),
      /^register layer: Half must come with .*, got the class Half: \(options\) => new Half\(options\)$/,
    ],
    [
      () => registerLoss('mine', () => sum, './mine.js'),
      /module must be a URL, as import.meta.url is, got '.\/mine.js'/,
    ],
  ])('refuses %o', (register, message) => {
    expect(register).toThrow(message);
  });

  it('again replaces what a name meant', () => {
    registerLoss('again', () => sum);
    registerLoss('again', () => ({ ...sum, name: 'again' }));
    expect(() => registerOptimizer('again', still)).not.toThrow();
  });
});

describe('a metric of one’s own', () => {
  it('says what a sample gives, and may gather and sum up otherwise than a mean', async () => {
    registerMetric('largest', () => ({
      measure(N, C, predictions, _targets, values) {
        for (let n = 0; n < N; n++) values[n] = Math.max(...predictions.subarray(n * C, (n + 1) * C));
      },
      gather(state, values, at) {
        state[0] = Math.max(state[0], values[at]);
      },
      result: ([largest]) => largest,
    }));
    const x = tensor(
      Float32Array.from({ length: 20 }, (_, i) => ((7 * i) % 20) / 20),
      [10, 2],
    );
    const y = Array.from({ length: 10 }, (_, n) => [n / 10, 1 - n / 10]);
    const make = (threads: number) => {
      const model = sequential([dense({ units: 2, inputShape: [2] })]);
      const metrics = ['largest' as source.MetricName];
      model.compile({ optimizer: 'sgd', loss: 'meanSquaredError', metrics, threads });
      return model;
    };
    const model = make(0);
    const { largest } = await model.evaluate(x, y);
    expect(largest).toBe(Math.max(...(await model.predict(x)).data));
    // Without its module's URL it works on the calling thread alone.
    expect(() => make(2)).toThrow("metric largest can't be sent to worker threads");
  });
});
