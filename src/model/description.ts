/** A network as JSON: what saved models and worker threads make it from. */
import type { LayerConfig } from '../layers/layer.ts';
import type { Shape } from '../tensor/tensor.ts';

/** A layer of a network as JSON. A model's `config` is a NetworkConfig, with `trainable`. */
export interface LayerDescription {
  readonly className: string;
  readonly config: LayerConfig;
  /** In a graph: the names of the layers that it reads. */
  readonly inputs?: readonly string[];
  /** false: it works there as in inference. */
  readonly training?: boolean;
}

/** A network as JSON. */
export interface NetworkConfig {
  readonly name: string;
  readonly seed: number;
  /** Shape of one input sample; null where the network isn't built. */
  readonly inputShape: Shape | null;
  /** The layers are a graph, whose last one is the output; absent: a row. */
  readonly graph?: boolean;
  readonly layers: readonly LayerDescription[];
}
