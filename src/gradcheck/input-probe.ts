/**
 * The model's input as if it were a layer's weights: y = value, whatever is below.
 *
 * A training step computes no gradient of the input, because nobody needs it. With this layer under a model the
 * input is a trainable array like any other: the plan's own machinery brings its gradient, and a check perturbs it
 * as it perturbs weights.
 */
import { Layer, type ParameterSpec, type Run } from '../layers/layer.ts';
import { type Shape, sizeOf } from '../tensor/tensor.ts';

export class InputProbe extends Layer {
  readonly className = 'InputProbe';
  // The array holds every sample of the batch: its gradient is taken once all have been walked.
  override readonly gradientSplit = 'weights';
  readonly #samples: number;

  constructor(samples: number) {
    super({ name: 'input' });
    this.#samples = samples;
  }

  protected override describeParameters(inputShape: Shape): ParameterSpec[] {
    return [{ name: 'x', shape: [this.#samples, ...inputShape], initializer: 'zeros', fanIn: 1, fanOut: 1 }];
  }

  /** y[n] = value[first + n] */
  forward({ stage, parameters: [value], y, first }: Run, N: number): void {
    const size = sizeOf(stage.inputShape);
    y.set(value.subarray(first * size, (first + N) * size));
  }

  /** Nothing is below. */
  backward(): void {}

  /** dvalue = dy */
  override weightGradient({ gradients, dy }: Run, _N: number, _p: number, from: number, to: number): void {
    gradients?.[0].set(dy.subarray(from, to), from);
  }
}
