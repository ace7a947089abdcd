/** What layers say of themselves to the plan: wrong words mislead its readers, wrong answers cost speed, or bits where another layer relies on them. */
import { describe, expect, it } from 'vitest';
import { LAYER_CASES } from '../../src/gradcheck/suite.ts';
import type { Layer } from '../../src/layers/layer.ts';
import { meanSquaredError } from '../../src/losses/mean-squared-error.ts';
import { type LayerOrModel, Network } from '../../src/model/network.ts';
import { makePlan } from '../../src/model/plan.ts';

const isLayer = (each: LayerOrModel): each is Layer => 'kinks' in each;
const layersOf = (given: readonly LayerOrModel[]): Layer[] =>
  given.flatMap((each) => (isLayer(each) ? [each] : layersOf(each.layers)));

/** All that the layers of the gradient checks say, by class, each answer once. */
function answers(say: (layers: readonly LayerOrModel[]) => readonly (readonly [Layer, string])[]) {
  const all = new Map<string, Set<string>>();
  for (const { layers } of LAYER_CASES) {
    for (const [{ className }, said] of say(layers())) {
      all.set(className, (all.get(className) ?? new Set()).add(said));
    }
  }
  return [...all].map(([name, said]) => `${name}: ${[...said].sort().join(' | ')}`).sort();
}

const lines = (text: string): string[] =>
  text
    .trim()
    .split('\n')
    .map((line) => line.trim())
    .sort();

const WORDS = lines(`
  Activation: activation
  Add: sum
  Average: mean
  AveragePooling2D: mean
  BatchNormalization: normalisation | normalisation by the batch
  Concatenate: copy
  Conv2D: Winograd convolution | convolution
  Conv2DTranspose: transposed convolution
  Cropping2D: copy
  Dense: matrix product
  DepthwiseConv2D: depthwise convolution
  Dropout: mask (training only)
  Elementwise: log | reciprocal | rsqrt | sqrt
  GaussianNoise: noise (training only)
  GlobalAveragePooling2D: mean of each channel
  GlobalMaxPooling2D: maximum of each channel
  GroupNormalization: normalisation by the sample
  LayerNormalization: normalisation by the sample
  LayerScale: scaling
  LeakyReLU: LeakyReLU
  MaxPooling2D: maximum
  Maximum: maximum
  Minimum: minimum
  Multiply: product
  Normalization: scaling
  PReLU: activation
  Permute: copy
  RMSNormalization: normalisation by the sample
  RandomBrightness: brightness (training only)
  RandomContrast: contrast (training only)
  RandomFlip: flip (training only)
  RandomRotation: rotation (training only)
  RandomTranslation: translation (training only)
  RandomZoom: zoom (training only)
  ReLU: activation
  Rescaling: scaling
  Resizing: copy | interpolation
  SeparableConv2D: separable convolution
  Softmax: activation
  SpatialDropout2D: mask (training only)
  Subtract: difference
  UpSampling2D: copy | interpolation
  ZeroPadding2D: copy
`);

/** Whose outputs of zero need no gradient, at all or where that holds of the inputs. */
const ALWAYS_DEAD = ['ReLU: always | never', 'Activation: always | never'];
const DEAD_BEHIND_DEAD =
  'Cropping2D,Dropout,Flatten,GlobalMaxPooling2D,MaxPooling2D,Permute,Reshape,SpatialDropout2D,ZeroPadding2D'.split(
    ',',
  );

const ONLY_TRAINING =
  'Dropout,GaussianNoise,RandomBrightness,RandomContrast,RandomFlip,RandomRotation,RandomTranslation,RandomZoom,SpatialDropout2D'.split(
    ',',
  );

describe('what a layer says to the plan', () => {
  it('is what it does, in a word or two', () => {
    const said = answers((layers) => {
      const network = new Network({ layers, seed: 1 });
      return [meanSquaredError(), null].flatMap((loss) =>
        makePlan(network, loss).stages.map((stage) => [stage.layer, stage.layer.work(stage)] as const),
      );
    });
    expect(said).toEqual(WORDS);
  });

  it('is whether zeros need no gradient', () => {
    const dead = answers((layers) =>
      layersOf(layers).map((layer) => {
        const [behindDead, behindAlive] = [layer.zeroOutputsAreDead(true), layer.zeroOutputsAreDead(false)];
        return [layer, behindAlive ? 'always' : behindDead ? 'behind dead zeros' : 'never'];
      }),
    );
    expect(dead.filter((line) => line.includes('always'))).toEqual(ALWAYS_DEAD.toSorted());
    expect(dead.filter((line) => line.includes('dead'))).toEqual(
      DEAD_BEHIND_DEAD.map((name) => `${name}: behind dead zeros`),
    );
  });

  it('is at which outputs its function has kinks', () => {
    const kinks = answers((layers) => layersOf(layers).map((layer) => [layer, layer.kinks().join(', ')]));
    expect(kinks.filter((line) => !line.endsWith(': '))).toEqual(
      lines(`
        Activation:  | -1, 1 | 0 | 0, 1 | 0, 3 | 0, 6
        LeakyReLU: 0
        PReLU: 0
        RandomBrightness: -0.7, 0.8
        RandomContrast: -0.75, 0.75
        ReLU: 0 | 0, 0.25 | 0, 0.5 | 0, 0.75 | 0, 0.8
      `),
    );
  });

  it('is whether it does nothing, in training and in inference, and whether its output can be kept', () => {
    const said = answers((layers) =>
      layersOf(layers).map((layer) => [
        layer,
        [
          layer.isIdentity(true) && 'no pass in training',
          layer.isIdentity(false) && 'no pass in inference',
          layer.isRandom() && 'random',
          !layer.mayBeCached() && 'never kept',
        ]
          .filter(Boolean)
          .join(', '),
      ]),
    );
    expect(said.filter((line) => !line.endsWith(': '))).toEqual(
      [
        'BatchNormalization: never kept',
        'Flatten: no pass in training, no pass in inference',
        'Reshape: no pass in training, no pass in inference',
        ...ONLY_TRAINING.map((name) => `${name}: no pass in inference, random, never kept`),
      ].sort(),
    );
  });
});
