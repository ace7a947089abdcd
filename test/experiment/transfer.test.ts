import { createHash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { describe, expect, it } from 'vitest';
import { DataError } from '../../src/data/errors.ts';
import type { Phase, Progress, TransferObserver } from '../../src/experiment/observer.ts';
import type { TransferOptions } from '../../src/experiment/options.ts';
import type { Half } from '../../src/experiment/phase.ts';
import {
  makeClassificationLayers,
  makeFeatureLayers,
  planTransfer,
  runTransfer,
} from '../../src/experiment/transfer.ts';
import type { Tensor } from '../../src/tensor/tensor.ts';
import type { Logs } from '../../src/training/callbacks/callback.ts';
import { NonFiniteError } from '../../src/training/errors.ts';
import { type Sequential, sequential } from '../../src/training/sequential.ts';
import { tinyMnist } from './tiny.ts';

const quick: TransferOptions = { data: tinyMnist(), epochs: 2, batchSize: 16, threads: 0 };

describe("the experiment's model", () => {
  const featureLayers = makeFeatureLayers([28, 28, 1]);
  const model = sequential([...featureLayers, ...makeClassificationLayers(5)]);

  it('has 600,165 parameters, of which 590,597 stay trainable when the features are frozen', () => {
    expect(model.countParams()).toEqual({ total: 600165, trainable: 600165, nonTrainable: 0 });
    for (const layer of featureLayers) layer.trainable = false;
    expect(model.countParams()).toEqual({ total: 600165, trainable: 590597, nonTrainable: 9568 });
  });

  it("has the notebook's twelve layers in its order", () => {
    expect(model.layers.map(({ className }) => className).join(' ')).toBe(
      'Conv2D Activation Conv2D Activation MaxPooling2D Dropout Flatten ' +
        'Dense Activation Dropout Dense Activation',
    );
    expect(model.outputShape).toEqual([5]);
  });
});

describe('runTransfer', () => {
  it('trains on 5–9 and fine-tunes on 0–4, and says all that happened', async () => {
    const result = await runTransfer(quick);
    expect(result).toMatchObject({
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      engine: `node ${process.versions.node} ${process.platform} ${process.arch}`,
      data: { source: 'tiny', sha256: quick.data.sha256 },
      reverse: false,
      feature_cache_mb: 1024,
      seed: 0,
      threads: 0,
      kernel: expect.stringMatching(/^(plain|simd)$/),
      convolution: 'auto',
      learning_rate: 1,
      batch_size: 16,
      epochs: 2,
      weights_sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    const { source, target } = result;
    expect(source.digits).toEqual([5, 6, 7, 8, 9]);
    expect(target.digits).toEqual([0, 1, 2, 3, 4]);
    expect(source.params.non_trainable).toBe(0);
    expect(target.params.non_trainable).toBe(9568);
    for (const { samples, params, history, test, seconds } of [source, target]) {
      expect(samples).toEqual({ train: 60, test: 20 });
      expect(params.trainable + params.non_trainable).toBe(params.total);
      expect(Object.keys(history)).toEqual(['loss', 'accuracy', 'val_loss', 'val_accuracy', 'seconds']);
      for (const values of Object.values(history)) {
        expect(values).toHaveLength(2);
        expect(values.every(Number.isFinite)).toBe(true);
      }
      // Dropout is off in both, and the weights are the same.
      expect(test).toEqual({ loss: history.val_loss[1], accuracy: history.val_accuracy[1] });
      expect(seconds).toBeGreaterThanOrEqual(history.seconds[0] + history.seconds[1]);
    }
  });

  it('the other way round trains on 0–4 and fine-tunes on 5–9', async () => {
    const { reverse, source, target } = await runTransfer({ ...quick, epochs: 1, reverse: true });
    expect(reverse).toBe(true);
    expect(source.digits).toEqual([0, 1, 2, 3, 4]);
    expect(target.digits).toEqual([5, 6, 7, 8, 9]);
  });

  it('tells apart the classes that it is given, as many as there are', async () => {
    const classes = { sourceClasses: [7, 2, 5], targetClasses: [0, 9, 4] };
    const { source, target } = await runTransfer({ ...quick, ...classes, epochs: 1 });
    expect([source.digits, target.digits]).toEqual([classes.sourceClasses, classes.targetClasses]);
    expect(source.samples).toEqual({ train: 36, test: 12 });
    const { source: first } = await runTransfer({ ...quick, ...classes, epochs: 1, reverse: true });
    expect(first.digits).toEqual(classes.targetClasses);
  });

  it.each([
    [{ sourceClasses: [] }, 'sourceClasses: must be at least two different classes, each once: got none'],
    [{ targetClasses: [3] }, 'targetClasses: must be at least two different classes, each once: got 3'],
    [{ targetClasses: [3, 3] }, 'targetClasses: must be at least two different classes, each once: got 3, 3'],
    [{ targetClasses: [1, 2] }, 'since the classifier stays: expected 5, got 2'],
    [
      { sourceClasses: [4, 5], targetClasses: [5, 6] },
      'targetClasses: must differ from sourceClasses: got 5 in both',
    ],
    [{ sourceClasses: [8, 9], targetClasses: [1, 256] }, 'classes must be integers from 0 to 255'],
  ])('refuses classes %j', async (classes, message) => {
    const run = runTransfer({ ...quick, ...classes });
    await expect(run).rejects.toThrow(RangeError);
    await expect(run).rejects.toThrow(message);
  });

  it('says which classes there are where one has no images', async () => {
    const classes = { sourceClasses: [1, 2], targetClasses: [3, 77] };
    await expect(runTransfer({ ...quick, ...classes })).rejects.toThrow(
      'every class needs an image: expected some of class 77, got 120 images of classes 0, 1, 2,',
    );
  });

  it('learns both halves at learning rate 1, and the first not at all at 0.001', async () => {
    const longer = { ...quick, epochs: 8 };
    const { source, target } = await runTransfer(longer);
    expect(source.test.accuracy).toBeGreaterThan(0.9);
    expect(target.test.accuracy).toBeGreaterThan(0.9);
    const slow = await runTransfer({ ...longer, learningRate: 0.001 });
    expect(slow.source.test.accuracy).toBeLessThan(0.6);
  });

  it('gives the same weights for the same seed, others for another, whatever the feature cache', async () => {
    const hash = async (options: Partial<TransferOptions>) =>
      (await runTransfer({ ...quick, ...options })).weights_sha256;
    const first = await hash({});
    expect(await hash({ featureCacheMB: 0 })).toBe(first);
    expect(await hash({ kernel: 'plain' })).toBe(first);
    expect(await hash({ seed: 1 })).not.toBe(first);
    expect(await hash({ convolution: 'direct' })).not.toBe(first);
  });

  it('uses every core unless told, for the same weights', async () => {
    const { threads: _, ...unsaid } = quick;
    const { threads, weights_sha256 } = await runTransfer(unsaid);
    expect(threads).toBe(availableParallelism());
    expect(weights_sha256).toBe((await runTransfer(quick)).weights_sha256);
  });

  it('freezes the features, compiles afresh and keeps the classifier between the phases', async () => {
    const seen: { weights: Float32Array[]; step: number; slots: number }[] = [];
    const look = (model: Sequential) => {
      const weights = model.getWeights().map(({ data }) => Float32Array.from(data));
      seen.push({ weights, step: model.step, slots: [...model.optimizerState().entries()].length });
    };
    await runTransfer(quick, {
      everyBatch: true,
      onPhaseBegin: (_phase, model) => look(model),
      onPhaseEnd: (_phase, _result, model) => look(model),
    });
    const [before, trained, frozen, tuned] = seen;
    expect(frozen.weights).toEqual(trained.weights);
    for (const [i, weights] of tuned.weights.entries()) {
      expect(weights).not.toEqual(before.weights[i]);
      // The two convolutions come first: kernel and bias each.
      if (i < 4) expect(weights).toEqual(trained.weights[i]);
      else expect(weights).not.toEqual(trained.weights[i]);
    }
    // Steps count on, so that the second phase has masks of its own; 60 samples are 4 batches of up to 16.
    expect(seen.map(({ step }) => step)).toEqual([0, 8, 8, 16]);
    expect(frozen.slots).toBe(0);
  });

  it('its hash is that of all weights as little-endian float32 in layer order', async () => {
    const hash = createHash('sha256');
    const { weights_sha256 } = await runTransfer(quick, {
      onPhaseEnd({ name }, _result, model) {
        if (name === 'source') return;
        for (const { data } of model.getWeights()) {
          const bytes = Buffer.alloc(4 * data.length);
          for (const [i, w] of data.entries()) bytes.writeFloatLE(w, 4 * i);
          hash.update(bytes);
        }
      },
    });
    expect(weights_sha256).toBe(hash.digest('hex'));
  });

  it('its test is the last validation, to the bit what evaluate gives of the same samples', async () => {
    const { halves } = planTransfer(quick);
    const tested: Logs[] = [];
    const { source, target } = await runTransfer(quick, {
      async onPhaseEnd({ name }, _result, model) {
        const { x, y } = (halves.get(name) as Half<Tensor>).test;
        tested.push(await model.evaluate(x, y, { batchSize: 16 }));
      },
    });
    expect([source.test, target.test]).toEqual(tested);
  });

  it('tells the observer of every phase, epoch, batch and test, in order', async () => {
    const events: string[] = [];
    const progress: Progress[] = [];
    await runTransfer(quick, {
      everyBatch: true,
      onPhaseBegin: ({ name, frozen, trainShape }: Phase) => {
        events.push(`begin ${name} ${frozen} ${trainShape}`);
      },
      onProgress: (event) => {
        progress.push(event);
      },
      onEpochEnd: ({ name }, epoch, logs, seconds) => {
        events.push(`epoch ${name} ${epoch} ${Object.keys(logs)} ${seconds > 0}`);
      },
      onPhaseEnd: ({ name }, { digits }) => {
        events.push(`end ${name} ${digits}`);
      },
    });
    expect(events).toEqual([
      'begin source false 60,12,12,1',
      'epoch source 0 loss,accuracy,val_loss,val_accuracy true',
      'epoch source 1 loss,accuracy,val_loss,val_accuracy true',
      'end source 5,6,7,8,9',
      'begin target true 60,12,12,1',
      'epoch target 0 loss,accuracy,val_loss,val_accuracy true',
      'epoch target 1 loss,accuracy,val_loss,val_accuracy true',
      'end target 0,1,2,3,4',
    ]);
    const epoch = ['training 0/60', 'training 16/60', 'training 32/60', 'training 48/60', 'training 60/60'];
    const phase = [
      ...[...epoch, 'validation 16/20', 'validation 20/20'],
      ...[...epoch, 'validation 16/20', 'validation 20/20'],
    ];
    const told = progress.map(({ activity, seen, samples }) => `${activity} ${seen}/${samples}`);
    expect(told).toEqual([...phase, ...phase]);
  });

  it('ends with the reason when aborted, and with the error when the observer throws', async () => {
    const controller = new AbortController();
    const stop = new Error('enough');
    const aborted = runTransfer({ ...quick, signal: controller.signal }, {
      everyBatch: true,
      onProgress: ({ seen }) => seen === 32 && controller.abort(stop),
    } as TransferObserver);
    await expect(aborted).rejects.toBe(stop);
    const failing = runTransfer(quick, {
      onEpochEnd() {
        throw stop;
      },
    });
    await expect(failing).rejects.toBe(stop);
  });

  it.each([
    ['epochs', { epochs: 0 }, 'runTransfer: epochs must be an integer ≥ 1, got 0'],
    ['batchSize', { batchSize: 0 }, 'batchSize must be an integer ≥ 1, got 0'],
    ['threads', { threads: -1 }, 'threads must be an integer ≥ 0, got -1'],
    ['featureCacheMB', { featureCacheMB: Number.NaN }, 'featureCacheMB must be a number ≥ 0, got NaN'],
    ['learningRate', { learningRate: -1 }, 'learningRate'],
    ['seed', { seed: 0.5 }, 'seed must be an integer'],
  ])('refuses a senseless %s', async (_name, options, message) => {
    const run = runTransfer({ ...quick, ...options });
    await expect(run).rejects.toThrow(RangeError);
    await expect(run).rejects.toThrow(message);
  });

  it('refuses a data set without images of a digit before it trains', async () => {
    const data = tinyMnist();
    const labels = data.train.labels.map((digit) => (digit === 3 ? 4 : digit));
    let began = false;
    const run = runTransfer(
      { ...quick, data: { ...data, train: { ...data.train, labels } } },
      {
        onPhaseBegin() {
          began = true;
        },
      },
    );
    await expect(run).rejects.toThrow(DataError);
    expect(began).toBe(false);
  });

  it('a learning rate far too high is an error, also where only the test would tell', async () => {
    await expect(runTransfer({ ...quick, learningRate: 1e30 })).rejects.toThrow(NonFiniteError);
    // One batch an epoch: no training loss follows the update.
    const once = { ...quick, learningRate: 1e30, batchSize: 128, epochs: 1 };
    await expect(runTransfer(once)).rejects.toThrow(NonFiniteError);
  });
});
