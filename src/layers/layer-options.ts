/** What every layer is made with, and made again from. */
import { knownOptions, noMoreArguments, type OptionRules, PUT_INTO_OPTIONS } from '../checks/options.ts';
import type { Shape } from '../tensor/tensor.ts';

/** Options that every layer takes. */
export interface LayerOptions {
  /** What messages and files of weights call it. Default: its kind and a number, `conv2d_1`. */
  name?: string | undefined;
  /** false freezes the layer; see Layer.trainable. */
  trainable?: boolean | undefined;
  /** Shape of one input sample, without the batch; needed on a model's first layer. */
  inputShape?: Shape | undefined;
}

/** Names of the options that every layer takes, for `knownOptions`. */
export const LAYER_OPTIONS = Object.freeze(['name', 'trainable', 'inputShape'] as const);

/**
 * The options of one of our layers, checked: its own, and those of every layer. A constructor hands on all that it was given, since
 * JavaScript would drop the rest in silence: `new Dense({ units: 5 }, 'relu')`.
 * @param given the constructor's arguments
 * @param own names of the layer's own options; the first is what a single value was probably meant for
 * @throws TypeError or RangeError as `knownOptions` does, TypeError where there is more than one argument.
 */
export function layerOptions<T extends LayerOptions>(
  where: string,
  options: T | undefined,
  given: ArrayLike<unknown>,
  own: readonly string[] = [],
  rules?: OptionRules,
): T {
  noMoreArguments(where, given, 1, PUT_INTO_OPTIONS);
  return knownOptions(where, options, [...own, ...LAYER_OPTIONS], rules);
}

/** What it takes to make a layer again: its options, as JSON. */
export type LayerConfig = {
  readonly name: string;
  readonly trainable: boolean;
  /** See Layer.unsupported. */
  readonly unsupported?: Readonly<Record<string, unknown>>;
} & Record<string, unknown>;
