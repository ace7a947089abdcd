/**
 * Names of layers from those of the tensors that they give. The converter joins the names of all that it has made one of:
 *
 *   MobilenetV2/expanded_conv_8/expand/Relu6;MobilenetV2/expanded_conv_8/expand/add_fold;…   →   expanded_conv_8_expand
 */

/** TensorFlow's operations as they end a layer's name, perhaps with a number of the converter's. */
const OPERATION = new RegExp(
  '^(\\w*_fold|\\w+_Fold|BiasAdd|MatMul|Conv2D|convolution|depthwise|AddV2|Add|Sub|Mul|Mean|Max|concat|Pad|Reshape|' +
    'Softmax|Relu6?|LeakyRelu|Elu|Tanh|Sigmoid)\\d*$',
);
/** Names that say nothing: the ends of a saved model. */
const NOTHING = /^(\w*StatefulPartitionedCall|PartitionedCall|Identity|serving_default)(_\d+)?$|^\d*$/;
/** Longest name that a layer gets. */
const LONGEST = 100;

/**
 * For each tensor's name a layer's: without the part that all have in front, without the operation's at the end; letters, digits,
 * `_`, `-` and `.`; each once (a second operation of the same layer keeps its own). undefined: its name says nothing.
 * @returns them, and what was in front of all, which is the model's name; '' where nothing was
 */
export function layerNames(tensors: readonly string[]): { model: string; names: (string | undefined)[] } {
  const paths = tensors.map(pathOf);
  const [first] = paths.find((path) => path.length > 1) ?? [''];
  const isCommon = paths.every((path) => path.length < 2 || path[0] === first);
  const taken = new Set<string>();
  const names = paths.map((path) => {
    const own = isCommon && path.length > 1 ? path.slice(1) : path;
    const full = clean(own.join('_'));
    const short =
      own.length > 1 && OPERATION.test(own[own.length - 1]) ? clean(own.slice(0, -1).join('_')) : '';
    const name = short === '' || taken.has(short) ? full : short;
    return name === '' ? undefined : once(name, taken);
  });
  return { model: isCommon ? clean(first) : '', names };
}

/** The parts of the first of the joined names. */
function pathOf(name: string): string[] {
  const [first] = name.split(';');
  const path = first
    .replace(/:\d+$/, '')
    .split('/')
    .filter((part) => part !== '');
  return path.length === 1 && NOTHING.test(path[0]) ? [] : path;
}

function clean(name: string): string {
  return name
    .replace(/[^\w.-]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .slice(0, LONGEST);
}

/** name, name_1, name_2, … */
export function once(name: string, taken: Set<string>): string {
  let own = name;
  for (let i = 1; taken.has(own); i++) own = `${name}_${i}`;
  taken.add(own);
  return own;
}
