/**
 * Whether each parameter is trained, moved or fixed. It is decided here and nowhere else: memory, tiles, the journal, checkpoints,
 * counts, reports and gradient checks all ask this file.
 */
import type { Layer, ParameterRole } from '../layers/layer.ts';
import { sizeOf } from '../tensor/tensor.ts';

/** A layer's state in a model: whether it is trainable there, and whether it works as in training. */
export interface Standing {
  readonly trainable: boolean;
  /** false: this application of the layer always works as in inference. */
  readonly training: boolean;
}

/** Whether a stage of this layer works as in training while the model trains. */
export function worksInTraining(layer: Layer, { trainable, training }: Standing): boolean {
  return training && !(layer.frozenIsInference && !trainable);
}

/** The role of each parameter in a training step. */
export function rolesOf(layer: Layer, standing: Standing): ParameterRole[] {
  const moves = worksInTraining(layer, standing);
  return layer.parameters.map(({ role = 'trained' }) => {
    if (role === 'trained') return standing.trainable ? 'trained' : 'fixed';
    return role === 'moved' && moves ? 'moved' : 'fixed';
  });
}

/** How many numbers a model or a layer has, and how many of them an optimizer changes. */
export interface ParameterCounts {
  readonly total: number;
  readonly trainable: number;
  readonly nonTrainable: number;
}

/** Counts a layer's parameters. */
export function countParameters(layer: Layer, standing: Standing): ParameterCounts {
  const roles = rolesOf(layer, standing);
  const total = layer.countParams();
  const trainable = layer.parameters.reduce(
    (sum, { shape }, p) => sum + (roles[p] === 'trained' ? sizeOf(shape) : 0),
    0,
  );
  return { total, trainable, nonTrainable: total - trainable };
}
