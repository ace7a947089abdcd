/** What a model says of itself, to people and to files, beside its layers. */
import { checkClassNames } from '../checks/class-names.ts';
import { describe } from '../checks/describe.ts';
import { expectItself } from '../checks/handed-in.ts';
import { isBag, knownOptions, noMoreArguments } from '../checks/options.ts';
import { callable, flag } from '../checks/values.ts';
import { checkImageInput } from '../model/image-input.ts';
import { Network } from '../model/network.ts';
import type { ImageInput } from '../model/preprocessing.ts';
import { type SummaryOptions, summarize } from '../model/summary.ts';

/** Where a model of a file comes from. */
export interface ModelOrigin {
  /** The file's format, as `loadModel` and `degelo convert` name it: `degelo`, `tfjs`, `keras` …. */
  readonly format: string;
  /** What the file is, and what wrote it where it says so. */
  readonly description: string;
  /** What of the file isn't in the model, or was changed on the way, a line each. */
  readonly remarks: readonly string[];
}

/** A network with what is known of its images and classes. */
export class DescribedModel extends Network {
  #origin: ModelOrigin | null = null;
  #classNames: readonly string[] | null = null;
  #imageInput: ImageInput | null = null;

  /** What `loadModel` has found; null where the model was made otherwise. */
  get origin(): ModelOrigin | null {
    return this.#origin;
  }

  /** @throws TypeError where it is neither such an object nor null. */
  set origin(origin: ModelOrigin | null) {
    if (origin !== null && !isBag(origin)) {
      const right = '{ format, description, remarks }';
      throw new TypeError(`${this.name}: origin must be ${right} or null, got ${describe(origin)}`);
    }
    this.#origin = origin;
  }

  /**
   * Names of the classes that its outputs stand for, which `save` keeps and `degelo predict` shows; null, the default: they have
   * none.
   *
   *     model.classNames = ['cat', 'dog'];
   *
   * @throws where they are set: TypeError where they are no list of texts, RangeError where they aren't as many as the model's
   *   outputs, or one comes twice.
   */
  get classNames(): readonly string[] | null {
    return this.#classNames;
  }

  set classNames(names: readonly string[] | null) {
    this.#classNames = names === null ? null : checkClassNames(names, this.built ? this.outputShape : null);
  }

  /**
   * Which images it takes and in which numbers, which `save` keeps and `degelo predict` obeys; null, the default: not known.
   *
   *     model.imageInput = { content: 'photo', preprocessing: 'unit' };   // whole photos, pixels divided by 255
   *
   * @throws where it is set: TypeError where it is no such object, RangeError for words that aren't known, or that don't fit its input.
   */
  get imageInput(): ImageInput | null {
    return this.#imageInput;
  }

  set imageInput(given: ImageInput | null) {
    this.#imageInput = given === null ? null : checkImageInput(given, this.built ? this.inputShape : null);
  }

  /**
   * Layers, shapes and parameter counts as text, handed to `print` line by line, as in Keras.
   * @throws Error where the model isn't built.
   */
  summary(print: (line: string) => void = console.log, options?: SummaryOptions): void {
    expectItself('summary', this);
    noMoreArguments('summary', arguments, 2);
    const { expandNested = false } = knownOptions('summary', options, ['expandNested']);
    if (typeof print !== 'function') {
      const right = 'summary(console.log, { expandNested: true })';
      throw new TypeError(`summary: print must be a function of a line, got ${describe(print)}: ${right}`);
    }
    callable('summary', 'print', print);
    flag('summary', 'expandNested', expandNested);
    for (const line of summarize(this, { expandNested }).split('\n')) print(line);
  }
}
