/** A model's options of `compile`, and what they give: at once if the model is built, else as soon as it is. */
import type { Network } from '../model/network.ts';
import type { Optimizer } from '../optimizers/optimizer.ts';
import { checkCompileOptions } from './compile-options.ts';
import { type Compiled, settle } from './compiled.ts';
import type { FitProgress } from './loop/position.ts';
import { type CompileOptions, readCompileOptions } from './options.ts';
import type { Preparing } from './prepare.ts';
import { refuseUnsupported, warnOfChanges, warnOfNothingToTrain } from './ready-to-train.ts';

/** What one model was compiled with. */
export class Compilation {
  readonly #network: Network;
  #options: (CompileOptions & { optimizer: Optimizer }) | null = null;
  #settled: Compiled | null = null;
  /** Whether layers were added or removed after `compile`. */
  #changed = false;
  /** How far the last `fit` has come; null: there was none after `compile`. */
  progress: FitProgress | null = null;

  constructor(network: Network) {
    this.#network = network;
  }

  /** @throws as `compile` does. */
  begin(options: CompileOptions): void {
    const given = readCompileOptions(options);
    const optimizer = checkCompileOptions(given);
    this.#options = { ...given, optimizer };
    this.#settled = null;
    this.progress = null;
    this.#changed = false;
    void this.now; // settles it, where the model is built
  }

  /** What is settled by now; null: nothing. */
  get settled(): Compiled | null {
    return this.#settled;
  }

  /** The same once it can be settled: null before `compile`, or while the model isn't built. */
  get now(): Compiled | null {
    if (this.#options && this.#network.built) this.#settled ??= settle(this.#network, this.#options);
    return this.#settled;
  }

  /** The option `threads` of `compile`; undefined where it wasn't given. */
  get threads(): number | undefined {
    return this.#options?.threads;
  }

  /** @throws Error before `compile`. */
  optionsFor(operation: string): CompileOptions & { optimizer: Optimizer } {
    if (this.#options) return this.#options;
    const why = this.#changed ? "the model's layers changed after compile" : "the model isn't compiled";
    const how = this.#changed ? 'again' : 'first';
    throw new Error(`${operation}: ${why}: call compile({ optimizer, loss }) ${how}`);
  }

  /** What is settled, for those who only look. @throws Error before `compile`, or where the model isn't built. */
  look(operation: string): Compiled {
    this.#settled ??= settle(this.#network, this.optionsFor(operation));
    return this.#settled;
  }

  /** What is settled, for work; a warning where `trainable` was changed since, as Keras gives. @throws as `look` does. */
  use(operation: string): Compiled {
    const compiled = this.look(operation);
    warnOfChanges(operation, this.#network, compiled);
    return compiled;
  }

  /** The built model, compiled and fit to train. @throws as `look` does, and where degelo can't train it as it should be. */
  readyToTrain(operation: string): Preparing {
    const compiled = this.use(operation);
    refuseUnsupported(operation, this.#network, compiled);
    warnOfNothingToTrain(operation, compiled);
    return { operation, model: this.#network, compiled };
  }

  /** Other layers make another plan, and other weights to optimize: what is settled is void. */
  layersChange(): void {
    // Before the model is built nothing was settled yet: the layers may still come.
    if (!this.#settled) return;
    this.#options = null;
    this.#settled = null;
    this.progress = null;
    this.#changed = true;
  }
}
