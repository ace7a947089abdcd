import { describe, expect, it } from 'vitest';
import { activation } from '../../src/layers/activation.ts';
import { Conv2D, conv2d } from '../../src/layers/conv2d.ts';
import { dense } from '../../src/layers/dense.ts';
import { dropout } from '../../src/layers/dropout.ts';
import { flatten } from '../../src/layers/flatten.ts';
import type { Layer } from '../../src/layers/layer.ts';
import { maxPooling2d } from '../../src/layers/max-pooling2d.ts';
import { binaryCrossentropy } from '../../src/losses/binary-crossentropy.ts';
import {
  categoricalCrossentropy,
  sparseCategoricalCrossentropy,
} from '../../src/losses/categorical-crossentropy.ts';
import { Network } from '../../src/model/network.ts';
import { makePlan } from '../../src/model/plan.ts';
import { inferenceProgram, trainingProgram } from '../../src/model/program.ts';
import { describePlan, summarize } from '../../src/model/summary.ts';

/** The experiment's network, layer by layer as in the notebook. */
function notebook(): Network {
  return new Network({
    layers: [
      conv2d({ filters: 32, kernelSize: 3, inputShape: [28, 28, 1] }),
      activation('relu'),
      conv2d({ filters: 32, kernelSize: 3 }),
      activation('relu'),
      maxPooling2d(),
      dropout({ rate: 0.25 }),
      flatten(),
      dense({ units: 128 }),
      activation('relu'),
      dropout({ rate: 0.5 }),
      dense({ units: 5 }),
      activation('softmax'),
    ],
  });
}

describe('makePlan', () => {
  it('folds ReLU, pooling and softmax, and leaves shape changes out', () => {
    const plan = makePlan(notebook(), categoricalCrossentropy());
    expect(plan.stages.map(({ layer, folded }) => [layer, ...folded].map(({ name }) => name))).toEqual([
      ['conv2d', 'activation'],
      ['conv2d_1', 'activation_1', 'max_pooling2d'],
      ['dropout'],
      ['dense', 'activation_2'],
      ['dropout_1'],
      ['dense_1'],
    ]);
    expect(plan.folded).toBe('softmax');
    expect(plan.stages.map(({ walk }) => walk)).toEqual([
      'dense',
      'sparse',
      'dense',
      'dense',
      'dense',
      'dense',
    ]);
  });

  it('computes no input gradient for the first trainable layer, and each one above', () => {
    const plan = makePlan(notebook(), categoricalCrossentropy());
    expect(plan.stages.map(({ weightGradient }) => weightGradient)).toEqual([
      true,
      true,
      false,
      true,
      false,
      true,
    ]);
    expect(plan.stages.map(({ inputGradient }) => inputGradient)).toEqual([
      false,
      true,
      true,
      true,
      true,
      true,
    ]);
    expect(plan.cached.stages).not.toContain(true);
    expect(plan.cut).toEqual([]);
  });

  it('computes nothing backward below the first trainable layer, and keeps the prefix up to dropout', () => {
    const network = notebook();
    for (const layer of network.layers.slice(0, 7)) layer.trainable = false;
    const plan = makePlan(network, categoricalCrossentropy());
    expect(plan.stages.map(({ weightGradient }) => weightGradient)).toEqual([
      false,
      false,
      false,
      true,
      false,
      true,
    ]);
    expect(plan.stages.map(({ inputGradient }) => inputGradient)).toEqual([
      false,
      false,
      false,
      false,
      true,
      true,
    ]);
    expect(plan.cached.stages).toEqual([true, true, false, false, false, false]);
    expect(plan.cut.map(({ shape }) => shape)).toEqual([[12, 12, 32]]);
  });

  it('knows where a zero has no gradient: behind ReLU, through pooling and dropout, not behind a sum', () => {
    const plan = makePlan(notebook(), categoricalCrossentropy());
    expect(plan.stages.map(({ zeroInputsAreDead }) => zeroInputsAreDead)).toEqual([
      false,
      true,
      true,
      true,
      true,
      true,
    ]);
    const linear = new Network({
      layers: [dense({ units: 3, inputShape: [4] }), dropout({ rate: 0.5 }), dense({ units: 2 })],
    });
    const stages = makePlan(linear, sparseCategoricalCrossentropy({ fromLogits: true })).stages;
    expect(stages.map(({ zeroInputsAreDead }) => zeroInputsAreDead)).toEqual([false, false, false]);
  });

  it("plans a layer's own activation like a layer behind it", () => {
    const network = new Network({
      layers: [
        conv2d({ filters: 2, kernelSize: 3, activation: 'relu', inputShape: [6, 6, 1] }),
        maxPooling2d(),
        flatten(),
        dense({ units: 3, activation: 'softmax' }),
      ],
    });
    const plan = makePlan(network, categoricalCrossentropy());
    expect(plan.stages).toHaveLength(2);
    expect(plan.stages[0]).toMatchObject({
      relu: true,
      pool: { OH: 2, OW: 2, C: 2 },
      outputShape: [2, 2, 2],
    });
    expect(plan.folded).toBe('softmax');
  });

  it('without a loss has no gradients, and softmax is a stage of its own', () => {
    const plan = makePlan(notebook(), null);
    expect(plan.stages.every(({ weightGradient, inputGradient }) => !weightGradient && !inputGradient)).toBe(
      true,
    );
    expect(plan.stages.at(-1)?.layer.name).toBe('activation_3');
  });

  it('refuses a loss that does not fit the end of the model, and says what would', () => {
    const logits = new Network({ layers: [dense({ units: 3, inputShape: [4] })] });
    expect(() => makePlan(logits, categoricalCrossentropy())).toThrow(
      /categoricalCrossentropy needs probabilities: end the model with activation\('softmax'\), or give the loss fromLogits: true/,
    );
    expect(() => makePlan(notebook(), categoricalCrossentropy({ fromLogits: true }))).toThrow(
      /ends with a softmax/,
    );
    // Of either loss, after either activation.
    for (const activation of ['softmax', 'sigmoid'] as const) {
      const ended = new Network({ layers: [dense({ units: 3, activation, inputShape: [4] })] });
      for (const loss of [categoricalCrossentropy, binaryCrossentropy]) {
        expect(() => makePlan(ended, loss({ fromLogits: true }))).toThrow(
          `takes logits, but the model ends with a ${activation}`,
        );
      }
    }
    const yes = new Network({ layers: [dense({ units: 1, activation: 'sigmoid', inputShape: [4] })] });
    expect(() => makePlan(yes, categoricalCrossentropy())).toThrow(
      "but the model ends with a sigmoid: take 'binaryCrossentropy', or end with softmax",
    );
  });
});

describe('summary', () => {
  it('counts 600,165 parameters, of which 9,568 are not trainable after freezing', () => {
    const network = notebook();
    expect(network.countParams()).toEqual({ total: 600165, trainable: 600165, nonTrainable: 0 });
    for (const layer of network.layers.slice(0, 7)) layer.trainable = false;
    expect(network.countParams()).toEqual({ total: 600165, trainable: 590597, nonTrainable: 9568 });
    const text = summarize(network);
    expect(text).toContain('Total params: 600,165\nTrainable params: 590,597\nNon-trainable params: 9,568');
    expect(text).toMatch(/conv2d_1 \(Conv2D\) +\[batch, 24, 24, 32\] +9,248 {2}frozen/);
    expect(text).toMatch(/dense \(Dense\) +\[batch, 128\] +589,952 {2}yes/);
  });

  it('of a plan says what is computed, what is kept, and what is cached', () => {
    const network = notebook();
    expect(describePlan(makePlan(network, categoricalCrossentropy()))).toMatch(
      /conv2d_1 \+ activation_1 \+ max_pooling2d +Winograd convolution, ReLU, maximum +weights, input \(where not 0\), sparse walk +input, output, place of the maximum/,
    );
    for (const layer of network.layers.slice(0, 7)) layer.trainable = false;
    const frozen = describePlan(makePlan(network, categoricalCrossentropy()));
    expect(frozen).toMatch(/conv2d \+ activation +once per sample, then cached +none +nothing/);
    expect(frozen).toContain('4,608 features (18 KB) a sample are computed once and kept');
  });

  it('of a plan names layers that stand by themselves, and one frozen stage', () => {
    const network = new Network({
      layers: [
        conv2d({ filters: 2, kernelSize: 3, inputShape: [6, 6, 1], trainable: false }),
        dropout({ rate: 0.5 }),
        maxPooling2d(),
        activation('relu'),
        flatten(),
        dense({ units: 4, activation: 'softmax' }),
        dense({ units: 3 }),
      ],
    });
    const lines = describePlan(makePlan(network, categoricalCrossentropy({ fromLogits: true }))).split('\n');
    expect(lines.slice(3, -2).map((line) => line.split(/ {2,}/).slice(1))).toEqual([
      ['once per sample, then cached', 'none', 'nothing'],
      ['mask (training only)', 'none', 'nothing'],
      ['maximum', 'none', 'nothing'],
      ['activation', 'none', 'nothing'],
      ['matrix product', 'weights', 'input'],
      ['activation', 'input', 'output'],
      ['matrix product', 'weights, input', 'input'],
      ['probabilities, loss', 'input', 'probabilities'],
    ]);
    expect(lines.at(-1)).toBe(
      'The first 1 stage is frozen and deterministic: 32 features (0 KB) a sample are computed once and kept.',
    );
    network.layers[0].trainable = true;
    const trained = describePlan(makePlan(network, categoricalCrossentropy({ fromLogits: true })));
    expect(trained).toMatch(/^dropout +mask \(training only\) +input +mask$/m);
    expect(trained).toMatch(/^max_pooling2d +maximum +input +place of the maximum$/m);
    network.trainable = false;
    const still = describePlan(makePlan(network, categoricalCrossentropy({ fromLogits: true })));
    expect(still).toMatch(/^categoricalCrossentropy +probabilities, loss +none +probabilities$/m);
  });
});

describe('a block of inference', () => {
  const block = (share: number, size: number): number => {
    const layers = [conv2d({ filters: 32, kernelSize: 3, inputShape: [size, size, 1] })];
    return inferenceProgram(makePlan(new Network({ layers }), null).inference, share).block;
  };

  it('is a shard of small images, less where a worker has a smaller share', () => {
    expect([1, 3, 4, 8, 64].map((share) => block(share, 28))).toEqual([1, 2, 4, 8, 8]);
  });

  it('is so many as their numbers fit into the cache, at least one image', () => {
    expect([32, 64, 224].map((size) => block(64, size))).toEqual([8, 2, 1]);
  });

  it('is more behind, where weights are many beside the images, or images are small', () => {
    const strided = { kernelSize: 3, strides: 4 } as const;
    const layers = [
      conv2d({ filters: 24, kernelSize: 3, inputShape: [100, 100, 1] }),
      conv2d({ filters: 512, ...strided }), // 110,592 weights, 98²·24 + 24²·512 numbers per sample
      conv2d({ filters: 512, ...strided }), // 2,359,296 weights, 24²·512 + 6²·512 numbers
      conv2d({ filters: 4, kernelSize: 1 }),
    ];
    const { forward, block } = inferenceProgram(makePlan(new Network({ layers }), null).inference, 8);
    expect(forward.map((phase) => [phase.block, phase.passes.length])).toEqual([
      [1, 2],
      [2, 1],
      [8, 1],
    ]);
    expect(block).toBe(1);
  });

  it('is one of inference in training too, before the first layer that is trained; from there on it is a shard', () => {
    const layers = [
      conv2d({ filters: 8, kernelSize: 3, padding: 'same', inputShape: [124, 124, 1], trainable: false }),
      conv2d({ filters: 8, kernelSize: 4, strides: 4, trainable: false }),
      flatten(),
      dense({ units: 2 }),
    ];
    const blocks = () => {
      const { stages } = makePlan(new Network({ layers }), categoricalCrossentropy({ fromLogits: true }));
      const { forward, block, loaded } = trainingProgram(stages);
      return { blocks: forward.map((phase) => phase.block), block, loaded };
    };
    expect(blocks()).toEqual({ blocks: [1, 2, 8], block: 1, loaded: 8 });
    layers[0].trainable = true;
    expect(blocks()).toEqual({ blocks: [8, 8], block: 8, loaded: 8 });
  });
});

describe('passes through all of a worker’s samples at once', () => {
  class Heavy extends Conv2D {
    override readonly prefersManySamples = true;
  }
  const phases = (layers: Layer[]) => {
    const { stages } = makePlan(new Network({ layers }), categoricalCrossentropy({ fromLogits: true }));
    const { forward } = trainingProgram(stages);
    return forward.map(({ whole, passes }) => [whole, ...passes.map(({ kind }) => kind)]);
  };

  it('begin behind the last layer on images whose gradients are summed by shards, whatever that prefers', () => {
    const layers = [
      new Heavy({ filters: 2, kernelSize: 2, inputShape: [3, 3, 1] }),
      flatten(),
      dense({ units: 2 }),
    ];
    expect(phases(layers)).toEqual([
      [false, 'forward'],
      [true, 'forward', 'loss'],
    ]);
  });

  it('are those of dense layers, whose weights are read once for all samples then, and not block by block', () => {
    const layers = [
      conv2d({ filters: 2, kernelSize: 2, inputShape: [3, 3, 1] }),
      maxPooling2d({ poolSize: 2, strides: 1 }),
      flatten(),
      dense({ units: 2 }),
      dense({ units: 2 }),
    ];
    expect(phases(layers)).toEqual([
      [false, 'forward'],
      [true, 'forward', 'forward', 'loss'],
    ]);
  });
});
