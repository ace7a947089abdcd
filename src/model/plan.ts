/**
 * The plan of a step: which layer does what, and which gradients anybody needs. Made once after compile,
 * it is the single place where freezing turns into work left out:
 *
 * - a frozen layer gets no weight gradient;
 * - below the first trainable layer nothing is computed backward at all, and that layer's own input
 *   gradient isn't either;
 * - the outputs of the frozen layers before the first random or trainable one never change: training may
 *   compute them once a sample and keep them (`prefix`).
 *
 * Neighbours are folded into one stage where one kernel does both: ReLU behind a convolution or dense
 * layer, max-pooling behind that, softmax or sigmoid into their cross-entropies.
 */
import type { PoolGeometry } from '../kernels/geometry.ts';
import { Activation } from '../layers/activation.ts';
import { Conv2D } from '../layers/conv2d.ts';
import { Dense } from '../layers/dense.ts';
import type { Layer, Stage } from '../layers/layer.ts';
import { MaxPooling2D } from '../layers/max-pooling2d.ts';
import type { FoldedActivation, Loss } from '../losses/loss.ts';
import { type Shape, sizeOf } from '../tensor/tensor.ts';
import { type ConvolutionChoice, convolutionAlgorithm } from './convolution.ts';
import type { Network } from './network.ts';

/** What one step computes, stage by stage. */
export interface Plan {
  readonly stages: readonly Stage[];
  /** The first `prefix` stages are frozen and deterministic: what they give for a sample never changes. */
  readonly prefix: number;
  /** null: for predictions alone. */
  readonly loss: Loss | null;
  /** The model's last activation, where it is computed by the loss, or by the prediction's last step. */
  readonly folded: FoldedActivation | null;
  readonly inputShape: Shape;
  readonly outputShape: Shape;
}

/**
 * Plans the steps of a built network. With no loss, the plan serves predictions alone and has no gradients.
 * @param convolution how convolutions are computed forward; see convolution.ts.
 * @throws RangeError where the loss doesn't fit the model's end.
 */
export function makePlan(network: Network, loss: Loss | null, convolution: ConvolutionChoice = 'auto'): Plan {
  const { inputShape, outputShape } = network;
  const units = expandActivations(network.layers);
  const last = units[units.length - 1].layer;
  if (loss) checkLoss(loss, last, outputShape);
  const folded = loss?.folds && endsIn(last, loss.folds) ? loss.folds : null;
  if (folded) units.pop();

  const stages: Stage[] = [];
  let shape = inputShape;
  let zerosAreDead = false;
  let gradientBelow = false;
  for (let i = 0; i < units.length; ) {
    const { layer, index } = units[i++];
    const stageInput = shape;
    shape = layer.outputShape ?? shape;
    if (layer.isIdentity(true)) continue;
    const followers: Layer[] = [];
    const relu = layer instanceof Conv2D || layer instanceof Dense ? takeRelu() : false;
    const pool = layer instanceof Conv2D ? takePool() : null;
    const weightGradient = loss !== null && layer.trainable && layer.parameters.length > 0;
    stages.push({
      index,
      layer,
      folded: followers,
      inputShape: stageInput,
      outputShape: shape,
      relu,
      pool,
      weightGradient,
      inputGradient: gradientBelow,
      zeroInputsAreDead: zerosAreDead,
      // Below a maximum at most one gradient a window is left; elsewhere most are not zero.
      walk: pool ? 'sparse' : 'dense',
      algorithm: layer instanceof Conv2D ? convolutionAlgorithm(layer.geometry, convolution) : 'direct',
    });
    zerosAreDead = relu || layer.zeroOutputsAreDead(zerosAreDead);
    gradientBelow ||= weightGradient;

    /** Takes the next layer into this stage if it is what the kernel can do too. */
    function takeRelu(): boolean {
      const next = units[i]?.layer;
      if (!(next instanceof Activation) || next.activation !== 'relu') return false;
      followers.push(next);
      i++;
      return true;
    }
    function takePool(): PoolGeometry | null {
      const next = units[i]?.layer;
      if (!(next instanceof MaxPooling2D)) return null;
      followers.push(next);
      i++;
      shape = next.outputShape ?? shape;
      return next.geometry;
    }
  }
  return { stages, prefix: countPrefix(stages), loss, folded, inputShape, outputShape };
}

/** Stages of a backward pass: those with a gradient to compute. */
export function needsBackward(stage: Stage): boolean {
  return stage.weightGradient || stage.inputGradient;
}

/** Numbers a sample has at the model's end. */
export function outputSize(plan: Plan): number {
  return sizeOf(plan.outputShape);
}

/** `dense({ activation: 'relu' })` is planned as a dense layer with a ReLU behind it. */
function expandActivations(layers: readonly Layer[]): { layer: Layer; index: number }[] {
  return layers.flatMap((layer, index) => {
    const own = layer instanceof Conv2D || layer instanceof Dense ? layer.activation : 'linear';
    if (own === 'linear') return [{ layer, index }];
    const activation = new Activation({ activation: own, name: `${layer.name}/${own}` });
    activation.build(layer.outputShape as Shape); // layers of a built network have their shapes
    return [
      { layer, index },
      { layer: activation, index },
    ];
  });
}

function endsIn(last: Layer, activation: FoldedActivation): boolean {
  return last instanceof Activation && last.activation === activation;
}

function checkLoss(loss: Loss, last: Layer, outputShape: Shape): void {
  const { name, folds, fromLogits = false } = loss;
  if (!folds) return;
  const ends = endsIn(last, folds);
  // Softmax alone makes distributions; probabilities of yes or no may come from much, but not from a sum of weights.
  const isLogit = folds === 'softmax' || last instanceof Dense || last instanceof Conv2D;
  if (!fromLogits && !ends && isLogit) {
    throw new RangeError(
      `compile: ${name} needs probabilities: end the model with activation('${folds}'), or give the loss fromLogits: true`,
    );
  }
  if (fromLogits && ends) {
    throw new RangeError(`compile: ${name} with fromLogits takes logits, but the model ends with a ${folds}`);
  }
  if (folds === 'softmax' && outputShape.length !== 1) {
    throw new RangeError(
      `compile: ${name} needs one row of classes a sample (put flatten() before it), got shape [${outputShape}]`,
    );
  }
}

function countPrefix(stages: readonly Stage[]): number {
  const end = stages.findIndex((stage) => stage.weightGradient || stage.layer.isRandom());
  return end < 0 ? stages.length : end;
}
