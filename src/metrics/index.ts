/** Where metrics with options are listed, one line each: it makes a metric public, and known by its name. */
export { type AucOptions, auc } from './auc.ts';
export { precision, recall, type ThresholdOptions } from './precision-recall.ts';
export { sparseTopKCategoricalAccuracy, type TopKOptions, topKCategoricalAccuracy } from './top-k.ts';
