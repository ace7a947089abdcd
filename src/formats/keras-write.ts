/**
 * A model as a .keras file, as Keras 3 writes it: what keras-file.ts reads. Layers, weights, what is frozen, the names of
 * classes and which images it takes are in it; seed, steps and what `compile` settled stay behind.
 */

import { unpacker } from '#unpacker';
import { expectModel } from '../checks/handed-in.ts';
import { noMoreArguments } from '../checks/options.ts';
import { text } from '../checks/values.ts';
import { storedZip } from '../data/stored-zip.ts';
import { expectBetweenSteps } from '../layers/turns.ts';
import { tensorsBetween } from '../model/graph.ts';
import { asNetwork, type LayerDescription, type Network, type NetworkConfig } from '../model/network.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { dataAsFormatError } from './errors.ts';
import { KERAS_CONFIG, KERAS_METADATA, KERAS_WEIGHTS } from './format-names.ts';
import { encodeHdf5, type GroupContent } from './hdf5/write.ts';
import { isObject, type JsonObject } from './json.ts';
import { LAYERS } from './keras-layer-table.ts';
import { toKeras } from './keras-layers.ts';
import { classInFiles } from './keras-weights.ts';
import { foreignNotes, type ModelNotes } from './model-notes.ts';
import { expectSameLayers } from './same-layers.ts';

const INPUT_LAYER = 'InputLayer';
/** The version whose layout this is, which Keras and our reader go by. */
const KERAS_VERSION = '3.15.1';

/**
 * The bytes of a .keras file of a built model, which Keras 3 loads with `keras.saving.load_model`. The same model gives the same bytes.
 *
 *     await fetch('/models/mine.keras', { method: 'PUT', body: encodeKeras(model) });
 *
 * @throws Error where the model isn't built, FormatError where a weight isn't finite, RangeError where a layer, an option or a name has no
 *   place in Keras 3.
 */
export function encodeKeras(model: Network & ModelNotes, file = 'keras'): Uint8Array<ArrayBuffer> {
  noMoreArguments('encodeKeras', arguments, 2);
  text('encodeKeras', 'file', file);
  expectModel('encodeKeras', model);
  void model.inputShape; // throws where the model isn't built
  expectBetweenSteps('encodeKeras', model);
  expectSameLayers(model);
  const encoded = (value: JsonObject): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
  const members = new Map([
    [KERAS_METADATA, encoded({ keras_version: KERAS_VERSION, ...foreignNotes(model) })],
    [KERAS_CONFIG, encoded(describeModel(model))],
    [KERAS_WEIGHTS, encodeHdf5(weightsOf(model), `${file}: ${KERAS_WEIGHTS}`)],
  ]);
  return dataAsFormatError(() => storedZip(members, file, unpacker));
}

/** What Keras has for a network: a graph too for a row with operations, which it has nowhere else. */
function classOf(network: Network): 'Functional' | 'Sequential' {
  if (network.className === 'Functional') return 'Functional';
  return network.toConfig().layers.some(describeOperation) ? 'Functional' : 'Sequential';
}

/**
 * The places of a model's layers, in the order in which Keras counts them when it reads the model again. Of a graph it is its own, whatever order a
 * file had: weights have their places by these counts.
 */
function inKerasOrder(network: Network): readonly number[] {
  const all = network.layers.map((_, i) => i);
  if (classOf(network) === 'Sequential') return all;
  const layers = tensorsBetween(network.input, network.output).map(({ layer }) => layer);
  const places = new Map(layers.map((layer, place) => [layer, place]));
  // A model's own input that stands for what a layer of another gives is first.
  const placeOf = (i: number): number => places.get(network.layers[i]) ?? -1;
  return all.sort((a, b) => placeOf(a) - placeOf(b));
}

/** A model as Keras 3 describes it. */
function describeModel(network: Network): JsonObject {
  const { name, layers, links } = network;
  const className = classOf(network);
  const isGraph = className === 'Functional';
  const config = network.toConfig();
  const given = layers.find((layer) => layer.className === INPUT_LAYER);
  const first = given ? [] : [describeInput(config, isGraph)];
  const input = given?.name ?? `${name}_input`;
  const order = inKerasOrder(network);
  const described = order.map((i): JsonObject => {
    const layer = config.layers[i];
    const inner = asNetwork(layers[i]);
    const own = inner ? describeModel(inner) : (isGraph && describeOperation(layer)) || describeLayer(layer);
    if (!isGraph) return own;
    const { inputs, training } = links[i];
    const read = layers[i] === given ? [] : inputs;
    const tensors = read.map((source) => ({
      class_name: '__keras_tensor__',
      config: {
        shape: [null, ...((source < 0 ? network.inputShape : layers[source].outputShape) ?? [])],
        dtype: 'float32',
        keras_history: [source < 0 ? input : layers[source].name, 0, 0],
      },
    }));
    // Layers of several inputs take a list.
    const node = { args: tensors.length > 1 ? [tensors] : tensors, kwargs: training ? {} : { training } };
    return { ...own, name: layers[i].name, inbound_nodes: tensors.length > 0 ? [node] : [] };
  });
  const ends = isGraph && {
    input_layers: [input, 0, 0],
    output_layers: [layers[order[order.length - 1]].name, 0, 0],
  };
  return {
    module: isGraph ? 'keras.src.models.functional' : 'keras',
    class_name: className,
    config: { name: nameOf(name), trainable: network.trainable, layers: [...first, ...described], ...ends },
    registered_name: isGraph ? 'Functional' : null,
  };
}

function describeInput({ name, inputShape }: NetworkConfig, isGraph: boolean): JsonObject {
  const own = nameOf(`${name}_input`);
  return {
    module: 'keras.layers',
    class_name: INPUT_LAYER,
    config: {
      batch_shape: [null, ...(inputShape ?? [])],
      dtype: 'float32',
      sparse: false,
      name: own,
    },
    registered_name: null,
    ...(isGraph && { name: own, inbound_nodes: [] }),
  };
}

/** What is an operation in Keras' graphs, and no layer; null: what isn't. */
function describeOperation({ className, config }: LayerDescription): JsonObject | null {
  const { name, operation, activation } = config;
  const described = (module: string, word: string, options: JsonObject = {}): JsonObject => ({
    module: `keras.src.ops.${module}`,
    class_name: word,
    config: { name: nameOf(name), ...options },
    registered_name: word,
  });
  if (className === 'Activation' && activation === 'geluApproximate')
    return described('nn', 'Gelu', { approximate: true });
  if (className !== 'Elementwise' || typeof operation !== 'string') return null;
  const word = operation[0].toUpperCase() + operation.slice(1);
  return described(word === 'Rsqrt' ? 'math' : 'numpy', word);
}

function describeLayer(layer: LayerDescription): JsonObject {
  const { activation } = layer.config;
  const isWord = (value: unknown): value is string =>
    typeof value === 'string' && Object.hasOwn(WORDS, value);
  const word = isWord(activation) ? WORDS[activation] : undefined;
  if (word === null) {
    throw new RangeError(
      `layer ${layer.config.name}: activation ${String(activation)} can't be stored in this format: Keras 3 lacks it (degelo's own format has it)`,
    );
  }
  // A name that both have, and then Keras 3's own.
  const known = word ? { ...layer, config: { ...layer.config, activation: 'linear' } } : layer;
  const { class_name: className, config } = toKeras(known, null);
  const { batch_input_shape: shape, groups, trainable, ...others } = config as JsonObject; // toKeras writes one
  const own = LAYERS.find((entry) => entry.className === className)?.module;
  return {
    module: own ?? 'keras.layers',
    class_name: className,
    config: {
      ...withModules(others, className),
      // Its constructor is the only one that doesn't know it.
      ...(className !== 'SpatialDropout2D' && { trainable }),
      ...(word && { activation: word }),
      ...(shape !== undefined && { batch_shape: shape }),
      ...(HAVING_GROUPS.includes(String(className)) && { groups }),
      name: nameOf(layer.config.name),
    },
    registered_name: own ? className : null,
  };
}

/** Layers that have `groups` in Keras 3; its other convolutions don't know the word, which our table has for all. */
const HAVING_GROUPS: readonly string[] = ['Conv2D', 'GroupNormalization'];

/** Activations that Keras 3 has other words for than Keras 2; null: it has none. */
const WORDS: Readonly<Record<string, string | null>> = {
  hardSigmoid: 'hard_sigmoid',
  hardSigmoidKeras2: null,
  hardSwish: 'hard_silu',
  exponential: 'exponential',
  logSigmoid: 'log_sigmoid',
  hardTanh: 'hard_tanh',
  hardShrink: 'hard_shrink',
  softShrink: 'soft_shrink',
  tanhShrink: 'tanh_shrink',
  squareplus: 'squareplus',
  sparsePlus: 'sparse_plus',
  sparseSigmoid: 'sparse_sigmoid',
  geluApproximate: null,
};

/** Initializers, regularizers and constraints as Keras 3 has them, with the module that they are of; and its own word for LeakyReLU's option. */
function withModules(config: JsonObject, className: unknown): JsonObject {
  const entries = Object.entries(config).map(([key, value]) => [
    key === 'alpha' && className === 'LeakyReLU' ? 'negative_slope' : key,
    isObject(value) && value.class_name !== undefined
      ? { module: `keras.${key.replace(/^.*_/, '')}s`, registered_name: null, ...value }
      : value,
  ]);
  return Object.fromEntries(entries);
}

/** @throws RangeError for a name that Keras 3 refuses. */
function nameOf(name: string): string {
  if (!name.includes('/')) return name;
  throw new RangeError(
    `layer ${name}: a name with "/" can't be stored in this format: Keras 3 refuses it: rename it: layer.name = '…'`,
  );
}

/** Arrays by the names that Keras 3 counts: see keras-weights.ts. */
function weightsOf(model: Network): GroupContent {
  return {
    members: new Map([
      ['layers', layersOf(model)],
      ['vars', varsOf(model.name, [])],
    ]),
  };
}

function layersOf(network: Network): GroupContent {
  const counts = new Map<string, number>();
  const members = new Map<string, GroupContent>();
  for (const i of inKerasOrder(network)) {
    const layer = network.layers[i];
    const inner = asNetwork(layer);
    const word = classInFiles(inner ? classOf(inner) : layer.className);
    const count = counts.get(word) ?? 0;
    counts.set(word, count + 1);
    const values = inner ? [] : layer.parameters.map(({ value }) => value as Tensor); // it is built
    const own: [string, GroupContent][] = [['vars', varsOf(layer.name, values)]];
    if (inner) own.push(['layers', layersOf(inner)]);
    members.set(count === 0 ? word : `${word}_${count}`, { members: new Map(own) });
  }
  return { members };
}

function varsOf(name: string, values: readonly Tensor[]): GroupContent {
  return { attributes: { name }, members: new Map(values.map((value, i) => [String(i), value])) };
}
