/** Models that are graphs, for the fuzzers: branches, batch normalisation, models within models; and Keras' operations between layers. */
import { readFileSync } from 'node:fs';
import * as degelo from '../../../src/index.ts';

const {
  add,
  average,
  batchNormalization,
  concatenate,
  conv2d,
  dense,
  depthwiseConv2d,
  dropout,
  globalAveragePooling2d,
  input,
  maximum,
  maxPooling2d,
  model,
  multiply,
  reLU,
  sequential,
  spatialDropout2d,
  zeroPadding2d,
} = degelo;

/** Every layer of several inputs, a part that works as in inference, and a graph and a row within. */
export function graphModel(): degelo.Model {
  const inside = input({ shape: [2, 2, 4], name: 'inside' });
  const branch = batchNormalization({ scale: false, trainable: false, name: 'still' }).apply(
    conv2d({ filters: 4, kernelSize: 1, name: 'branch' }).apply(inside),
  );
  const block = model({ inputs: inside, outputs: maximum().apply([branch, inside]), name: 'block' });

  const x = input({ shape: [4, 4, 2], name: 'x' });
  const a = batchNormalization({ momentum: 0.5 }).apply(
    conv2d({ filters: 2, kernelSize: 3, padding: 'same', useBias: false }).apply(x),
  );
  const padded = zeroPadding2d({ padding: [[0, 1], [1, 0]] }).apply(reLU({ maxValue: 6 }).apply(a)); // biome-ignore format: two axes
  const b = depthwiseConv2d({ kernelSize: 2, useBias: false }).apply(padded);
  const both = concatenate().apply([add().apply([a, b, x]), average().apply([a, x])]);
  const squeezed = conv2d({ filters: 4, kernelSize: 1, activation: 'hardSigmoidKeras2' }).apply(
    globalAveragePooling2d({ keepdims: true }).apply(both),
  );
  const scaled = spatialDropout2d({ rate: 0.25 }).apply(multiply().apply([both, squeezed]));
  const pooled = maxPooling2d({ poolSize: 2 }).apply(scaled);
  const y = sequential([globalAveragePooling2d(), dropout({ rate: 0.5 }), dense({ units: 2 })]).apply(
    block.apply(pooled, { training: false }),
  );
  return model({ inputs: x, outputs: y, name: 'graph' });
}

/** What Keras 3 and Keras 2 say of models with operations; they have no weights. */
export function operationModels(): string[] {
  const file = new URL('../../../fixtures/keras-operations.json', import.meta.url);
  const { keras3, keras2, refused } = JSON.parse(readFileSync(file, 'utf8'));
  return [...keras3, ...keras2, ...refused].map(({ json }: { json: string }, i) => {
    const isKeras3 = i < keras3.length || i >= keras3.length + keras2.length;
    return JSON.stringify({
      format: 'layers-model',
      modelTopology: { keras_version: isKeras3 ? '3.15.1' : '2.21.0', model_config: JSON.parse(json) },
      weightsManifest: [],
    });
  });
}
