/** A stage of a plan: what its layer must know (layers/stage.ts), and the layers and stages that it is tied to. */
import type { Layer } from '../layers/layer.ts';
import type { FoldScale, Run, Stage } from '../layers/stage.ts';
import type { Shape } from '../tensor/tensor.ts';

/** What the plan decided for one piece of work: the layer that does it, what is folded into it, and which gradients anybody needs. */
export interface PlannedStage extends Stage {
  /** Place of `layer` among all layers of the model; keys its random numbers. */
  readonly index: number;
  readonly layer: Layer;
  /** The layers after it that its kernel does too. */
  readonly folded: readonly Layer[];
  /** A layer folded into the weights, which are written again whenever one of both layers' may have changed; null: none. */
  readonly scale: { readonly layer: Layer; readonly into: FoldScale } | null;
  /** The stages whose outputs it reads, by their place in the plan; −1: the model's input. */
  readonly inputs: readonly number[];
}

/** What a stage's layer works on. */
export interface PlannedRun extends Run {
  readonly stage: PlannedStage;
}

/** The stage of a built layer by itself. Default: all its gradients are wanted. */
export function makeStage(layer: Layer, decided: Partial<PlannedStage> = {}): PlannedStage {
  // build() has set both.
  const inputShapes = decided.inputShapes ?? (layer.inputShapes as readonly Shape[]);
  const roles = decided.roles ?? layer.parameters.map(({ role = 'trained' }) => role);
  const inputGradients = decided.inputGradients ?? inputShapes.map(() => decided.inputGradient ?? true);
  return {
    index: 0,
    layer,
    padding: null,
    folded: [],
    inputs: inputShapes.map(() => -1),
    inputShapes,
    inputShape: inputShapes[0],
    outputShape: layer.outputShape as Shape,
    relu: false,
    pool: null,
    scale: null,
    training: true,
    roles,
    weightGradient: roles.includes('trained'),
    inputGradients,
    inputGradient: inputGradients.includes(true),
    zeroInputsAreDead: false,
    walk: 'dense',
    algorithm: 'direct',
    largeTiles: false,
    ...decided,
  };
}
