/**
 * Models as graphs of layers: which layers lie between two symbolic tensors, in Keras' order; and the plan's view of them,
 * without models within models.
 */
import { calledName } from '../checks/describe.ts';
import type { Layer, SymbolicTensor } from '../layers/layer.ts';
import type { Standing } from './roles.ts';

/** One layer within a model, at any depth. A node comes after those that it reads. */
export interface Node extends Standing {
  readonly layer: Layer;
  /** The nodes that it reads, by their place in the list; −1: the model's input. */
  readonly inputs: readonly number[];
  /** Names of the models that it is in, from outside, and its own. */
  readonly path: readonly string[];
}

/** How one of a model's layers is connected. */
export interface Link {
  /** The layers that it reads, by their place in the model; −1: the model's input. */
  readonly inputs: readonly number[];
  /** false: it works there as in inference. */
  readonly training: boolean;
}

/** The name of a layer's parameter among all of a model: `dense/kernel`, `features/conv2d/kernel`. */
export function parameterName({ path }: Pick<Node, 'path'>, parameter: string): string {
  return [...path, parameter].join('/');
}

/**
 * The tensors between a model's input and its output, in Keras' order: by depth, the layers that are farthest from the
 * output first (the longest way counts), and those at the same depth in the order in which a walk back from the output meets
 * them, each layer before what it reads. The input is among them, if a layer gives it.
 * @throws RangeError where a layer is there twice, or the output doesn't come from the input.
 */
export function tensorsBetween(start: SymbolicTensor, end: SymbolicTensor): SymbolicTensor[] {
  const met: SymbolicTensor[] = [];
  const layers = new Map<Layer, SymbolicTensor>();
  const finished: SymbolicTensor[] = [];
  const visit = (tensor: SymbolicTensor): void => {
    const known = layers.get(tensor.layer);
    if (known === tensor) return;
    const name = calledName(tensor.layer);
    if (known) {
      throw new RangeError(`model: layer ${name} is used twice: a model takes a layer once: make another`);
    }
    layers.set(tensor.layer, tensor);
    met.push(tensor);
    if (tensor !== start) {
      if (tensor.inputs.length === 0) {
        throw new RangeError(
          `model: outputs must come from inputs: they also need input ${name}, which isn't theirs`,
        );
      }
      for (const input of tensor.inputs) visit(input);
    }
    finished.push(tensor);
  };
  visit(end);
  if (!layers.has(start.layer)) throw new RangeError('model: outputs must come from inputs: they never meet');

  const depths = new Map<SymbolicTensor, number>([[end, 0]]);
  for (const tensor of finished.reverse()) {
    // Whatever reads it has had its turn.
    const depth = depths.get(tensor) ?? 0;
    if (tensor === start) continue;
    for (const input of tensor.inputs) depths.set(input, Math.max(depth + 1, depths.get(input) ?? 0));
  }
  const place = new Map(met.map((tensor, i) => [tensor, i]));
  const of = (map: ReadonlyMap<SymbolicTensor, number>, tensor: SymbolicTensor): number =>
    map.get(tensor) ?? 0;
  return [...met].sort((a, b) => of(depths, b) - of(depths, a) || of(place, a) - of(place, b));
}

/** The tensors in the order of these layers, where a file has one and each layer comes after those that it reads; else as they are. */
export function inOrder(tensors: SymbolicTensor[], layers: readonly unknown[]): SymbolicTensor[] {
  if (layers.length === 0) return tensors;
  const places = new Map(layers.map((layer, i) => [layer, i]));
  const placeOf = ({ layer }: SymbolicTensor): number => places.get(layer) ?? 0;
  const ordered = [...tensors].sort((a, b) => placeOf(a) - placeOf(b));
  const at = new Map(ordered.map((tensor, t) => [tensor, t]));
  const comesAfter = (tensor: SymbolicTensor, t: number): boolean =>
    tensor.inputs.every((input) => (at.get(input) ?? -1) < t);
  return ordered.every(comesAfter) ? ordered : tensors;
}
