import { describe, expect, it } from 'vitest';
import { makeBatch } from '../../src/gradcheck/batch.ts';
import { checkGradients } from '../../src/gradcheck/check.ts';
import { formatGradients, summarizeGradients } from '../../src/gradcheck/table.ts';
import {
  conv2d,
  globalAveragePooling2d,
  meanSquaredError,
  randomFlip,
  rescaling,
  sequential,
} from '../../src/index.ts';
import { activation } from '../../src/layers/activation.ts';
import { dense } from '../../src/layers/dense.ts';
import { dropout } from '../../src/layers/dropout.ts';
import { Layer, type Run } from '../../src/layers/layer.ts';
import { maxPooling2d } from '../../src/layers/max-pooling2d.ts';
import { Network } from '../../src/model/network.ts';
import { type Shape, tensor } from '../../src/tensor/tensor.ts';

/** A user's own layer, y = x³, with a factor in its gradient that should be 3. */
class Cube extends Layer {
  readonly className = 'Cube';
  readonly #factor: number;

  constructor(factor: number, inputShape?: Shape) {
    super({ name: 'cube', ...(inputShape && { inputShape }) });
    this.#factor = factor;
  }

  forward({ x, y, stage }: Run, N: number): void {
    for (let i = 0; i < N * stage.inputShape[0]; i++) y[i] = x[i] ** 3;
  }

  backward({ x, dy, dx, stage }: Run, N: number): void {
    if (!dx) return;
    for (let i = 0; i < N * stage.inputShape[0]; i++) dx[i] = this.#factor * x[i] ** 2 * dy[i];
  }
}

const model = (): Network =>
  new Network({
    layers: [
      dense({ units: 6, activation: 'relu', inputShape: [5] }),
      dropout({ rate: 0.3 }),
      dense({ units: 3, activation: 'softmax' }),
    ],
    seed: 3,
  });

describe('checkGradients', () => {
  it.each([
    ['walk', 'sparse', 'Sparse'],
    ['convolution', 'direct', 'DIRECT'],
    ['kernel', 'plain', 'Plain'],
  ])('checks with %s %s however its letters are written', (option, name, written) => {
    const check = (choice: string) =>
      checkGradients(conv2d({ filters: 8, kernelSize: 3, inputShape: [4, 4, 8] }), {
        coordinates: 1,
        directions: 1,
        [option]: choice,
      });
    expect(check(written)).toEqual(check(name));
  });

  it('passes a model, with a row for its input and every parameter', () => {
    const report = checkGradients(model(), { loss: 'categoricalCrossentropy' });
    expect(report.rows.map(({ layer, variable }) => `${layer} / ${variable}`)).toEqual([
      'input / x',
      'dense + dense/relu / kernel',
      'dense + dense/relu / bias',
      'dense_1 / kernel',
      'dense_1 / bias',
    ]);
    expect(report).toMatchObject({ passed: true, samples: 9, loss: 'categoricalCrossentropy' });
    for (const row of report.rows) {
      expect(row.gradient).toBeLessThan(1e-10);
      expect(row.float32).toBeLessThan(1e-6);
    }
  });

  it('checks behind rescalings with numbers in the units that they take, as pixels from 0 to 255', () => {
    const pixels = rescaling({ scale: 1 / 127.5, offset: -1, inputShape: [5, 4, 2] });
    const channels = rescaling({ scale: [2, 0.5], offset: [0, 3] });
    const rest = () => [conv2d({ filters: 2, kernelSize: 3, activation: 'relu' }), globalAveragePooling2d()];
    const behind = sequential([pixels, randomFlip({ mode: 'horizontal' }), channels, ...rest()]);
    const bare = sequential([conv2d({ filters: 2, kernelSize: 3, inputShape: [5, 4, 2] })]);
    const network = sequential({
      name: 'within',
      layers: [behind, dense({ units: 2, activation: 'softmax' })],
    });
    for (const model of [network, behind]) {
      expect(checkGradients(model, { seed: 1, coordinates: 40 }).passed).toBe(true);
    }
    // The input's numbers, by the largest of what the first layers give: from −1 to 1 again.
    const { x } = makeBatch(network, meanSquaredError(), 1, {});
    const scaled = x.map((value, i) => (value / 127.5 - 1) * [2, 0.5][i % 2] + [0, 3][i % 2]);
    expect(Math.max(...scaled.map(Math.abs))).toBeLessThanOrEqual(1.001);
    expect(Math.max(...scaled.map(Math.abs))).toBeGreaterThan(0.9);
    // Without one they are as ever, and so they are where another layer comes before it, or where nothing is left of them.
    const later = sequential([...bare.layers, rescaling({ scale: 1 / 255 })]);
    const none = sequential([rescaling({ scale: [1, 0], inputShape: [5, 4, 2] })]);
    for (const model of [bare, later, none]) {
      expect(Math.max(...makeBatch(model, meanSquaredError(), 1, {}).x.map(Math.abs))).toBeLessThan(1);
    }
  });

  it('leaves the model as it was', () => {
    const network = model();
    const before = network.getWeights().map(({ data }) => [...data]);
    checkGradients(network);
    expect(network.getWeights().map(({ data }) => [...data])).toEqual(before);
  });

  it('gives the same report for the same seed, and another for another', () => {
    const report = (seed: number) => JSON.stringify(checkGradients(model(), { seed, kernel: 'plain' }).rows);
    expect(report(1)).toBe(report(1));
    expect(report(1)).not.toBe(report(2));
  });

  it('checks frozen layers too', () => {
    const network = model();
    network.trainable = false;
    expect(checkGradients(network).rows).toHaveLength(5);
  });

  it("passes a user's own layer whose gradient is right, and fails one whose isn't, saying where", () => {
    expect(checkGradients(new Cube(3, [4])).passed).toBe(true);
    const report = checkGradients(new Cube(2, [4]));
    expect(report.passed).toBe(false);
    expect(report.rows[0].worst?.error).toBeCloseTo(0.2, 6); // |2 − 3|/(2 + 3)
    expect(report.rows[0].worst?.at).toHaveLength(2);
    expect(formatGradients([report])).toMatch(/input \/ x +all 36 .*FAIL/);
    expect(summarizeGradients([report])).toMatch(/^1 of 1 gradients do not pass: 36 comparisons/);
  });

  it('finds a wrong layer below a right one, in the rows that it spoils', () => {
    const network = new Network({
      layers: [dense({ units: 4, inputShape: [3] }), new Cube(2), dense({ units: 2 })],
    });
    const results = checkGradients(network).rows.map(({ layer, result }) => `${layer}: ${result}`);
    expect(results).toEqual(['input: fail', 'dense: fail', 'dense: fail', 'dense_1: pass', 'dense_1: pass']);
  });

  it('reports inputs that stand on a kink of ReLU', () => {
    const x = [0, 1, -1, 0.5, 0, 2];
    const report = checkGradients(activation({ activation: 'relu', inputShape: [3] }), { x });
    expect(report.rows[0]).toMatchObject({ kinks: 2, kinkAt: [0, 0], result: 'pass', decided: 4 });
    expect(formatGradients([report])).toContain('2 on kinks, first at [0,0]');
  });

  it('reports ties in max-pooling', () => {
    const x = [1, 1, 0, 0, 3, 2, 1, 0];
    const report = checkGradients(maxPooling2d({ poolSize: 2, inputShape: [2, 2, 1] }), { x });
    expect(report.rows[0]).toMatchObject({ kinks: 2, kinkAt: [0, 0, 0, 0], result: 'pass', decided: 6 });
  });

  it.each([
    ['relu', [0]],
    ['relu6', [0, 6]],
    ['elu', [0]],
    ['selu', [0]],
    ['hardSigmoid', [-3, 3]],
    ['hardSigmoidKeras2', [-2.5, 2.5]],
    ['hardSwish', [-3, 3]],
  ] as const)('knows the kinks of %s, at %j', (name, kinks) => {
    const x = [-4, ...kinks, 1];
    const [row] = checkGradients(activation({ activation: name, inputShape: [x.length] }), { x }).rows;
    expect(row).toMatchObject({ kinks: kinks.length, kinkAt: [0, 1], result: 'pass', decided: 2 });
  });

  it.each([
    ['relu', [0]],
    ['relu6', [0, 6]],
    ['hardSigmoid', [-3, 3]],
    ['hardSwish', [-3, 3]],
  ] as const)('takes no step across a kink of %s, on whichever side of it', (name, kinks) => {
    const x = kinks.flatMap((kink) => [kink - 1e-3, kink + 1e-3]);
    const [row] = checkGradients(activation({ activation: name, inputShape: [x.length] }), { x }).rows;
    expect(row).toMatchObject({ kinks: 0, result: 'pass', decided: x.length });
  });

  it.each([
    ['relu', [0]],
    ['relu6', [0, 6]],
  ] as const)('knows them where %s is folded into the layer before it', (name, kinks) => {
    const x = [-4, ...kinks, 1];
    const layers = [
      dense({ units: 1, inputShape: [1], kernelInitializer: 'ones' }),
      activation({ activation: name }),
    ];
    const report = checkGradients(new Network({ layers }), { x, samples: x.length });
    expect(report.rows[0]).toMatchObject({ kinks: kinks.length, result: 'pass', decided: 2 });
  });

  it('sees a kink at a weight of 0 only where that has an l1 penalty', () => {
    const kernelRegularizer = { l1: 0.1 };
    for (const [options, kinks] of [[{}, 0] as const, [{ kernelRegularizer }, 1] as const]) {
      const layer = dense({ units: 1, inputShape: [2], ...options });
      const network = new Network({ layers: [layer] });
      layer.setWeights([tensor([[1e-12], [0.5]]), tensor([0])]);
      expect(checkGradients(network).rows[1]).toMatchObject({ kinks, elements: 2 });
    }
  });

  it('does not pass what it could not decide', () => {
    const dead = dense({ units: 2, activation: 'relu', inputShape: [2] });
    const network = new Network({ layers: [dead] });
    dead.parameters[1].value?.data.fill(-100);
    const report = checkGradients(network);
    expect(report.passed).toBe(false);
    expect(report.rows.map(({ result }) => result)).toEqual(['undecided', 'undecided', 'undecided']);
  });

  it('samples large arrays, half of it where the gradient is not zero, and goes along directions', () => {
    const network = new Network({
      layers: [dense({ units: 30, activation: 'relu', inputShape: [40] }), dense({ units: 2 })],
    });
    const [, kernel] = checkGradients(network, { coordinates: 10, directions: 3, samples: 1 }).rows;
    expect(kernel).toMatchObject({ coordinates: 10, elements: 1200, directions: 3, result: 'pass' });
    expect(kernel.decided + kernel.undecided + kernel.kinks).toBe(13);
  });

  it('tells after each comparison how many are done, and how many there will be', () => {
    const told: [number, number][] = [];
    const onProgress = (done: number, all: number) => void told.push([done, all]);
    const { rows } = checkGradients(model(), { coordinates: 10.5, directions: 3, onProgress });
    // 45 inputs, 30 + 6 and 18 + 3 weights: of arrays with more than 10 elements 11, and 3 directions.
    const all = 14 + 14 + 6 + 14 + 3;
    expect(told).toEqual(Array.from({ length: all }, (_, i) => [i + 1, all]));
    expect(rows.reduce((sum, row) => sum + row.coordinates + row.directions, 0)).toBe(all);
    const onNothing = 'often' as unknown as () => void;
    expect(() => checkGradients(model(), { onProgress: onNothing })).toThrow(
      "checkGradients: onProgress must be a function, got 'often'",
    );
  });

  it('compares no float32 gradient where rounding decides a ReLU otherwise', () => {
    const network = new Network({ layers: [dense({ units: 1, activation: 'relu', inputShape: [3] })] });
    network.setWeights([tensor([[1], [1], [1]]), tensor([0])]);
    // Σ = 2^−30 in float64; in float32 1 + 2^−30 is 1, and Σ is 0.
    const report = checkGradients(network, { x: [1, 2 ** -30, -1] });
    expect(report.rows.map(({ float32 }) => float32)).toEqual([null, null, null]);
    expect(formatGradients([report])).toContain('(weightedSum, 1 sample)');
  });

  it('fails float32 gradients that are out of bounds, and compares none where told so', () => {
    const report = checkGradients(model(), { bounds: { float32: 1e-12 } });
    expect(report.passed).toBe(false);
    expect(checkGradients(model(), { kernel: null }).rows.every(({ float32 }) => float32 === null)).toBe(
      true,
    );
    // 2(x − t)/4 is exact in float32 too: on the bound is within it.
    const options = { loss: 'meanSquaredError', x: [1, 2, 3, 4], targets: [0, 0, 0, 0] } as const;
    const linear = activation({ activation: 'linear', inputShape: [4] });
    const { rows } = checkGradients(linear, { ...options, bounds: { float32: 0 } });
    expect(rows).toMatchObject([{ float32: 0, result: 'pass' }]);
  });
});

describe('checkGradients refuses', () => {
  it('a weight that is not finite, and says which', () => {
    const network = model();
    const weights = network.getWeights();
    weights[2].data[4] = Number.NaN;
    network.setWeights(weights);
    expect(() => checkGradients(network)).toThrow(
      /weights of dense_1\/kernel must be finite, got NaN at index 4/,
    );
  });

  it('a model that is not built', () => {
    const network = new Network({ layers: [dense({ units: 2 })] });
    expect(() => checkGradients(network)).toThrow(/not built yet: give the first layer an inputShape/);
  });

  it('a layer of unknown input', () => {
    expect(() => checkGradients(dense({ units: 2 }))).toThrow(/layer dense must have an inputShape/);
  });

  it('what is no model', () => {
    expect(() => checkGradients('model' as unknown as Network)).toThrow(TypeError);
  });

  it('a loss that does not fit the model', () => {
    const linear = new Network({ layers: [dense({ units: 2, inputShape: [2] })] });
    expect(() => checkGradients(linear, { loss: 'categoricalCrossentropy' })).toThrow(RangeError);
    expect(() => checkGradients(linear, { loss: 'categoricalCrossentropy' })).toThrow(/needs probabilities/);
  });

  it('a loss without a gradient', () => {
    expect(() => checkGradients(model(), { loss: 'accuracy' as 'categoricalCrossentropy' })).toThrow(
      /^checkGradients: loss must be one of .*, got 'accuracy': use a loss, such as/,
    );
  });

  it.each([
    [{ x: [1, 2, 3] }, /whole samples of shape \[5\], at least one, got 3 numbers/],
    [{ x: [] }, /at least one, got 0 numbers/],
    [{ samples: 0 }, /samples must be an integer ≥ 1, got 0/],
    [{ x: [1, 2, Infinity, 4, 5] }, /x must be finite, got Infinity at index 2/],
    [{ samples: 2, targets: [1, 0, 0] }, /targets must fit x and the model: expected 6 numbers, got 3/],
    [{ samples: 1, targets: [1, Number.NaN, 0] }, /targets must be finite, got NaN at index 1/],
  ])('%j', (options, message) => {
    expect(() => checkGradients(model(), options)).toThrow(message);
  });
});
