/**
 * What a look at a finished run shows beside its result: which classes it confuses, its worst mistakes, its first
 * filters before and after training, its layers, and what it ran on. Kept in `details.json`, so that a report can be
 * drawn again without training (docs/model-format.md).
 */

import { availableParallelism, cpus, release, type } from 'node:os';
import type { ImageDataset } from '../data/dataset.ts';
import { type ClassSelection, selectClasses } from '../data/split.ts';
import { VERSION } from '../formats/version.ts';
import { sameInPredictions } from '../layers/convolution.ts';
import { flatten } from '../layers/flatten.ts';
import { argmax } from '../metrics/accuracy.ts';
import { confusionOf } from '../metrics/confusion.ts';
import { asNetwork } from '../model/network.ts';
import { type Shape, sizeOf, Tensor } from '../tensor/tensor.ts';
import { compileForPrediction } from '../training/compile-for-prediction.ts';
import type { Model } from '../training/model.ts';
import { type Sequential, sequential } from '../training/sequential.ts';
import { bytesOf, FeatureMapper } from './feature-maps.ts';
import type { TransferResult } from './result.ts';
import { makeClassificationLayers, makeFeatureLayers } from './transfer.ts';

/** Mistakes kept of each phase, and the most pixels that these may have together: 48 KB of a page. */
const MOST_MISTAKES = 12;
const MOST_PIXELS = 2 ** 15;

/** One layer, as a summary lists it. */
export interface LayerDetails {
  readonly name: string;
  readonly class_name: string;
  /** The output's shape for one sample. */
  readonly output_shape: readonly number[];
  readonly params: number;
  readonly trainable: boolean;
}

/** A test sample that was taken for another class. */
export interface Mistake {
  /** Among the phase's test samples, from 0. */
  readonly index: number;
  /** Places in the phase's `digits`. */
  readonly label: number;
  readonly predicted: number;
  /** One a class, rounded to six decimals. */
  readonly probabilities: readonly number[];
  /** The image, height × width bytes from 0 to 255 in base64. */
  readonly pixels: string;
}

export interface PhaseDetails {
  readonly layers: readonly LayerDetails[];
  /** confusion[label][predicted]: numbers of test samples. */
  readonly confusion: readonly (readonly number[])[];
  /** The mistakes that gave the right class the least probability, the worst one first. */
  readonly mistakes: readonly Mistake[];
}

/** The first convolution's kernel [KH, KW, C, OC], row-major, rounded to six decimals. */
export interface FilterDetails {
  readonly layer: string;
  readonly shape: readonly number[];
  /** The kernel's numbers as they were initialised. */
  readonly before: readonly number[];
  /** After the first phase; the second leaves it as it is. */
  readonly after: readonly number[];
}

/** What the frozen features make of one test image of the second phase. */
export interface FeatureMaps {
  /** Among the second phase's test samples, from 0. */
  readonly index: number;
  /** Place in the phase's `digits`. */
  readonly label: number;
  /** The image, height × width bytes in base64. */
  readonly pixels: string;
  readonly layers: readonly {
    readonly layer: string;
    /** [H, W, C] */
    readonly shape: readonly number[];
    /** H × W × C bytes in base64; 255 is the layer's largest output. */
    readonly pixels: string;
  }[];
}

export interface RunDetails {
  readonly format: typeof DETAILS_FORMAT;
  readonly formatVersion: typeof DETAILS_VERSION;
  /** Version of the package that wrote it. */
  readonly degelo: string;
  /** When the run ended, UTC, ISO 8601. */
  readonly finished: string;
  /** The command that runs it again, after `degelo`. */
  readonly arguments: readonly string[];
  readonly machine: {
    readonly cpu: string;
    readonly cores: number;
    readonly system: string;
    readonly v8: string;
  };
  readonly image: { readonly height: number; readonly width: number };
  /** Missing where a pretrained network has the features. */
  readonly filters?: FilterDetails;
  /** Missing where an older version wrote the details, where images are large, and where a pretrained network has the features. */
  readonly feature_maps?: FeatureMaps;
  readonly source: PhaseDetails;
  readonly target: PhaseDetails;
  /** The result's: both files are of the same run. */
  readonly weights_sha256: string;
}

export const DETAILS_FORMAT = 'degelo-details';
export const DETAILS_VERSION = 1;

/**
 * Looks at a finished run.
 * @param test the images that both phases were tested on
 * @param models as the two phases left them; they are compiled here as they were trained, so that each predicts just
 *   what it was tested with
 * @param command the command that runs it again, after `degelo`
 */
export async function describeRun(
  result: TransferResult,
  test: ImageDataset,
  models: { readonly source: Model; readonly target: Model },
  command: readonly string[],
): Promise<RunDetails> {
  const phase = async (name: 'source' | 'target'): Promise<PhaseDetails> => {
    const whole = models[name];
    const model = test.features ? headOf(whole, test.features.shape) : whole;
    const { threads, kernel, batch_size: batchSize } = result;
    // The confusion adds up to the accuracy that `evaluate` gave.
    const convolution = sameInPredictions(result.convolution);
    compileForPrediction(model, { threads, kernel, convolution });
    const chosen = selectClasses(test, result[name].digits, { shared: threads > 0 });
    const predictions = await model.predict(chosen.x, { batchSize });
    return {
      layers: describeLayers(whole),
      confusion: confusionOf(chosen.labels, predictions),
      mistakes: worstMistakes(predictions, { x: imagesOf(test, result[name].digits), labels: chosen.labels }),
    };
  };
  const { height, width } = test;
  const hasOwnFeatures = !test.features;
  const maps =
    hasOwnFeatures && (await describeFeatureMaps(models.source, selectClasses(test, result.target.digits)));
  return {
    format: DETAILS_FORMAT,
    formatVersion: DETAILS_VERSION,
    degelo: VERSION,
    finished: new Date().toISOString(),
    arguments: command,
    machine: machine(),
    image: { height, width },
    ...(hasOwnFeatures && { filters: describeFilters(models.source, result.seed) }),
    ...(maps && { feature_maps: maps }),
    source: await phase('source'),
    target: await phase('target'),
    weights_sha256: result.weights_sha256,
  };
}

/** The images of these classes as numbers, whatever is trained on. */
function imagesOf({ features: _, ...images }: ImageDataset, digits: readonly number[]): ClassSelection['x'] {
  return selectClasses(images, digits).x;
}

/** The layers behind a pretrained network as a model of their own. @param shape of the features, [N, width] */
function headOf(whole: Model, [, width]: Shape): Model {
  const layers = makeClassificationLayers(whole.outputShape[0]);
  const head = sequential([flatten({ inputShape: [width] }), ...layers]);
  const trained = whole.layers.slice(-layers.length);
  head.setWeights(trained.flatMap(({ parameters }) => parameters.flatMap(({ value }) => value ?? [])));
  return head;
}

export function describeLayers({ layers }: Pick<Sequential, 'layers'>): LayerDetails[] {
  return layers.map((layer) => ({
    name: layer.name,
    class_name: layer.className,
    output_shape: layer.outputShape ?? [],
    params: asNetwork(layer)?.countParams().total ?? layer.countParams(),
    trainable: layer.trainable,
  }));
}

/**
 * The mistakes in which the right class got the least probability, which are those of the largest loss.
 * @param predictions [N, K]
 */
export function worstMistakes(
  { data, shape }: Tensor,
  { x, labels }: Pick<ClassSelection, 'x' | 'labels'>,
): Mistake[] {
  const [N, K] = shape;
  const size = x.shape.slice(1).reduce((product, dimension) => product * dimension, 1);
  const most = Math.min(MOST_MISTAKES, Math.floor(MOST_PIXELS / size));
  const given = (n: number): number => data[n * K + labels[n]];
  return Array.from({ length: N }, (_, n) => n)
    .filter((n) => argmax(data, n * K, K) !== labels[n])
    .sort((a, b) => given(a) - given(b) || a - b)
    .slice(0, most)
    .map((n) => ({
      index: n,
      label: labels[n],
      predicted: argmax(data, n * K, K),
      probabilities: Array.from(data.subarray(n * K, (n + 1) * K), rounded),
      pixels: base64(bytesOf(x.data.subarray(n * size, (n + 1) * size))),
    }));
}

/** The layers whose maps are shown: the first ReLU, and max-pooling. */
const SHOWN_LAYERS = [1, 4] as const;

/** What the feature layers make of the first test sample; null where their maps are too large for a page. */
async function describeFeatureMaps(
  source: Model,
  { x, labels }: Pick<ClassSelection, 'x' | 'labels'>,
): Promise<FeatureMaps | null> {
  if (SHOWN_LAYERS.some((i) => sizeOf(source.layers[i].outputShape ?? []) > MOST_PIXELS)) return null;
  const [, ...shape] = x.shape;
  const image = x.data.slice(0, sizeOf(shape));
  const mapper = new FeatureMapper(source, SHOWN_LAYERS);
  const maps = await mapper.mapsOf(new Tensor(image, [1, ...shape]));
  await mapper.dispose();
  const layers = maps.map(({ bytes, ...each }) => ({ ...each, pixels: base64(bytes) }));
  return { index: 0, label: labels[0], pixels: base64(bytesOf(image)), layers };
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

/** The seed decides the initial weights, layer by layer: the first layers alone begin as in the whole model. */
function describeFilters(source: Model, seed: number): FilterDetails {
  const [layer] = source.layers;
  const initial = sequential({ layers: makeFeatureLayers(source.inputShape), seed });
  const numbersOf = (model: Model): number[] =>
    Array.from(model.layers[0].parameters[0].value?.data ?? [], rounded);
  return {
    layer: layer.name,
    shape: layer.parameters[0].shape,
    before: numbersOf(initial),
    after: numbersOf(source),
  };
}

export function machine(): RunDetails['machine'] {
  return {
    cpu: cpus()[0]?.model.trim() || 'unknown',
    cores: availableParallelism(),
    system: `${type()} ${release()}`,
    v8: process.versions.v8 ?? 'unknown',
  };
}

function rounded(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}
