/** `degelo/core` in bundles: how large they are, what they hold, and what they refuse. Of what pretest built. */
import { mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build, type Metafile } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';
import * as degelo from '../../src/index.ts';
import { pages } from '../docs/pages.ts';
import { emptyProject } from '../empty-project.ts';

let folder: string;
beforeAll(() => {
  folder = emptyProject();
});

interface Bundle {
  /** What its program exports. */
  readonly exported: Record<string, (...given: unknown[]) => Promise<unknown>>;
  /** Thousands of bytes that come before it runs, packed by gzip as servers do; what `import()` loads comes where it is wanted. */
  readonly kilobytes: number;
}

async function bundled(contents: string, target = 'es2022'): Promise<Bundle> {
  const outdir = mkdtempSync(join(folder, 'bundle-'));
  const { metafile } = await build({
    ...{ stdin: { contents, resolveDir: folder }, outdir, format: 'esm', platform: 'browser' },
    ...{ bundle: true, minify: true, splitting: true, metafile: true, target, logLevel: 'error' },
    ...{ outExtension: { '.js': '.mjs' }, absWorkingDir: outdir },
    // This checkout's own leads to the sources.
    tsconfigRaw: {},
  });
  const exported = await import(/* @vite-ignore */ pathToFileURL(join(outdir, 'stdin.mjs')).href);
  const packed = [...withImports(metafile, 'stdin.mjs')].map(
    (file) => gzipSync(readFileSync(join(outdir, file)), { level: 9 }).length,
  );
  return { exported, kilobytes: packed.reduce((sum, bytes) => sum + bytes) / 1000 };
}

/** The most kilobytes that docs/browser.md names for a bundle. */
function documented(bundle: string): number {
  const { text } = pages.find(({ path }) => path === 'docs/browser.md')!;
  const row = text.split('\n').find((line) => line.startsWith(`| ${bundle}`));
  return Number(row!.split('|')[2]);
}

/** A file of a bundle with all that it imports at once. */
function withImports({ outputs }: Metafile, file: string, found = new Set<string>()): Set<string> {
  if (found.has(file)) return found;
  found.add(file);
  for (const { kind, path } of outputs[file].imports) {
    if (kind === 'import-statement') withImports({ outputs, inputs: {} }, path, found);
  }
  return found;
}

/** The experiment's network, trained for a step. */
const TRAIN = `
  const model = sequential({ seed: 1, layers: [
    conv2d({ filters: 32, kernelSize: 3, activation: 'relu', inputShape: [28, 28, 1] }),
    conv2d({ filters: 32, kernelSize: 3, activation: 'relu' }),
    maxPooling2d({ poolSize: 2 }), dropout({ rate: 0.25 }), flatten(),
    dense({ units: 128, activation: 'relu' }), dropout({ rate: 0.5 }), dense({ units: 5, activation: 'softmax' }),
  ] });
  model.compile({
    optimizer: adadelta({ learningRate: 1 }), loss: categoricalCrossentropy(), metrics: ['accuracy'], threads: 0,
  });
  const x = Float32Array.from({ length: 4 * 784 }, (_, i) => (i % 7) / 7);
  await model.fit(x, [[1, 0, 0, 0, 0], [0, 1, 0, 0, 0], [0, 0, 1, 0, 0], [0, 0, 0, 1, 0]], { epochs: 1 });`;

/** Groups of one channel: a depthwise convolution, whose kernels this bundle hasn't. */
const GROUPED = `
  const model = sequential({ seed: 1, layers: [
    conv2d({ filters: 8, kernelSize: 3, groups: 8, padding: 'same', inputShape: [6, 5, 8] }), flatten(), dense({ units: 2 }),
  ] });
  model.compile({ optimizer: adadelta({ learningRate: 1 }), loss: categoricalCrossentropy({ fromLogits: true }), threads: 0 });
  await model.fit(Float32Array.from({ length: 3 * 240 }, (_, i) => Math.sin(i)), [[1, 0], [0, 1], [1, 0]], { epochs: 1 });`;

const NAMES = 'adadelta, categoricalCrossentropy, conv2d, dense, dropout, flatten, maxPooling2d, sequential';

describe('a bundle of degelo/core that trains the experiment’s network', () => {
  let bundle: Bundle;
  beforeAll(async () => {
    bundle = await bundled(`import { ${NAMES}, Layer } from 'degelo/core';
      export async function train() { ${TRAIN} return model; }
      export async function trainGrouped() { ${GROUPED} return model; }
      class Own extends Layer {
        className = 'Own';
        forward({ kernels }) { kernels.averagePool2dForward(); }
        backward() {}
      }
      export const activated = async (activation) => { dense({ units: 1, activation }); };
      export const options = async (given) => { adadelta(given); };
      export async function ownLayer() {
        const model = sequential([new Own({ inputShape: [2] })]);
        model.compile({ optimizer: adadelta(), loss: categoricalCrossentropy({ fromLogits: true }), threads: 0 });
        await model.fit([[0, 1]], [[0, 1]]);
      }`);
  });

  it('is at most as large, packed, as docs/browser.md says', () => {
    expect(bundle.kilobytes).toBeLessThan(documented('the same from `degelo/core`'));
  });

  it.each([
    ['train', TRAIN],
    ['trainGrouped', GROUPED],
  ])('trains with the bits of the whole library: %s', async (name, program) => {
    const AsyncFunction = (async () => {}).constructor as FunctionConstructor;
    const train = new AsyncFunction(`{ ${NAMES} }`, `${program} return model;`);
    const here = await bundle.exported[name]();
    expect(await degelo.weightsSha256(here as degelo.Model)).toBe(
      await degelo.weightsSha256(await train(degelo)),
    );
  });

  it('refuses by name, with what to import, strings that name what it doesn’t hold', async () => {
    const model = (await bundle.exported.train()) as degelo.Model;
    const loss = 'categoricalCrossentropy';
    expect(() => model.compile({ optimizer: 'Adam', loss })).toThrow(/^optimizer adam .*register\(adam\)/);
    const optimizer = 'adadelta';
    expect(() => model.compile({ optimizer, loss: 'mse' })).toThrow(/^loss meanSquaredError .*import { mean/);
    expect(() => model.compile({ optimizer, loss, metrics: ['auc'] })).toThrow(
      /^metric auc .*register\(auc\)/,
    );
    expect(() => model.compile({ optimizer, loss, metrics: ['huber'] })).toThrow(
      /^metric huber .*register\(allLossMetrics\)/,
    );
    expect(() => model.compile({ optimizer, loss, metrics: ['accuracy'] })).not.toThrow();
  });

  it('refuses options that nothing reads, with what was meant by a slip and the names that there are', async () => {
    await expect(bundle.exported.options({ learning_rat: 1 })).rejects.toThrow(
      /unknown option learning_rat \(did you mean learningRate\?\)/,
    );
    await expect(bundle.exported.options({ lr: 1 })).rejects.toThrow(
      /unknown option lr: expected one of learningRate, /,
    );
  });

  it('refuses activations that few networks have, with what brings them', async () => {
    await expect(bundle.exported.activated('gelu')).rejects.toThrow(
      /^dense: activation gelu isn't in this bundle: import { allActivations, register }/,
    );
    await expect(bundle.exported.activated('sigmoid')).resolves.toBeUndefined();
    const { exported } = await bundled(`import { allActivations, dense, register } from 'degelo/core';
      register(allActivations);
      export const activated = async (activation) => dense({ units: 1, activation }).activation;`);
    await expect(exported.activated('gelu')).resolves.toBe('gelu');
  });

  it('refuses a kernel that only layers call which it doesn’t hold, with the layer that brings it', async () => {
    await expect(bundle.exported.ownLayer()).rejects.toThrow(
      /kernel averagePool2dForward isn't in this bundle: import { AveragePooling2D, register }/,
    );
  });
});

it('a bundle of degelo/core tries layers of users’ own before they train where it asks for that', async () => {
  const { exported } =
    await bundled(`import { adadelta, allRehearsals, categoricalCrossentropy, Layer, register, sequential } from 'degelo/core';
      register(allRehearsals);
      class Own extends Layer {
        className = 'Own';
        forward() {}
        backward() {}
      }
      export async function compile() {
        const loss = categoricalCrossentropy({ fromLogits: true });
        sequential([new Own({ inputShape: [2] })]).compile({ optimizer: adadelta(), loss, threads: 0 });
      }`);
  await expect(exported.compile()).rejects.toThrow(/^layer own: forward must write all of y/);
});

describe('a bundle of degelo/core that only predicts', () => {
  let bundle: Bundle;
  beforeAll(async () => {
    bundle =
      await bundled(`import { Conv2D, decodePredictor, Dense, Flatten, Layer, MaxPooling2D, register, registerLayer } from 'degelo/core';
      register(Conv2D, Dense, Flatten, MaxPooling2D);
      class Own extends Layer {
        className = 'Own';
        forward({ kernels }) { kernels.conv2dBackward(); }
        backward() {}
      }
      registerLayer('Own', (options) => new Own(options));
      export const predict = async (json, weights, x) => (await (await decodePredictor(json, weights)).predict(x)).data;`);
  });

  it('is at most as large, packed, as docs/browser.md says', () => {
    expect(bundle.kilobytes).toBeLessThan(documented('a saved model that only predicts'));
  });

  it('predicts with a saved model of layers that it registers, and refuses others by name', async () => {
    const { conv2d, flatten, maxPooling2d } = degelo;
    const x = new degelo.Tensor(
      Float32Array.from({ length: 36 }, (_, i) => i / 36),
      [1, 6, 6, 1],
    );
    const convolution = conv2d({ filters: 2, kernelSize: 3, activation: 'relu', inputShape: [6, 6, 1] });
    const model = degelo.sequential([convolution, maxPooling2d(), flatten(), degelo.dense({ units: 2 })]);
    const { json, weights } = await degelo.encodeModel(model);
    expect(await bundle.exported.predict(json, weights, x)).toEqual((await model.predict(x)).data);
    const other = await degelo.encodeModel(degelo.sequential([degelo.reLU({ inputShape: [2] })]));
    await expect(bundle.exported.predict(other.json, other.weights, x)).rejects.toThrow(
      /^model\.json: layer ReLU isn't in this bundle: import { ReLU, register } from "degelo\/core"/,
    );
  });

  it('holds no kernels of backward passes: a layer that calls one gets to know it', async () => {
    const { json, weights } = await degelo.encodeModel(degelo.sequential([degelo.reLU({ inputShape: [2] })]));
    const own = json.replaceAll('"ReLU"', '"Own"');
    await expect(bundle.exported.predict(own, weights, degelo.zeros([1, 2]))).rejects.toThrow(
      /kernel conv2dBackward isn't in this bundle: it is for training/,
    );
  });
});

describe('a bundle of degelo', () => {
  it('knows everything by its name, and methods that others have; it is at most as large as docs/browser.md says', async () => {
    const { exported, kilobytes } = await bundled(`import { dense, sequential } from 'degelo';
      export async function compile() {
        const model = sequential([dense({ units: 1, inputShape: [2] })]);
        model.compile({ optimizer: 'adamW', loss: 'huber', metrics: ['auc'], threads: 0 });
        return model.optimizer.name;
      }
      export const fitDataset = async () => sequential().fitDataset();`);
    expect(kilobytes).toBeLessThan(documented('the experiment'));
    expect(await exported.compile()).toBe('adamW');
    await expect(exported.fitDataset()).rejects.toThrow('model: there is no fitDataset here: fit(batches');
  });
});

it('a bundle for engines without class fields, which constructors then set one by one, trains and predicts', async () => {
  const { exported } = await bundled(
    `import { ${NAMES}, decodePredictor, encodeModel } from 'degelo/core';
      export async function work() {
        ${TRAIN}
        const { json, weights } = await encodeModel(model);
        const { data } = await (await decodePredictor(json, weights)).predict(x);
        model.stopTrainin = true;
        return data;
      }`,
    'es2020',
  );
  await expect(exported.work()).rejects.toThrow(/unknown property stopTrainin.*stopTraining/);
});
