/** Whether a compiled model can be trained as it is now: warnings as Keras gives them, and what degelo refuses. */
import { shown } from '../checks/shown.ts';
import { isOfWeights } from '../layers/training-only.ts';
import type { Network } from '../model/network.ts';
import type { Compiled } from './compiled.ts';

/** What was said since `compile`. */
const warnings = new WeakMap<Compiled, Set<string>>();

/** Once after each `compile`: `trainOnBatch` is called in loops. */
function warnOnce(compiled: Compiled, message: string): void {
  const said = warnings.get(compiled) ?? new Set();
  if (said.has(message)) return;
  warnings.set(compiled, said.add(message));
  console.warn(message);
}

/** Warns where `trainable` was changed after compile, as Keras does: the change has no effect yet. */
export function warnOfChanges(operation: string, network: Network, compiled: Compiled): void {
  const changed = network.allLayers().filter(({ trainable }, i) => trainable !== compiled.wasTrainable[i]);
  if (changed.length === 0) return;
  warnOnce(
    compiled,
    `${operation}: trainable was changed after compile (${changed.map(({ name }) => shown(name)).join(', ')}): ` +
      `it counts only once compile is called again`,
  );
}

/** Warns where training changes nothing, as Keras does: when the model was compiled all layers were frozen, or none had weights. */
export function warnOfNothingToTrain(operation: string, compiled: Compiled): void {
  if (compiled.plan.stages.some(({ weightGradient }) => weightGradient)) return;
  warnOnce(
    compiled,
    `${operation}: no weight is trained: all layers that have weights were frozen when compile was called`,
  );
}

/**
 * Refuses to train a loaded network with what Keras has in training and degelo lacks: regularizers, constraints, and layers that do
 * something in training only. Those of frozen weights do nothing. But a penalty on outputs, or such a layer, changes the training in Keras
 * even if the layer is frozen.
 * @throws Error naming the layer.
 */
export function refuseUnsupported(
  operation: string,
  network: Network,
  { wasTrainable }: Pick<Compiled, 'wasTrainable'>,
): void {
  for (const [i, { layer, training }] of network.nodes().entries()) {
    const all = Object.keys(layer.unsupported ?? {});
    const standing = all.filter((name) => isLeft(name, wasTrainable[i], training));
    if (standing.length === 0) continue;
    const freeze = standing.every(isOfWeights) ? 'freeze the layer (trainable = false), or ' : '';
    throw new Error(
      `${operation}: layer ${layer.name} was made with ${standing.join(', ')}, which degelo can't train with: ${freeze}set its ` +
        `unsupported to null to train without${freeze && ', then compile again'}`,
    );
  }
}

/** Whether an entry of Layer.unsupported would change the training. @param training false: the layer always works as in inference */
function isLeft(name: string, trainable: boolean, training: boolean): boolean {
  if (isOfWeights(name)) return trainable;
  return training || name === 'activity_regularizer';
}
