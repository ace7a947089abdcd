/** Layers by their class names: ours, each of which its own module makes known, and users' own. */
import { listed as listNames } from '../checks/describe.ts';
import { noMoreArguments } from '../checks/options.ts';
import { closeClass } from '../checks/properties.ts';
import { advice } from '../checks/suggest.ts';
import { sampleSizes } from '../checks/values.ts';
import { type Maker, Registry } from '../registry/registry.ts';
import type { Shape } from '../tensor/tensor.ts';
import type { Layer } from './layer.ts';
import { isTrainingOnly } from './training-only.ts';

/** Our own, by the names that index.ts exports them by: minifiers keep these, and not the classes' own. */
const NAMES = [
  'Activation',
  'Add',
  'Average',
  'AveragePooling2D',
  'BatchNormalization',
  'Concatenate',
  'Conv2D',
  'Conv2DTranspose',
  'Cropping2D',
  'Dense',
  'DepthwiseConv2D',
  'Dropout',
  'Elementwise',
  'Flatten',
  'GaussianNoise',
  'GlobalAveragePooling2D',
  'GlobalMaxPooling2D',
  'GroupNormalization',
  'InputLayer',
  'LayerNormalization',
  'LayerScale',
  'LeakyReLU',
  'MaxPooling2D',
  'Maximum',
  'Minimum',
  'Multiply',
  'Normalization',
  'PReLU',
  'Permute',
  'RMSNormalization',
  'RandomBrightness',
  'RandomContrast',
  'RandomFlip',
  'RandomRotation',
  'RandomTranslation',
  'RandomZoom',
  'ReLU',
  'Rescaling',
  'Reshape',
  'Resizing',
  'SeparableConv2D',
  'Softmax',
  'SpatialDropout2D',
  'Subtract',
  'UpSampling2D',
  'ZeroPadding2D',
] as const;

export const layers = new Registry<Layer>('layer', NAMES);

/** One of our own layers is here. Each class checks the options that it gets; what all take for shapes is checked here. */
export function ownLayer(name: (typeof NAMES)[number], LayerClass: new (options: never) => Layer): void {
  const { prototype } = LayerClass;
  const { computeOutputShape } = prototype;
  prototype.computeOutputShape = function (...shapes: readonly Shape[]) {
    for (const shape of [shapes[0], ...shapes])
      sampleSizes(`${name}.computeOutputShape`, 'inputShape', shape);
    return computeOutputShape.apply(this, shapes);
  };
  closeClass(prototype, name);
  layers.own(name, (options) => new LayerClass(options as never));
}

/**
 * The layer of a class with these options, as `getConfig` gave them.
 * @throws RangeError for a class that isn't known, or what the layer's constructor throws.
 */
export function layerFromConfig(
  className: string,
  { unsupported = null, ...config }: { readonly unsupported?: unknown },
): Layer {
  const make = layers.find(className);
  if (!make) {
    throw new RangeError(
      `unknown layer class ${className}: expected one of ${listNames([...layers.names].sort())}${advice('own layer')}`,
    );
  }
  if (
    typeof unsupported !== 'object' ||
    !Object.keys(unsupported ?? {}).every((name) => isTrainingOnly(name) || /^[A-Z]\w*$/.test(name))
  ) {
    throw new TypeError(
      `${className}: unsupported must be an object of regularizers, constraints and classes of layers, or null`,
    );
  }
  const layer = make(config);
  layer.unsupported = unsupported as Layer['unsupported']; // an object, or null
  return layer;
}

/**
 * Makes a layer class of your own known by its name: saved models that hold it can then be loaded, and worker threads, which
 * import `module`, can make it. See docs/extending.md.
 *
 *     registerLayer('Scale', (options) => new Scale(options), import.meta.url);
 *
 * @param className the class's `className`
 * @param make makes the layer from what its `getConfig` gave
 * @param module the URL of the module that holds this very line; left out, the layer works on the calling thread only
 * @throws RangeError for the name of one of our own classes, TypeError for arguments of another kind.
 */
export function registerLayer(className: string, make: Maker<Layer>, module: string | null = null): void {
  noMoreArguments('registerLayer', arguments, 3);
  layers.register(className, make, module);
}
