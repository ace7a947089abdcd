/** What a network is made of, as its user says it. */
import { describe } from '../checks/describe.ts';
import { advice } from '../checks/suggest.ts';
import { type Layer, SymbolicTensor } from '../layers/layer.ts';
import type { ConnectedLayers } from './connected-layers.ts';

/** A layer, or a model in the place of one. */
export type LayerOrModel = Layer | ConnectedLayers;

/** Layers of a network, and where its weights come from. */
export interface NetworkOptions {
  /** One after the other; before the first one may be what `input({ shape })` gives. */
  layers?: readonly (LayerOrModel | SymbolicTensor)[] | undefined;
  /** What messages and files call it. Default: `sequential`. */
  name?: string | undefined;
  /** Decides the initial weights, and all that is random in training. Default: 0. */
  seed?: number | undefined;
  /** false: draw no initial weights, because they come from elsewhere. */
  initialize?: boolean | undefined;
  /** Where a graph begins, … */
  inputs?: SymbolicTensor | readonly SymbolicTensor[] | undefined;
  /** … and where it ends. `layers` then only says their order, which is Keras' by default. */
  outputs?: SymbolicTensor | readonly SymbolicTensor[] | undefined;
}

/** Options of layers one after the other: those of a graph aren't for them. */
export type RowOptions = Omit<NetworkOptions, 'inputs' | 'outputs'>;

export const ROW_OPTIONS = [
  'layers',
  'name',
  'seed',
  'initialize',
] as const satisfies readonly (keyof RowOptions)[];

/** The one tensor of a model's inputs or outputs. @throws RangeError for several, TypeError for anything else. */
export function oneTensor(what: 'inputs' | 'outputs', given: unknown): SymbolicTensor {
  const tensors: readonly unknown[] = [given].flat();
  if (tensors.length !== 1) {
    throw new RangeError(`model: ${what} must be one tensor, got ${tensors.length}${advice(what)}`);
  }
  const [tensor] = tensors;
  if (tensor instanceof SymbolicTensor) return tensor;
  throw new TypeError(
    `model: ${what} must be a tensor as input({ shape }) and layer.apply give, got ${describe(tensor)}`,
  );
}
