/**
 * Losses, optimizers and schedules that Keras, TensorFlow.js, PyTorch or habit call otherwise, or that degelo hasn't: what to use instead. Names
 * are written as in names.ts, and losses without a `loss` at their end.
 */

/** By what messages call such a thing. */
export type InsteadTable = Readonly<Record<string, Readonly<Record<string, string>>>>;

const OWN_LOSS = 'a loss of your own, of each sample by itself: registerLoss, docs/extending.md';
const LOSSES_OF_CLASSES =
  "'sparseCategoricalCrossentropy' for class numbers, 'categoricalCrossentropy' for one-hot rows";
const FOCAL = "'binaryFocalCrossentropy', or 'categoricalFocalCrossentropy' for one-hot rows";
const MSE = "'meanSquaredError'";
const MAE = "'meanAbsoluteError'";
const ONE_SAMPLE_METRIC =
  "'accuracy' and others are metrics: training needs a loss, such as 'categoricalCrossentropy'";

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
  r2: MSE,
  r2score: MSE,
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
  radam: "'adam', with cosineDecay({ warmupSteps, … }) as its learning rate",
  rprop: "'rmsprop'",
  lbfgs: "'adam'",
};

const SCHEDULES = {
  cosine: 'cosineDecay({ … })',
  cosineannealing: 'cosineDecay({ … })',
  cosineannealinglr: 'cosineDecay({ … })',
  onecycle: 'cosineDecay({ warmupTarget, warmupSteps, … })',
  onecyclelr: 'cosineDecay({ warmupTarget, warmupSteps, … })',
  step: 'exponentialDecay({ staircase: true, … })',
  steplr: 'exponentialDecay({ staircase: true, … })',
  multisteplr: 'piecewiseConstantDecay({ … })',
  exponential: 'exponentialDecay({ … })',
  exponentiallr: 'exponentialDecay({ … })',
  linear: 'polynomialDecay({ … })',
  linearlr: 'polynomialDecay({ … })',
  reducelronplateau: 'the callback reduceLROnPlateau({ … })',
  learningratescheduler: 'the callback learningRateScheduler((epoch, rate) => …)',
};

export const INSTEAD: InsteadTable = {
  loss: LOSSES,
  optimizer: OPTIMIZERS,
  'learning rate schedule': SCHEDULES,
};
