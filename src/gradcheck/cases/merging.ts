/** Layers of several inputs. */
import { activation } from '../../layers/activation.ts';
import { add } from '../../layers/add.ts';
import { average } from '../../layers/average.ts';
import { averagePooling2d } from '../../layers/average-pooling2d.ts';
import { concatenate } from '../../layers/concatenate.ts';
import { conv2d } from '../../layers/conv2d.ts';
import { input } from '../../layers/input-layer.ts';
import type { Layer } from '../../layers/layer.ts';
import { maximum } from '../../layers/maximum.ts';
import { minimum } from '../../layers/minimum.ts';
import { multiply } from '../../layers/multiply.ts';
import { subtract } from '../../layers/subtract.ts';
import { Network } from '../../model/network.ts';
import { ALL, type SuiteCase } from './case.ts';

/** The layers that take any number of inputs, of one shape or repeated. */
const MAKERS: readonly (readonly [name: string, make: () => Layer])[] = [
  ['add', add],
  ['multiply', multiply],
  ['average', average],
  ['maximum', maximum],
  ['minimum', minimum],
];

export const MERGING_CASES: readonly SuiteCase[] = [
  ...[...MAKERS, ['concatenate', concatenate] as const].map(([name, make]) => ({
    name: `${name} of two branches and their input`,
    layers: () => [branches(make(), null)],
    options: ALL,
  })),
  ...[...MAKERS, ['subtract', subtract] as const].map(([name, make]) => ({
    name: `${name}, an image and a number a channel`,
    layers: () => [branches(make(), [3, 4])],
    options: ALL,
  })),
  {
    name: 'multiply, an image and numbers of each row',
    layers: () => [branches(multiply(), [1, 4])],
    options: ALL,
  },
];

/**
 * A tensor that several layers read, and a layer that reads several.
 * @param pooled null: two convolutions and their input; else each pixel and the mean of so many rows and columns
 */
function branches(merge: Layer, pooled: [number, number] | null): Network {
  const x = input({ shape: [3, 4, 2] });
  const a = activation('tanh').apply(conv2d({ filters: 2, kernelSize: 2, padding: 'same' }).apply(x));
  const b = pooled
    ? averagePooling2d({ poolSize: pooled }).apply(a)
    : conv2d({ filters: 2, kernelSize: 1 }).apply(x);
  return new Network({ name: 'branches', inputs: x, outputs: merge.apply(pooled ? [a, b] : [a, b, x]) });
}
