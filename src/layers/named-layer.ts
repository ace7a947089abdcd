/** A layer's name and options: what it has before it is built. */
import { calledName, describe } from '../checks/describe.ts';
import { isBag, readOptions, refuseNearMiss } from '../checks/options.ts';
import { flag, nameText, sampleSizes } from '../checks/values.ts';
import type { Shape } from '../tensor/tensor.ts';
import { LAYER_OPTIONS, type LayerConfig, type LayerOptions } from './layer-options.ts';

/** A layer's name and options. */
export abstract class NamedLayer {
  /** Keras' class name, which is in saved models. */
  abstract readonly className: string;
  /** Shape of one input sample where the user gave it; the first layer of a model needs it. */
  readonly givenInputShape: Shape | null;
  #name: string;
  #unsupported: Readonly<Record<string, unknown>> | null = null;
  // Private, with an accessor: a model, which is a layer too, overrides it to ask its layers.
  #trainable: boolean;
  readonly #options: LayerOptions;

  /**
   * @param options those of every layer, and the layer's own, which `getConfig` gives back unless it's overridden. Only those
   *   of every layer are checked here: pass what `knownOptions` gives to have the others checked too
   * @param where what messages call the layer. Default: its class's name
   * @throws TypeError or RangeError where the options are no object, or one of every layer's makes no sense.
   */
  constructor(options?: LayerOptions, where = new.target.name || 'Layer') {
    const given = readOptions(where, options);
    refuseNearMiss(where, given, LAYER_OPTIONS);
    const { name = '', trainable = true, inputShape } = given;
    if (name !== '') nameText(where, 'name', name);
    this.#options = given;
    this.#name = name;
    this.#trainable = flag(where, 'trainable', trainable);
    this.givenInputShape = inputShape === undefined ? null : sampleSizes(where, 'inputShape', inputShape);
  }

  /** Name for people and for saved weights; a model completes it: `conv2d`, `conv2d_1`, … */
  get name(): string {
    return this.#name;
  }

  /** @throws TypeError where it is no string, or an empty one. */
  set name(name: string) {
    this.#name = nameText(calledName(this), 'name', name);
  }

  /** Whether training changes the parameters. A change counts from the next `compile` on, as in Keras. */
  get trainable(): boolean {
    return this.#trainable;
  }

  /** @throws TypeError where it is neither true nor false. */
  set trainable(trainable: boolean) {
    this.#trainable = flag(calledName(this), 'trainable', trainable);
  }

  /**
   * What a loaded layer would do in training in Keras and degelo can't: regularizers and constraints that degelo lacks, by Keras' names,
   * and layers that work in training only, by their class. Predictions are right without them. `fit` refuses to train with them. Set
   * this to null to train without them; where they are about weights only, freezing the layer is enough too.
   */
  get unsupported(): Readonly<Record<string, unknown>> | null {
    return this.#unsupported;
  }

  /** @throws TypeError where it is neither an object nor null. */
  set unsupported(what: Readonly<Record<string, unknown>> | null) {
    if (what !== null && !isBag(what)) {
      throw new TypeError(
        `${calledName(this)}: unsupported must be null: train without it, got ${describe(what)}`,
      );
    }
    this.#unsupported = what;
  }

  /** What layerFromConfig (registry.ts) needs to make the layer again, as JSON: so without functions. */
  getConfig(): LayerConfig {
    return { ...this.#options, ...this.baseConfig() };
  }

  protected baseConfig(): LayerConfig {
    return {
      name: this.name,
      trainable: this.trainable,
      ...(this.givenInputShape && { inputShape: this.givenInputShape }),
      ...(this.unsupported && { unsupported: this.unsupported }),
    };
  }
}
