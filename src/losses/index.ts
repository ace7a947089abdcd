/** Where losses are listed, one line each: it makes a loss public, and known by its name. */
export { binaryCrossentropy } from './binary-crossentropy.ts';
export { type BinaryFocalCrossentropyOptions, binaryFocalCrossentropy } from './binary-focal-crossentropy.ts';
export {
  type CrossentropyOptions,
  categoricalCrossentropy,
  type SmoothedCrossentropyOptions,
  sparseCategoricalCrossentropy,
} from './categorical-crossentropy.ts';
export {
  type CategoricalFocalCrossentropyOptions,
  categoricalFocalCrossentropy,
} from './categorical-focal-crossentropy.ts';
export { categoricalHinge } from './categorical-hinge.ts';
export { cosineSimilarity } from './cosine-similarity.ts';
export type { FocalOptions } from './focus.ts';
export { hinge, squaredHinge } from './hinge.ts';
export { type HuberOptions, huber } from './huber.ts';
export { klDivergence } from './kullback-leibler-divergence.ts';
export { logCosh } from './log-cosh.ts';
export { meanAbsoluteError } from './mean-absolute-error.ts';
export { meanSquaredError } from './mean-squared-error.ts';
export { dice, type TverskyOptions, tversky } from './overlap.ts';
export { poisson } from './poisson.ts';
export { meanAbsolutePercentageError, meanSquaredLogarithmicError } from './relative-errors.ts';
