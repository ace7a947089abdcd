/**
 * What numbers a network of photos wants for pixels from 0 to 255: the formulas that Keras' applications were trained with. A file says
 * nothing of it, but its layers or its name may. Source: keras/src/applications/imagenet_utils.py, and each network's own file.
 *
 *   none   x                      the network begins with a rescaling of its own
 *   unit   x/255                  from 0 to 1
 *   tf     x/127.5 − 1            from −1 to 1
 *   torch  (x/255 − mean)/std     each channel by ImageNet's mean and standard deviation
 *   caffe  x − mean               in the order blue, green, red; each channel less ImageNet's mean
 */
import { expectModel } from '../checks/handed-in.ts';
import { noMoreArguments } from '../checks/options.ts';
import { oneOf } from '../checks/values.ts';
import { expectTensor, Tensor } from '../tensor/tensor.ts';
import { asNetwork, type LayerOrModel, type Network } from './network.ts';

/** How pixels become what a network wants; the first ones' formulas are above. */
export const PREPROCESSINGS = /* @__PURE__ */ Object.freeze([
  'none',
  'unit',
  'tf',
  'torch',
  'caffe',
] as const);
/** Formulas for pixels, by Keras' names, and `none` and `unit` beside them. */
export type Preprocessing = (typeof PREPROCESSINGS)[number];

/** Which images a model takes, and in which numbers: `model.imageInput`. */
export interface ImageInput {
  /**
   * `photo`: the whole image, resized to the model's size; `digit`: ink alone, bright on dark, scaled and centred as the images of MNIST
   * were.
   */
  readonly content: 'photo' | 'digit';
  /** What the model wants of pixels from 0 to 255. */
  readonly preprocessing: Preprocessing;
}

/** The mean of ImageNet's pixels from 0 to 1: red, green, blue. */
export const IMAGENET_MEAN = [0.485, 0.456, 0.406] as const;
export const IMAGENET_STD = [0.229, 0.224, 0.225] as const;
/** The mean of ImageNet's pixels from 0 to 255: blue, green, red. */
export const CAFFE_MEAN = [103.939, 116.779, 123.68] as const;

/** A network that begins with one of these takes pixels as they are. */
const OWN_UNITS = ['Rescaling', 'Normalization'];

/**
 * Networks by their names, Keras' and TensorFlow Lite's; the first that fits counts. Of those that mostly rescale by
 * themselves (MobileNetV3, EfficientNetV2) it is what they want where they don't (`include_preprocessing=False`).
 */
const BY_NAME: readonly (readonly [RegExp, Preprocessing])[] = [
  [/^mobilenet/, 'tf'],
  [/^efficientnetv2/, 'tf'],
  [/^resnet\d+v2/, 'tf'],
  [/^resnet\d+/, 'caffe'],
  [/^vgg(16|19)/, 'caffe'],
  [/^densenet/, 'torch'],
  [/^(inceptionv3|inceptionresnetv2|xception|nasnet)/, 'tf'],
];

/**
 * What a loaded network wants of pixels from 0 to 255, as far as that can be told: what it says itself (`imageInput`); `none`, where it
 * begins with a rescaling or a normalisation of its own (as every TensorFlow Lite file of whole numbers does); else by its name, as Keras' applications have
 * theirs, or by the name of the model that it begins with.
 *
 *     preprocessingOf(await loadModel('mobilenetv2.keras'));   // 'tf'
 *
 * @returns undefined where it isn't known: then you must know it yourself.
 * @throws TypeError where it is no model.
 */
export function preprocessingOf(
  model: Network & { readonly imageInput?: ImageInput | null },
): Preprocessing | undefined {
  noMoreArguments('preprocessingOf', arguments, 1);
  expectModel('preprocessingOf', model);
  if (model.imageInput) return model.imageInput.preprocessing;
  const first = model.layers.find((layer) => !isInput(layer) && !isAugmentation(layer));
  if (first && OWN_UNITS.includes(first.className)) return 'none';
  const name = model.name.toLowerCase().replace(/[^a-z\d]/g, '');
  const known = BY_NAME.find(([pattern]) => pattern.test(name));
  const inner = first && asNetwork(first);
  // What a model within begins with is what counts, whatever the outer one is called.
  return (inner && preprocessingOf(inner)) ?? known?.[1];
}

/** An input, or what cuts pixels to whole numbers, which they are. */
function isInput(layer: LayerOrModel): boolean {
  return layer.className === 'InputLayer' || layer.getConfig().operation === 'trunc';
}

/** Whether a layer, or all of a model, does nothing outside training, so that what is behind it gets the photos. */
function isAugmentation(layer: LayerOrModel): boolean {
  const inner = asNetwork(layer);
  if (!inner) return layer.isRandom();
  return inner.layers.every((each) => each.className === 'InputLayer' || isAugmentation(each));
}

/**
 * Photos in the numbers that a network wants. The same bits as Keras' `preprocess_input` gives for float32.
 *
 *     const x = preprocess(images, preprocessingOf(base) ?? 'tf');   // images: pixels from 0 to 255
 *
 * @param images [height, width, 3] or [n, height, width, 3], red, green, blue; `none`, `unit` and `tf` take any shape
 * @returns a tensor of the same shape; the photos stay as they are.
 * @throws TypeError where these are no tensor, RangeError for a formula that isn't known, and for other than three channels
 *   where the formula has a number a channel.
 */
export function preprocess(images: Tensor, kind: Preprocessing): Tensor {
  noMoreArguments('preprocess', arguments, 2);
  const { data: x, shape } = expectTensor('preprocess', 'images', images);
  const formula = oneOf('preprocess', 'kind', kind, PREPROCESSINGS);
  const C = shape[shape.length - 1];
  if ((formula === 'torch' || formula === 'caffe') && C !== 3) {
    throw new RangeError(
      `preprocess: ${formula} is for red, green and blue: expected [height, width, 3] or [n, height, width, 3], got [${shape}]`,
    );
  }
  const y = new Float32Array(x.length);
  const r = Math.fround;
  switch (formula) {
    case 'none':
      y.set(x);
      break;
    case 'unit':
      for (let i = 0; i < x.length; i++) y[i] = x[i] / 255;
      break;
    case 'tf':
      for (let i = 0; i < x.length; i++) y[i] = r(x[i] / 127.5) - 1;
      break;
    case 'torch':
      for (let i = 0; i < x.length; i++) {
        const c = i % 3;
        y[i] = r(r(x[i] / 255) - r(IMAGENET_MEAN[c])) / r(IMAGENET_STD[c]);
      }
      break;
    case 'caffe':
      for (let i = 0; i < x.length; i++) {
        const c = i % 3;
        y[i] = x[i - c + (2 - c)] - r(CAFFE_MEAN[c]);
      }
  }
  return new Tensor(y, shape);
}
