/**
 * What every layer is: a name and options (named-layer.ts), shapes and parameters (buildable-layer.ts), answers for the plan
 * (planned-layer.ts), passes on a range of samples (working-layer.ts); and here, what applying it gives: a symbolic tensor, before there are any numbers. A
 * model is what lies between two of them (Keras' functional API). Layers import all of that from here.
 */
import { calledName, describe } from '../checks/describe.ts';
import { knownOptions, noMoreArguments } from '../checks/options.ts';
import { closeClass, keepFields } from '../checks/properties.ts';
import { flag } from '../checks/values.ts';
import type { Shape } from '../tensor/tensor.ts';
import type { Parameter } from './parameter.ts';
import { WorkingLayer } from './working-layer.ts';

export type { BatchSums, BatchSumsSize } from './batch-sums.ts';
export { LAYER_OPTIONS, type LayerConfig, type LayerOptions } from './layer-options.ts';
export type { Parameter, ParameterRole, ParameterSpec } from './parameter.ts';
export type { Fold, FoldScale, PreparedWeights, Run, Stage, StepKey, WeightUse } from './stage.ts';

/** What every layer is, and what a layer of your own extends. (The types are for models, which are layers too.) */
export abstract class Layer<Counts = number, Parameters = Parameter[]> extends WorkingLayer<
  Counts,
  Parameters
> {
  static {
    const [trainable, setWeights] = ['trainable', 'setWeights(tensors)'];
    closeClass(
      Layer.prototype,
      'layer',
      { weights: setWeights, kernel: setWeights, bias: setWeights, parameters: setWeights },
      { isTrainable: trainable, requires_grad: trainable, requiresGrad: trainable, frozen: trainable },
    );
  }

  /** It takes several inputs: `run.xs`. */
  readonly takesSeveral: boolean = false;
  #output: SymbolicTensor | null = null;

  /**
   * Applies the layer to what another gave, or to a model's input (Keras calls the layer):
   *
   *   const x = input({ shape: [28, 28, 1] });
   *   const y = dense({ units: 10 }).apply(flatten().apply(x));
   *
   * It is built for that shape, unless it is already; then it shares its weights between all its places.
   * @param inputs several for layers that take several: `add().apply([a, b])`
   * @throws TypeError for anything but symbolic tensors, RangeError where the layer can't follow.
   */
  apply(inputs: SymbolicTensor | readonly SymbolicTensor[], options?: ApplyOptions): SymbolicTensor {
    const who = calledName(this);
    if (options instanceof SymbolicTensor) {
      throw new TypeError(`${who}.apply: put several tensors into one array: apply([a, b])`);
    }
    noMoreArguments(`${who}.apply`, arguments, 2);
    const { training = true } = knownOptions(`${who}.apply`, options, ['training'], {
      call: `${who}.apply(x, …)`,
    });
    flag(`${who}.apply`, 'training', training);
    const tensors = inputs instanceof SymbolicTensor ? [inputs] : inputs;
    const isList = Array.isArray(tensors) && tensors.length > 0;
    const wrong = isList ? tensors.filter((each) => !(each instanceof SymbolicTensor)) : [tensors];
    if (wrong.length > 0) {
      throw new TypeError(
        `${who}.apply: expected what input({ shape }) or another layer's apply gives, got ${describe(wrong[0])}`,
      );
    }
    if (tensors.length > 1 && !this.takesSeveral) {
      throw new RangeError(`${who}.apply: the layer takes one input, got ${tensors.length}`);
    }
    this.buildFor(tensors.map(({ shape }) => shape));
    const output = new SymbolicTensor(this as unknown as Layer, this.outputShape as Shape, tensors, training); // a layer, built
    this.#output ??= output;
    return output;
  }

  /** What its first application gave. @throws Error before there is one. */
  get output(): SymbolicTensor {
    if (this.#output) return this.#output;
    throw new Error(`output: layer ${calledName(this)} isn't applied to anything yet`);
  }

  override unbuild(): void {
    super.unbuild();
    this.#output = null;
  }

  /** The layers that it is planned as: itself, and its own activation after it. */
  expand(): Layer[] {
    return [this as unknown as Layer];
  }
}

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
    keepFields(this);
  }

  toString(): string {
    return `symbolic tensor of shape [${this.shape.join(', ')}]`;
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
