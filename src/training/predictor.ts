/** A saved model that only predicts: without what trains, so that bundles of it are small. */
import { checkClassNames } from '../checks/class-names.ts';
import { type Bytes, bytesOf, expectItself } from '../checks/handed-in.ts';
import { knownOptions, noMoreArguments } from '../checks/options.ts';
import { closeClass, fixFields, whole } from '../checks/properties.ts';
import { integerFrom } from '../checks/values.ts';
import { asFormatError } from '../formats/errors.ts';
import { MODEL_FILE } from '../formats/model.ts';
import { decodeWeights, parseDescription } from '../formats/read-model.ts';
import { inference } from '../layers/turns.ts';
import { checkImageInput } from '../model/image-input.ts';
import { Network, type NetworkOptions } from '../model/network.ts';
import { networkFromConfig } from '../model/network-config.ts';
import type { ImageInput } from '../model/preprocessing.ts';
import { Tensor } from '../tensor/tensor.ts';
import { LentRoom } from './batch-room.ts';
import { toInputs } from './input-set.ts';
import type { Samples } from './inputs.ts';
import { InferenceSession } from './session/inference-session.ts';
import type { DataSet } from './session/job.ts';

/** The most megabytes that a prediction may take, as of any model from a file (saved/make-model.ts). */
const MEMORY_MB = 2048;

/**
 * A network that predicts on the calling thread, with the bits of the model that was saved. It can't be compiled or trained, and its
 * layers stay as they are; `decodeModel` gives a model that can do all of that.
 */
export class Predictor extends Network {
  static {
    closeClass(Predictor.prototype, 'predictor', { layers: 'decodeModel', stopTraining: 'decodeModel' });
  }

  /** Names of the classes that its outputs stand for; null: the model had none. */
  classNames: readonly string[] | null = null;
  /** Which images it takes; null: not known. */
  imageInput: ImageInput | null = null;
  /** Where predict's inputs are. */
  readonly #room = new LentRoom();
  #session: InferenceSession | null = null;

  /**
   * The model's outputs: [n, …output shape].
   * @param options batchSize: samples that are computed together, 32 by default; it decides memory and speed, and no bit
   * @throws RangeError where the shape doesn't fit, TypeError for an unknown option.
   */
  async predict(x: Samples, options?: { batchSize?: number }): Promise<Tensor> {
    expectItself('predict', this);
    noMoreArguments('predict', arguments, 2, 'predict(x, { batchSize })');
    const { batchSize = 32 } = knownOptions('predict', options, ['batchSize']);
    integerFrom('predict', 'batchSize', batchSize, 1);
    return this.#room.lend((room) => {
      const data = toInputs('predict', x, this.inputShape, false, room);
      return inference(this, 'predict', () => this.#predictAll(data, batchSize));
    });
  }

  async #predictAll(data: DataSet, batchSize: number): Promise<Tensor> {
    const session = this.#sessionFor(Math.min(batchSize, Math.max(1, data.samples)));
    const predictions = await session.predict(data, batchSize);
    return new Tensor(predictions, [data.samples, ...this.outputShape]);
  }

  protected override beforeChange(operation: string): void {
    throw new Error(`${operation}: a predictor's layers stay as they are: use decodeModel`);
  }

  /** For batches of so many samples; the one that is there, where it is large enough. */
  #sessionFor(batch: number): InferenceSession {
    if (!this.#session || this.#session.batch < batch) {
      this.#session = new InferenceSession(this, batch, MEMORY_MB);
    }
    return this.#session;
  }
}

/**
 * The model in the two files' contents, as `encodeModel` gave them, to predict with it and no more: a bundle of `degelo/core` that names
 * this in place of `decodeModel` holds nothing of training.
 *
 *     import { Conv2D, decodePredictor, Dense, Flatten, register } from 'degelo/core';
 *
 *     register(Conv2D, Dense, Flatten); // of the model in the file
 *     const predictor = await decodePredictor(json, weights);
 *     const probabilities = await predictor.predict(images); // [n, classes]
 *
 * @throws FormatError where they are no whole model.
 */
export async function decodePredictor(json: string, weights: Bytes): Promise<Predictor> {
  noMoreArguments('decodePredictor', arguments, 2);
  const bytes = bytesOf('decodePredictor', weights);
  const description = parseDescription(json, MODEL_FILE);
  const files = { json: MODEL_FILE, weights: description.weights.file };
  const tensors = await decodeWeights(description, bytes, files);
  const { network, classNames, imageInput } = description;
  return asFormatError(MODEL_FILE, () => {
    const make = (options: NetworkOptions) => new Predictor(options);
    const predictor = networkFromConfig(network, make, { initialize: false });
    predictor.setWeights(tensors);
    if (classNames) predictor.classNames = checkClassNames(classNames, predictor.outputShape);
    if (imageInput) predictor.imageInput = checkImageInput(imageInput, predictor.inputShape);
    return whole(fixFields(predictor));
  });
}
