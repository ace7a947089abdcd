/** What layers and options that name an activation are planned as. The formulas: activation.ts. */
import { sizeOf } from '../tensor/tensor.ts';
import {
  type ActivationName,
  activationFunction,
  activationNamed,
  type GradientRun,
  type Rows,
} from './activations.ts';
import {
  type Fold,
  Layer,
  type LayerConfig,
  type LayerOptions,
  layerOptions,
  type Run,
  type Stage,
} from './layer.ts';

/** Which activation. */
export interface ActivationOptions extends LayerOptions {
  /** Its name: `'relu'`, `'softmax'` … */
  activation: ActivationName;
}

/** An activation as a layer, of those that the bundle holds. */
export class ActivationLayer extends Layer {
  readonly className: string = 'Activation';
  readonly activation: ActivationName;

  constructor(options: ActivationOptions) {
    const given = layerOptions('activation', options, arguments, ['activation']);
    super(given, 'activation');
    this.activation = activationNamed('activation', 'activation', given.activation);
  }

  forward(run: Run, N: number): void {
    activationFunction(this.activation).forward(run, rowsOf(run.stage, N));
  }

  backward(run: Run, N: number): void {
    const { dx, stage } = run;
    if (!dx) return;
    // A run with dx is a GradientRun.
    activationFunction(this.activation).backward(run as GradientRun, rowsOf(stage, N));
  }

  override foldsAs(): Fold | null {
    return activationFunction(this.activation).fold ?? null;
  }

  /** Either the input or the output gives the slope. */
  override backwardReads(): { inputs: boolean; output: boolean } {
    const { readsInput = false } = activationFunction(this.activation);
    return { inputs: readsInput, output: !readsInput };
  }

  override isIdentity(): boolean {
    return this.activation === 'linear';
  }

  override kinks(): readonly number[] {
    return activationFunction(this.activation).kinks ?? [];
  }

  override zeroOutputsAreDead(): boolean {
    const { cutsOff = false } = activationFunction(this.activation);
    return cutsOff;
  }

  override work(): string {
    return 'activation';
  }

  override getConfig(): LayerConfig {
    return { ...this.baseConfig(), activation: this.activation };
  }
}

/** A layer with an activation of its own is planned as itself and, after it, that activation. */
export function expandActivation(layer: Layer, own: ActivationName): Layer[] {
  if (own === 'linear') return [layer];
  const behind = new ActivationLayer({ activation: own, name: `${layer.name}/${own}` });
  if (layer.outputShape) behind.build(layer.outputShape);
  return [layer, behind];
}

function rowsOf({ inputShape }: Stage, N: number): Rows {
  const C = inputShape[inputShape.length - 1];
  const rows = N * sizeOf(inputShape.slice(0, -1));
  return { rows, C, size: rows * C };
}
