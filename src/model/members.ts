/**
 * Which layers a model may take, and what they are called: a layer is in a model once, no two have one name, and a
 * layer that isn't built belongs to one model only.
 */
import { fixFields, isOurs, whole } from '../checks/properties.ts';
import type { Layer } from '../layers/layer.ts';

/** A layer that is to be added, with what it brings along. */
export interface Arrival {
  readonly layer: Layer;
  /** The layer itself; for a model, all layers in it. */
  readonly leaves: readonly Layer[];
  /** The names of those within, at any depth. */
  readonly namesWithin: readonly string[];
  /** Whether its name is only a default, so that it may get another. */
  readonly hasDefaultName: boolean;
}

/** What this file needs to know of a model. */
interface Model {
  readonly name: string;
}

/** The model to which a layer was added first. Until the layer is built, no other model may have it. */
const owners = new WeakMap<Layer, Model>();

/** Notes the layer's first model, and closes the layer: from now on its fields can't be set. */
export function own(layer: Layer, model: Model): void {
  if (isOurs(layer)) whole(fixFields(layer));
  if (!owners.has(layer)) owners.set(layer, model);
}

export function disown(layer: Layer): void {
  owners.delete(layer);
}

/** The layers and names that are in a model so far, in sets: a file may have thousands of layers, each compared with all before it. */
export class Members {
  readonly #model: Model;
  readonly #operation: 'add' | 'model';
  readonly #names = new Set<string>();
  readonly #leaves = new Set<Layer>();
  /** Names that a layer without a name must not get: also those in models within, and those of layers that follow. */
  readonly #taken: Set<string>;

  /** @param taken names of layers that will be added later */
  constructor(model: Model, operation: 'add' | 'model', taken: readonly string[] = []) {
    this.#model = model;
    this.#operation = operation;
    this.#taken = new Set(taken);
  }

  /**
   * Adds a layer, and gives it a name if it has none.
   * @throws RangeError where the layer, not built, belongs to another model, any of its layers is here already, or its
   *   name is another layer's; it isn't taken then.
   */
  admit(arrival: Arrival): void {
    this.#expectFree(arrival);
    this.#name(arrival);
    this.note(arrival);
  }

  /** A layer that is here. */
  note({ layer, leaves, namesWithin }: Arrival): void {
    this.#names.add(layer.name);
    for (const leaf of leaves) this.#leaves.add(leaf);
    for (const name of [layer.name, ...namesWithin]) this.#taken.add(name);
  }

  #expectFree({ layer, leaves }: Arrival): void {
    const owner = owners.get(layer);
    if (owner && owner !== this.#model && !layer.built) {
      throw new RangeError(
        `add: layer ${layer.name} belongs to model ${owner.name} and isn't built yet: build that model first, or make another layer`,
      );
    }
    const twice = leaves.find((leaf) => this.#leaves.has(leaf));
    if (twice) {
      throw new RangeError(
        `${this.#operation}: layer ${twice.name} is already in ${this.#model.name}: a model takes a layer once: make another`,
      );
    }
  }

  #name({ layer, hasDefaultName }: Arrival): void {
    const isFree = layer.name !== '' && !this.#names.has(layer.name);
    if (isFree) return;
    if (!hasDefaultName) throw new RangeError(`add: layer names must differ, got ${layer.name} twice`);
    // conv2d, conv2d_1, conv2d_2, …, as Keras names layers.
    const base = layer.name || snakeCase(layer.className);
    let name = base;
    for (let i = 1; this.#taken.has(name); i++) name = `${base}_${i}`;
    layer.name = name;
  }
}

/** MaxPooling2D → max_pooling2d, Conv2DTranspose → conv2d_transpose, ReLU → re_lu: Keras' rule. */
function snakeCase(className: string): string {
  const apart = className.replace(/(.)([A-Z][a-z]+)/g, '$1_$2').replace(/([a-z])([A-Z])/g, '$1_$2');
  return apart.toLowerCase();
}
