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
import type { Layer } from '../layers/layer.ts';
import type { FoldedActivation, Loss } from '../losses/loss.ts';
import { type Shape, sizeOf } from '../tensor/tensor.ts';
import type { Node } from './graph.ts';
import type { Network } from './network.ts';
import { makeStage, type PlannedStage } from './planned-stage.ts';
import { rolesOf, worksInTraining } from './roles.ts';

/** What one step computes, stage by stage. */
export interface Plan {
  /** Of a training step; without a loss, of inference. A stage comes after those that it reads. */
  readonly stages: readonly PlannedStage[];
  /** Of inference. */
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
  /** Of one sample. */
  readonly shape: Shape;
}

/** A frozen layer as if it were trained: freezing leaves work out, and changes no formula. */
function withGradients(node: Node): Node {
  const works = worksInTraining(node.layer, node);
  return { ...node, trainable: true, training: works };
}

/** A layer, or its own activation, as the plan arranges them. */
interface Unit extends Node {
  /** Place among all layers of the model. */
  readonly index: number;
}

/**
 * Plans the steps of a built network. With no loss, the plan serves predictions alone and has no gradients.
 * @param convolution how convolutions are computed; see layers/convolution.ts.
 * @param options everyGradient: frozen layers get gradients too (they continue working as frozen ones do): for gradient checks
 * @throws RangeError where the loss doesn't fit the model's end.
 */
export function makePlan(
  network: Network,
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

/** `dense({ activation: 'relu' })` is planned as a dense layer with a ReLU after it. */
function expandActivations(nodes: readonly Node[]): Unit[] {
  const units: Unit[] = [];
  /** The last unit of each node. */
  const ends: number[] = [];
  for (const [index, node] of nodes.entries()) {
    let inputs = node.inputs.map((i) => (i < 0 ? i : ends[i]));
    for (const layer of node.layer.expand()) {
      units.push({ ...node, layer, inputs, index });
      inputs = [units.length - 1];
    }
    ends.push(units.length - 1);
  }
  return units;
}

interface Arranging {
  readonly units: readonly Unit[];
  readonly inputShape: Shape;
  readonly convolution: ConvolutionChoice;
  readonly training: boolean;
  /** Folds that are not to be made: of `unit` into the stage of unit `head`. */
  readonly neverInto: (head: number, unit: number) => boolean;
}

interface Arrangement {
  readonly stages: readonly PlannedStage[];
  /** The unit whose output each stage gives. */
  readonly tensors: readonly number[];
  /** Whether this unit may be computed once per sample. */
  readonly isCached: (unit: number) => boolean;
}

/** Units as stages: what one kernel can do is one stage, what does nothing is none. */
function arrange({ units, inputShape, convolution, training, neverInto }: Arranging): Arrangement {
  const stages: PlannedStage[] = [];
  const tensors: number[] = [];
  const readers = units.map((_, u) => units.flatMap((unit, v) => (unit.inputs.includes(u) ? [v] : [])));
  const isTaken = units.map(() => false);
  const isCached = units.map(() => false);
  /** The stage that gives each unit's output, and what is known of that. */
  const made = new Map<number, number>([[-1, -1]]);
  const dead = new Map<number, boolean>([[-1, false]]);
  const hasGradient = new Map<number, boolean>([[-1, false]]);
  const shapeOf = (unit: number): Shape => (unit < 0 ? inputShape : (units[unit].layer.outputShape as Shape));
  const get = <T>(map: ReadonlyMap<number, T>, unit: number): T => map.get(unit) as T; // units come after those that they read

  for (const [head, unit] of units.entries()) {
    if (isTaken[head]) continue;
    const { layer, inputs } = unit;
    const standing = { trainable: unit.trainable && training, training: unit.training && training };
    const isTraining = worksInTraining(layer, standing);
    const areCached = inputs.every((input) => input < 0 || isCached[input]);
    if (layer.isIdentity(isTraining)) {
      made.set(head, get(made, inputs[0]));
      dead.set(head, get(dead, inputs[0]));
      hasGradient.set(head, get(hasGradient, inputs[0]));
      isCached[head] = areCached;
      continue;
    }
    const roles = rolesOf(layer, standing);
    const inputGradients = inputs.map((input) => get(hasGradient, input));
    const zeroInputsAreDead = inputs.length === 1 && get(dead, inputs[0]);
    let stage = makeStage(layer, {
      index: unit.index,
      inputs: inputs.map((input) => get(made, input)),
      inputShapes: layer.inputShapes ?? inputs.map(shapeOf),
      training: isTraining,
      roles,
      inputGradients,
      zeroInputsAreDead,
      ...layer.decide(convolution),
      ...(training && { largeTiles: false }),
    });
    const wasCached =
      areCached && roles.every((role) => role === 'fixed') && (!isTraining || layer.mayBeCached());
    const taken = [head];
    for (let tail = head; ; ) {
      const [next, ...others] = readers[tail];
      if (next === undefined || others.length > 0 || neverInto(head, next)) break;
      const changes = foldInto(stage, units[next], training);
      if (!changes) break;
      stage = {
        ...stage,
        ...changes,
        folded: [...stage.folded, units[next].layer],
        outputShape: shapeOf(next),
      };
      isTaken[next] = true;
      taken.push(next);
      tail = next;
    }
    const end = taken[taken.length - 1];
    const zerosAreDead = stage.relu !== false || layer.zeroOutputsAreDead(zeroInputsAreDead);
    for (const each of taken) {
      made.set(each, stages.length);
      dead.set(each, zerosAreDead);
      hasGradient.set(each, stage.weightGradient || stage.inputGradient);
      isCached[each] = wasCached;
    }
    stages.push(stage);
    tensors.push(end);
  }
  return { stages, tensors, isCached: (unit) => isCached[unit] };
}

/** What changes in a stage where its kernel takes over the layer after it; null: it can't. */
function foldInto(
  stage: PlannedStage,
  { layer, ...standing }: Unit,
  training: boolean,
): Partial<PlannedStage> | null {
  const fold = layer.foldsAs();
  if (!fold || (fold.kind === 'scale' && stage.scale)) return null;
  const changes = stage.layer.takesOver(fold, stage);
  if (!changes || fold.kind !== 'scale') return changes;
  // Folded into the weights only where neither has to get a gradient.
  const roles = training ? [...stage.roles, ...rolesOf(layer, standing)] : [];
  const isInference = !training || !worksInTraining(layer, standing);
  if (!isInference || roles.some((role) => role !== 'fixed')) return null;
  return { ...changes, scale: { layer, into: fold.into } };
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

function endsIn(last: Layer, activation: FoldedActivation): boolean {
  return last.foldsAs()?.kind === activation;
}

function checkLoss(loss: Loss, last: Layer, outputShape: Shape): void {
  checkEnd(loss, last);
  if ((loss.isOfRow ?? loss.folds === 'softmax') && outputShape.length !== 1) {
    const pixels =
      loss.folds === 'softmax' ? "; for pixels' classes, 'binaryCrossentropy' after a sigmoid" : '';
    throw new RangeError(
      `compile: ${loss.name} needs one row of classes per sample, got shape [${outputShape}]: flatten() makes one row${pixels}`,
    );
  }
}

/** @throws RangeError where a loss that computes an activation itself finds another thing at the model's end. */
function checkEnd({ name, folds, fromLogits = false }: Loss, last: Layer): void {
  if (!folds) return;
  const ends = endsIn(last, folds);
  // Softmax alone makes distributions; probabilities of yes or no may come from much, but not from a sum of weights.
  const isLogit = folds === 'softmax' || last.givesLogits();
  if (!fromLogits && !ends && isLogit) {
    // Logits are no way out of a sigmoid: numbers from 0 to 1 would be taken for them.
    if (endsIn(last, 'sigmoid')) {
      throw new RangeError(
        `compile: ${name} needs probabilities of classes, but the model ends with a sigmoid: ` +
          "take 'binaryCrossentropy', or end with softmax",
      );
    }
    throw new RangeError(
      `compile: ${name} needs probabilities: end the model with activation('${folds}'), or give the loss fromLogits: true`,
    );
  }
  const squashed = (['softmax', 'sigmoid'] as const).find((activation) => endsIn(last, activation));
  if (fromLogits && squashed) {
    throw new RangeError(
      `compile: ${name} with fromLogits takes logits, but the model ends with a ${squashed}`,
    );
  }
}
