/** Layers one after the other, as Keras' Sequential. */
import { noMoreArguments } from '../checks/options.ts';
import { closeClass, whole } from '../checks/properties.ts';
import type { SymbolicTensor } from '../layers/layer.ts';
import type { LayerOrModel, RowOptions } from '../model/network.ts';
import { Model } from './model.ts';

/** A model of layers one after the other, which trains, tests and predicts, as Keras' Sequential. */
export class Sequential extends Model {
  static {
    closeClass(Sequential.prototype, 'sequential');
  }
}

/**
 * A model of layers one after the other: `sequential({ layers: [conv2d(…), …], seed: 1 })`, or just the layers. The shape of a sample is
 * the first layer's `inputShape`, or comes first: `sequential([input({ shape: [28, 28, 1] }), conv2d(…), …])`.
 * @throws RangeError where a layer can't follow the one before it, and for `inputs`, which are `model`'s.
 */
export function sequential(options?: RowOptions | readonly (LayerOrModel | SymbolicTensor)[]): Sequential {
  noMoreArguments('sequential', arguments, 1, 'put the layers into one array: sequential([…, …])');
  // Array.isArray doesn't narrow readonly arrays.
  return whole(new Sequential(Array.isArray(options) ? { layers: options } : (options as RowOptions)));
}
