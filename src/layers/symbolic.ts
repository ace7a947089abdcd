/**
 * Symbolic tensors: what a layer gives when it is applied, before there are any numbers. A model is what lies between two of
 * them (Keras' functional API).
 */
import { closeClass, fixFields } from '../checks/properties.ts';
import type { Shape } from '../tensor/tensor.ts';
import type { Layer } from './layer.ts';

/** The output of a layer that was applied: its shape, and where it comes from. `input` and `layer.apply` make them. */
export class SymbolicTensor {
  static {
    closeClass(SymbolicTensor.prototype, 'symbolic tensor');
  }

  /** Of one sample. */
  readonly shape: Shape;
  /** The layer that gives it. */
  readonly layer: Layer;
  /** What that layer was applied to. */
  readonly inputs: readonly SymbolicTensor[];
  /** false: the layer works there as in inference, even while the model trains. */
  readonly training: boolean;

  constructor(layer: Layer, shape: Shape, inputs: readonly SymbolicTensor[], training: boolean) {
    this.layer = layer;
    this.shape = shape;
    this.inputs = inputs;
    this.training = training;
    fixFields(this);
  }
}

/** How a layer is applied. */
export interface ApplyOptions {
  /**
   * false: the layer, and all layers of a model, always work there as in inference: batch normalisation by its moving averages, no
   * dropout. true, the default: as the pass does that is at hand.
   */
  training?: boolean;
}
