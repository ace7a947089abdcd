/**
 * Random networks of the experiment's kind, and their training driven step by step on one thread: every worker's part
 * in turn. Shapes that hardly anybody tries are likely: images of one pixel, one filter, a kernel as large as the image,
 * one class, one sample.
 */
import fc from 'fast-check';
import { activation } from '../../src/layers/activation.ts';
import { conv2d } from '../../src/layers/conv2d.ts';
import type { ConvolutionChoice } from '../../src/layers/convolution.ts';
import { dense } from '../../src/layers/dense.ts';
import { dropout } from '../../src/layers/dropout.ts';
import { flatten } from '../../src/layers/flatten.ts';
import type { Layer } from '../../src/layers/layer.ts';
import { maxPooling2d } from '../../src/layers/max-pooling2d.ts';
import { categoricalCrossentropy } from '../../src/losses/categorical-crossentropy.ts';
import { Network } from '../../src/model/network.ts';
import { makePlan } from '../../src/model/plan.ts';
import { adadelta } from '../../src/optimizers/adadelta.ts';
import { deriveKey, Purpose, uniform } from '../../src/tensor/random.ts';
import { sizeOf } from '../../src/tensor/tensor.ts';
import { type Dealing, type Driven, drivePlan } from './drive.ts';

export interface NetworkCase {
  readonly seed: number;
  readonly image: readonly [number, number, number];
  readonly convolutions: readonly ConvBlock[];
  readonly hidden: readonly DenseBlock[];
  readonly classes: number;
  readonly batch: number;
}

interface ConvBlock {
  readonly filters: number;
  /** Cut down to the image where it is larger. */
  readonly kernel: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly padding: 'valid' | 'same';
  readonly relu: boolean;
  /** Cut down likewise; null: no pooling. */
  readonly pool: readonly [number, number] | null;
  readonly poolStrides: readonly [number, number];
  readonly rate: number;
}

interface DenseBlock {
  readonly units: number;
  readonly relu: boolean;
  readonly rate: number;
}

const upTo = (max: number) => fc.integer({ min: 1, max });
const pairs = (max: number) => fc.tuple(upTo(max), upTo(max));
const rates = fc.constantFrom(0, 0.25, 0.5);

const anyNetwork: fc.Arbitrary<NetworkCase> = fc.record({
  seed: fc.nat(),
  image: fc.tuple(upTo(8), upTo(8), upTo(3)),
  convolutions: fc.array(
    fc.record({
      filters: fc.oneof(upTo(5), fc.constantFrom(8, 12, 32)),
      kernel: fc.oneof(pairs(4), fc.constant([99, 99] as const)),
      strides: fc.oneof(fc.constant([1, 1] as const), pairs(3)),
      padding: fc.constantFrom('valid', 'same'),
      relu: fc.boolean(),
      pool: fc.option(fc.oneof(fc.constant([2, 2] as const), pairs(3))),
      poolStrides: fc.oneof(fc.constant([2, 2] as const), pairs(3)),
      rate: rates,
    }),
    { maxLength: 2 },
  ),
  hidden: fc.array(
    fc.record({ units: fc.oneof(upTo(9), fc.constantFrom(16, 33)), relu: fc.boolean(), rate: rates }),
    { maxLength: 2 },
  ),
  classes: upTo(5),
  // A batch has shards of 8.
  batch: fc.oneof(upTo(26), fc.constantFrom(1, 8, 9, 16)),
});

/** The same with convolutions that are computed by Winograd, if an image of 8×8 isn't pooled to less than 4×4. */
export const winogradNetworks: fc.Arbitrary<NetworkCase> = anyNetwork.map((network) => ({
  ...network,
  image: [8, 8, 8],
  convolutions: network.convolutions.map((convolution) => ({
    ...convolution,
    ...{ filters: 8, kernel: [3, 3], strides: [1, 1], padding: 'same' },
  })),
}));

export const networks = fc.oneof(
  { arbitrary: anyNetwork, weight: 3 },
  { arbitrary: winogradNetworks, weight: 1 },
);

/**
 * Fresh layers. `fold` false puts layers that do nothing between those that the plan would do in one go; true puts
 * as many after them, so that all layers keep their places, which key their random numbers.
 */
export function layersOf({ image, convolutions, hidden, classes }: NetworkCase, fold = true): Layer[] {
  const layers: Layer[] = [];
  const nothing = (): Layer => activation('linear');
  const append = (group: readonly Layer[]): void => {
    if (fold) layers.push(...group, ...group.map(nothing));
    else layers.push(...group.flatMap((layer) => [layer, nothing()]));
  };
  let shape: readonly number[] = image;
  const cut = ([height, width]: readonly [number, number]): [number, number] => [
    Math.min(height, shape[0]),
    Math.min(width, shape[1]),
  ];
  const follow = <T extends Layer>(layer: T): T => {
    shape = layer.computeOutputShape(shape);
    return layer;
  };
  for (const { filters, kernel, strides, padding, relu, pool, poolStrides, rate } of convolutions) {
    append([
      follow(conv2d({ filters, kernelSize: cut(kernel), strides: [...strides], padding })),
      ...(relu ? [activation('relu')] : []),
      ...(pool ? [follow(maxPooling2d({ poolSize: cut(pool), strides: [...poolStrides] }))] : []),
    ]);
    layers.push(dropout({ rate }));
  }
  layers.push(flatten());
  for (const { units, relu, rate } of hidden) {
    append([dense({ units }), ...(relu ? [activation('relu')] : [])]);
    layers.push(dropout({ rate }));
  }
  layers.push(dense({ units: classes }), activation('softmax'));
  return layers;
}

/** Images with black pixels, as digits have, and one class each. */
export function samplesOf({ seed, image, classes, batch }: NetworkCase): {
  x: Float32Array;
  y: Float32Array;
} {
  const x = new Float32Array(batch * sizeOf(image));
  uniform(deriveKey(seed, Purpose.study, 0, 0), -1, 1, x);
  const y = new Float32Array(batch * classes);
  for (let n = 0; n < batch; n++) y[n * classes + ((n * 7 + seed) % classes)] = 1;
  return { x: x.map((v) => Math.max(v, 0)), y };
}

export interface DriveOptions {
  readonly workers?: number;
  readonly dealing?: Dealing;
  readonly kernel?: 'plain' | 'simd';
  readonly fold?: boolean;
  readonly convolution?: ConvolutionChoice;
  /** false: zeros that can't have a gradient get theirs computed like all others. */
  readonly skipDead?: boolean;
  /** Of the layers with parameters, those that are not trained. */
  readonly frozen?: (index: number) => boolean;
  readonly steps?: number;
}

/** Trains for some steps on one batch: each worker's samples, then the weights. */
export function drive(
  network: NetworkCase,
  {
    workers = 1,
    dealing,
    kernel = 'plain',
    fold = true,
    convolution = 'auto',
    skipDead = true,
    frozen = () => false,
    steps = 2,
  }: DriveOptions = {},
): Driven {
  const { seed, batch, image } = network;
  const model = new Network({ layers: layersOf(network, fold), seed });
  model.build([...image]);
  const owners = model.layers.filter(({ parameters }) => parameters.length > 0);
  for (const [i, layer] of owners.entries()) layer.trainable = !frozen(i);

  const planned = makePlan(model, categoricalCrossentropy(), convolution);
  const stages = planned.stages.map((stage) => (skipDead ? stage : { ...stage, zeroInputsAreDead: false }));
  const { x, y } = samplesOf(network);
  const optimizer = adadelta({ learningRate: 1 });
  return drivePlan({
    ...{ plan: { ...planned, stages }, optimizer, x, targets: y },
    ...{ batch, seed, steps, workers, dealing, kernel },
  });
}
