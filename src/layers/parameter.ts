/** A layer's arrays of numbers: what a layer says of them, and what they are once a model has built it. */
import { describe } from '../checks/describe.ts';
import { knownOptions } from '../checks/options.ts';
import { nameText, oneOf, positiveInteger, sampleSizes } from '../checks/values.ts';
import { checkInitializer, type Initializer } from '../tensor/initializers.ts';
import { expectShape, expectTensors, type Shape, type Tensor } from '../tensor/tensor.ts';
import { checkRegularizer, type RegularizerConfig } from './regularizer.ts';

/**
 * What a parameter is to a step. `trained`: it has a gradient, and the optimizer changes it; `moved`: the forward pass of
 * training changes it (batch normalisation's averages), no optimizer does; `fixed`: nothing does.
 */
export type ParameterRole = 'trained' | 'moved' | 'fixed';

/** One array of numbers of a layer: its shape and how it starts. */
export interface ParameterSpec {
  readonly name: string;
  readonly shape: Shape;
  readonly initializer: Initializer;
  /**
   * Inputs that reach one output, and outputs that one input reaches, for initializers that scale by them. Left out, they
   * follow from the shape as in Keras: the last two dimensions, times the positions that are before them.
   */
  readonly fanIn?: number;
  readonly fanOut?: number;
  /**
   * What it is while its layer is trained. Default: `trained`. `moved`: changed by the layer's forward pass (see
   * `move`), counted as not trainable; `fixed`: never changed.
   */
  readonly role?: ParameterRole;
  /** What large weights cost while it is trained. Default: nothing. See regularizer.ts. */
  readonly regularizer?: RegularizerConfig | null;
}

/** A parameter with its numbers; `value` is set when the model is built. */
export interface Parameter extends ParameterSpec {
  value: Tensor | null;
}

const ROLES = ['trained', 'moved', 'fixed'] as const;
const NAMES = ['name', 'shape', 'initializer', 'fanIn', 'fanOut', 'role', 'regularizer'] as const;

/**
 * What describeParameters gave, checked, and each name as it is written here: `'glorot_uniform'` is `'glorotUniform'`.
 * @throws TypeError where it is no list of specifications; RangeError where one has an unknown property or initializer, a fan that is no
 *   integer ≥ 1, no name, or another's.
 */
export function expectParameterSpecs(specs: readonly ParameterSpec[]): readonly ParameterSpec[] {
  if (!Array.isArray(specs)) {
    const right = '[{ name, shape, initializer }]';
    throw new TypeError(`describeParameters must give an array, ${right}, got ${describe(specs)}`);
  }
  const names = new Set<string>();
  return specs.map((each, i) => {
    const where = `describeParameters()[${i}]`;
    const given = (each ?? null) as unknown as Readonly<Record<string, unknown>>;
    const spec = knownOptions(where, given, NAMES, { nullable: ['regularizer'] });
    const name = nameText(where, 'name', spec.name);
    if (name.includes('/') || names.has(name)) {
      const rule = names.has(name) ? "must differ from the other parameters'" : 'must have no /';
      throw new RangeError(`${where}: name ${rule}, got ${describe(name)}`);
    }
    names.add(name);
    sampleSizes(where, 'shape', spec.shape);
    for (const fan of ['fanIn', 'fanOut'] as const) positiveInteger(where, fan, spec[fan] ?? 1);
    return {
      ...each,
      initializer: checkInitializer(`${where}: initializer`, spec.initializer),
      regularizer: checkRegularizer(`${where}: regularizer`, spec.regularizer),
      ...(spec.role !== undefined && { role: oneOf(where, 'role', spec.role, ROLES) }),
    };
  });
}

/**
 * What `setWeights` is handed: a tensor for each parameter, of its shape.
 * @param rule says whose they are, for messages
 * @throws RangeError where the number of tensors or a shape differs.
 */
export function expectWeights(
  rule: string,
  weights: readonly Tensor[],
  parameters: readonly { readonly name: string; readonly shape: Shape }[],
): readonly Tensor[] {
  const tensors = expectTensors('setWeights', 'weights', weights);
  if (tensors.length !== parameters.length) {
    throw new RangeError(`setWeights: ${rule}: expected ${parameters.length}, got ${tensors.length}`);
  }
  for (const [i, { name, shape }] of parameters.entries()) {
    expectShape('setWeights', name, tensors[i].shape, shape);
  }
  return tensors;
}
