/**
 * Losses, metrics, optimizers, schedules and initializers that Keras, TensorFlow.js, PyTorch or habit call otherwise, or that degelo hasn't: what to use instead. Names
 * are written as in names.ts.
 */

const OWN_LOSS = 'a loss of your own, of each sample by itself: registerLoss, docs/extending.md';
const OWN_METRIC = 'a metric of your own: registerMetric, docs/extending.md';
const LOSSES_OF_CLASSES =
  "'sparseCategoricalCrossentropy' for class numbers, 'categoricalCrossentropy' for one-hot rows";
const FOCAL = "'binaryFocalCrossentropy', or 'categoricalFocalCrossentropy' for one-hot rows";
const IOU = 'meanIoU() for classes, binaryIoU() for yes and no';
const CURVE = 'auc(), or precision and recall at thresholds of yours';
const MSE = "'meanSquaredError'";
const MAE = "'meanAbsoluteError'";
const ONE_SAMPLE_METRIC = "a loss, such as 'categoricalCrossentropy': 'accuracy' and 'f1Score' are metrics";

const LOSSES = {
  focal: FOCAL,
  focalcrossentropy: FOCAL,
  sigmoidfocal: "'binaryFocalCrossentropy'",
  binaryfocal: "'binaryFocalCrossentropy'",
  categoricalfocal: "'categoricalFocalCrossentropy'",
  crossentropy: `${LOSSES_OF_CLASSES}; fromLogits: true where the model ends without softmax`,
  ce: LOSSES_OF_CLASSES,
  cce: "'categoricalCrossentropy'",
  scce: "'sparseCategoricalCrossentropy'",
  sparsecce: "'sparseCategoricalCrossentropy'",
  sparsecrossentropy: "'sparseCategoricalCrossentropy'",
  softmaxcrossentropy: 'categoricalCrossentropy({ fromLogits: true })',
  softmaxcrossentropywithlogits: 'categoricalCrossentropy({ fromLogits: true })',
  sparsesoftmaxcrossentropywithlogits: 'sparseCategoricalCrossentropy({ fromLogits: true })',
  nll: "'sparseCategoricalCrossentropy' behind a softmax: it takes the logarithm itself",
  negativeloglikelihood: "'sparseCategoricalCrossentropy' behind a softmax: it takes the logarithm itself",
  log: "'binaryCrossentropy' for yes and no, 'categoricalCrossentropy' for classes",
  bcewithlogits: 'binaryCrossentropy({ fromLogits: true })',
  sigmoidcrossentropy: 'binaryCrossentropy({ fromLogits: true })',
  sigmoidcrossentropywithlogits: 'binaryCrossentropy({ fromLogits: true })',
  binarycrossentropywithlogits: 'binaryCrossentropy({ fromLogits: true })',
  mse: MSE,
  mae: MAE,
  bce: "'binaryCrossentropy'",
  l1: MAE,
  absolutedifference: MAE,
  l2: MSE,
  squarederror: MSE,
  rmse: `${MSE}, which is least at the same weights, and the metric 'rootMeanSquaredError'`,
  rootmeansquarederror: `${MSE}, which is least at the same weights, and the metric 'rootMeanSquaredError'`,
  r2: `${MSE}, and the metric 'r2Score'`,
  r2score: `${MSE}, and the metric 'r2Score'`,
  smoothl1: "'huber'",
  kl: "'klDivergence'",
  kldiv: "'klDivergence'",
  poissonnll: "'poisson', for outputs above zero",
  cosineproximity: "'cosineSimilarity'",
  cosinedistance: "'cosineSimilarity'",
  cosineembedding: "'cosineSimilarity'",
  cosine: "'cosineSimilarity'",
  jaccard: "'dice'",
  iou: "'dice'",
  softdice: "'dice'",
  bcedice: "'dice' or 'binaryFocalCrossentropy'",
  accuracy: ONE_SAMPLE_METRIC,
  f1: ONE_SAMPLE_METRIC,
  f1score: ONE_SAMPLE_METRIC,
  ctc: 'Keras or PyTorch: degelo has no recurrent layers',
  circle: OWN_LOSS,
  triplet: OWN_LOSS,
  tripletsemihard: OWN_LOSS,
  tripletmargin: OWN_LOSS,
  contrastive: OWN_LOSS,
  marginranking: OWN_LOSS,
  quantile: OWN_LOSS,
  pinball: OWN_LOSS,
  wasserstein: OWN_LOSS,
  gaussiannll: OWN_LOSS,
  categoricalgeneralizedcrossentropy: OWN_LOSS,
};

const METRICS = {
  f1: "'f1Score'",
  fscore: "'f1Score'",
  fmeasure: "'f1Score'",
  fbeta: 'fBetaScore({ beta: 2 })',
  r2: "'r2Score'",
  rsquared: "'r2Score'",
  rmse: "'rootMeanSquaredError'",
  jaccard: IOU,
  onehotmeaniou: 'meanIoU()',
  onehotiou: 'iou({ targetClassIds })',
  miou: 'meanIoU()',
  rocauc: "'auc'",
  auroc: "'auc'",
  roc: "'auc'",
  prauc: "auc({ curve: 'PR' })",
  aucpr: "auc({ curve: 'PR' })",
  averageprecision: "auc({ curve: 'PR' })",
  sensitivity: "'recall'",
  truepositiverate: "'recall'",
  specificity: "'trueNegatives' and 'falsePositives': specificity is tn/(tn + fp)",
  truenegativerate: "'trueNegatives' and 'falsePositives': specificity is tn/(tn + fp)",
  tp: "'truePositives'",
  fp: "'falsePositives'",
  tn: "'trueNegatives'",
  fn: "'falseNegatives'",
  cosine: "'cosineSimilarity'",
  cosineproximity: "'cosineSimilarity'",
  top5: 'topKCategoricalAccuracy({ k: 5 })',
  top5accuracy: 'topKCategoricalAccuracy({ k: 5 })',
  top3accuracy: 'topKCategoricalAccuracy({ k: 3 })',
  topkaccuracy: "'topKCategoricalAccuracy'",
  loss: 'none: fit and evaluate give the loss without being asked',
  crossentropy: LOSSES_OF_CLASSES,
  ce: LOSSES_OF_CLASSES,
  logloss: "'binaryCrossentropy', or 'categoricalCrossentropy'",
  logcosherror: "'logCosh'",
  perplexity: "'categoricalCrossentropy', of which it is the exponential",
  confusionmatrix: 'confusionMatrix(labels, await model.predict(x))',
  precisionatrecall: CURVE,
  recallatprecision: CURVE,
  sensitivityatspecificity: CURVE,
  specificityatsensitivity: CURVE,
  pearsoncorrelation: `'r2Score', or ${OWN_METRIC}`,
  concordancecorrelation: `'r2Score', or ${OWN_METRIC}`,
  balancedaccuracy: `f1Score({ average: 'macro' }), or ${OWN_METRIC}`,
  mcc: `'f1Score', or ${OWN_METRIC}`,
  matthewscorrcoef: `'f1Score', or ${OWN_METRIC}`,
  cohenkappa: `'f1Score', or ${OWN_METRIC}`,
  mean: OWN_METRIC,
  sum: OWN_METRIC,
  meanmetricwrapper: OWN_METRIC,
};

const OPTIMIZERS = {
  ftrl: "'adagrad', with kernelRegularizer: l1l2({ … }) for its penalties",
  lamb: "'adamW', or 'sgd' with momentum where batches are large",
  lars: "'sgd' with momentum",
  adafactor: "'adam': memory is what it saves",
  muon: "'adamW'",
  adabelief: "'adam'",
  schedulefreeadamw: "'adamW', with a learning rate such as cosineDecay({ … })",
  lossscaleoptimizer: 'the optimizer within it: degelo computes in float32 and scales no loss',
  multioptimizer: 'one optimizer, and layer.trainable = false for what shall not learn',
  momentum: 'sgd({ momentum: 0.9 })',
  nesterov: 'sgd({ momentum: 0.9, nesterov: true })',
  amsgrad: 'adam({ amsgrad: true })',
  radam: "'adam', with cosineDecay({ warmupSteps, … }) as its learning rate",
  rprop: "'rmsprop'",
  lbfgs: "'adam'",
};

const SCHEDULES = {
  cosine: 'cosineDecay({ … })',
  cosineannealing: 'cosineDecay({ … })',
  cosineannealinglr: 'cosineDecay({ … })',
  cosineannealingwarmrestarts: 'cosineDecayRestarts({ … })',
  onecycle: 'cosineDecay({ warmupTarget, warmupSteps, … })',
  onecyclelr: 'cosineDecay({ warmupTarget, warmupSteps, … })',
  step: 'exponentialDecay({ staircase: true, … })',
  steplr: 'exponentialDecay({ staircase: true, … })',
  multisteplr: 'piecewiseConstantDecay({ … })',
  exponential: 'exponentialDecay({ … })',
  exponentiallr: 'exponentialDecay({ … })',
  linear: 'polynomialDecay({ … })',
  linearlr: 'polynomialDecay({ … })',
  plateau: 'the callback reduceLROnPlateau({ … })',
  reducelronplateau: 'the callback reduceLROnPlateau({ … })',
  learningratescheduler: 'the callback learningRateScheduler((epoch, rate) => …)',
};

const INITIALIZERS = {
  orthogonal: "'glorotNormal', or setWeights with a matrix of your own",
  orthogonalinitializer: "'glorotNormal', or setWeights with a matrix of your own",
  identityinitializer: 'setWeights with a matrix of your own',
  stft: 'setWeights with a kernel of your own',
  stftinitializer: 'setWeights with a kernel of your own',
  identity: 'setWeights with a matrix of your own',
  eye: 'setWeights with a matrix of your own',
  dirac: 'setWeights with a kernel of your own',
  glorot: "'glorotUniform', or 'glorotNormal'",
  xavier: "'glorotUniform', or 'glorotNormal'",
  xavieruniform: "'glorotUniform'",
  xaviernormal: "'glorotNormal'",
  he: "'heNormal', or 'heUniform'",
  kaiming: "'heNormal', or 'heUniform'",
  kaiminguniform: "'heUniform'",
  kaimingnormal: "'heNormal'",
  lecun: "'lecunNormal', or 'lecunUniform'",
  uniform: "'randomUniform'",
  normal: "'randomNormal'",
  gaussian: "'randomNormal'",
  random: "'randomUniform', or 'randomNormal'",
};

/** What a model has one of, and the like; see `advice` in suggest.ts. */
const MODELS = {
  inputs: ': put their numbers side by side into one, and take parts of it with cropping2d',
  outputs: ': make a model for each: they share the layers that both have',
  // Of that JavaScript type.
  'loss object': ': a model has one output and one loss: give that alone, or make a model for each',
  'loss function': ': one of your own has its gradient too: docs/extending.md',
  'learningRate function': ': for a rate by epoch use the callback learningRateScheduler((epoch, rate) => …)',
  validationSplit:
    ': splitDataset([x, y], { leftSize, shuffle: true }) mixes them first and gives two parts, for fit and for validationData',
  'batches batchSize': ': its batches have their own size',
  'batches shuffle': ': its batches come in their own order: shuffle where they are made',
  'batches validationSplit': ': nobody knows where it ends: use validationData',
  'batches sampleWeight': ': a batch brings its own: [x, y, sampleWeight]',
  'batches featureCacheMB': ': its samples are not told apart',
  readOnce: ': a generator gives its batches once, a function that returns one, once per epoch',
  // Of a name that nobody knows.
  'own layer':
    ': registerLayer makes one of your own known, in a module to be imported first: docs/extending.md',
  'own loss':
    ': registerLoss makes one of your own known, in a module to be imported first: docs/extending.md',
  'own metric':
    ': registerMetric makes one of your own known, in a module to be imported first: docs/extending.md',
  'own optimizer':
    ': registerOptimizer makes one of your own known, in a module to be imported first: docs/extending.md',
  channelsFirst: ': images are channels last, [height, width, channels]',
  otherSize: ': resizeImage(image, { size: [height, width] }) makes each image fit',
  rows: ': use sparseCategoricalCrossentropy, or one-hot rows',
  places: ': for one answer per sample put flatten() or globalAveragePooling2d() before the dense layers',
  listOfOne: ': a model has one input: hand it in without the list around it',
  // Behind a colon: what to do with what holds no numbers.
  numberText: 'convert it: Number(text)',
  classText: 'give class numbers for names: names.indexOf(text)',
  boolean: 'convert it: Number(yes)',
  bigint: 'convert it: Number(value)',
  bigArray: 'Int32Array.from(values, Number)',
  view: 'give its numbers: new Float32Array(view.buffer)',
  buffer: 'give its numbers: new Float32Array(buffer)',
  set: '[...values]',
  oneByOne: 'all numbers are needed at once, in an array or tensor',
  imageFile: 'read it: decodeImage(bytes), then resizeImage(image, { size })',
  image: 'resizeImage(image, { size }) makes a tensor of it',
  otherTensor: "TensorFlow.js' tensors: tensor(await t.data(), t.shape)",
  otherDataset: "TensorFlow.js' data sets: a generator of batches in its place, docs/tensorflow-js.md",
  ndarray: 'fromNdarray(array), of degelo/ndarray',
  twoOfAKind: ": give one a name: auc({ name: 'auc2', … })",
};

/** Losses with `loss` behind their names, as PyTorch's L1Loss and TensorFlow.js' huberLoss. */
const named = (table: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(table).map(([name, use]) => [`${name}loss`, use]));

const OUR_LOSSES = {
  ...{ huber: "'huber'", hinge: "'hinge'", poisson: "'poisson'", dice: "'dice'", tversky: "'tversky'" },
  ...{ cosinesimilarity: "'cosineSimilarity'", logcosh: "'logCosh'" },
};

/** What to use instead: found by what messages call such a thing, and by its name. */
export const INSTEAD: ReadonlyMap<string, ReadonlyMap<string, string>> = new Map(
  Object.entries({
    model: MODELS,
    loss: { ...LOSSES, ...named(LOSSES), ...named(OUR_LOSSES) },
    metric: METRICS,
    optimizer: OPTIMIZERS,
    'learning rate schedule': SCHEDULES,
    initializer: INITIALIZERS,
  }).map(([kind, table]) => [kind, new Map(Object.entries<string>(table))]),
);
