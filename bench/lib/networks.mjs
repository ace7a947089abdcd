/**
 * Networks as plain data, from which each system builds its own.
 *
 * @typedef {{type: 'conv', filters: number}
 *   | {type: 'relu'} | {type: 'pool'} | {type: 'flatten'}
 *   | {type: 'dropout', rate: number} | {type: 'dense', units: number}} LayerSpec  conv: 3×3, stride 1, no padding;
 *   pool: maximum of 2×2. A softmax with cross-entropy follows the last layer.
 *
 * @typedef {object} NetworkSpec
 * @property {string} name
 * @property {number} image height and width; one channel
 * @property {readonly LayerSpec[]} layers
 * @property {number} frozen how many layers, from the first, the frozen phase doesn't train
 * @property {number} prefix how many of those give the same for a sample every time: all before the first dropout
 */

export const CLASSES = 5;

/**
 * The experiment's network: 600,165 parameters at its own size.
 * @param {{image?: number, filters?: number}} [sizes]
 * @returns {NetworkSpec}
 */
export function experiment({ image = 28, filters = 32 } = {}) {
  return {
    name: 'experiment',
    image,
    layers: [
      { type: 'conv', filters },
      { type: 'relu' },
      { type: 'conv', filters },
      { type: 'relu' },
      { type: 'pool' },
      { type: 'dropout', rate: 0.25 },
      { type: 'flatten' },
      { type: 'dense', units: 128 },
      { type: 'relu' },
      { type: 'dropout', rate: 0.5 },
      { type: 'dense', units: CLASSES },
    ],
    frozen: 7,
    prefix: 5,
  };
}

/**
 * The same without pooling and dropout: no gradient is cut out by a window's other three positions. ReLU still makes
 * zeros; with `linear` there are none but the background's.
 * @param {{linear?: boolean}} [options]
 * @returns {NetworkSpec}
 */
export function withoutSparsity({ linear = false } = {}) {
  const layers = experiment().layers.filter(
    ({ type }) => type !== 'pool' && type !== 'dropout' && !(linear && type === 'relu'),
  );
  const frozen = layers.findIndex(({ type }) => type === 'flatten');
  return { name: linear ? 'dense, linear' : 'no pooling', image: 28, layers, frozen, prefix: frozen };
}

/**
 * Shape [H, W, C] or [units] behind each layer.
 * @param {NetworkSpec} network
 */
export function shapes({ image, layers }) {
  let shape = [image, image, 1];
  return layers.map((layer) => {
    const [H, W] = shape;
    if (layer.type === 'conv') shape = [H - 2, W - 2, layer.filters];
    else if (layer.type === 'pool') shape = [H >> 1, W >> 1, shape[2]];
    else if (layer.type === 'flatten') shape = [shape.reduce((a, b) => a * b)];
    else if (layer.type === 'dense') shape = [layer.units];
    return shape;
  });
}
