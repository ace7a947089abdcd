/**
 * Methods that people call by habit on what TensorFlow.js, Keras and PyTorch give, and that degelo's objects haven't: a call says what does
 * it here, where JavaScript would say that it is no function. They are in no list of an object's names, and no type has them.
 */

/** What to use instead, by the method's name. */
type Methods = Readonly<Record<string, string>>;

/** From now on objects of this class have these methods, which throw. @param what begins the messages */
export function refuseMethods(prototype: object, what: string, methods: Methods, isOpen = false): void {
  for (const [name, right] of Object.entries(methods)) {
    if (name in prototype) throw new RangeError(`${what} has a method ${name}`);
    const refuse = (): never => {
      throw new TypeError(`${what}: there is no ${name} here: ${right}`);
    };
    Object.defineProperty(prototype, name, { value: refuse, configurable: true, writable: isOpen });
  }
}

const ARITHMETIC =
  'tensors have no arithmetic: tensor(t.data.map((v) => …), t.shape), or ndarrays (docs/ndarrays.md)';
const NOT_NEEDED = 'numbers are in plain memory, which the engine takes back: leave it out';
const FLOATS = 'tensors hold floats: leave it out';
const NESTED = 'toNested() gives nested arrays, and data the numbers in a row';
const DATA = 'data holds the numbers, a Float32Array';

/** The methods that objects of a class have, as Python writes their names: `get_layer` for `getLayer`. */
export function inPython(prototype: object): Methods {
  const methods: Record<string, string> = {};
  let level = prototype;
  while (level !== Object.prototype && level !== null) {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(level))) {
      const python = name.replace(/[A-Z]+/g, (capitals) => `_${capitals.toLowerCase()}`);
      if (typeof value === 'function' && python !== name) methods[python] = `${name}(…)`;
    }
    level = Object.getPrototypeOf(level);
  }
  return methods;
}

/** Each of these names has the same words. */
const alike = (names: readonly string[], words: string): Methods =>
  Object.fromEntries(names.map((name) => [name, words]));

export const METHODS_OF_TENSORS: Methods = {
  ...alike(['dataSync', 'bytes', 'numpy', 'bufferSync'], DATA),
  ...alike(['array', 'arraySync', 'toArray', 'tolist'], NESTED),
  print: 'console.log(t), or in a page console.log(String(t))',
  ...alike(
    ['get', 'item', 'asScalar', 'buffer'],
    'at(i, j, …) is one number, and set(value, i, j, …) changes it',
  ),
  clone: 'tensor(t) has a copy of the numbers',
  ...alike(['dispose', 'detach', 'cpu', 'cuda'], NOT_NEEDED),
  ...alike(['toFloat', 'float'], FLOATS),
  ...alike(
    ['cast', 'asType', 'toInt', 'toBool'],
    'tensors hold floats: Int32Array.from(t.data) has whole numbers',
  ),
  ...alike(
    ['expandDims', 'squeeze', 'flatten', 'as1D', 'as2D', 'as3D', 'as4D', 'reshapeAs', 'unsqueeze', 'view'],
    'reshape(shape), where one size may be -1',
  ),
  ...alike(
    ['transpose', 'permute', 'pad', 'reverse'],
    'toNdarray(t) of degelo/ndarray has views (docs/ndarrays.md)',
  ),
  ...alike(['gather', 'unstack', 'split'], 'slice(begin, end) gives rows, and data the numbers'),
  ...alike(['concat', 'stack'], 'tensor([a, b]) has one dimension more, and reshape takes it away'),
  ...alike(['argMax', 'argmax'], 'argMax(t) has the class of each row'),
  ...alike(
    ['add', 'sub', 'mul', 'div', 'pow', 'dot', 'matMul', 'neg', 'abs', 'square', 'sqrt', 'exp', 'log'],
    ARITHMETIC,
  ),
  ...alike(
    ['sigmoid', 'softmax', 'relu', 'tanh', 'round', 'floor', 'clipByValue', 'maximum', 'minimum'],
    ARITHMETIC,
  ),
  ...alike(['sum', 'mean', 'max', 'min', 'prod', 'norm', 'equal', 'greater', 'less', 'notEqual'], ARITHMETIC),
};

const BATCHES = 'hands it batches of [x, y], or a function that yields them (docs/keras.md)';

export const METHODS_OF_MODELS: Methods = {
  ...alike(['fitDataset', 'fit_generator'], `fit(batches, { epochs }) ${BATCHES}`),
  ...alike(['evaluateDataset', 'evaluate_generator'], `evaluate(batches) ${BATCHES}`),
  predict_generator: 'await predict(x), of each batch',
  ...alike(['predictOnBatch', 'predict_on_batch', 'predict_proba'], 'await predict(x)'),
  ...alike(['execute', 'executeAsync', 'call'], 'await predict(x)'),
  predict_classes: 'argMax(await predict(x)) has the class of each row',
  ...alike(['testOnBatch', 'test_on_batch'], 'await evaluate(x, y)'),
  ...alike(
    ['train_step', 'compute_loss'],
    'trainOnBatch(x, y) makes a step; gradients(model, x, y) and applyGradients in two parts',
  ),
  ...alike(
    ['resetMetrics', 'reset_metrics', 'resetStates', 'reset_states'],
    'each call begins with new figures: leave it out',
  ),
  ...alike(
    ['add_metric', 'get_metrics_result'],
    'compile({ metrics }), of which fit and evaluate give figures',
  ),
  from_config: 'modelFromJSON(json), a function',
  export: 'await save(place), or saveLayersModel(model, place), a function (docs/exchange.md)',
  quantize: 'degelo computes in float32: leave it out',
  ...alike(['to', 'cuda', 'cpu'], 'degelo computes on the CPU: leave it out'),
  ...alike(['float', 'half', 'double'], 'degelo computes in float32: leave it out'),
  zero_grad: 'each step begins with new gradients: leave it out',
  requires_grad_: 'trainable can be set, of the model and of each layer',
  named_parameters: 'namedWeights(model), a function',
  ...alike(['children', 'modules'], 'layers is the list of them'),
  ...alike(['loadWeights', 'load_weights', 'load_state_dict'], 'await loadWeights(model, place), a function'),
  ...alike(['saveWeights', 'save_weights', 'state_dict'], 'await saveWeights(model, place), a function'),
  ...alike(
    ['setUserDefinedMetadata', 'getUserDefinedMetadata'],
    'classNames and imageInput are kept with a model',
  ),
  ...alike(['train', 'eval'], 'fit trains, and predict and evaluate know that they do not: leave it out'),
};

const PASSES = 'apply(x) connects layers, and await model.predict(x) gives numbers';

export const METHODS_OF_LAYERS: Methods = {
  call: PASSES,
  ...alike(
    ['getOutputAt', 'getInputAt', 'get_output_at', 'get_input_at'],
    'a layer is in a model once: output is what it gives there',
  ),
  requires_grad_: 'trainable can be set',
  ...alike(['addWeight', 'add_weight'], 'describeParameters(inputShape) gives them (docs/extending.md)'),
  ...alike(['addLoss', 'add_loss'], 'kernelRegularizer, or a loss of your own (docs/extending.md)'),
  dispose: 'a model has the memory: await model.dispose()',
};

/** From now on a call of a layer's passes by hand says what to do: only a step's plan calls them, with what it works on. */
export function guardPasses(prototype: object): void {
  for (const name of ['forward', 'backward']) {
    const pass: unknown = Object.getOwnPropertyDescriptor(prototype, name)?.value;
    if (typeof pass !== 'function') continue;
    const guarded = function (
      this: { readonly className: string },
      run: unknown,
      ...others: unknown[]
    ): unknown {
      if (Object(run).stage) return pass.call(this, run, ...others);
      throw new TypeError(`${this.className}: only a model calls ${name}: ${PASSES}`);
    };
    Object.defineProperty(prototype, name, { value: guarded, configurable: true, writable: true });
  }
}

export const METHODS_OF_OPTIMIZERS: Methods = {
  ...alike(
    ['minimize', 'computeGradients', 'step'],
    'trainOnBatch(x, y) makes a step; backward and applyGradients in two parts',
  ),
  ...alike(['applyGradients', 'apply_gradients'], 'applyGradients(model, found), a function'),
  ...alike(['setLearningRate', 'set_learning_rate'], 'learningRate can be set'),
  ...alike(
    ['get_weights', 'set_weights', 'state_dict', 'load_state_dict'],
    'await saveCheckpoint(model, place) keeps its arrays, and loadCheckpoint(place) brings them back',
  ),
  zero_grad: 'each step begins with new gradients: leave it out',
};
