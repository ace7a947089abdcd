/**
 * A model's layers as the plan sees them: without models within models, each with the layers that it reads, in an order in
 * which every layer comes after those.
 */
import type { Layer } from '../layers/layer.ts';
import type { Standing } from './roles.ts';

/** One layer within a model. */
export interface Node extends Standing {
  readonly layer: Layer;
  /** The nodes that it reads, by their place in the list; −1: the model's input. */
  readonly inputs: readonly number[];
  /** Names of the models that it stands in, from outside, and its own. */
  readonly path: readonly string[];
}

/** The name of a layer's parameter among all of a model: `dense/kernel`, `features/conv2d/kernel`. */
export function parameterName({ path }: Pick<Node, 'path'>, parameter: string): string {
  return [...path, parameter].join('/');
}
