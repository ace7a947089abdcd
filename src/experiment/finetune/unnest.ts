/**
 * A model with models in it as one graph of layers, so that it can be cut and thawed anywhere:
 *
 *   photo → [ augmentation ] → [ base_model: conv1 → … → out_relu ] → average → dense
 *   photo → random_flip → conv1 → … → out_relu → average → dense
 *
 * Keras' own way puts the pretrained network into the model as one layer, and what one wants to cut at is often within.
 */
import { asNetwork, type LayerDescription, type NetworkConfig } from '../../model/network.ts';
import { modelFromConfig } from '../../training/functional.ts';
import type { Model } from '../../training/model.ts';

/** A model without models in it. */
export interface Unnested {
  readonly model: Model;
  /** What layers are called in it, by the models around them and their names (`base_model/conv1`); and the last layer of each model within, by its name. */
  readonly aliases: ReadonlyMap<string, string>;
}

/** The same layers with copies of the weights; the model itself where there are no models in it. */
export function unnested(model: Model): Unnested {
  if (!model.layers.some(asNetwork)) return { model, aliases: new Map() };
  const flattening = new Flattening();
  const config: NetworkConfig = { ...model.toConfig(), inputShape: model.inputShape };
  const shape = model.inputShape;
  const photo = { className: 'InputLayer', config: { name: 'photo', trainable: true, shape }, inputs: [] };
  flattening.addAll(config, flattening.add(photo, []), []);
  const flat = modelFromConfig({ ...config, graph: true, layers: flattening.layers }, { initialize: false });
  const weightsOf = new Map(
    model.nodes().map(({ path, layer }) => [flattening.nameOf(path), layer.getWeights()]),
  );
  flat.setWeights(flat.layers.flatMap(({ name }) => weightsOf.get(name) ?? []));
  return { model: flat, aliases: flattening.aliases };
}

class Flattening {
  readonly layers: LayerDescription[] = [];
  readonly aliases = new Map<string, string>();
  /** A layer's new name, found by the models around it and its own name. */
  readonly #names = new Map<string, string>();

  /** What a layer is called now. @param path the models around it, from outside, and its own name */
  nameOf(path: readonly string[]): string {
    return this.#names.get(path.join('\0')) ?? '';
  }

  /** Adds a layer, under a name that is free. @param within the models around it @returns the name */
  add({ className, config, inputs = [] }: LayerDescription, within: readonly string[]): string {
    const path = [...within, config.name];
    const taken = this.layers.map((layer) => layer.config.name);
    let name = config.name;
    for (let i = 1; taken.includes(name); i++) name = `${path.join('_')}${i === 1 ? '' : `_${i}`}`;
    this.#names.set(path.join('\0'), name);
    this.aliases.set(path.join('/'), name);
    this.layers.push({ className, config: { ...config, name }, inputs });
    return name;
  }

  /**
   * Adds the layers of a network. @param within it, and the models around it
   * @param input the name of what it reads
   * @returns the name of what it gives
   */
  addAll(network: NetworkConfig, input: string, within: readonly string[]): string {
    const names = new Map<string, string>();
    let last = input;
    const read = new Set(network.layers.flatMap(({ inputs = [] }) => inputs));
    let end = input;
    for (const layer of network.layers) {
      const own = layer.config.name;
      const inputs = network.graph ? (layer.inputs ?? []).map((name) => names.get(name) ?? name) : [last];
      if (layer.className === 'InputLayer') last = input;
      else if (layer.className === 'Sequential' || layer.className === 'Functional') {
        // The fields of a model's config are a network's.
        last = this.addAll(layer.config as unknown as NetworkConfig, inputs[0], [...within, own]);
        this.aliases.set(own, last);
      } else last = this.add({ ...layer, inputs }, within);
      names.set(own, last);
      if (!network.graph || !read.has(own)) end = last;
    }
    return end;
  }
}
