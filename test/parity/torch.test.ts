/** The same networks, data and dropout masks in PyTorch: forward pass, losses, every gradient, and the optimizers' steps. */
import { describe, expect, it } from 'vitest';
import { Subject } from '../../src/gradcheck/subject.ts';
import { plain64Kernels } from '../../src/kernels/plain64/index.ts';
import { simdSupported } from '../../src/kernels/simd/index.ts';
import { layerFromConfig, layers } from '../../src/layers/registry.ts';
import type { Loss } from '../../src/losses/loss.ts';
import { getLoss, losses } from '../../src/losses/registry.ts';
import { Network } from '../../src/model/network.ts';
import { getOptimizer, optimizers } from '../../src/optimizers/registry.ts';
import { deriveKey, Purpose, uniform } from '../../src/tensor/random.ts';
import { sizeOf } from '../../src/tensor/tensor.ts';
import {
  expectStored,
  type KerasFixture,
  readFixture,
  type Stored,
  type TorchCase,
  type TorchFixture,
} from './fixture.ts';
import { Trainer, type TrainerKernel } from './trainer.ts';

const COMMAND = 'python3 fixtures/make-fixtures.py';
const fixture = readFixture<TorchFixture>('torch.json', 1, COMMAND);
const library = readFixture<TorchFixture>('torch-library.json', 1, COMMAND);
const { seed } = fixture;
const cases = [...fixture.cases, ...library.cases];

/** Streams of random numbers, as in make-fixtures.py. */
const X = 0;
const TARGETS = 1;
const BIASES = 1000;

const near = (actual: ArrayLike<number>, stored: Stored, bound: number): void =>
  expectStored(actual, stored, seed, bound, COMMAND);

function makeNetwork({ layers }: TorchCase): Network {
  const network = new Network({
    layers: layers.map(({ className, config }) => layerFromConfig(className, config)),
    seed,
  });
  for (const [p, { parameter, value }] of network.parameters().entries()) {
    if (parameter.name === 'bias') {
      uniform(deriveKey(seed, Purpose.gradcheck, BIASES, p), -0.1, 0.1, value.data);
    }
  }
  return network;
}

/** Made again, and held to what PyTorch was given. */
function makeData(each: TorchCase): { x: Float64Array; targets: Float64Array } {
  const x = new Float64Array(sizeOf(each.inputs.x.shape));
  uniform(deriveKey(seed, Purpose.gradcheck, X, 0), 0, 1, x);
  if (each.name.startsWith('ties')) for (let i = 0; i < x.length; i++) x[i] = Math.floor(x[i] * 3);
  const [samples, C] = each.inputs.targets.shape;
  const targets = new Float64Array(samples * C);
  uniform(deriveKey(seed, Purpose.gradcheck, TARGETS, 0), 0, 1, targets);
  if (each.loss) return { x, targets };
  for (let n = 0; n < samples; n++) {
    // In 64ths, so that they sum to exactly 1, as distributions do.
    let rest = 1;
    for (let c = 0; c < C; c++) {
      const share = c < C - 1 ? (Math.floor(8 * targets[n * C + c]) + 1) / 64 : rest;
      targets[n * C + c] = share;
      rest -= share;
    }
  }
  return { x, targets };
}

const lossOf = ({ loss = { name: 'categoricalCrossentropy' } }: TorchCase): Loss => getLoss(loss);

function makeTrainer(each: TorchCase, kernel: TrainerKernel): Trainer {
  const { learningRate, rho, epsilon } = fixture;
  const optimizer = getOptimizer(each.optimizer ?? { name: 'adadelta', learningRate, rho, epsilon });
  return new Trainer(makeNetwork(each), lossOf(each), optimizer, makeData(each), each.samples, kernel);
}

/** Forward pass, losses and gradients of the first step, and the weights after it. */
function expectFirstStep(trainer: Trainer, each: TorchCase, bound: number): void {
  near(trainer.predict(), each.predictions, bound);
  const { logits, losses, gradients } = trainer.train(seed, 0);
  near(logits, each.logits, bound);
  near(losses, each.losses, bound);
  expect(gradients.length).toBe(each.gradients.length);
  for (const [p, stored] of each.gradients.entries()) near(gradients[p], stored, bound);
  expectWeights(trainer, each, 1, bound);
}

function expectWeights(trainer: Trainer, each: TorchCase, steps: number, bound: number): void {
  const weights = trainer.weights();
  for (const [p, stored] of each.weights[steps].entries()) near(weights[p], stored, bound);
}

describe.each(cases.map((each) => [each.name, each] as const))('PyTorch: %s', (_, each) => {
  it('got the same data', () => {
    const { x, targets } = makeData(each);
    near(x, each.inputs.x, 0);
    near(targets, each.inputs.targets, 0);
  });

  it('float64: forward, losses, gradients, and weights after 1, 10 and 50 steps within 1e-10 of the norm', () => {
    const trainer = makeTrainer(each, 'plain64');
    expectFirstStep(trainer, each, 1e-10);
    for (let step = 1; step < 50; step++) {
      trainer.train(seed, step);
      if (step === 9) expectWeights(trainer, each, 10, 1e-10);
    }
    expectWeights(trainer, each, 50, 1e-10);
  });

  it('float64: gradient of the input within 1e-10 of the norm', () => {
    const batch = { samples: each.samples, ...makeData(each) };
    const examination = { network: makeNetwork(each), loss: lossOf(each), batch, seed };
    const subject = new Subject(examination, plain64Kernels, (bytes) => ({
      kernels: plain64Kernels,
      buffer: new ArrayBuffer(bytes),
    }));
    subject.gradients();
    near(subject.variables[0].gradient, each['input gradient'], 1e-10);
  });

  for (const kernel of ['plain', 'simd'] as const) {
    it.skipIf(kernel === 'simd' && !simdSupported('simd'))(
      `float32, ${kernel}: forward, losses, gradients, and weights after one step within 1e-5 of the norm`,
      () => expectFirstStep(makeTrainer(each, kernel), each, 1e-5),
    );
  }
});

it('PyTorch’s and Keras’ parts together cover every layer, loss and optimizer that there is', () => {
  const command = 'python fixtures/make-keras-fixtures.py';
  const keras = readFixture<KerasFixture>('keras.json', 1, command);
  const training = readFixture<KerasTraining>('keras-training.json', 2, command);
  const graph = readFixture<KerasGraph>(
    'keras-graph.json',
    1,
    'python fixtures/make-keras-graph-fixtures.py',
  );
  const others = readFixture<{ version: number; cases: { name: string }[] }>(
    'keras-losses.json',
    1,
    'python fixtures/make-keras-losses-fixtures.py',
  );
  const classes = [
    ...[...cases, ...keras.cases].flatMap((each) => each.layers.map(({ className }) => className)),
    ...graph.classes,
    'Normalization', // test/layers/normalization.test.ts, by keras-normalization.json
    'LayerScale', // test/parity/keras-convnext.test.ts
    ...['Elementwise', 'Resizing'], // test/parity/keras-operations.test.ts
  ];
  // Whose numbers are drawn here: test/layers/augmentation.test.ts.
  const isDrawn = (name: string): boolean => name.startsWith('Random');
  expect(layers.names.filter((name) => !isDrawn(name) && !classes.includes(name))).toEqual([]);
  const named = [
    ...cases.map(({ loss }) => loss?.name ?? 'categoricalCrossentropy'),
    ...namesOf(training.losses),
    ...namesOf(others.cases), // test/parity/keras-losses.test.ts
  ];
  // Class numbers give the bits of the rows that they stand for: test/kernels/softmax.test.ts.
  const covered = [...named, 'sparseCategoricalCrossentropy'];
  expect(losses.names.filter((name) => !covered.includes(name))).toEqual([]);
  const rules = [
    ...cases.map(({ optimizer }) => optimizer?.name ?? 'adadelta'),
    ...namesOf(training.optimizers),
  ];
  expect(optimizers.names.filter((name) => !rules.includes(name))).toEqual([]);
});

/** What test/parity/keras-graph.test.ts compares. */
interface KerasGraph {
  readonly version: number;
  readonly classes: readonly string[];
}

/** What test/parity/keras-training.test.ts compares. */
interface KerasTraining {
  readonly version: number;
  readonly losses: readonly { readonly name: string }[];
  readonly optimizers: readonly { readonly name: string }[];
}

const namesOf = (list: readonly { readonly name: string }[]): string[] => list.map(({ name }) => name);
