/** Where layers are listed: a saved model's class names, and how each is made again from its options. */
import { Activation, type ActivationOptions } from './activation.ts';
import { Conv2D, type Conv2dOptions } from './conv2d.ts';
import { Dense, type DenseOptions } from './dense.ts';
import { Dropout, type DropoutOptions } from './dropout.ts';
import { Flatten } from './flatten.ts';
import type { Layer, LayerOptions } from './layer.ts';
import { MaxPooling2D } from './max-pooling2d.ts';

// Options come from files: each constructor validates them itself, which is what the casts rely on.
const makers = new Map<string, (options: LayerOptions) => Layer>([
  ['Activation', (options) => new Activation(options as ActivationOptions)],
  ['Conv2D', (options) => new Conv2D(options as Conv2dOptions)],
  ['Dense', (options) => new Dense(options as DenseOptions)],
  ['Dropout', (options) => new Dropout(options as DropoutOptions)],
  ['Flatten', (options) => new Flatten(options)],
  ['MaxPooling2D', (options) => new MaxPooling2D(options)],
]);

/**
 * The layer of a class with these options, as `getConfig` gave them.
 * @throws RangeError for a class that isn't listed, or what the layer's constructor throws.
 */
export function layerFromConfig(className: string, config: object): Layer {
  const make = makers.get(className);
  if (!make) {
    throw new RangeError(
      `unknown layer class ${className}: expected one of ${[...makers.keys()].join(', ')}`,
    );
  }
  return make(config);
}
