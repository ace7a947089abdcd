/**
 * The network of a fine-tuning, put together of a base and a new head, and its parts, which share their weights:
 *
 *   photo → preprocessing → base, up to the cut → average → dropout → dense → classes
 *   └───────────── extractor ────────────────────────┘ └──────── head ───────────┘
 *   └───── prefix ─────┘ └─────────────────── suffix ────────────────────────────┘
 *
 * The head is trained on features that the extractor computes once per photo. Where top layers of the base are thawed, these and
 * the head are the suffix, and it is the prefix that is computed once per photo. The base works as in inference throughout, so that
 * batch normalisation stands still in layers that are trained, too.
 */
import { dense } from '../../layers/dense.ts';
import { dropout } from '../../layers/dropout.ts';
import { flatten } from '../../layers/flatten.ts';
import { globalAveragePooling2d } from '../../layers/global-average-pooling2d.ts';
import { input } from '../../layers/input-layer.ts';
import type { Layer, SymbolicTensor } from '../../layers/layer.ts';
import type { LayerDescription, LayerOrModel } from '../../model/network.ts';
import type { Preprocessing } from '../../model/preprocessing.ts';
import { sizeOf } from '../../tensor/tensor.ts';
import { model, modelFromConfig } from '../../training/functional.ts';
import type { Model } from '../../training/model.ts';
import { cutBase, noSuchLayer } from './cut.ts';
import { preprocessingLayers, settlePreprocessing } from './preprocess.ts';

/** How a network is put together. */
export interface NetworkChoice {
  readonly base: Model;
  /** The layer that gives the features; undefined: what the base's classifier reads. */
  readonly cut?: string;
  /** The size of the photos; undefined: the base's own. */
  readonly size?: readonly [height: number, width: number];
  readonly preprocessing: Preprocessing;
  readonly classNames: readonly string[];
  /** Units of a layer between features and classes; 0: none. */
  readonly hidden: number;
  readonly dropout: number;
  /** The whole head, in place of `hidden` and `dropout`: layers from features to classes. */
  readonly head?: readonly Layer[];
  readonly seed: number;
}

/** A part of a base that is thawed. */
export interface Thawed {
  /** The layers that are trained, from the first to the last. */
  readonly layers: readonly string[];
  /** What stays frozen: photos to activations; null where the thawed part reads the photos themselves. */
  readonly prefix: Model | null;
  /** The rest: activations to classes. */
  readonly suffix: Model;
  /** What these layers were made with and are trained without, such as regularizers that degelo lacks. */
  readonly without: readonly string[];
}

export class FinetuneNetwork {
  /** Photos of pixels from 0 to 255 to classes: what is saved. */
  readonly full: Model;
  /** Photos to features. */
  readonly extractor: Model;
  /** Features to classes. */
  readonly head: Model;
  /** The base up to the cut. */
  readonly features: Model;
  /** The layer at which the base is cut. */
  readonly cut: string;
  /** Numbers of a photo's features. */
  readonly width: number;
  readonly size: readonly [height: number, width: number];
  readonly preprocessing: Preprocessing;
  readonly #preprocessing: readonly Layer[];
  readonly #pool: readonly LayerOrModel[];
  readonly #head: readonly Layer[];
  readonly #seed: number;

  /** @throws RangeError where the cut doesn't exist, or the base can't take photos of this size. */
  constructor(choice: NetworkChoice) {
    const { base, seed } = choice;
    const cut = cutBase(base, choice.cut);
    this.cut = cut.layer;
    const own = model({ inputs: base.input, outputs: cut.tensor, name: 'features', seed });
    this.features = choice.size ? resized(own, choice.size) : own;
    const [height, width] = this.features.inputShape;
    this.size = [height, width];
    this.features.trainable = false;
    this.#seed = seed;
    this.preprocessing = choice.preprocessing;
    this.#preprocessing = preprocessingLayers(choice.preprocessing);
    const { outputShape } = this.features;
    this.#pool =
      outputShape.length === 3 ? [globalAveragePooling2d()] : outputShape.length === 1 ? [] : [flatten()];
    this.#head = choice.head ?? headLayers(choice);

    const photo = input({ shape: this.features.inputShape });
    const pooled = applyAll(this.#pool, this.features.apply(this.#units(photo), { training: false }));
    this.width = sizeOf(pooled.shape);
    const classes = applyAll(this.#head, pooled);
    this.full = model({ inputs: photo, outputs: classes, name: 'finetuned', seed });
    settlePreprocessing(this.#preprocessing);
    this.extractor = model({ inputs: photo, outputs: pooled, name: 'extractor', seed });
    const vector = input({ shape: pooled.shape });
    this.head = model({ inputs: vector, outputs: applyAll(this.#head, vector), name: 'head', seed });
    this.full.classNames = choice.classNames;
    this.full.imageInput = { content: 'photo', preprocessing: 'none' }; // it begins with what its base wants
  }

  /**
   * Thaws the top of the base: its last layers, so many of them, or those from a named one on. Batch normalisation stays frozen.
   * @throws RangeError where there are no such layers, or none of them has weights.
   */
  thaw(top: number | string): Thawed {
    const { features } = this;
    const { layers } = features;
    const from = typeof top === 'number' ? layers.length - top : layers.findIndex(({ name }) => name === top);
    if (typeof top === 'string' && from < 0) throw new RangeError(`--thaw: ${noSuchLayer(features, top)}`);
    if (from < 0) {
      throw new RangeError(
        `--thaw: must be at most the base's layers up to the cut: expected 1 to ${layers.length}, got ${top}`,
      );
    }
    const thawed = layers
      .slice(from)
      .filter((layer) => layer.className !== 'BatchNormalization' && layer.countParams() !== 0);
    if (thawed.length === 0) {
      const last = layers.findLast(
        (layer) => layer.className !== 'BatchNormalization' && layer.countParams() > 0,
      );
      const need = last
        ? `the last one that has some is ${last.name}, number ${layers.length - layers.indexOf(last)} from the top`
        : 'the base has none';
      throw new RangeError(`--thaw: there must be weights to train among the layers: ${need}, got ${top}`);
    }
    // A penalty on outputs counts where layers are frozen, too.
    const penalized = layers.filter(({ unsupported }) => 'activity_regularizer' in (unsupported ?? {}));
    const asked = [...thawed, ...penalized];
    const without = [...new Set(asked.flatMap(({ unsupported }) => Object.keys(unsupported ?? {})))];
    for (const layer of asked) layer.unsupported = null;
    for (const layer of thawed) layer.trainable = true;
    stillBatchNormalization(features);
    const start = bottleneckBefore(features, layers.indexOf(thawed[0]));
    const isWhole = start === features.input;
    const seed = this.#seed;
    const own = isWhole ? features : model({ inputs: start, outputs: features.output, name: 'thawed', seed });
    const activations = input({ shape: isWhole ? features.inputShape : start.shape });
    const begin = isWhole ? this.#units(activations) : activations;
    const end = applyAll([...this.#pool, ...this.#head], own.apply(begin, { training: false }));
    let prefix: Model | null = null;
    if (!isWhole) {
      const frozen = model({ inputs: features.input, outputs: start, name: 'frozen', seed });
      const photo = input({ shape: features.inputShape });
      prefix = model({
        inputs: photo,
        outputs: frozen.apply(this.#units(photo), { training: false }),
        name: 'prefix',
        seed,
      });
    }
    const suffix = model({ inputs: activations, outputs: end, name: 'suffix', seed });
    return { layers: thawed.map(({ name }) => name), prefix, suffix, without };
  }

  #units(photo: SymbolicTensor): SymbolicTensor {
    return applyAll(this.#preprocessing, photo);
  }
}

function headLayers({ hidden, dropout: rate, classNames }: NetworkChoice): Layer[] {
  return [
    ...(rate > 0 ? [dropout({ rate })] : []),
    ...(hidden > 0 ? [dense({ units: hidden, activation: 'relu' as const, name: 'hidden' })] : []),
    dense({ units: classNames.length, activation: 'softmax', name: 'classes' }),
  ];
}

function applyAll(layers: readonly LayerOrModel[], start: SymbolicTensor): SymbolicTensor {
  return layers.reduce((tensor, layer) => layer.apply(tensor), start);
}

/** Batch normalisation within models within too. */
function stillBatchNormalization(features: Model): void {
  for (const layer of features.allLayers())
    if (layer.className === 'BatchNormalization') layer.trainable = false;
}

/**
 * The last tensor before a layer through which everything passes that comes behind: where a network with branches can be cut in two.
 */
function bottleneckBefore(network: Model, first: number): SymbolicTensor {
  const { layers, links } = network;
  // How far what a layer gives is read.
  const lastReader = layers.map((_, i) =>
    links.reduce((last, { inputs }, reader) => (inputs.includes(i) ? reader : last), i),
  );
  for (let i = first - 1; i > 0; i--) {
    const isPassed = lastReader.slice(0, i).some((reader) => reader > i);
    if (!isPassed) return tensorIn(network, i);
  }
  return network.input;
}

/** What a layer gives within a model, by its place. */
function tensorIn(network: Model, place: number): SymbolicTensor {
  const found = new Map<Layer, SymbolicTensor>();
  const visit = (tensor: SymbolicTensor): void => {
    if (found.has(tensor.layer)) return;
    found.set(tensor.layer, tensor);
    if (tensor !== network.input) for (const each of tensor.inputs) visit(each);
  };
  visit(network.output);
  return found.get(network.layers[place]) ?? network.input;
}

/** The same layers with the same weights for photos of another size. @throws RangeError where they can't take it. */
function resized(features: Model, [height, width]: readonly [number, number]): Model {
  const { inputShape } = features;
  if (inputShape[0] === height && inputShape[1] === width) return features;
  const shape = [height, width, ...inputShape.slice(2)];
  const config = features.toConfig();
  const layers = config.layers.map((layer, i): LayerDescription => {
    const isFirst = i === 0 && layer.className === 'InputLayer';
    if (isFirst) return { ...layer, config: { ...layer.config, shape } };
    const own = layer.config.inputShape === undefined ? {} : { inputShape: shape };
    return i === 0 ? { ...layer, config: { ...layer.config, ...own } } : layer;
  });
  try {
    const other = modelFromConfig({ ...config, inputShape: shape, layers }, { initialize: false });
    other.setWeights(features.getWeights());
    return other;
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new RangeError(
      `--size: the base takes ${inputShape[0]}×${inputShape[1]}, and can't take ${height}×${width}: ${cause.message}`,
      { cause },
    );
  }
}
