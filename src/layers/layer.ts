/**
 * The base class of all layers, in five steps: a name and options (named-layer.ts), shapes and parameters (buildable-layer.ts), answers to
 * the plan's questions (planned-layer.ts), forward and backward passes (working-layer.ts); and here `apply`, which gives a symbolic tensor:
 * an output before there are any numbers. A model is what lies between two of these (Keras' functional API). Layers import all from here.
 */
import { calledName, describe } from '../checks/describe.ts';
import { knownOptions, noMoreArguments } from '../checks/options.ts';
import { closeClass, keepFields } from '../checks/properties.ts';
import { flag } from '../checks/values.ts';
import type { Shape } from '../tensor/tensor.ts';
import type { Parameter } from './parameter.ts';
import { WorkingLayer } from './working-layer.ts';

export type { BatchSums, BatchSumsSize } from './batch-sums.ts';
export { LAYER_OPTIONS, type LayerConfig, type LayerOptions, layerOptions } from './layer-options.ts';
export type { Parameter, ParameterRole, ParameterSpec } from './parameter.ts';
export type { Fold, FoldScale, PreparedWeights, Run, Stage, StepKey, WeightUse } from './stage.ts';

/** The base class of all layers, which a layer of your own extends. (The type parameters are for models, which are layers too.) */
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

  /** Whether it takes several inputs: `run.xs`. */
  readonly takesSeveral: boolean = false;
  #output: SymbolicTensor | null = null;

  /**
   * Applies the layer to the output of another layer, or to a model's input. (In Keras one calls the layer.)
   *
   *     const x = input({ shape: [28, 28, 1] });
   *     const y = dense({ units: 10 }).apply(flatten().apply(x));
   *
   * The first application builds the layer for that shape. If it is applied several times, all of them share its weights.
   * @param inputs several for layers that take several: `add().apply([a, b])`
   * @throws TypeError for anything but symbolic tensors, RangeError where the layer doesn't take such a shape.
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

  /** The output of its first application. @throws Error before the layer is applied. */
  get output(): SymbolicTensor {
    if (this.#output) return this.#output;
    throw new Error(`output: layer ${calledName(this)} isn't applied to anything yet`);
  }

  override unbuild(): void {
    super.unbuild();
    this.#output = null;
  }

  /** The layers that the plan sees: this layer, and its activation after it if it has one. */
  expand(): Layer[] {
    return [this as unknown as Layer];
  }
}

/** The output of an applied layer, before there are numbers: its shape, and where it comes from. `input` and `layer.apply` make it. */
export class SymbolicTensor {
  static {
    closeClass(SymbolicTensor.prototype, 'symbolic tensor');
  }

  /** Shape of one sample. */
  readonly shape: Shape;
  /** The layer that gives it. */
  readonly layer: Layer;
  /** What that layer was applied to. */
  readonly inputs: readonly SymbolicTensor[];
  /** false: the layer works as in inference here, even while the model trains. */
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
   * false: the layer, or all layers of a model, always work as in inference here: batch normalisation by its moving averages, no
   * dropout. Default: true, so they work as in training while the model trains.
   */
  training?: boolean | undefined;
}
