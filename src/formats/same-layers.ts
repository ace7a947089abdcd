/** Whether what a file or a copy says of a model's parts makes the same parts again. */
import { describe } from '../checks/describe.ts';
import { Layer } from '../layers/layer.ts';
import { layerFromConfig, layers } from '../layers/registry.ts';
import type { Network } from '../model/network.ts';
import { isMadeAgain } from '../registry/registry.ts';

/**
 * Whether a file's reader would make the same layers of their names and options.
 * @throws RangeError where one is a subclass of ours under our name, or has methods of its own: read again it would be another layer.
 */
export function expectSameLayers(model: Network): void {
  for (const layer of model.allLayers()) {
    const what = `layer ${layer.name} (${layer.className})`;
    if (!(layer instanceof Layer))
      throw new RangeError(`${what} can't be saved or cloned: got ${describe(layer)}`);
    if (layers.find(layer.className) === null) continue; // formats say that of those that they don't know
    const again = layerFromConfig(layer.className, layer.getConfig());
    expectMadeAgain(what, layer, again);
  }
}

/** @throws RangeError where nothing makes such a thing of its name. */
export function expectRegistered(what: string, make: unknown): void {
  if (!make) throw new RangeError(`${what} can't be saved or cloned: register it first: docs/extending.md`);
}

/** @throws RangeError where `again`, made of what the thing says of itself, is another kind of thing. */
export function expectMadeAgain(what: string, thing: object | undefined, again: object): void {
  if (!thing || isMadeAgain(thing, () => again)) return;
  throw new RangeError(
    `${what} can't be saved or cloned: made again by its name, it would not have its own methods: give it a name of its own, and register it`,
  );
}
