/**
 * Values of options that Keras writes in words of its own: activations, `hard_sigmoid` for `hardSigmoid`, and initializers,
 * { "class_name": "HeNormal", "config": { … } } for `'heNormal'`.
 */
import { ACTIVATIONS } from '../layers/activations.ts';
import { checkRegularizer, type RegularizerConfig } from '../layers/regularizer.ts';
import { checkInitializer, INITIALIZERS, type Initializer } from '../tensor/initializers.ts';
import { isList } from './fields.ts';
import { isObject, type JsonObject, wordOf } from './json.ts';

/** The value of one of our options as Keras 2 and TensorFlow.js write it. @throws RangeError where they lack it. */
export function valueToKeras(option: string, value: unknown, layer: string): unknown {
  if (option === 'activation') return activationToKeras(String(value), layer);
  // null: the layer has none. Keras writes an axis that is none as an empty list.
  if (option === 'axis' && value === null) return [];
  if (option.endsWith('Regularizer')) return value && regularizerToKeras(value as RegularizerConfig);
  return option.endsWith('Initializer') ? initializerToKeras(value as Initializer) : value;
}

/** The value of our option that Keras' value stands for; undefined: what there is none for, and no result depends on. */
export function valueFromKeras(option: string, value: unknown, isKeras3: boolean): unknown {
  if (option === 'activation') return activationFromKeras(value, isKeras3);
  // TensorFlow.js' size that follows from the others.
  if (option === 'targetShape' && isList(value)) return value.map((size) => size ?? -1);
  if (option.endsWith('Regularizer')) return regularizerFromKeras(value);
  return option.endsWith('Initializer') ? initializerFromKeras(value) : value;
}

/** Where the two differ by more than their letters. Keras 2's hard sigmoid is the one that these files mean. */
const TO_KERAS: Readonly<Record<string, string | null>> = {
  geluApproximate: null, // TensorFlow.js has it as gelu_new, but loads no file with that word
  hardSigmoidKeras2: 'hard_sigmoid',
  hardSigmoid: null,
  hardSwish: null,
  exponential: null,
  logSigmoid: null,
  hardTanh: null,
  hardShrink: null,
  softShrink: null,
  tanhShrink: null,
  squareplus: null,
  sparsePlus: null,
  sparseSigmoid: null,
};

function activationToKeras(name: string, layer: string): string {
  const theirs = TO_KERAS[name];
  if (theirs === null) {
    throw new RangeError(
      `${layer}: activation ${name} can't be stored in this format: TensorFlow.js lacks it (degelo's own format has it)`,
    );
  }
  return theirs ?? snakeCase(name);
}

function activationFromKeras(value: unknown, isKeras3: boolean): unknown {
  if (value === 'hard_sigmoid') return isKeras3 ? 'hardSigmoid' : 'hardSigmoidKeras2';
  if (value === 'gelu_new') return 'geluApproximate';
  if (value === 'celu') return 'elu'; // with alpha 1, as a name alone has it
  // What isn't known is passed on as it is, and the layer refuses it by that name.
  return ACTIVATIONS.find((name) => snakeCase(name) === value) ?? value;
}

/** The class that Keras 2, Keras 3 and TensorFlow.js all have. */
function regularizerToKeras({ l1 = 0, l2 = 0 }: RegularizerConfig): JsonObject {
  return { class_name: 'L1L2', config: { l1, l2 } };
}

/** L1, L2 and L1L2; undefined for what has no effect, and for what we lack, which a layer then keeps as unsupported. */
function regularizerFromKeras(value: unknown): RegularizerConfig | undefined {
  const className = wordOf(isObject(value) ? value.class_name : value).replace('_', '');
  const name = (['l1', 'l2', 'l1l2'] as const).find((ours) => ours === className.toLowerCase());
  if (!name) return undefined;
  const { l1 = 0, l2 = 0, ...others } = isObject(value) && isObject(value.config) ? value.config : {};
  const isNumber = (factor: unknown): factor is number =>
    typeof factor === 'number' && factor >= 0 && factor < Infinity;
  if (!isNumber(l1) || !isNumber(l2) || Object.keys(others).length > 0) return undefined;
  return checkRegularizer('regularizer', isObject(value) ? { l1, l2 } : name) ?? undefined;
}

/** Keras 2's and TensorFlow.js' object; `seed` is what Keras asks for and we haven't: the model's seed decides. */
function initializerToKeras(initializer: Initializer): JsonObject {
  const { name, ...options } = typeof initializer === 'string' ? { name: initializer } : initializer;
  const config = Object.entries(options).map(([key, value]) => [
    key,
    typeof value === 'string' ? snakeCase(value) : value,
  ]);
  return { class_name: name[0].toUpperCase() + name.slice(1), config: Object.fromEntries(config) };
}

/** Ours; undefined where we lack it, since the weights that follow overwrite what it would draw. */
function initializerFromKeras(value: unknown): Initializer | undefined {
  const className = isObject(value) ? value.class_name : value;
  const name = INITIALIZERS.find(
    (ours) => ours.toLowerCase() === wordOf(className).replaceAll('_', '').toLowerCase(),
  );
  if (!name) return undefined;
  const given = isObject(value) && isObject(value.config) ? value.config : {};
  const options = Object.entries(given).flatMap(([key, v]) => {
    if (key === 'seed' || key === 'dtype' || v === null) return [];
    return [[key, typeof v === 'string' ? camelCase(v) : v]];
  });
  const known = Object.fromEntries(options);
  if (options.length === 0 && name !== 'varianceScaling') return name;
  try {
    return checkInitializer(name, name === 'varianceScaling' ? scaling(known) : { name, ...known });
  } catch {
    return undefined; // `Constant` of a whole array, for instance
  }
}

/** TensorFlow.js writes the named ones as the scaling that they are; and `normal` means cut off at two deviations. */
function scaling({ scale = 1, mode = 'fanIn', distribution = 'truncatedNormal' }: JsonObject): Initializer {
  const shape = distribution === 'normal' ? 'truncatedNormal' : distribution;
  const kind = shape === 'uniform' ? 'Uniform' : shape === 'truncatedNormal' ? 'Normal' : null;
  const family = `${wordOf(scale)} ${wordOf(mode)}`;
  const names: JsonObject = { '1 fanAvg': 'glorot', '2 fanIn': 'he', '1 fanIn': 'lecun' };
  if (kind && Object.hasOwn(names, family)) return `${names[family]}${kind}` as Initializer; // one of the six
  return { name: 'varianceScaling', scale, mode, distribution: shape } as Initializer; // the layer checks it
}

/** `pool_size` for poolSize: options and words as Keras writes them. */
export function snakeCase(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** The other way: `poolSize`. */
export function camelCase(text: string): string {
  return text.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
