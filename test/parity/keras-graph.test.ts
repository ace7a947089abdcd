/** Batch normalisation, a residual network and the order of a graph's layers, as Keras 3 has them (fixtures/make-keras-graph-fixtures.py). */
import { describe, expect, it } from 'vitest';
import { Subject } from '../../src/gradcheck/subject.ts';
import { weightedSum } from '../../src/gradcheck/weighted-sum.ts';
import { plain64Kernels } from '../../src/kernels/plain64/index.ts';
import { simdSupported } from '../../src/kernels/simd/index.ts';
import { activation } from '../../src/layers/activation.ts';
import { add } from '../../src/layers/add.ts';
import { batchNormalization } from '../../src/layers/batch-normalization.ts';
import { conv2d } from '../../src/layers/conv2d.ts';
import { cropping2d } from '../../src/layers/cropping2d.ts';
import { dense } from '../../src/layers/dense.ts';
import { globalAveragePooling2d } from '../../src/layers/global-average-pooling2d.ts';
import { input } from '../../src/layers/input-layer.ts';
import type { SymbolicTensor } from '../../src/layers/layer.ts';
import { layerFromConfig } from '../../src/layers/registry.ts';
import { categoricalCrossentropy } from '../../src/losses/categorical-crossentropy.ts';
import type { Loss } from '../../src/losses/loss.ts';
import { Network } from '../../src/model/network.ts';
import { sgd } from '../../src/optimizers/sgd.ts';
import { deriveKey, Purpose, uniform } from '../../src/tensor/random.ts';
import { type Shape, sizeOf } from '../../src/tensor/tensor.ts';
import { decode, expectNear, type KerasTensor, readFixture } from './fixture.ts';
import { Trainer, type TrainerKernel } from './trainer.ts';

interface Fixture {
  readonly version: number;
  readonly seed: number;
  readonly normalizations: readonly {
    readonly name: string;
    readonly inputShape: Shape;
    readonly samples: number;
    readonly config: object;
    /** The first step tells all, the others what moved. */
    readonly steps: readonly {
      readonly y?: KerasTensor;
      readonly dx?: KerasTensor;
      readonly gradients?: readonly KerasTensor[];
      readonly movingMean: KerasTensor;
      readonly movingVariance: KerasTensor;
    }[];
    readonly inference: KerasTensor;
  }[];
  readonly merges: readonly {
    readonly className: string;
    readonly config: object;
    /** `a` and `b` are convolutions of the input `x`, `v` is a number a channel. */
    readonly reads: readonly ('x' | 'a' | 'b' | 'v')[];
    readonly inputShape: Shape;
    readonly samples: number;
    readonly order: readonly string[];
    readonly y: KerasTensor;
    /** Of the input, then of the weights. */
    readonly gradients: readonly KerasTensor[];
  }[];
  readonly network: {
    readonly samples: number;
    readonly inputShape: Shape;
    readonly classes: number;
    readonly learningRate: number;
    readonly layers: readonly string[];
    readonly inference: KerasTensor;
    readonly losses: KerasTensor;
    readonly dx: KerasTensor;
    readonly gradients: readonly KerasTensor[];
    readonly weights: Readonly<Record<string, readonly KerasTensor[]>>;
    readonly after: KerasTensor;
  };
  readonly orders: readonly {
    readonly name: string;
    readonly layers: readonly { readonly name: string; readonly reads: readonly string[] }[];
    readonly order: readonly string[];
    readonly weights: readonly string[];
  }[];
}

const fixture = readFixture<Fixture>('keras-graph.json', 1, 'python fixtures/make-keras-graph-fixtures.py');

/** Streams of random numbers, as in make-keras-graph-fixtures.py. */
const [X, T, WEIGHTS] = [0, 1, 2000];

function numbers(stream: number, index: number, length: number, low = -1, high = 1): Float64Array {
  const out = new Float64Array(length);
  uniform(deriveKey(fixture.seed, Purpose.gradcheck, stream, index), low, high, out);
  return out;
}

function setWeights(network: Network): Network {
  for (const [p, { name, value }] of network.parameters().entries()) {
    const [low, high] = name.endsWith('variance') ? [0.5, 1.5] : [-1, 1];
    value.data.set(numbers(WEIGHTS, p, value.data.length, low, high));
  }
  return network;
}

/** Our gradients are those of the mean over the samples. */
const summed = (gradient: ArrayLike<number>, samples: number): number[] =>
  Array.from(gradient, (g) => g * samples);

/** Gradients of the input and of what is trained, in float64, in a step of training. */
function gradientsOf(network: Network, loss: Loss, batch: Data & { samples: number }) {
  const subject = new Subject({ network, loss, batch, seed: 1 }, plain64Kernels, (bytes) => ({
    kernels: plain64Kernels,
    buffer: new ArrayBuffer(bytes),
  }));
  subject.gradients();
  return subject.variables.map(({ name, gradient }) => ({ name, gradient: Float64Array.from(gradient) }));
}

interface Data {
  readonly x: Float64Array;
  readonly targets: Float64Array;
}

const KERNELS: readonly (readonly [TrainerKernel, number])[] = [
  ['plain64', 1e-11],
  ['plain', 1e-5],
  ['simd', 1e-5],
];
const kernels = KERNELS.filter(([kernel]) => kernel !== 'simd' || simdSupported('simd'));

describe.each(fixture.normalizations.map((each) => [each.name, each] as const))(
  'batch normalisation %s',
  (_, { inputShape, samples, config, steps, inference }) => {
    const size = samples * sizeOf(inputShape);
    const make = () => setWeights(new Network({ layers: [batchNormalization({ ...config, inputShape })] }));
    const data = (step: number): Data => ({
      x: numbers(X, step, size).map((v) => 3 * v + 1),
      targets: numbers(T, step, size),
    });

    it.each(kernels)(
      '%s: outputs, and moving averages after each of three steps, within %d',
      (kernel, bound) => {
        // Keras' gradients weren't applied either.
        const trainer = new Trainer(make(), weightedSum, sgd({ learningRate: 0 }), data(0), samples, kernel);
        for (const [step, { y, gradients, movingMean, movingVariance }] of steps.entries()) {
          trainer.memory.input.set(data(step).x);
          trainer.memory.targets.set(data(step).targets);
          const done = trainer.train(1, step);
          if (y) expectNear('y', done.logits, decode(y.values), bound);
          for (const [p, gradient] of (gradients ?? []).entries()) {
            expectNear(`gradient ${p}`, summed(done.gradients[p], samples), decode(gradient.values), bound);
          }
          const [mean, variance] = trainer.weights().slice(-2);
          expectNear('moving mean', mean, decode(movingMean.values), bound);
          expectNear('moving variance', variance, decode(movingVariance.values), bound);
        }
        trainer.memory.input.set(data(3).x);
        expectNear('inference', trainer.predict(), decode(inference.values), bound);
      },
    );

    it('float64: the gradient of the input', () => {
      const [dx] = gradientsOf(make(), weightedSum, { samples, ...data(0) });
      expectNear('dx', summed(dx.gradient, samples), decode((steps[0].dx as KerasTensor).values), 1e-10);
    });
  },
);

describe.each(fixture.merges.map((each) => [`${each.className} of ${each.reads}`, each] as const))(
  '%s',
  (_, each) => {
    const { className, config, reads, inputShape, samples } = each;

    function make(): Network {
      const x = input({ shape: inputShape, name: 'x' });
      const tensors = { x } as Record<string, SymbolicTensor>;
      tensors.a = conv2d({ filters: 2, kernelSize: 2, padding: 'same', name: 'a' }).apply(x);
      tensors.b = conv2d({ filters: 2, kernelSize: 1, name: 'b' }).apply(x);
      tensors.v = globalAveragePooling2d({ keepdims: true, name: 'v' }).apply(x);
      const merge = layerFromConfig(className, config);
      return setWeights(new Network({ inputs: x, outputs: merge.apply(reads.map((name) => tensors[name])) }));
    }
    const data = () => ({
      x: numbers(X, 0, samples * sizeOf(inputShape)),
      targets: numbers(T, 0, sizeOf(each.y.shape)),
    });

    it.each(kernels)('%s: outputs, and gradients of the weights, within %d', (kernel, bound) => {
      const network = make();
      expect(network.layers.slice(0, -1).map(({ name }) => name)).toEqual(each.order);
      const trainer = new Trainer(network, weightedSum, sgd(), data(), samples, kernel);
      expectNear('y', trainer.predict(), decode(each.y.values), bound);
      for (const [p, gradient] of trainer.train(1, 0).gradients.entries()) {
        expectNear(`gradient ${p}`, summed(gradient, samples), decode(each.gradients[p + 1].values), bound);
      }
    });

    it('float64: the gradient of the input', () => {
      const [dx] = gradientsOf(make(), weightedSum, { samples, ...data() });
      expectNear('dx', summed(dx.gradient, samples), decode(each.gradients[0].values), 1e-11);
    });
  },
);

describe('a residual network', () => {
  const { samples, inputShape, classes, learningRate, weights, ...expected } = fixture.network;
  const norm = (name: string) => batchNormalization({ momentum: 0.75, name });

  function residual(): Network {
    const x = input({ shape: inputShape, name: 'x' });
    const c1 = conv2d({ filters: 3, kernelSize: 3, padding: 'same', useBias: false, name: 'c1' }).apply(x);
    const stem = activation({ activation: 'relu', name: 'r1' }).apply(norm('n1').apply(c1));
    const c2 = conv2d({ filters: 3, kernelSize: 3, padding: 'same', name: 'c2' }).apply(stem);
    const block = activation({ activation: 'relu', name: 'r2' }).apply(
      add({ name: 'a1' }).apply([norm('n2').apply(c2), stem]),
    );
    const c3 = conv2d({ filters: 4, kernelSize: 2, strides: 2, useBias: false, name: 'c3' }).apply(block);
    const left = activation({ activation: 'relu', name: 'r3' }).apply(norm('n3').apply(c3));
    const crop = cropping2d({
      cropping: [
        [0, 0],
        [0, 1],
      ],
      name: 'crop',
    }).apply(block);
    const c4 = conv2d({ filters: 4, kernelSize: 1, strides: 2, useBias: false, name: 'c4' }).apply(crop);
    const both = add({ name: 'a2' }).apply([left, norm('n4').apply(c4)]);
    const y = dense({ units: classes, activation: 'softmax', name: 'd' }).apply(
      globalAveragePooling2d({ name: 'g' }).apply(both),
    );
    return setWeights(new Network({ inputs: x, outputs: y }));
  }

  const data = (): Data => ({
    x: numbers(X, 0, samples * sizeOf(inputShape)),
    targets: Float64Array.from({ length: samples * classes }, (_, i) =>
      Math.floor(i / classes) % classes === i % classes ? 1 : 0,
    ),
  });

  it('holds its layers, and so its weights, in the same order', () => {
    expect(residual().layers.map(({ name }) => name)).toEqual(expected.layers);
    expect(
      residual()
        .parameters()
        .map(({ value }) => value.shape),
    ).toEqual(weights[1].map(({ shape }) => shape));
  });

  it.each(kernels)(
    '%s: predictions, losses, gradients, weights after 1 step and 5, within %d',
    (kernel, bound) => {
      const optimizer = sgd({ learningRate });
      const trainer = new Trainer(residual(), categoricalCrossentropy(), optimizer, data(), samples, kernel);
      expectNear('predictions', trainer.predict(), decode(expected.inference.values), bound);
      for (let step = 1; step <= 5; step++) {
        const { losses, gradients } = trainer.train(1, step);
        if (step === 1) {
          expectNear('losses', losses, decode(expected.losses.values), bound);
          // A bias before a normalisation changes nothing: its gradient is nothing but rounding.
          for (const [p, { values, shape }] of expected.gradients.entries()) {
            const gradient = decode(values);
            const norm = Math.max(Math.hypot(...gradient), 1e-2);
            expectNear(`gradient ${p} [${shape}]`, gradients[p], gradient, bound, norm);
          }
        }
        for (const [p, { values }] of (weights[step] ?? []).entries()) {
          expectNear(`weight ${p} after ${step} steps`, trainer.weights()[p], decode(values), bound);
        }
      }
      // By the moving averages as they now are, folded afresh into the convolutions.
      expectNear('predictions afterwards', trainer.predict(), decode(expected.after.values), bound);
    },
  );

  it('float64: the gradient of the input', () => {
    const [dx] = gradientsOf(residual(), categoricalCrossentropy(), { samples, ...data() });
    expectNear('dx', dx.gradient, decode(expected.dx.values), 1e-10);
  });
});

describe('the order of a graph’s layers is Keras’', () => {
  it.each(fixture.orders.map((each) => [each.name, each] as const))('%s', (_, { layers, order, weights }) => {
    const tensors = new Map<string, SymbolicTensor>([['x', input({ shape: [2], name: 'x' })]]);
    for (const { name, reads } of layers) {
      const read = reads.map((each) => tensors.get(each) as SymbolicTensor);
      const layer = read.length === 1 ? dense({ units: 2, name }) : add({ name });
      tensors.set(name, layer.apply(read));
    }
    const [inputs, outputs] = [tensors.get('x'), tensors.get('out')] as SymbolicTensor[];
    const network = new Network({ inputs, outputs });
    expect(network.layers.map(({ name }) => name)).toEqual(order);
    expect(network.parameters().map(({ name }) => name)).toEqual(weights);
  });
});
