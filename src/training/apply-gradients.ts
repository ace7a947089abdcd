/** One step of a model's optimizer along gradients that are handed in: for training loops of one's own. */
import { expectModel } from '../checks/handed-in.ts';
import { knownOptions, noMoreArguments } from '../checks/options.ts';
import { shown } from '../checks/shown.ts';
import { atLeastZero } from '../checks/values.ts';
import { createKernels } from '../kernels/index.ts';
import type { Kernels } from '../kernels/kernels.ts';
import type { ParameterRole } from '../layers/layer.ts';
import { expectIdle, training } from '../layers/turns.ts';
import { clippingFactors, needsNorm, squaresOf } from '../model/clipping.ts';
import type { NamedParameter } from '../model/network.ts';
import { rolesOf } from '../model/roles.ts';
import type { Optimizer } from '../optimizers/optimizer.ts';
import { firstNotFinite } from '../tensor/finite.ts';
import { expectTensorMap, type FloatArray, sameShape, type Tensor } from '../tensor/tensor.ts';
import type { Model } from './model.ts';
import type { OptimizerState } from './session/optimizer-state.ts';

/** What `applyGradients` takes: what `gradients` and `backward` give, or a Map of weights' gradients that you made. */
export interface GradientsToApply {
  /** The gradient of every weight that is trainable, under the names of `namedWeights`. */
  readonly weights: ReadonlyMap<string, Tensor>;
  /** Moving averages as they shall be. Default: they stay. */
  readonly moved?: ReadonlyMap<string, Tensor>;
}

const where = 'applyGradients';

/**
 * One step of the compiled optimizer along these gradients, and `model.step` counts it: as `trainOnBatch`, for losses that aren't
 * the mean of one number a sample, for sums of several gradients, or for gradients that you change.
 *
 *     const found = await gradients(model, x, y, { training: true });
 *     await applyGradients(model, found); // the same bits as trainOnBatch(x, y)
 *
 * @throws Error where the model isn't compiled, or is at work; TypeError or RangeError where a gradient is missing, belongs to no weight that
 *   is trainable, has another shape, or isn't finite. Nothing is changed then.
 */
export async function applyGradients(model: Model, found: GradientsToApply): Promise<void> {
  noMoreArguments(where, arguments, 2, 'applyGradients(model, { weights })');
  expectModel(where, model);
  const names = ['weights', 'moved', 'input', 'loss', 'output'] as const;
  const { weights, moved } = knownOptions<GradientsToApply>(where, found, names, {
    call: 'applyGradients(model, { weights })',
  });
  if (!model.compiled) {
    throw new Error(`${where}: the model isn't compiled: call compile({ optimizer, loss }) first`);
  }
  expectIdle(model, where);
  const state = model.optimizerState(); // which the model doesn't give during a step
  return training(model, where, async () => {
    const trained = pairs(model, 'trained', weights);
    const averages = moved ? pairs(model, 'moved', moved) : [];
    step(model, state, trained);
    for (const { value, given } of averages) value.data.set(given);
    for (const layer of model.allLayers()) layer.weightsVersion++;
  });
}

/** A weight, and a copy of what was handed in for it. */
interface Pair extends NamedParameter {
  readonly given: FloatArray;
}

/** All weights of that role, with what was handed in. */
function pairs(model: Model, role: ParameterRole, tensors: unknown): Pair[] {
  const given = expectTensorMap(where, tensors);
  const ofRole = new Set(
    model.nodes().flatMap((node) => {
      const roles = rolesOf(node.layer, node);
      return node.layer.parameters.filter((_, p) => roles[p] === role);
    }),
  );
  const parameters = model.parameters().filter(({ parameter }) => ofRole.has(parameter));
  const known = new Set(parameters.map(({ name }) => name));
  const stray = [...given.keys()].find((name) => !known.has(name));
  if (stray !== undefined) throw new RangeError(`${where}: ${shown(stray)} is no weight that is ${role} now`);
  return parameters.map((each) => {
    const tensor = given.get(each.name);
    const { shape } = each.parameter;
    const what = `the ${role === 'trained' ? 'gradient' : 'value'} of ${shown(each.name)}`;
    if (!tensor) throw new RangeError(`${where}: ${what} is missing: expected a tensor of shape [${shape}]`);
    if (!sameShape(tensor.shape, shape)) {
      throw new RangeError(`${where}: ${what} must have shape [${shape}], got [${tensor.shape}]`);
    }
    const index = firstNotFinite(tensor.data);
    if (index >= 0)
      throw new RangeError(`${where}: ${what} must be finite, got ${tensor.data[index]} at index ${index}`);
    return { ...each, given: Float32Array.from(tensor.data) };
  });
}

/** The optimizer's step, as that of a training step: model/step.ts. */
function step(model: Model, state: OptimizerState, trained: readonly Pair[]): void {
  const { optimizer } = model;
  const iteration = state.iterations + 1;
  const set = atLeastZero(where, 'optimizer.learningRate', optimizer.learningRate);
  const rate = optimizer.schedule ? optimizer.schedule.at(iteration - 1) : set;
  const kernels = createKernels('plain', null);
  clip(trained, optimizer, kernels);
  const known = new Map(state.entries());
  for (const { name, value, given } of trained) {
    const n = given.length;
    const slots = known.get(name) ?? optimizer.slots.map(() => new Float32Array(n));
    if (!known.has(name)) state.restore(name, slots);
    optimizer.update(kernels, 0, n, value.data, given, slots, rate, iteration);
  }
  state.iterations = iteration;
  model.step++;
}

/** Bounds the gradients, in place, as the optimizer says. */
function clip(trained: readonly Pair[], { clipping }: Optimizer, kernels: Kernels): void {
  if (!clipping) return;
  if (!needsNorm(clipping)) {
    for (const { given } of trained) kernels.clip(0, given.length, clipping.limit, given);
    return;
  }
  const [factors] = clippingFactors(clipping, [
    { parameters: trained.map(({ given }) => ({ squares: squaresOf(given) })) },
  ]);
  for (const [i, { given }] of trained.entries()) {
    if (factors[i] < 1) kernels.scale(0, given.length, factors[i], given);
  }
}
