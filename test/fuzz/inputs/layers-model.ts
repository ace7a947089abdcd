/** TensorFlow.js' models: model.json, by it or by Keras' converter, edited, and weights that mostly fit. */
import fc from 'fast-check';
import * as degelo from '../../../src/index.ts';
import { concat, damaged, edited, mostlyShallow, utf8 } from '../arbitraries.ts';
import { graphModel, operationModels } from './graphs.ts';

const { activation, conv2d, dense, dropout, encodeLayersModel, flatten, maxPooling2d, sequential } = degelo;

const {
  conv2dTranspose,
  cropping2d,
  depthwiseConv2d,
  permute,
  reLU,
  rescaling,
  reshape,
  separableConv2d,
  softmax,
  upSampling2d,
} = degelo;

const everyLayer = encodeLayersModel(
  sequential([
    conv2d({ filters: 2, kernelSize: [2, 1], padding: 'same', activation: 'relu', inputShape: [4, 4, 1] }),
    maxPooling2d({ poolSize: 2 }),
    dropout({ rate: 0.25 }),
    flatten(),
    dense({ units: 2, trainable: false }),
    activation('softmax'),
  ]),
);
/** Options and layers that came later. */
const laterLayers = encodeLayersModel(
  sequential([
    separableConv2d({ filters: 2, kernelSize: 2, depthMultiplier: 2, useBias: false, inputShape: [4, 4, 2] }),
    conv2dTranspose({ filters: 2, kernelSize: 2, strides: 2 }),
    depthwiseConv2d({ kernelSize: 3, depthwiseInitializer: 'heNormal' }),
    upSampling2d(),
    cropping2d({ cropping: [1, 2] }),
    reLU({ maxValue: 6 }),
    reshape({ targetShape: [-1, 2] }),
    permute({ dims: [2, 1] }),
    rescaling({ scale: 0.5, offset: 1 }),
    softmax(),
  ]),
);
const oneLayer = encodeLayersModel(sequential([dense({ units: 1, inputShape: [1] })]));

export const layersModel: fc.Arbitrary<[json: Uint8Array, weights: Uint8Array]> = fc.oneof(
  modelOf(everyLayer),
  modelOf(oneLayer),
  modelOf(laterLayers),
  modelOf({ json: kerasJson(everyLayer.json), weights: everyLayer.weights }),
  modelOf(encodeLayersModel(graphModel())),
  fc.oneof(...operationModels().map((json) => modelOf({ json, weights: new Uint8Array(0) }))),
);

function modelOf({ json, weights }: degelo.EncodedModel): fc.Arbitrary<[Uint8Array, Uint8Array]> {
  const numbers = fc.oneof(
    { weight: 8, arbitrary: fc.constant(weights) },
    { weight: 1, arbitrary: damaged(fc.constant(weights)) },
    { weight: 1, arbitrary: fc.constantFrom(concat(weights, weights), weights.slice(4), new Uint8Array(0)) },
  );
  return fc.tuple(mostlyShallow(edited(JSON.stringify(JSON.parse(json)))).map(utf8), numbers);
}

/** The same with what Keras' converter has beside: an input layer, a deeper topology, two files, an optimizer's weight. */
function kerasJson(json: string): string {
  const { modelTopology, weightsManifest, ...rest } = JSON.parse(json);
  const { config } = modelTopology;
  const input = {
    name: 'input',
    batch_input_shape: config.layers[0].config.batch_input_shape,
    sparse: false,
  };
  config.layers.unshift({ class_name: 'InputLayer', config: input });
  config.layers[1].config.kernel_regularizer = null;
  const [{ weights }] = weightsManifest;
  weights.push({ name: 'x/iterations', shape: [0], dtype: 'int32', group: 'optimizer' });
  weights[0].name = `sequential/${weights[0].name}`;
  return JSON.stringify({
    ...rest,
    modelTopology: { keras_version: '2.15.0', model_config: modelTopology },
    weightsManifest: [{ paths: ['group1-shard1of2.bin', './group1-shard2of2.bin'], weights }],
  });
}
