/**
 * Where a pretrained network is cut: before its classifier, so that what is left gives features that another classifier can use.
 *
 *   photo → convolutions … → [H, W, C] → average → [C] ✂ → dense or 1×1 convolution → softmax → 1,000 classes
 */
import { suggest } from '../../checks/suggest.ts';
import type { Layer, SymbolicTensor } from '../../layers/layer.ts';
import type { Shape } from '../../tensor/tensor.ts';
import type { Model } from '../../training/model.ts';

/** A base's features. */
export interface Cut {
  /** The layer whose output they are. */
  readonly layer: string;
  readonly tensor: SymbolicTensor;
}

/** What may be after a classifier, or between it and what it reads, and changes no class: by Keras' names. */
const WITHOUT_WEIGHTS = ['Activation', 'Softmax', 'Flatten', 'Reshape', 'Dropout', 'GlobalAveragePooling2D'];
/** Names in a message. */
const MOST_NAMES = 5;

/**
 * The features of a base: what its classifier reads, or all of its output where it ends without one; or what the layer `name`
 * gives.
 * @throws RangeError where there is no layer of that name: it says which are near.
 */
export function cutBase(base: Model, name?: string): Cut {
  if (name !== undefined) {
    const layer = base.layers.find((each) => each.name === name);
    if (!layer) throw new RangeError(`--cut: ${noSuchLayer(base, name)}`);
    return { layer: name, tensor: tensorOf(base, layer) };
  }
  const tensor = beforeClassifier(base) ?? base.output;
  return { layer: tensor.layer.name, tensor };
}

/** Says that a model has no layer of a name, and which are near. */
export function noSuchLayer(base: Model, name: string): string {
  const names = base.layers.map((layer) => layer.name);
  const meant = suggest(name, names);
  const plain = name.toLowerCase();
  const near = names.filter((each) => each !== meant && alike(each.toLowerCase(), plain));
  const shown = [...(meant === null ? [] : [meant]), ...near].slice(0, MOST_NAMES);
  const last = names.slice(-MOST_NAMES);
  const which =
    shown.length > 0 ? `did you mean ${shown.join(', ')}?` : `its last ones are ${last.join(', ')}`;
  return `${base.name} has no layer ${name}: ${which} (degelo summary lists them all)`;
}

/** Whether one begins as the other does, or holds it. */
function alike(a: string, b: string): boolean {
  const root = b.replace(/[\d_]+$/, '');
  return root.length > 2 && (a.includes(root) || b.includes(a));
}

/** @throws RangeError where the model takes no colour images of a fixed size. */
export function expectImageNetwork(base: Model, place: string): readonly [height: number, width: number] {
  const { inputShape } = base;
  const [height, width, channels] = inputShape;
  if (inputShape.length === 3 && channels === 3) return [height, width];
  throw new RangeError(
    `${place}: must be a network for colour images: expected input [height, width, 3], got [${inputShape}]`,
  );
}

/** What the classifier reads; null where the model doesn't end with one. */
function beforeClassifier(base: Model): SymbolicTensor | null {
  // A classifier gives one row of numbers.
  if (base.outputShape.filter((size) => size !== 1).length > 1) return null;
  for (let tensor = base.output; tensor !== base.input; ) {
    const { layer } = tensor;
    const [input, ...others] = tensor.inputs;
    if (!input || others.length > 0) return null;
    if (isClassifier(layer, input.shape)) return withoutDropout(input, base);
    if (!isWithoutWeights(layer)) return null;
    tensor = input;
  }
  return null;
}

/** A dense layer, or a convolution that does the same at every pixel, without ReLU: scores or probabilities. */
function isClassifier(layer: Layer, inputShape: Shape): boolean {
  const { activation, kernelSize } = layer.getConfig();
  const ends = [undefined, 'linear', 'softmax', 'sigmoid'].some((name) => name === activation);
  if (layer.className === 'Dense') return ends;
  const isOne = [kernelSize].flat().every((size) => size === 1);
  return ends && layer.className === 'Conv2D' && isOne && inputShape.length === 3;
}

function isWithoutWeights(layer: Layer): boolean {
  const { activation } = layer.getConfig();
  const squashes = ['relu', 'relu6'].some((name) => name === activation);
  return WITHOUT_WEIGHTS.includes(layer.className) && !squashes;
}

/** Dropout does nothing to features; the new head has its own. */
function withoutDropout(tensor: SymbolicTensor, base: Model): SymbolicTensor {
  let features = tensor;
  while (features !== base.input && features.layer.className === 'Dropout') [features] = features.inputs;
  return features;
}

/** What a layer gives within this model: it may be in others too. */
export function tensorOf(model: Model, layer: Layer): SymbolicTensor {
  const seen = new Set<SymbolicTensor>();
  const open = [model.output];
  for (let tensor = open.pop(); tensor; tensor = open.pop()) {
    if (tensor.layer === layer) return tensor;
    if (seen.has(tensor)) continue;
    seen.add(tensor);
    if (tensor !== model.input) for (const each of tensor.inputs) open.push(each);
  }
  return model.input;
}
