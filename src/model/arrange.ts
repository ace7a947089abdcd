/**
 * The layers of a network as stages: what one kernel can do is one stage, what does nothing is none. plan.ts says what decides.
 */
import type { ConvolutionChoice } from '../layers/convolution.ts';
import type { Layer } from '../layers/layer.ts';
import type { Shape } from '../tensor/tensor.ts';
import type { Node } from './graph.ts';
import { makeStage, type PlannedStage } from './planned-stage.ts';
import { rolesOf, type Standing, worksInTraining } from './roles.ts';

/** A layer, or its own activation, as the plan arranges them. */
export interface Unit extends Node {
  /** Place among all layers of the model. */
  readonly index: number;
}

/** `dense({ activation: 'relu' })` is planned as a dense layer with a ReLU after it. */
export function expandActivations(nodes: readonly Node[]): Unit[] {
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

export interface Arranging {
  readonly units: readonly Unit[];
  readonly inputShape: Shape;
  readonly convolution: ConvolutionChoice;
  readonly training: boolean;
  /** Folds that are not to be made: of `unit` into the stage of unit `head`. */
  readonly neverInto: (head: number, unit: number) => boolean;
}

export interface Arrangement {
  readonly stages: readonly PlannedStage[];
  /** The unit whose output each stage gives. */
  readonly tensors: readonly number[];
  /** Whether this unit may be computed once per sample. */
  readonly isCached: (unit: number) => boolean;
}

/** What is known of a tensor once the stage that makes it is arranged. */
interface Made {
  /** The stage that makes it; −1: the model's input. */
  readonly stage: number;
  /** A zero in it can't have a gradient. */
  readonly zerosAreDead: boolean;
  readonly hasGradient: boolean;
  /** It may be computed once per sample. */
  readonly isCached: boolean;
  /** The zero padding that is left to the one layer that reads it; the stage makes what lies within. */
  readonly padding?: Layer | undefined;
}

const INPUT: Made = { stage: -1, zerosAreDead: false, hasGradient: false, isCached: true };

/** Units as stages, in order; each takes over what its kernel can do of the units after it. */
export function arrange(arranging: Arranging): Arrangement {
  const { units, training } = arranging;
  const stages: PlannedStage[] = [];
  const tensors: number[] = [];
  const made = new Map<number, Made>([[-1, INPUT]]);
  const readers = readersOf(units);
  for (const [head, unit] of units.entries()) {
    if (made.has(head)) continue; // by the stage of a unit before it
    const { layer } = unit;
    const standing = { trainable: unit.trainable && training, training: unit.training && training };
    const inputs = unit.inputs.map((input) => made.get(input) as Made); // units come after those that they read
    const areCached = inputs.every(({ isCached }) => isCached);
    const isLeft = isLeftToReader(head, readers, units);
    if (isLeft || layer.isIdentity(worksInTraining(layer, standing))) {
      made.set(head, { ...inputs[0], isCached: areCached, ...(isLeft && { padding: layer }) });
      continue;
    }
    const own = ownStage(unit, standing, inputs, arranging);
    const { stage, taken } = withFolds(own, head, readers, arranging);
    const output: Made = {
      stage: stages.length,
      zerosAreDead: stage.relu !== false || layer.zeroOutputsAreDead(stage.zeroInputsAreDead),
      hasGradient: stage.weightGradient || stage.inputGradient,
      isCached:
        areCached && own.roles.every((role) => role === 'fixed') && (!own.training || layer.mayBeCached()),
    };
    for (const each of taken) made.set(each, output);
    stages.push(stage);
    tensors.push(taken[taken.length - 1]);
  }
  return { stages, tensors, isCached: (unit) => made.get(unit)?.isCached ?? false };
}

/** The stage of a unit alone. */
function ownStage(
  { layer, inputs, index }: Unit,
  standing: Standing,
  made: readonly Made[],
  arranging: Arranging,
): PlannedStage {
  const [{ padding = null }] = made;
  return makeStage(layer, {
    index,
    inputs: made.map(({ stage }) => stage),
    padding,
    inputShapes: (padding ?? layer).inputShapes ?? inputs.map((input) => shapeOf(input, arranging)),
    training: worksInTraining(layer, standing),
    roles: rolesOf(layer, standing),
    inputGradients: made.map(({ hasGradient }) => hasGradient),
    zeroInputsAreDead: made.length === 1 && made[0].zerosAreDead,
    ...layer.decide(arranging.convolution),
    ...(arranging.training && { largeTiles: false }),
  });
}

/** The stage with what its kernel takes over of the units after it, and all its units. */
function withFolds(
  own: PlannedStage,
  head: number,
  readers: readonly (readonly number[])[],
  arranging: Arranging,
): { readonly stage: PlannedStage; readonly taken: readonly number[] } {
  const { units, training, neverInto } = arranging;
  let stage = own;
  const taken = [head];
  for (;;) {
    const [next, ...others] = readers[taken[taken.length - 1]];
    if (next === undefined || others.length > 0 || neverInto(head, next)) return { stage, taken };
    const changes = foldInto(stage, units[next], training);
    if (!changes) return { stage, taken };
    const folded = [...stage.folded, units[next].layer];
    stage = { ...stage, ...changes, folded, outputShape: shapeOf(next, arranging) };
    taken.push(next);
  }
}

/** Whether a unit is a zero padding which the kernel of the layer that alone reads it can do. */
function isLeftToReader(
  unit: number,
  readers: readonly (readonly number[])[],
  units: readonly Unit[],
): boolean {
  const margins = units[unit].layer.padsBy();
  const [reader, other] = readers[unit];
  return margins !== null && other === undefined && units[reader]?.layer.takesPadding(margins);
}

/** The units that read each unit's output. */
function readersOf(units: readonly Unit[]): readonly (readonly number[])[] {
  const readers = units.map((): number[] => []);
  for (const [reader, { inputs }] of units.entries()) {
    for (const input of new Set(inputs)) if (input >= 0) readers[input].push(reader);
  }
  return readers;
}

/** Shape of a sample of what a unit gives; −1: of the model's input. */
function shapeOf(unit: number, { units, inputShape }: Arranging): Shape {
  return unit < 0 ? inputShape : (units[unit].layer.outputShape as Shape); // built, as all of them are
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
