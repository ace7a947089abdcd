/**
 * Every layer and loss that the gradient checks have, and every optimizer: the same bits for any number of workers, with
 * SIMD and plain kernels. A new layer, loss or optimizer is here by being listed there.
 */
import { describe, expect, it } from 'vitest';
import { LAYER_CASES, LOSS_CASES, type SuiteCase } from '../../src/gradcheck/suite.ts';
import { weightedSum } from '../../src/gradcheck/weighted-sum.ts';
import { Layer, type ParameterSpec, type Run } from '../../src/layers/layer.ts';
import { getLoss } from '../../src/losses/registry.ts';
import { Network } from '../../src/model/network.ts';
import { makePlan } from '../../src/model/plan.ts';
import { adadelta } from '../../src/optimizers/adadelta.ts';
import { adagrad } from '../../src/optimizers/adagrad.ts';
import { adam } from '../../src/optimizers/adam.ts';
import { adamW } from '../../src/optimizers/adam-w.ts';
import { adamax } from '../../src/optimizers/adamax.ts';
import { lion } from '../../src/optimizers/lion.ts';
import { nadam } from '../../src/optimizers/nadam.ts';
import type { Optimizer } from '../../src/optimizers/optimizer.ts';
import { optimizers } from '../../src/optimizers/registry.ts';
import { rmsprop } from '../../src/optimizers/rmsprop.ts';
import { sgd } from '../../src/optimizers/sgd.ts';
import { deriveKey, Purpose, uniform } from '../../src/tensor/random.ts';
import { type Shape, sizeOf } from '../../src/tensor/tensor.ts';
import { type Driven, drivePlan } from './drive.ts';

/** Two whole shards and a part of one. */
const BATCH = 19;

/** y = x + w, a weight an element, below the layer at hand: so that its input gradient is wanted, and shows. */
class Shift extends Layer {
  readonly className = 'Shift';

  constructor(inputShape: Shape) {
    super({ inputShape });
  }

  protected override describeParameters(shape: Shape): ParameterSpec[] {
    return [{ name: 'shift', shape, initializer: 'zeros' }];
  }

  forward({ x, y, parameters: [w] }: Run, N: number): void {
    for (let i = 0; i < N * w.length; i++) y[i] = x[i] + w[i % w.length];
  }

  backward({ dy, gradients, parameters: [w] }: Run, N: number): void {
    const dw = gradients?.[0];
    dw?.fill(0, 0, w.length);
    for (let i = 0; dw && i < N * w.length; i++) dw[i % w.length] += dy[i];
  }
}

function train(
  { layers, options = {} }: SuiteCase,
  optimizer: Optimizer,
  kernel: 'plain' | 'simd',
  workers: number,
): Driven {
  const own = layers();
  const network = new Network({ layers: [new Shift(own[0].givenInputShape ?? []), ...own], seed: 3 });
  const { loss: named = weightedSum, convolution } = options;
  const loss = typeof named === 'string' ? getLoss({ name: named }) : named;
  const C = sizeOf(network.outputShape);
  const x = new Float32Array(BATCH * sizeOf(network.inputShape));
  uniform(deriveKey(3, Purpose.study, 0, 0), -1, 1, x);
  const rows = new Float32Array(BATCH * C);
  uniform(deriveKey(3, Purpose.study, 1, 0), 0, 1, rows);
  const classes = Int32Array.from({ length: BATCH }, (_, n) => n % C);
  return drivePlan({
    ...{ plan: makePlan(network, loss, convolution), optimizer, x, kernel, workers },
    ...{ targets: loss.targetKind === 'classes' ? classes : rows, batch: BATCH, seed: 3, steps: 2 },
  });
}

function expectSameEverywhere(each: SuiteCase, makeOptimizer: () => Optimizer): void {
  const expected = train(each, makeOptimizer(), 'plain', 1);
  expect(expected.losses.every(Number.isFinite)).toBe(true);
  expect(expected.layers[0].gradients[0]?.some((g) => g !== 0)).toBe(true);
  const others = [['plain', 2], ['plain', 5], ['simd', 1], ['simd', 2], ['simd', 5]] as const; // biome-ignore format: a table
  for (const [kernel, workers] of others) {
    expect(train(each, makeOptimizer(), kernel, workers)).toEqual(expected);
  }
}

describe('two steps of training have the same bits for 1 to 5 workers, plain and SIMD', () => {
  it.each([...LAYER_CASES, ...LOSS_CASES].map((each) => [each.name, each] as const))('of %s', (_, each) =>
    expectSameEverywhere(each, () => adam({ learningRate: 0.1 })),
  );

  const rules: [string, () => Optimizer][] = [
    ['adadelta', () => adadelta({ learningRate: 1 })],
    ['adam', () => adam()],
    ['adamW', () => adamW()],
    ['AMSGrad', () => adamW({ amsgrad: true, beta2: 0.5 })],
    ['nadam', () => nadam()],
    ['adamax', () => adamax()],
    ['adagrad', () => adagrad({ learningRate: 0.1 })],
    ['lion, with weight decay', () => lion({ weightDecay: 0.1 })],
    ['rmsprop', () => rmsprop()],
    ['rmsprop, centred, with momentum', () => rmsprop({ centered: true, momentum: 0.9 })],
    ['sgd', () => sgd({ learningRate: 0.1 })],
    ['sgd with momentum', () => sgd({ learningRate: 0.1, momentum: 0.9 })],
    ['sgd with Nesterov’s momentum', () => sgd({ learningRate: 0.1, momentum: 0.9, nesterov: true })],
  ];
  it.each(rules)('by %s', (_, makeOptimizer) => {
    for (const name of ['dense + relu', 'conv2d']) {
      const [each] = LAYER_CASES.filter((other) => other.name === name);
      expectSameEverywhere(each, makeOptimizer);
    }
  });

  it('by every optimizer that there is', () => {
    expect(new Set(rules.map(([, make]) => make().name))).toEqual(new Set(optimizers.names));
  });
});
