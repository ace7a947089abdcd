/** The experiment's network, and its weights in a form that travels between Workers. */
import { makeClassificationLayers, makeFeatureLayers } from '../../experiment/transfer.ts';
import { type Shape, Tensor } from '../../tensor/tensor.ts';
import { type Sequential, sequential } from '../../training/sequential.ts';
import { SIDE } from './ways.ts';

/** Digits that one network tells apart. */
const CLASSES = 5;

/** A network between two steps. */
export interface Snapshot {
  readonly weights: readonly { readonly data: Float32Array; readonly shape: Shape }[];
  /** Steps so far, which the dropout masks of the next one depend on. */
  readonly step: number;
}

/** The feature layers and the classification layers, as `degelo transfer` makes them. */
export function makeNetwork(
  seed: number,
  { frozen = false }: { readonly frozen?: boolean } = {},
): Sequential {
  const features = makeFeatureLayers([SIDE, SIDE, 1]);
  for (const layer of features) layer.trainable = !frozen;
  return sequential({ layers: [...features, ...makeClassificationLayers(CLASSES)], name: 'transfer', seed });
}

export function snapshotOf(model: Sequential): Snapshot {
  const weights = model.getWeights().map(({ data, shape }) => ({ data: Float32Array.from(data), shape }));
  return { weights, step: model.step };
}

/** Gives a network the weights of a snapshot, and its count of steps. */
export function restore(model: Sequential, { weights, step }: Snapshot): void {
  model.setWeights(weights.map(({ data, shape }) => new Tensor(data, shape)));
  model.step = step;
}

/** The first convolution's kernels [3, 3, 1, 32]: what people call filters. */
export const filtersOf = ({ weights }: Snapshot): Float32Array => weights[0].data;
