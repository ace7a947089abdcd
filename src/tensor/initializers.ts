/**
 * How weights begin, as in Keras. Both dtypes begin with the same numbers: drawn in float64, rounded to float32.
 *
 * The scaled ones keep the variance of activations and gradients through a layer, each for its kind of layer:
 *   glorot  variance 2/(fanIn + fanOut)   Glorot and Bengio 2010, "Understanding the difficulty of training deep feedforward
 *                                         neural networks", formula 16
 *   he      variance 2/fanIn              He, Zhang, Ren and Sun 2015, "Delving deep into rectifiers", arXiv:1502.01852
 *   lecun   variance 1/fanIn              LeCun, Bottou, Orr and Müller 1998, "Efficient backprop"
 * Uniform numbers of variance v are spread over ±√(3v). Normal ones are cut off at two deviations, and made wider before, so
 * that what is left has the variance.
 */
import { leftOut } from '../checks/bundle.ts';
import { brief, describe } from '../checks/describe.ts';
import { knownOptions, noMoreArguments } from '../checks/options.ts';
import { unchangeable } from '../checks/properties.ts';
import { gotInstead, sameLetters } from '../checks/suggest.ts';
import { finite, oneOf } from '../checks/values.ts';
import { type RandomKey, uniform } from './random.ts';
import type { FloatArray, Shape } from './tensor.ts';

/** Deviation of a normal distribution of deviation 1 that is cut off at two (Keras' constant, scipy.stats.truncnorm). */
const TRUNCATED_DEVIATION = 0.87962566103423978;

/** Fills an array with normal numbers. */
type FillNormal = (key: RandomKey, mean: number, deviation: number, out: FloatArray) => void;

/** Those that aren't cut off, and those that are; null: the bundle left them out (all-initializers.ts). */
let normal: Readonly<Record<'untruncatedNormal' | 'truncatedNormal', FillNormal>> | null = null;

/** Makes normal numbers known. */
export function knowNormal(fills: NonNullable<typeof normal>): void {
  normal = fills;
}

/** Which variance a scaled initializer keeps. */
type Fan = 'fanIn' | 'fanOut' | 'fanAvg';

const SCALED = {
  glorotUniform: { scale: 1, mode: 'fanAvg', distribution: 'uniform' },
  glorotNormal: { scale: 1, mode: 'fanAvg', distribution: 'truncatedNormal' },
  heUniform: { scale: 2, mode: 'fanIn', distribution: 'uniform' },
  heNormal: { scale: 2, mode: 'fanIn', distribution: 'truncatedNormal' },
  lecunUniform: { scale: 1, mode: 'fanIn', distribution: 'uniform' },
  lecunNormal: { scale: 1, mode: 'fanIn', distribution: 'truncatedNormal' },
} as const;

export const INITIALIZERS = [
  'zeros',
  'ones',
  'constant',
  'randomUniform',
  'randomNormal',
  'truncatedNormal',
  'varianceScaling',
  ...(Object.keys(SCALED) as (keyof typeof SCALED)[]),
] as const;

/** Initializers by their name, as in Keras. */
export type InitializerName = (typeof INITIALIZERS)[number];

/** An initializer with its options; each name has those of its own, with Keras' defaults. */
export type InitializerConfig =
  | { readonly name: 'zeros' | 'ones' | keyof typeof SCALED }
  /** All numbers are `value`. Default: 0. */
  | { readonly name: 'constant'; readonly value?: number }
  /** Evenly from `minval` to `maxval`. Default: −0.05 to 0.05. */
  | { readonly name: 'randomUniform'; readonly minval?: number; readonly maxval?: number }
  /** Normal. Default: mean 0 and deviation 0.05. Truncated: within two deviations. */
  | { readonly name: 'randomNormal' | 'truncatedNormal'; readonly mean?: number; readonly stddev?: number }
  /** Variance scale/fan. Default: scale 1, `fanIn` and `truncatedNormal`. */
  | {
      readonly name: 'varianceScaling';
      readonly scale?: number;
      readonly mode?: 'fanIn' | 'fanOut' | 'fanAvg';
      readonly distribution?: 'truncatedNormal' | 'untruncatedNormal' | 'uniform';
    };

/** How an array of weights begins: a name, or an object with a name and options. */
export type Initializer = InitializerName | InitializerConfig;

/** What each name takes, and what is taken where nothing is said. */
const DEFAULTS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  constant: { value: 0 },
  randomUniform: { minval: -0.05, maxval: 0.05 },
  randomNormal: { mean: 0, stddev: 0.05 },
  truncatedNormal: { mean: 0, stddev: 0.05 },
  varianceScaling: { scale: 1, mode: 'fanIn', distribution: 'truncatedNormal' },
};

const CHOICES: Readonly<Record<string, readonly string[]>> = {
  mode: ['fanIn', 'fanOut', 'fanAvg'],
  distribution: ['truncatedNormal', 'untruncatedNormal', 'uniform'],
};

/**
 * An initializer as it was given, once it is sure that it is one.
 * @param who what messages call it: `conv2d: kernelInitializer`
 * @throws TypeError where it is neither a name nor an object, RangeError for an unknown name or option, or a number out of
 *   range.
 */
export function checkInitializer(who: string, given: unknown): Initializer {
  if (typeof given !== 'string' && (typeof given !== 'object' || given === null || Array.isArray(given))) {
    throw new TypeError(`${who} must be a name or an object with a name, got ${describe(given)}`);
  }
  const { name: asGiven, ...options }: Record<string, unknown> =
    typeof given === 'string' ? { name: given } : { ...given };
  // As Keras writes it, too: he_normal, HeNormal.
  const name = typeof asGiven === 'string' ? sameLetters(asGiven, INITIALIZERS) : null;
  if (name === null) {
    throw new RangeError(
      `${who} must be one of ${INITIALIZERS.join(', ')}, ${gotInstead('initializer', asGiven ?? given, INITIALIZERS)}`,
    );
  }
  const known = DEFAULTS[name] ?? {};
  const checked: Record<string, unknown> = { name };
  for (const [option, given] of Object.entries(options)) {
    if (!Object.hasOwn(known, option)) {
      const expected = Object.keys(known).join(', ') || 'none';
      throw new RangeError(`${who}: ${name} has no option ${brief(option)}: expected ${expected}`);
    }
    const choices = CHOICES[option];
    const value = choices ? oneOf(who, option, given, choices) : finite(who, option, given);
    checked[option] = value;
    if (
      (option === 'stddev' && !((value as number) >= 0)) ||
      (option === 'scale' && !((value as number) > 0))
    ) {
      throw new RangeError(
        `${who}: ${option} must be ${option === 'scale' ? 'above' : 'at least'} 0, got ${value}`,
      );
    }
  }
  return (typeof given === 'string' ? name : checked) as Initializer; // it has just been checked
}

/** Inputs that reach one output of an array of weights, and outputs that one input reaches. */
export interface Fans {
  readonly fanIn: number;
  readonly fanOut: number;
}

/**
 * Fans by Keras' rule: the last two dimensions are inputs and outputs, those before are positions of a kernel. A vector has its
 * length for both.
 */
export function fansOf(shape: Shape): Fans {
  if (shape.length === 0) return { fanIn: 1, fanOut: 1 };
  if (shape.length === 1) return { fanIn: shape[0], fanOut: shape[0] };
  const positions = shape.slice(0, -2).reduce((product, d) => product * d, 1);
  return { fanIn: positions * shape[shape.length - 2], fanOut: positions * shape[shape.length - 1] };
}

/**
 * Fills `out` as the initializer says; docs/order-of-sums.md has the exact formulas.
 * @throws RangeError for normal numbers that the bundle left out.
 */
export function initialize(initializer: Initializer, fans: Fans, key: RandomKey, out: FloatArray): void {
  const { name, ...options } = typeof initializer === 'string' ? { name: initializer } : initializer;
  // checkInitializer has seen to the types; what isn't given is the default.
  // biome-ignore lint/suspicious/noExplicitAny: one record for the options of all names
  const given: any = { ...DEFAULTS[name], ...options };
  if (name === 'zeros') out.fill(0);
  else if (name === 'ones') out.fill(1);
  else if (name === 'constant') out.fill(Math.fround(given.value));
  else if (name === 'randomUniform') uniform(key, given.minval, given.maxval, out);
  else if (name === 'randomNormal') normalNumbers(name).untruncatedNormal(key, given.mean, given.stddev, out);
  else if (name === 'truncatedNormal')
    normalNumbers(name).truncatedNormal(key, given.mean, given.stddev, out);
  else scaled(name, name === 'varianceScaling' ? given : SCALED[name], fans, key, out);
}

/** Numbers of variance scale/fan. */
function scaled(
  name: string,
  {
    scale,
    mode,
    distribution,
  }: { scale: number; mode: Fan; distribution: 'uniform' | 'untruncatedNormal' | 'truncatedNormal' },
  fans: Fans,
  key: RandomKey,
  out: FloatArray,
): void {
  const fan = mode === 'fanAvg' ? (fans.fanIn + fans.fanOut) / 2 : Math.max(1, fans[mode]);
  if (distribution === 'uniform') {
    // As √(6/(fanIn + fanOut)) for glorotUniform: the same number, and fan may be half of an odd one.
    const limit = Math.sqrt((3 * scale) / fan);
    uniform(key, -limit, limit, out);
    return;
  }
  const deviation = Math.sqrt(scale / fan);
  const drawn = distribution === 'truncatedNormal' ? deviation / TRUNCATED_DEVIATION : deviation;
  normalNumbers(name)[distribution](key, 0, drawn, out);
}

/** @param name the initializer that wants them */
function normalNumbers(name: string): NonNullable<typeof normal> {
  if (!normal) throw leftOut(`initializer ${name}`, 'allInitializers');
  return normal;
}

type OptionsOf<Name extends InitializerName> = Omit<
  Extract<InitializerConfig, { readonly name: Name }>,
  'name'
>;

/**
 * Initializers with options, by the names of Keras and TensorFlow.js: `initializers.constant({ value: 0.1 })`. Those
 * without options are their names alone: `'heNormal'`.
 */
export const initializers = /* @__PURE__ */ unchangeable(
  {
    constant: (...given: [options?: OptionsOf<'constant'>]) => withOptions('constant', given),
    randomUniform: (...given: [options?: OptionsOf<'randomUniform'>]) => withOptions('randomUniform', given),
    randomNormal: (...given: [options?: NormalOptions]) => withOptions('randomNormal', given),
    truncatedNormal: (...given: [options?: NormalOptions]) => withOptions('truncatedNormal', given),
    varianceScaling: (...given: [options?: OptionsOf<'varianceScaling'>]) =>
      withOptions('varianceScaling', given),
  },
  'initializers',
  'weights of your own come in by setWeights(tensors)',
);

/** @throws TypeError or RangeError as checkInitializer does, and where there is a second argument. */
function withOptions(name: InitializerName, given: readonly [options?: object]): Initializer {
  const where = `initializers.${name}`;
  noMoreArguments(where, given, 1, 'put it into the options');
  return checkInitializer(where, { name, ...knownOptions(where, given[0], Object.keys(DEFAULTS[name])) });
}

/** Mean and deviation of normal numbers. */
export interface NormalOptions {
  /** Their mean. Default: 0. */
  readonly mean?: number | undefined;
  /** Their standard deviation, at least 0. Default: 0.05. */
  readonly stddev?: number | undefined;
}
