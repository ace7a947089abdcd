/** What every layer is made with, and made again from. */
import type { Shape } from '../tensor/tensor.ts';

/** Options that every layer takes. */
export interface LayerOptions {
  /** What messages and files of weights call it. Default: its kind and a number, `conv2d_1`. */
  name?: string;
  /** false freezes the layer; see Layer.trainable. */
  trainable?: boolean;
  /** Shape of one input sample, without the batch; needed on a model's first layer. */
  inputShape?: Shape;
}

/** Names of the options that every layer takes, for `knownOptions`. */
export const LAYER_OPTIONS = Object.freeze(['name', 'trainable', 'inputShape'] as const);

/** What it takes to make a layer again: its options, as JSON. */
export type LayerConfig = {
  readonly name: string;
  readonly trainable: boolean;
  /** See Layer.unsupported. */
  readonly unsupported?: Readonly<Record<string, unknown>>;
} & Record<string, unknown>;
