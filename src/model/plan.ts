/**
 * The plan of a step: which layer does what, and which gradients anybody needs. Made once after compile,
 * it is the single place where freezing turns into work left out:
 *
 * - a frozen layer gets no weight gradient;
 * - a tensor has a gradient only where something trained lies before it, on any path; where nothing does, nothing is
 *   computed backward;
 * - what frozen layers give that come before anything random or trained never changes: training may compute it once a
 *   sample and keep it (`cached`, `cut`).
 *
 * Neighbours are folded into one stage where one kernel does both, as the layers say (foldsAs, takesOver): ReLU after a
 * convolution or dense layer, max-pooling after that, softmax or sigmoid into their cross-entropies; in inference also
 * batch normalisation into the weights before it. So there are two lists of stages, of training and of inference.
 */

import type { ConvolutionChoice } from '../layers/convolution.ts';
import type { FoldedActivation, Loss } from '../losses/loss.ts';
import { type Shape, sizeOf } from '../tensor/tensor.ts';
import { type Arrangement, arrange, expandActivations } from './arrange.ts';
import { checkLoss, endsIn } from './check-loss.ts';
import type { Node } from './graph.ts';
import type { Network } from './network.ts';
import type { PlannedStage } from './planned-stage.ts';
import { worksInTraining } from './roles.ts';

/** What one step computes, stage by stage. */
export interface Plan {
  /** Of a training step; without a loss, of inference. A stage comes after those that it reads. */
  readonly stages: readonly PlannedStage[];
  /** The stages of a prediction. */
  readonly inference: readonly PlannedStage[];
  /** The tensor that each stage makes, in both lists: the same number, the same numbers of a sample. */
  readonly tensors: { readonly stages: readonly number[]; readonly inference: readonly number[] };
  /** Whether each stage may be computed once per sample: it and all before it are frozen and deterministic. */
  readonly cached: { readonly stages: readonly boolean[]; readonly inference: readonly boolean[] };
  /** What is kept of those: the tensors that other stages read, or the loss. Empty: there are no such stages. */
  readonly cut: readonly Cut[];
  /** null: for predictions only. */
  readonly loss: Loss | null;
  /** The model's last activation, where it is computed by the loss, or by the prediction's last step. */
  readonly folded: FoldedActivation | null;
  readonly inputShape: Shape;
  readonly outputShape: Shape;
}

/** A tensor that the cached part hands on. */
export interface Cut {
  readonly tensor: number;
  /** The tensor's shape for one sample. */
  readonly shape: Shape;
}

/** A frozen layer as if it were trained: freezing leaves work out, and changes no formula. */
function withGradients(node: Node): Node {
  const works = worksInTraining(node.layer, node);
  return { ...node, trainable: true, training: works };
}

/**
 * Plans the steps of a built network. With no loss, the plan serves predictions alone and has no gradients.
 * @param convolution how convolutions are computed; see layers/convolution.ts.
 * @param options everyGradient: frozen layers get gradients too (they continue working as frozen ones do): for gradient checks
 * @throws RangeError where the loss doesn't fit the model's end.
 */
export function makePlan(
  network: Pick<Network, 'inputShape' | 'outputShape' | 'nodes'>,
  loss: Loss | null,
  convolution: ConvolutionChoice = 'auto',
  { everyGradient = false }: { readonly everyGradient?: boolean } = {},
): Plan {
  const { inputShape, outputShape } = network;
  const nodes = network.nodes();
  const units = expandActivations(everyGradient ? nodes.map(withGradients) : nodes);
  // All layers lie before the model's end, so that it comes last.
  const last = units[units.length - 1].layer;
  if (loss) checkLoss(loss, last, outputShape);
  const folded = loss?.folds && endsIn(last, loss.folds) ? loss.folds : null;
  if (folded) units.pop();
  const common = { units, inputShape, convolution };
  const training = arrange({ ...common, training: loss !== null, neverInto: () => false });
  const inference = loss
    ? arrange({
        ...common,
        training: false,
        neverInto: (head, unit) => training.isCached(head) && !training.isCached(unit),
      })
    : training;
  return {
    stages: training.stages,
    inference: inference.stages,
    tensors: { stages: training.tensors, inference: inference.tensors },
    cached: {
      stages: training.tensors.map(training.isCached),
      inference: inference.tensors.map(training.isCached),
    },
    cut: cutOf(training),
    ...{ loss, folded, inputShape, outputShape },
  };
}

/** Stages of a backward pass: those with a gradient to compute. */
export function needsBackward(stage: PlannedStage): boolean {
  return stage.weightGradient || stage.inputGradient;
}

/** Whether a weight that is trained has a regularizer, whose penalty is a part of the loss. */
export function hasPenalty({ stages }: Plan): boolean {
  return stages.some(({ layer, roles }) =>
    layer.parameters.some(({ regularizer }, p) => regularizer && roles[p] === 'trained'),
  );
}

/** Numbers a sample has at the model's end. */
export function outputSize(plan: Plan): number {
  return sizeOf(plan.outputShape);
}

/** The tensors that cached stages hand on to others, in order. */
function cutOf({ stages, tensors, isCached }: Arrangement): Cut[] {
  return stages.flatMap(({ outputShape }, s) => {
    // All layers lie before the model's end, so the last stage is what the loss reads.
    const isRead =
      s === stages.length - 1 ||
      stages.some((reader, r) => reader.inputs.includes(s) && !isCached(tensors[r]));
    return isRead && isCached(tensors[s]) ? [{ tensor: tensors[s], shape: outputShape }] : [];
  });
}
