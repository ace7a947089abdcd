/** All functions that take options, and the names of these. */
import * as degelo from '../../src/index.ts';
import { fromNdarray, toNdarray } from '../../src/ndarray.ts';
import { compiled, net, odd, refusal, x } from './refusal.ts';

export type Call = (options: never) => unknown;

/** An image, and four samples. */
const bytes = new Uint8Array(4);
const rows = degelo.zeros([4, 1]);

/** What takes something before its options. */
export const BEHIND_OTHERS: Readonly<Record<string, Call>> = {
  tensor: (options) => degelo.tensor([1], [1], options),
  zeros: (options) => degelo.zeros([1], options),
  encodeSafetensors: (options) => degelo.encodeSafetensors(new Map(), options),
  splitDataset: (options) => degelo.splitDataset([rows, rows], options),
  resizeImage: (options) => degelo.resizeImage(x, options),
  decodeImage: (options) => degelo.decodeImage(bytes, options),
  loadImages: (options) => degelo.loadImages('/nowhere', options),
  modelFromJSON: (options) => degelo.modelFromJSON({}, options),
  loadModel: (options) => degelo.loadModel('/nowhere', options),
  checkGradients: (options) => degelo.checkGradients(net(), options),
  fromNdarray: (options) => fromNdarray(toNdarray(x), options),
  gradients: (options) => degelo.gradients(compiled(), x, x, options),
  compile: (options) => net().compile(options),
  fit: (options) => compiled().fit(x, x, options),
  trainOnBatch: (options) => compiled().trainOnBatch(x, x, options),
  evaluate: (options) => compiled().evaluate(x, x, options),
  predict: (options) => compiled().predict(x, options),
  apply: (options) => degelo.dense({ units: 1 }).apply(degelo.input({ shape: [2] }), options),
  summary: (options) => net().summary(() => {}, options),
};

/** What makes something of options alone. */
export const MAKERS = Object.entries<unknown>({ ...degelo }).flatMap(([name, value]) =>
  typeof value === 'function' && /^[a-z]/.test(name) && !(name in BEHIND_OTHERS)
    ? [[name, value as Call] as const]
    : [],
);

/** What a function needs before it looks at its other options. */
const NEEDED: Readonly<Record<string, object>> = {
  checkGradient: { f: () => 1, gradient: () => [1], at: [1] },
  modelCheckpoint: { path: 'a' },
  rescaling: { scale: 2 },
  model: (([input]) => ({ inputs: input, outputs: input }))([degelo.input({ shape: [1] })]),
};
const ALSO_NEEDED: Readonly<Record<string, unknown>> = {
  ...{
    optimizer: 'sgd',
    loss: 'meanSquaredError',
    units: 1,
    filters: 2,
    kernelSize: 1,
    rate: 0.5,
    stddev: 1,
  },
  ...{
    activation: 'relu',
    operation: 'exp',
    size: 2,
    height: 2,
    width: 2,
    factor: 0.5,
    heightFactor: 0.1,
    widthFactor: 0.1,
  },
  ...{
    leftSize: 0.5,
    dims: [1],
    targetShape: [1],
    shape: [1],
    path: 'a',
    numClasses: 2,
    targetClassIds: [0],
  },
  ...{
    initialLearningRate: 1,
    decaySteps: 1,
    firstDecaySteps: 1,
    decayRate: 0.5,
    boundaries: [1],
    values: [1, 2],
  },
};

/** The options that a function names where it is given another. */
export async function namesOf(call: Call): Promise<readonly string[]> {
  const message = (await refusal(() => call(odd({ colour: 1 }))))?.message ?? '';
  return /unknown option colour: expected one of ([\w, ]+)$/.exec(message)?.[1].split(', ') ?? [];
}

/** Options that a function of these must have. */
export function neededOf(name: string, names: readonly string[]): object {
  return NEEDED[name] ?? Object.fromEntries(names.map((each) => [each, ALSO_NEEDED[each]]));
}
