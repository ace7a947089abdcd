/** Saved models: model.json and its weights, edited together, so that the checksum mostly still fits. */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import * as degelo from '../../../src/index.ts';
import { edited, mostly, mostlyShallow, utf8 } from '../arbitraries.ts';
import { graphModel } from './graphs.ts';
import { partsOf, safetensorsOf } from './safetensors.ts';

const { activation, conv2d, dense, dropout, flatten, maxPooling2d, sequential } = degelo;

const {
  conv2dTranspose,
  cropping2d,
  depthwiseConv2d,
  elementwise,
  gaussianNoise,
  groupNormalization,
  layerNormalization,
  layerScale,
  permute,
  prelu,
  reLU,
  rescaling,
  reshape,
  rmsNormalization,
  separableConv2d,
  softmax,
  upSampling2d,
} = degelo;

const everyLayer = sequential([
  conv2d({ filters: 2, kernelSize: [2, 1], padding: 'same', activation: 'relu', inputShape: [4, 4, 1] }),
  maxPooling2d({ poolSize: 2 }),
  dropout({ rate: 0.25 }),
  flatten(),
  dense({ units: 2, trainable: false }),
  activation('softmax'),
]);
everyLayer.compile({ optimizer: 'adadelta', loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
/** Options and layers that came later. */
const laterLayers = sequential([
  separableConv2d({ filters: 2, kernelSize: 2, depthMultiplier: 2, useBias: false, inputShape: [4, 4, 2] }),
  conv2dTranspose({ filters: 2, kernelSize: 1, strides: 2, outputPadding: 1 }),
  depthwiseConv2d({ kernelSize: 2, dilationRate: 2, depthwiseInitializer: 'heNormal' }),
  groupNormalization({ groups: 2, scale: false }),
  layerNormalization({ axis: [2, 3], center: false }),
  rmsNormalization({ axis: [2, 3] }),
  layerScale({ initValue: 0.5 }),
  prelu({ sharedAxes: [1, 2], alphaInitializer: 'heNormal' }),
  upSampling2d({ interpolation: 'bilinear' }),
  cropping2d({ cropping: [1, 2] }),
  reLU({ maxValue: 6, threshold: 0.5 }),
  reshape({ targetShape: [-1, 2] }),
  permute({ dims: [2, 1] }),
  rescaling({ scale: 0.5, offset: 1 }),
  gaussianNoise({ stddev: 0.5 }),
  elementwise('sqrt'),
  activation('mish'),
  softmax(),
]);
const oneLayer = sequential([dense({ units: 1, inputShape: [1] })]);

export const model: fc.Arbitrary<[json: Uint8Array, weights: Uint8Array]> = fc.oneof(
  modelOf(await degelo.encodeModel(everyLayer)),
  modelOf(await degelo.encodeModel(oneLayer)),
  modelOf(await degelo.encodeModel(laterLayers)),
  modelOf(await degelo.encodeModel(graphModel())),
);

function modelOf({ json, weights }: degelo.EncodedModel): fc.Arbitrary<[Uint8Array, Uint8Array]> {
  const { header, numbers } = partsOf(weights);
  return fc
    .record({
      json: mostlyShallow(edited(JSON.stringify(JSON.parse(json)))),
      weights: mostly(weights, safetensorsOf(mostlyShallow(edited(header)), numbers), 2),
      hashFits: mostly(true, fc.constant(false), 30),
    })
    .map((f) => {
      const hash = createHash('sha256').update(f.weights).digest('hex');
      return [utf8(f.hashFits ? f.json.replace(/[0-9a-f]{64}/, hash) : f.json), f.weights];
    });
}
