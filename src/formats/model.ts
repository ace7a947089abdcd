/**
 * A model as two files: `model.json`, which says what it is, and `model.safetensors` with its weights. docs/model-format.md
 * defines them. Here they are made; read-model.ts reads them.
 */
import { expectModel } from '../checks/handed-in.ts';
import { noMoreArguments } from '../checks/options.ts';
import { layers } from '../layers/registry.ts';
import { betweenSteps, expectBetweenSteps } from '../layers/turns.ts';
import { type Loss, lossConfig } from '../losses/loss.ts';
import { getLoss, losses } from '../losses/registry.ts';
import type { MetricConfig } from '../metrics/metric.ts';
import type { Network, NetworkConfig } from '../model/network.ts';
import type { Optimizer } from '../optimizers/optimizer.ts';
import { getOptimizer, optimizers } from '../optimizers/registry.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { CompileConfig } from './compile-config.ts';
import { expectedTensors, type ShapedNetwork } from './expected-tensors.ts';
import { isList } from './fields.ts';
import { expectJson } from './json.ts';
import { type ModelNotes, type WrittenNotes, writtenNotes } from './model-notes.ts';
import { encodeSafetensors } from './safetensors.ts';
import { expectMadeAgain, expectRegistered, expectSameLayers } from './same-layers.ts';
import { sha256 } from './sha256.ts';
import { VERSION } from './version.ts';

export const MODEL_FILE = 'model.json';
export const WEIGHTS_FILE = 'model.safetensors';
/** The longest model.json that is read, in characters. */
export const MAX_MODEL_JSON = 1_000_000;

export const FORMAT = 'degelo-model';
/** Counts the changes that older readers can't read: 2 has graphs, and models within models. */
export const FORMAT_VERSION = 2;

/** The least version that can hold a network: a plain row of layers is as it always was. */
export function formatVersionOf(network: NetworkConfig): number {
  const isNested = network.layers.some(({ config }) => isList(config.layers));
  const isPlain =
    !network.graph && !isNested && network.layers.every(({ training }) => training === undefined);
  return isPlain ? 1 : FORMAT_VERSION;
}

/** The two files' contents. */
export interface EncodedModel {
  readonly json: string;
  readonly weights: Uint8Array<ArrayBuffer>;
}

/** What is saved of a model; Sequential has it all. */
export interface SavableModel extends Network, ModelNotes {
  readonly step: number;
  readonly compiled: {
    readonly optimizer: Optimizer;
    readonly loss: Loss;
    readonly metrics: readonly (string | MetricConfig)[];
    /** The network as it was at that time: `trainable` may have been changed since. */
    readonly config: NetworkConfig;
  } | null;
}

/** All of a built model but its numbers. */
export interface ModelConfig extends WrittenNotes, ShapedNetwork {
  readonly step: number;
  readonly compile: CompileConfig | null;
}

/** model.json, checked field by field; whether layers, optimizer and loss accept it is theirs to say. */
export interface ModelDescription extends ModelConfig {
  readonly weights: { readonly file: string; readonly sha256: string };
}

/**
 * The two files of a built model. What it holds at the call is saved, whatever happens until the promise settles; while `fit` is at work, what
 * it holds once a step has ended. Optimizers' running means, threads and kernels aren't saved.
 *
 *     const { json, weights } = await encodeModel(model);
 *     const again = await decodeModel(json, weights);
 *
 * @throws Error where the model isn't built, FormatError where a weight isn't finite, RangeError where a layer,
 *   the optimizer or the loss isn't one of ours and could not be read again.
 */
export async function encodeModel(model: SavableModel): Promise<EncodedModel> {
  noMoreArguments('encodeModel', arguments, 1);
  expectModel('encodeModel', model);
  return modelFiles(model, 'encodeModel');
}

/** The same for an operation of another name. */
export async function modelFiles(model: SavableModel, operation: string): Promise<EncodedModel> {
  const { config, weights } = await betweenSteps(operation, model, () => ({
    config: modelConfig(model),
    weights: encodeSafetensors(namedWeights(model), { file: WEIGHTS_FILE }),
  }));
  const description = {
    format: FORMAT,
    formatVersion: formatVersionOf(config.network),
    degelo: VERSION,
    ...config,
    weights: { file: WEIGHTS_FILE, sha256: await sha256(weights) },
  };
  return { json: `${JSON.stringify(description, null, 2)}\n`, weights };
}

/** What a built model is. @throws as encodeModel does, except for the weights. */
export function modelConfig(model: SavableModel): ModelConfig {
  if (!model.built) throw new Error(`${model.name}: not built yet: a model is saved with its weights`);
  // Before anything is made of them.
  for (const layer of model.allLayers()) expectSavable(layers, layer.className, `layer ${layer.name}`, layer);
  const network = { ...model.toConfig(), inputShape: model.inputShape };
  expectedTensors({ network }); // whether it can be made again
  expectSameLayers(model);
  if (model.compiled) {
    const { optimizer, loss, metrics } = model.compiled;
    for (const metric of metrics) {
      if (typeof metric !== 'string') expectJson(`metric ${metric.name}`, 'what getConfig gives', metric);
    }
    expectSavable(optimizers, optimizer.name, `optimizer ${optimizer.name}`, optimizer);
    expectSavable(losses, loss.name, `loss ${loss.name}`, loss);
  }
  const compile = model.compiled && {
    optimizer: model.compiled.optimizer.getConfig(),
    loss: lossConfig(model.compiled.loss),
    metrics: model.compiled.metrics,
  };
  if (compile) {
    const { optimizer, loss } = compile;
    expectMadeAgain(`optimizer ${optimizer.name}`, model.compiled?.optimizer, getOptimizer(optimizer));
    expectMadeAgain(`loss ${loss.name}`, model.compiled?.loss, getLoss(loss));
  }
  return { network, step: model.step, ...writtenNotes(model), compile };
}

/**
 * Whether a file can hold what a part of somebody's own says of itself; ours can.
 * @throws as expectJson does, and RangeError where nothing would make it again.
 */
function expectSavable(
  registry: { isOwn(name: string): boolean; find(name: string): unknown },
  name: string,
  what: string,
  part: { getConfig?(): unknown },
): void {
  if (registry.isOwn(name)) return;
  expectRegistered(what, registry.find(name));
  if (part.getConfig) expectJson(what, 'what getConfig gives', part.getConfig());
}

/**
 * A model's weights under the names that files give them, in layer order; views, not copies.
 *
 *     const kernel = namedWeights(model).get('dense/kernel'); // a tensor [inputs, units]
 *
 * @throws Error where the model isn't built, or is in the middle of a training step: outside callbacks while `fit` is at work.
 */
export function namedWeights(model: Network): Map<string, Tensor> {
  noMoreArguments('namedWeights', arguments, 1);
  expectModel('namedWeights', model);
  if (!model.built) throw new Error(`${model.name}: not built yet: it has no weights`);
  expectBetweenSteps('namedWeights', model);
  return new Map(model.parameters().map(({ name, value }) => [name, value]));
}
