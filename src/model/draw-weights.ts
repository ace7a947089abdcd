/** The weights that a model begins with. */
import { calledName } from '../checks/describe.ts';
import { fansOf, initialize } from '../tensor/initializers.ts';
import { allocate } from '../tensor/memory.ts';
import { deriveKey, Purpose } from '../tensor/random.ts';
import { sizeOf, Tensor } from '../tensor/tensor.ts';
import type { Node } from './graph.ts';

/** Draws the weights of layers that have none yet: each by its place among all of the model's layers. */
export function drawWeights(seed: number, nodes: readonly Node[]): void {
  for (const [index, { layer }] of nodes.entries()) {
    for (const [i, parameter] of layer.parameters.entries()) {
      if (parameter.value) continue;
      const { name, shape } = parameter;
      const what = `layer ${calledName(layer)}: ${name} of shape [${shape}]`;
      parameter.value = new Tensor(allocate(sizeOf(shape), {}, what), shape);
      const { fanIn, fanOut } = fansOf(parameter.shape);
      const fans = { fanIn: parameter.fanIn ?? fanIn, fanOut: parameter.fanOut ?? fanOut };
      const key = deriveKey(seed, Purpose.weights, index, i);
      initialize(parameter.initializer, fans, key, parameter.value.data);
    }
  }
}
