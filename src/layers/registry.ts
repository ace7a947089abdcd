/** Layers by their class names: those of index.ts, and users' own. */
import { listed as listNames } from '../checks/describe.ts';
import { noMoreArguments } from '../checks/options.ts';
import { type Maker, Registry } from '../registry/registry.ts';
import * as listed from './index.ts';
import { isTrainingOnly, Layer } from './layer.ts';

// Under the names that index.ts exports them by, which minifiers keep, unlike the classes' own.
export const layers = new Registry<Layer>('layer', Object.entries(listed).flatMap(ownMaker));

function ownMaker([name, value]: readonly [string, unknown]): [string, Maker<Layer>][] {
  if (typeof value !== 'function' || !(value.prototype instanceof Layer)) return [];
  // It is one of the classes, and each validates the options that it gets.
  const LayerClass = value as new (options: object) => Layer;
  return [[name, (options) => new LayerClass(options)]];
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
      `unknown layer class ${className}: expected one of ${listNames([...layers.names].sort())}`,
    );
  }
  if (typeof unsupported !== 'object' || !Object.keys(unsupported ?? {}).every(isTrainingOnly)) {
    throw new TypeError(
      `${className}: unsupported must be an object of regularizers and constraints, or null`,
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
 *   registerLayer('Scale', (options) => new Scale(options), import.meta.url);
 *
 * @param className the class's `className`
 * @param make makes the layer from what its `getConfig` gave
 * @param module the URL of the module that holds this very line; left out, the layer works on the calling thread alone
 * @throws RangeError for the name of one of our own classes, TypeError for arguments of another kind.
 */
export function registerLayer(className: string, make: Maker<Layer>, module: string | null = null): void {
  noMoreArguments('registerLayer', arguments, 3);
  layers.register(className, make, module);
}
