/** Where metrics with options are listed, one line each: it makes a metric public, and known by its name. */
export { type AucOptions, auc } from './auc.ts';
export type { FigureNameOption } from './choice-of.ts';
export { falseNegatives, falsePositives, trueNegatives, truePositives } from './confusion-counts.ts';
export { type FBetaScoreOptions, type FScoreOptions, f1Score, fBetaScore } from './f-score.ts';
export {
  type BinaryIoUOptions,
  binaryIoU,
  type IoUOptions,
  iou,
  type MeanIoUOptions,
  meanIoU,
} from './iou.ts';
export { allLossMetrics } from './losses.ts';
export { precision, recall, type ThresholdOptions } from './precision-recall.ts';
export { type R2ScoreOptions, r2Score } from './r2-score.ts';
export { rootMeanSquaredError } from './root-mean-squared-error.ts';
export { sparseTopKCategoricalAccuracy, type TopKOptions, topKCategoricalAccuracy } from './top-k.ts';
