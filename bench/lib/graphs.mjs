/**
 * The networks that people fine-tune, as plain data from which each system builds its own.
 *
 * @typedef {object} Node one layer; `from` are the places of what it reads in the list, −1: the image
 * @property {'conv' | 'depthwise' | 'maxPool' | 'add' | 'multiply' | 'squeeze' | 'globalAverage' | 'dense'} type every convolution and
 *   depthwise convolution pads with zeros to ⌈size / strides⌉, has no bias, and batch normalisation behind it; `squeeze` is a global average
 *   that stays an image, of one pixel, and `multiply` repeats such a one
 * @property {readonly number[]} from
 * @property {number} [filters] of a convolution
 * @property {number} [kernel] height and width of its window
 * @property {number} [strides]
 * @property {'relu' | 'relu6' | 'swish' | 'sigmoid' | null} [activation] behind the normalisation, or behind the sum
 * @property {number} [units] of the dense layer, which is the last and ends in a softmax
 *
 * @typedef {object} Graph
 * @property {string} name
 * @property {number} image height and width; three channels
 * @property {number} classes
 * @property {readonly Node[]} nodes
 */

/** Collects nodes; each method gives the place of its own. */
class Builder {
  nodes = [];

  /** @param {Omit<Node, 'from'>} node @param {...number} from */
  add(node, ...from) {
    return this.nodes.push({ ...node, from }) - 1;
  }

  conv(from, filters, kernel, strides, activation) {
    return this.add({ type: 'conv', filters, kernel, strides, activation }, from);
  }

  head(from, classes) {
    this.add({ type: 'dense', units: classes }, this.add({ type: 'globalAverage' }, from));
  }
}

/** Sandler et al. 2018 (arXiv:1801.04381), table 2: expansion, channels, blocks, stride of the first. */
export const MOBILENET = [
  [1, 16, 1, 1],
  [6, 24, 2, 2],
  [6, 32, 3, 2],
  [6, 64, 4, 2],
  [6, 96, 3, 1],
  [6, 160, 3, 2],
  [6, 320, 1, 1],
];

/** MobileNetV2 1.0. @returns {Graph} */
export function mobileNetV2({ image = 224, classes = 1000 } = {}) {
  const build = new Builder();
  let x = build.conv(-1, 32, 3, 2, 'relu6');
  let width = 32;
  for (const [expansion, channels, blocks, stride] of MOBILENET) {
    for (let b = 0; b < blocks; b++) {
      const strides = b === 0 ? stride : 1;
      const wide = expansion === 1 ? x : build.conv(x, width * expansion, 1, 1, 'relu6');
      const deep = build.add({ type: 'depthwise', kernel: 3, strides, activation: 'relu6' }, wide);
      const narrow = build.conv(deep, channels, 1, 1, null);
      x = b === 0 ? narrow : build.add({ type: 'add', activation: null }, narrow, x);
      width = channels;
    }
  }
  build.head(build.conv(x, 1280, 1, 1, 'relu6'), classes);
  return { name: 'MobileNetV2', image, classes, nodes: build.nodes };
}

/** Tan, Le 2019 (arXiv:1905.11946), table 1: expansion, kernel, channels, blocks, stride of the first. */
const EFFICIENT = [
  [1, 3, 16, 1, 1],
  [6, 3, 24, 2, 2],
  [6, 5, 40, 2, 2],
  [6, 3, 80, 3, 2],
  [6, 5, 112, 3, 1],
  [6, 5, 192, 4, 2],
  [6, 3, 320, 1, 1],
];

/** EfficientNetB0; its squeeze-and-excitation's convolutions too have batch normalisation in place of a bias. @returns {Graph} */
export function efficientNetB0({ image = 224, classes = 1000 } = {}) {
  const build = new Builder();
  let x = build.conv(-1, 32, 3, 2, 'swish');
  let width = 32;
  for (const [expansion, kernel, channels, blocks, stride] of EFFICIENT) {
    for (let b = 0; b < blocks; b++) {
      const strides = b === 0 ? stride : 1;
      const wide = expansion === 1 ? x : build.conv(x, width * expansion, 1, 1, 'swish');
      const deep = build.add({ type: 'depthwise', kernel, strides, activation: 'swish' }, wide);
      const squeezed = build.conv(
        build.add({ type: 'squeeze' }, deep),
        Math.max(1, width / 4),
        1,
        1,
        'swish',
      );
      const gate = build.conv(squeezed, width * expansion, 1, 1, 'sigmoid');
      const narrow = build.conv(build.add({ type: 'multiply' }, deep, gate), channels, 1, 1, null);
      x = b === 0 ? narrow : build.add({ type: 'add', activation: null }, narrow, x);
      width = channels;
    }
  }
  build.head(build.conv(x, 1280, 1, 1, 'swish'), classes);
  return { name: 'EfficientNetB0', image, classes, nodes: build.nodes };
}

/** Two 3×3 convolutions and a shortcut; He et al. 2015 (arXiv:1512.03385). */
function residual(build, from, filters, strides) {
  const inner = build.conv(build.conv(from, filters, 3, strides, 'relu'), filters, 3, 1, null);
  const shortcut = strides === 1 ? from : build.conv(from, filters, 1, strides, null);
  return build.add({ type: 'add', activation: 'relu' }, inner, shortcut);
}

/** ResNet18. @returns {Graph} */
export function resNet18({ image = 224, classes = 1000 } = {}) {
  const build = new Builder();
  let x = build.add({ type: 'maxPool', kernel: 3, strides: 2 }, build.conv(-1, 64, 7, 2, 'relu'));
  for (const filters of [64, 128, 256, 512]) {
    x = residual(build, x, filters, filters === 64 ? 1 : 2);
    x = residual(build, x, filters, 1);
  }
  build.head(x, classes);
  return { name: 'ResNet18', image, classes, nodes: build.nodes };
}

/** Six 3×3 convolutions with batch normalisation in pairs, as many tutorials on CIFAR-10 have them. @returns {Graph} */
export function cifar({ image = 32, classes = 10 } = {}) {
  const build = new Builder();
  let x = -1;
  for (const filters of [32, 64, 128]) {
    x = build.conv(build.conv(x, filters, 3, 1, 'relu'), filters, 3, 1, 'relu');
    x = build.add({ type: 'maxPool', kernel: 2, strides: 2 }, x);
  }
  build.head(x, classes);
  return { name: 'CIFAR network', image, classes, nodes: build.nodes };
}

/** Height (and width) and channels behind each node. @param {Graph} graph */
export function graphShapes({ image, nodes }) {
  const shapes = [];
  for (const { type, from, filters, strides = 1, units } of nodes) {
    const [size, channels] = from[0] < 0 ? [image, 3] : shapes[from[0]];
    if (type === 'globalAverage' || type === 'squeeze') shapes.push([1, channels]);
    else if (type === 'dense') shapes.push([1, units]);
    else shapes.push([Math.ceil(size / strides), filters ?? channels]);
  }
  return shapes;
}

/** Zeros before and behind, where the window of so many steps is padded to ⌈size / strides⌉. */
export function samePadding(size, kernel, strides) {
  const total = Math.max(0, (Math.ceil(size / strides) - 1) * strides + kernel - size);
  return [total >> 1, total - (total >> 1)];
}

/** Images of noise: [count, image, image, 3] between −1 and 1. Nothing here depends on what is seen. */
export function noise({ image }, count) {
  return Float32Array.from({ length: count * image * image * 3 }, (_, i) => ((i * 7919) % 1009) / 504.5 - 1);
}
