/** Every layer as it is written for TensorFlow.js, and what that predicts by it (fixtures/make-tfjs-layers-fixtures.mjs). */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { MORE_LAYERS } from '../../fixtures/tfjs-more-layers.mjs';
import { encodeLayersModel } from '../../src/formats/layers-model.ts';
import { LAYER_CASES } from '../../src/gradcheck/suite.ts';
import * as degelo from '../../src/index.ts';
import { sizeOf, Tensor } from '../../src/tensor/tensor.ts';
import { decodeLayersModel } from '../../src/training/saved/layers-model.ts';
import { readFixture } from './fixture.ts';
import { predictHere } from './predict-here.ts';

interface Case {
  readonly name: string;
  readonly topology: string;
  readonly shape: readonly number[];
  readonly y: readonly number[];
}

const { cases } = readFixture<{ version: number; cases: readonly Case[] }>(
  'tfjs-layers.json',
  1,
  'node fixtures/make-tfjs-layers-fixtures.mjs',
);

/** The same lines as in the script. */
const pattern = (length: number, scale: number, shift = 0) =>
  Float32Array.from({ length }, (_, i) => Math.fround((((i * 7919) % 1009) / 1009 - 0.5) * scale + shift));
const weightFor = (name: string, shape: readonly number[]) =>
  pattern(sizeOf(shape), 1, /variance|gamma/.test(name) ? 1 : 0);

const every = [...LAYER_CASES, ...MORE_LAYERS(degelo)];

function made(name: string): degelo.Sequential {
  const model = degelo.sequential({
    name: 'm',
    layers: every.find((one) => one.name === name)?.layers() ?? [],
  });
  model.setWeights(
    model.parameters().map(({ name: own, value }) => new Tensor(weightFor(own, value.shape), value.shape)),
  );
  return model;
}

describe('what is written for TensorFlow.js', () => {
  it.each(cases)(
    'predicts there what it predicts here, within 1e-5: $name',
    async ({ name, topology, shape, y }) => {
      const model = made(name);
      const { json, weights } = encodeLayersModel(model);
      const text = JSON.stringify(JSON.parse(json).modelTopology);
      // What TensorFlow.js read is what is written now.
      expect(createHash('sha256').update(text).digest('hex').slice(0, 16)).toBe(topology);
      const inputs = [shape[0], ...model.inputShape];
      const x = new Tensor(pattern(sizeOf(inputs), 2), inputs);
      const here = await predictHere(model, x);
      expect(model.outputShape).toEqual(shape.slice(1));
      const largest = Math.max(...y.map(Math.abs), 1);
      for (const [i, expected] of y.entries()) {
        expect(Math.abs(here[i] - expected) / largest).toBeLessThan(1e-5);
      }
      // And is read here as the same function, to the bit.
      expect(await predictHere(decodeLayersModel(json, weights), x)).toEqual(here);
    },
  );

  it('is refused where TensorFlow.js has no such layer, option or name, which it would pass over or not load', () => {
    const written = new Set(cases.map(({ name }) => name));
    const refusals = every
      .filter(({ name }) => !written.has(name))
      .map(({ name }) => {
        try {
          encodeLayersModel(made(name));
          return `${name}: written`;
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
          return (error as Error).message;
        }
      });
    const lacking = (what: string) =>
      `${what} can't be stored in this format: TensorFlow.js lacks it (.keras and degelo's own format have it)`;
    const cut = (name: string, className: string) =>
      `${lacking(`layer ${name}: ${className}`)}: where it begins the model, cut it off: model({ inputs: net.getLayer('${name}').output, outputs: net.output })`;
    const other = (what: string) =>
      `${what} can't be stored in this format: TensorFlow.js computes another (.keras and degelo's own format have it)`;
    const named = (name: string) =>
      `layer ${name}: its name can't be stored in this format: TensorFlow.js takes letters and digits from A to z and 0 to 9, and "_", ".", "/" and "-" behind the first: rename it: layer.name = '…'`;
    const layers = refusals.filter((text) => !/: (activation|Elementwise) /.test(text));
    expect(layers.sort()).toEqual(
      [
        other("layer conv2d: Conv2D's groups 2"),
        other("layer conv2d: Conv2D's groups 5"),
        other("layer conv2d_transpose: Conv2DTranspose's dilationRate [2,2]"),
        other("layer conv2d_transpose: Conv2DTranspose's outputPadding [0,1]"),
        other("layer depthwise_conv2d: DepthwiseConv2D's dilationRate [1,2]"),
        lacking('layer group_normalization: GroupNormalization'),
        lacking('layer layer_scale: LayerScale'),
        cut('normalization', 'Normalization'),
        cut('normalization', 'Normalization'),
        cut('random_contrast', 'RandomContrast'),
        cut('random_flip', 'RandomFlip'),
        other("layer re_lu: ReLU's negativeSlope 0.125"),
        other("layer re_lu: ReLU's negativeSlope 0.25"),
        cut('resizing', 'Resizing'),
        cut('resizing', 'Resizing'),
        cut('resizing', 'Resizing'),
        "layer resizing: Resizing's alignCorners can't be stored in this format (degelo's own has it)",
        lacking('layer rms_normalization: RMSNormalization'),
        lacking('layer subtract: Subtract'),
        named('two units'),
        other(`layer up_sampling2d: UpSampling2D's interpolation "bilinear"`),
        named('über'),
      ].sort(),
    );
  });
});
