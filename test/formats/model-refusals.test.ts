/** What damaged and forged models are refused with. */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { decodeSafetensors, encodeSafetensors } from '../../src/formats/safetensors.ts';
import * as degelo from '../../src/index.ts';
import { decodeModel, encodeModel, FormatError, tensor } from '../../src/index.ts';
import { getWeightsFlat } from '../training/weights.ts';

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const small = (): degelo.Sequential => {
  const model = degelo.sequential([
    degelo.dense({ units: 2, inputShape: [3], name: 'hidden' }),
    degelo.dense({ units: 2, activation: 'softmax' }),
  ]);
  model.compile({ optimizer: 'adadelta', loss: 'categoricalCrossentropy', threads: 0 });
  return model;
};

// biome-ignore lint/suspicious/noExplicitAny: JSON that the tests damage at any place.
type Json = any;

describe('decodeModel', () => {
  /** The small model's files with model.json, or the weights (and their checksum), changed. */
  async function damaged(change: {
    json?: (json: Json) => void;
    tensors?: (tensors: Map<string, degelo.Tensor>) => void;
  }): Promise<[string, Uint8Array]> {
    const { json, weights } = await encodeModel(small());
    const description = JSON.parse(json);
    const tensors = new Map(decodeSafetensors(weights).tensors);
    change.tensors?.(tensors);
    const bytes = encodeSafetensors(tensors);
    description.weights.sha256 = sha256(bytes);
    change.json?.(description);
    return [JSON.stringify(description), bytes];
  }

  async function expectRefused(files: [string, Uint8Array], message: string): Promise<void> {
    const error = await decodeModel(...files).then(
      () => null,
      (error: unknown) => error,
    );
    expect(error).toBeInstanceOf(FormatError);
    expect((error as Error).message).toContain(message);
    expect((error as Error).message).toMatch(/^.{1,400}$/u);
  }

  it('reads a file that only says the same in another order', async () => {
    const [json, weights] = await damaged({
      tensors: (tensors) => {
        const reversed = [...tensors].reverse();
        tensors.clear();
        for (const [name, value] of reversed) tensors.set(name, value);
      },
    });
    expect(getWeightsFlat(await decodeModel(json, weights))).toEqual(getWeightsFlat(small()));
  });

  it.each<[string, (json: Json) => void, string]>([
    [
      'no format',
      (j) => {
        delete j.format;
      },
      'model.json: format must be "degelo-model", got nothing',
    ],
    [
      'another format',
      (j) => {
        j.format = 'keras';
      },
      'model.json: format must be "degelo-model", got "keras"',
    ],
    [
      'a later version',
      (j) => {
        j.formatVersion = 2;
      },
      'model.json: formatVersion must be 1, got 2',
    ],
    [
      'no network',
      (j) => {
        delete j.network;
      },
      'network must be an object, got nothing',
    ],
    [
      'a name that is no text',
      (j) => {
        j.network.name = 1;
      },
      'network.name must be a string, got 1',
    ],
    [
      'half a seed',
      (j) => {
        j.network.seed = 0.5;
      },
      'network.seed must be an integer ≥ 0, got 0.5',
    ],
    [
      'no input shape',
      (j) => {
        j.network.inputShape = null;
      },
      'network.inputShape must be a list of integers ≥ 0, got null',
    ],
    [
      'layers that are no list',
      (j) => {
        j.network.layers = {};
      },
      'network.layers must be a list, got {}',
    ],
    [
      'no layers',
      (j) => {
        j.network.layers = [];
      },
      'belongs to no layer',
    ],
    [
      'a layer that is no object',
      (j) => {
        j.network.layers[1] = 'Dense';
      },
      'network.layers[1] must be an object, got "Dense"',
    ],
    [
      'a layer without class',
      (j) => {
        delete j.network.layers[1].className;
      },
      'layers[1].className must be a string',
    ],
    [
      'a layer without name',
      (j) => {
        j.network.layers[1].config.name = '';
      },
      'layers[1].config must be a layer with name',
    ],
    [
      'a layer without config',
      (j) => {
        delete j.network.layers[1].config;
      },
      'layers[1].config must be',
    ],
    [
      'trainable as text',
      (j) => {
        j.network.layers[1].config.trainable = 'no';
      },
      'layers[1].config must be',
    ],
    [
      'a layer’s shape as text',
      (j) => {
        j.network.layers[0].config.inputShape = '3';
      },
      'layers[0].config must be',
    ],
    [
      'an unknown layer',
      (j) => {
        j.network.layers[1].className = 'LSTM';
      },
      'model.json: unknown layer class LSTM: expected one of Activation,',
    ],
    [
      'more layers than any model has',
      (j) => {
        j.network.layers = new Array(4097).fill(j.network.layers[1]);
      },
      'layers must be at most 4096, got 4097',
    ],
    [
      'more of them in a model that is a layer',
      (j) => {
        j.formatVersion = 2;
        j.network.layers[1].config.layers = new Array(4095).fill(j.network.layers[0]);
      },
      'layers must be at most 4096, got 4097',
    ],
    [
      'a layer from the prototype',
      (j) => {
        j.network.layers[1].className = 'constructor';
      },
      'unknown layer class constructor',
    ],
    [
      'an unknown option',
      (j) => {
        j.network.layers[1].config.neurons = 3;
      },
      'model.json: dense: unknown option neurons',
    ],
    [
      'an option of another kind',
      (j) => {
        j.network.layers[1].config.units = { toString: 1 };
      },
      'model.json: ',
    ],
    [
      'two layers of one name',
      (j) => {
        j.network.layers.push({ className: 'Flatten', config: { name: 'dense', trainable: true } });
      },
      'layer names must differ',
    ],
    [
      'a layer that can’t follow',
      (j) => {
        j.network.layers.push({
          className: 'Conv2D',
          config: { name: 'c', trainable: true, filters: 1, kernelSize: 3 },
        });
      },
      'model.json: ',
    ],
    [
      'two input shapes',
      (j) => {
        j.network.layers[0].config.inputShape = [1e9];
      },
      'inputShape must have shape [3], got [1000000000]',
    ],
    [
      'more weights than there are',
      (j) => {
        j.network.layers[0].config.units = 2 ** 45;
      },
      'tensor "hidden/kernel" must be float32 of shape [3,35184372088832]',
    ],
    [
      'a negative step',
      (j) => {
        j.step = -1;
      },
      'step must be an integer ≥ 0, got -1',
    ],
    [
      'no word about compile',
      (j) => {
        delete j.compile;
      },
      'compile must be null or {',
    ],
    [
      'metrics that are no list',
      (j) => {
        j.compile.metrics = 'accuracy';
      },
      'compile must be null or {',
    ],
    [
      'an unknown metric',
      (j) => {
        j.compile.metrics = ['perplexity'];
      },
      'model.json: compile: metrics must be among accuracy, binaryAccuracy, ',
    ],
    [
      'an unknown optimizer',
      (j) => {
        j.compile.optimizer.name = 'mine';
      },
      "optimizer must be one of adadelta, adagrad, adam, adamW, adamax, lion, nadam, rmsprop, sgd, got 'mine'",
    ],
    [
      'a learning rate as text',
      (j) => {
        j.compile.optimizer.learningRate = '1';
      },
      'model.json: adadelta: learningRate must be',
    ],
    [
      'an unknown loss',
      (j) => {
        j.compile.loss.name = 'triplet';
      },
      'loss must be one of',
    ],
    [
      'a loss that doesn’t fit',
      (j) => {
        j.compile.loss.fromLogits = true;
      },
      'model.json: ',
    ],
    [
      'a path to the weights',
      (j) => {
        j.weights.file = '../model.safetensors';
      },
      'weights.file must be a plain file name, got "../model.safetensors"',
    ],
    [
      'no checksum',
      (j) => {
        delete j.weights.sha256;
      },
      'weights.sha256 must be 64 hexadecimal digits, got nothing',
    ],
  ])('refuses %s', async (_, change, message) => {
    await expectRefused(await damaged({ json: change }), message);
  });

  it.each<[string, (tensors: Map<string, degelo.Tensor>) => void, string]>([
    [
      'a missing tensor',
      (t) => t.delete('dense/bias'),
      'model.safetensors: tensor "dense/bias" is missing: expected float32 of shape [2]',
    ],
    [
      'an extra tensor',
      (t) => t.set('dense/gamma', tensor([1])),
      'model.safetensors: tensor "dense/gamma" belongs to no layer of the model',
    ],
    [
      'a wrong shape',
      (t) => t.set('dense/bias', tensor([1])),
      'tensor "dense/bias" must be float32 of shape [2], got float32 of shape [1]',
    ],
    [
      'a wrong type',
      (t) => t.set('dense/bias', tensor([1, 2], [2], { dtype: 'float64' })),
      'got float64 of shape [2]',
    ],
  ])('refuses %s', async (_, change, message) => {
    await expectRefused(await damaged({ tensors: change }), message);
  });

  it('refuses damaged JSON, keys said twice, and a file over the limit', async () => {
    const { json, weights } = await encodeModel(small());
    await expectRefused([json.slice(0, -3), weights], 'model.json: damaged JSON: ');
    await expectRefused(['[]', weights], 'model.json: JSON must be an object, got []');
    await expectRefused(
      [json.replace('"step": 0', '"step": 0, "step": 1'), weights],
      'keys must differ, got "step" twice',
    );
    await expectRefused(
      [json.padEnd(1_000_001), weights],
      'too long: expected at most 1000000 characters, got 1000001',
    );
  });

  it('refuses lists that are nested deeper than any stack', async () => {
    const { weights } = await encodeModel(small());
    const nested = '['.repeat(400_000) + ']'.repeat(400_000);
    await expectRefused([nested, weights], 'nested too deep: expected at most 32 levels');
  });

  it('refuses weights with another checksum', async () => {
    const { json, weights } = await encodeModel(small());
    const changed = Uint8Array.from(weights);
    changed[changed.length - 1] ^= 1;
    const message = `model.safetensors: not the weights that model.json names: expected sha256 ${sha256(weights)}, got ${sha256(changed)}`;
    await expectRefused([json, changed], message);
  });
});
