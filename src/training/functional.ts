/** Models that are graphs of layers, as Keras' functional ones; and models of either kind made from their configuration. */
import { knownOptions, noMoreArguments } from '../checks/options.ts';
import { whole } from '../checks/properties.ts';
import type { SymbolicTensor } from '../layers/layer.ts';
import type { NetworkConfig, NetworkOptions } from '../model/network.ts';
import { networkFromConfig } from '../model/network-config.ts';
import { Model } from './model.ts';
import { Sequential } from './sequential.ts';

/** A graph of layers between an input and an output. */
export interface ModelOptions {
  /** What `input({ shape })` gave, or another model's `input`. */
  inputs: SymbolicTensor | readonly SymbolicTensor[];
  /** What the last layer's `apply` gave, or `output`. */
  outputs: SymbolicTensor | readonly SymbolicTensor[];
  /** What messages and files call it. Default: `functional`. */
  name?: string | undefined;
  /** Decides the initial weights, and all that is random in training. Default: 0. */
  seed?: number | undefined;
}

/**
 * The model of all layers that lie between two tensors:
 *
 *     const x = input({ shape: [28, 28, 1] });
 *     const y = dense({ units: 10, activation: 'softmax' }).apply(flatten().apply(x));
 *     const classifier = model({ inputs: x, outputs: y });
 *
 * It trains, predicts and is saved like a Sequential, and it may be a layer of another model. Layers that are in
 * other models too share their weights: `model({ inputs: base.input, outputs: base.getLayer('features').output })`.
 * @throws TypeError for anything but tensors; RangeError for more than one input or output, for outputs that don't come from
 *   the inputs, a layer that is there twice, and a name that two layers have.
 */
export function model(options: ModelOptions): Model {
  noMoreArguments('model', arguments, 1, 'model({ inputs, outputs })');
  const { inputs, outputs, ...others } = knownOptions('model', options, [
    'inputs',
    'outputs',
    'name',
    'seed',
  ]);
  for (const [what, given] of Object.entries({ inputs, outputs })) {
    if (given === undefined)
      throw new TypeError(`model: ${what} is missing: expected model({ inputs, outputs })`);
  }
  return whole(new Model({ ...others, inputs, outputs }));
}

/** The model of a configuration, and the models within it, as what users meet. Throws as networkFromConfig does. */
export function modelFromConfig(
  config: NetworkConfig,
  options: Pick<NetworkOptions, 'initialize'> = {},
): Model {
  return networkFromConfig(
    config,
    (own, graph) => whole(graph ? new Model(own) : new Sequential(own)),
    options,
  );
}
