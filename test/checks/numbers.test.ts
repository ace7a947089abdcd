/** Which numbers every option takes that takes any: as far as its bounds, and none beyond. */
import { expect, it } from 'vitest';
import { odd, refusal } from './refusal.ts';
import { MAKERS, namesOf, neededOf } from './takers.ts';

const NUMBERS = [-Infinity, -1, -1e-9, 0, 1e-9, 0.5, 1 - 1e-9, 1, 1 + 1e-9, 2, 1e9, Infinity, Number.NaN];

/** By the numbers that are taken: options, and the functions that have them. Where a layer is built it may look once more. */
const TAKEN: Readonly<Record<string, readonly string[]>> = {
  '0': ['outputPadding: conv2dTranspose', 'warmupSteps: cosineDecay'],
  '-1 -1e-9 0 1e-9 0.5 0.999999999 1 1.000000001 2 1000000000': [
    'at: checkGradient',
    'minDelta: earlyStopping reduceLROnPlateau',
    'initValue: layerScale',
    'fillValue: randomRotation randomTranslation randomZoom',
    'scale: rescaling',
    'offset: rescaling',
  ],
  '0 1 2 1000000000': [
    'seed: checkGradient sequential',
    'directions: checkGradient',
    'patience: earlyStopping reduceLROnPlateau',
    'startFromEpoch: earlyStopping',
    'cooldown: reduceLROnPlateau',
    'cropping: cropping2d',
    'padding: zeroPadding2d',
    'ignoreClass: iou meanIoU',
  ],
  '0 1e-9 0.5 0.999999999 1 1.000000001 2 1000000000 Infinity': ['coordinates: checkGradient'],
  '0 1e-9 0.5 0.999999999 1 1.000000001 2 1000000000': [
    'l1: l1 l1l2',
    'l2: l1l2 l2',
    'minLearningRate: reduceLROnPlateau',
    'epsilon: batchNormalization groupNormalization layerNormalization rmsNormalization adagrad adam adamW adamax nadam rmsprop',
    'stddev: gaussianNoise',
    'negativeSlope: leakyReLU reLU',
    'maxValue: reLU',
    'threshold: reLU',
    'gamma: binaryFocalCrossentropy categoricalFocalCrossentropy',
    'alpha: categoricalFocalCrossentropy tversky cosineDecay cosineDecayRestarts',
    'beta: tversky',
    'learningRate: adadelta adagrad adam adamW adamax lion nadam rmsprop sgd',
    'initialAccumulatorValue: adagrad',
    'weightDecay: adamW lion',
    'initialLearningRate: cosineDecay cosineDecayRestarts exponentialDecay inverseTimeDecay polynomialDecay',
    'warmupTarget: cosineDecay',
    'mMul: cosineDecayRestarts',
    'decayRate: inverseTimeDecay',
    'endLearningRate: polynomialDecay',
  ],
  '-Infinity -1 -1e-9 0 1e-9 0.5 0.999999999 1 1.000000001 2 1000000000 Infinity': [
    'baseline: earlyStopping',
    'initialValueThreshold: modelCheckpoint',
  ],
  '1 2 1000000000': [
    'saveFreq: modelCheckpoint',
    'poolSize: averagePooling2d',
    'strides: averagePooling2d conv2d conv2dTranspose depthwiseConv2d maxPooling2d separableConv2d',
    'filters: conv2d conv2dTranspose separableConv2d',
    'kernelSize: conv2d conv2dTranspose depthwiseConv2d separableConv2d',
    'dilationRate: conv2d conv2dTranspose depthwiseConv2d separableConv2d',
    'units: dense',
    'depthMultiplier: depthwiseConv2d separableConv2d',
    'projectionDim: layerScale',
    'height: resizing',
    'width: resizing',
    'size: upSampling2d',
    'numClasses: iou meanIoU',
    'k: sparseTopKCategoricalAccuracy topKCategoricalAccuracy',
    'decaySteps: cosineDecay exponentialDecay inverseTimeDecay polynomialDecay',
    'firstDecaySteps: cosineDecayRestarts',
  ],
  '1e-9 0.5 0.999999999': ['factor: reduceLROnPlateau'],
  '-1 0 1 2 1000000000': ['axis: batchNormalization layerNormalization normalization rmsNormalization'],
  '0 1e-9 0.5 0.999999999 1': [
    'momentum: batchNormalization',
    'factor: randomBrightness randomContrast randomRotation',
    'heightFactor: randomTranslation',
    'widthFactor: randomTranslation',
    'alpha: binaryFocalCrossentropy',
    'thresholds: falseNegatives falsePositives trueNegatives truePositives precision recall',
    'threshold: f1Score fBetaScore binaryIoU',
  ],
  '-1 1 2 1000000000': ['axis: concatenate', 'groups: groupNormalization'],
  '1 2': ['groups: conv2d', 'poolSize: maxPooling2d'],
  '0 1e-9 0.5 0.999999999': [
    'rate: dropout spatialDropout2d',
    'heightFactor: randomZoom',
    'widthFactor: randomZoom',
    'labelSmoothing: binaryCrossentropy binaryFocalCrossentropy categoricalCrossentropy categoricalFocalCrossentropy',
    'rho: adadelta rmsprop',
    'beta1: adam adamW adamax lion nadam',
    'beta2: adam adamW adamax lion nadam',
    'momentum: rmsprop sgd',
  ],
  '-1': ['axis: softmax'],
  '1e-9 0.5 0.999999999 1 1.000000001 2 1000000000': [
    'delta: huber',
    'epsilon: adadelta',
    'clipvalue: adadelta adagrad adam adamW adamax lion nadam rmsprop sgd',
    'clipnorm: adadelta adagrad adam adamW adamax lion nadam rmsprop sgd',
    'globalClipnorm: adadelta adagrad adam adamW adamax lion nadam rmsprop sgd',
    'decayRate: exponentialDecay',
    'power: polynomialDecay',
  ],
  '2 1000000000': ['numThresholds: auc'],
  '1e-9 0.5 0.999999999 1 1.000000001 2 1000000000 Infinity': ['beta: fBetaScore'],
  '1 1.000000001 2 1000000000': ['tMul: cosineDecayRestarts'],
};

it('all others are refused', async () => {
  const taken: Record<string, Record<string, string>> = {};
  for (const [name, call] of MAKERS) {
    const names = await namesOf(call);
    const needed = neededOf(name, names);
    for (const option of names) {
      const numbers: number[] = [];
      for (const value of NUMBERS) {
        if ((await refusal(() => call(odd({ ...needed, [option]: value })))) === null) numbers.push(value);
      }
      if (numbers.length === 0) continue;
      const functions = taken[numbers.join(' ')] ?? {};
      functions[option] = `${functions[option] ?? `${option}:`} ${name}`;
      taken[numbers.join(' ')] = functions;
    }
  }
  const lists = Object.entries(taken).map(([numbers, functions]) => [numbers, Object.values(functions)]);
  expect(Object.fromEntries(lists)).toEqual(TAKEN);
});
