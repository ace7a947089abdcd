/** `predict` by Winograd's F(4×4, 3×3): other last bits than `fit` and `evaluate`, the same everywhere. */
import { describe, expect, it } from 'vitest';
import * as degelo from '../../src/index.ts';
import { createKernels } from '../../src/kernels/index.ts';
import { Arena } from '../../src/model/arena.ts';
import { makePlan, type Plan } from '../../src/model/plan.ts';
import { StepMemory } from '../../src/model/step-memory.ts';

const { batchNormalization, conv2d, flatten, maxPooling2d, dense, sequential, tensor } = degelo;
const N = 11;
const numbers = (length: number, seed: number): Float32Array =>
  Float32Array.from({ length }, (_, i) => Math.sin(seed + 1.7 * i));
const x = tensor(numbers(N * 10 * 10 * 16, 1), [N, 10, 10, 16]);
const y = tensor(numbers(N * 2, 2), [N, 2]);

/** A convolution with batch normalisation, which is folded into it, and one with max-pooling: both in large tiles. */
function makeModel(options: Partial<degelo.CompileOptions> = {}): degelo.Sequential {
  const model = sequential([
    conv2d({ filters: 16, kernelSize: 3, useBias: false, inputShape: [10, 10, 16] }),
    batchNormalization(),
    conv2d({ filters: 16, kernelSize: 3, padding: 'same', activation: 'relu' }),
    maxPooling2d(),
    flatten(),
    dense({ units: 2 }),
  ]);
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError', threads: 0, ...options });
  return model;
}
const predict = async (model: degelo.Sequential): Promise<number[]> => [...(await model.predict(x)).data];

/** Largest difference, of the largest number. */
function distance(a: readonly number[], b: readonly number[]): number {
  const most = (values: readonly number[]): number => Math.max(...values.map(Math.abs));
  return most(a.map((v, i) => v - b[i])) / most(a);
}

describe('predictions', () => {
  it('have the same bits in plain and SIMD, and for any number of threads', async () => {
    const all: number[][] = [];
    for (const options of [
      { kernel: 'plain' },
      { kernel: 'simd' },
      { kernel: 'simd', threads: 2 },
    ] as const) {
      await using model = makeModel(options);
      all.push(await predict(model));
    }
    expect(all[1]).toEqual(all[0]);
    expect(all[2]).toEqual(all[0]);
  });

  it('differ from F(2×2, 3×3) in the last bits alone, which `convolution: winograd` and evaluate have', async () => {
    const [auto, winograd, direct] = (['auto', 'winograd', 'direct'] as const).map((convolution) =>
      makeModel({ convolution }),
    );
    const [a, w, d] = await Promise.all([auto, winograd, direct].map(predict));
    expect(a).not.toEqual(w);
    expect(d).not.toEqual(w);
    expect(distance(a, w)).toBeLessThan(1e-5);
    expect(distance(a, d)).toBeLessThan(1e-5);
    expect(await auto.evaluate(x, y)).toEqual(await winograd.evaluate(x, y));
  });

  it('change nothing of training: fit computes the same with and without them, and so does validation', async () => {
    const train = async (predicts: boolean) => {
      const model = makeModel();
      model.layers[0].trainable = false;
      model.layers[1].trainable = false;
      model.compile({ optimizer: 'sgd', loss: 'meanSquaredError', threads: 0 });
      const losses: unknown[] = [];
      for (let round = 0; round < 2; round++) {
        if (predicts) await predict(model);
        const { history } = await model.fit(x, y, { epochs: 1, batchSize: 4, validationData: [x, y] });
        losses.push(history);
      }
      return [losses, model.getWeights().map(({ data }) => [...data])];
    };
    expect(await train(true)).toEqual(await train(false));
  });

  it('hold no second form of the filters where nothing is trained', () => {
    const model = makeModel();
    const formsOf = (plan: Plan): string[] => {
      const options = { batch: 8, workers: 1, metrics: [], optimizer: plan.loss && model.optimizer };
      const arena = new Arena('float32', new ArrayBuffer(2 ** 22));
      const { inference } = new StepMemory(plan, createKernels('plain', null), options, arena);
      const { forward, predict } = inference.memory[0].prepared;
      return [...(forward ? ['F(2×2)'] : []), ...(predict ? ['F(4×4)'] : [])];
    };
    expect(formsOf(model.plan())).toEqual(['F(2×2)', 'F(4×4)']);
    expect(formsOf(makePlan(model, null))).toEqual(['F(4×4)']);
  });

  it('follow the weights, whoever changes them', async () => {
    const model = makeModel();
    const fresh = async (): Promise<number[]> => {
      const other = makeModel();
      other.setWeights(model.getWeights());
      return predict(other);
    };
    await predict(model);
    await model.fit(x, y, { epochs: 1, batchSize: 4 });
    expect(await predict(model)).toEqual(await fresh());
    await model.fit(x, y, { epochs: 1, batchSize: 4 });
    await model.evaluate(x, y);
    expect(await predict(model)).toEqual(await fresh());
    const [kernel] = model.layers[0].getWeights();
    model.layers[0].setWeights([
      tensor(
        kernel.data.map((v) => v / 2),
        kernel.shape,
      ),
    ]);
    expect(await predict(model)).toEqual(await fresh());
  });

  it('of a model that isn’t compiled are those of one that is', async () => {
    const compiled = makeModel();
    const loose = sequential(compiled.layers);
    expect(await predict(loose)).toEqual(await predict(compiled));
  });
});
