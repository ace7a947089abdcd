/** What checkpoints that are damaged or forged are refused with. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeSafetensors, encodeSafetensors } from '../../src/formats/safetensors.ts';
import { sha256 } from '../../src/formats/sha256.ts';
import * as degelo from '../../src/index.ts';
import { decodeCheckpoint, encodeCheckpoint, FormatError } from '../../src/index.ts';
import { compiled } from '../training/compiled.ts';
import { tinyData } from '../training/tiny.ts';

const { x, y } = tinyData(30);

/** A trained model's checkpoint, and its JSON and tensors to make others from. */
async function parts() {
  const model = compiled();
  await model.fit(x, y, { batchSize: 12, validationData: [x, y] });
  const bytes = await encodeCheckpoint(model);
  const { tensors, metadata } = decodeSafetensors(bytes);
  return { bytes, tensors, json: JSON.parse(metadata.get('checkpoint') as string) };
}

/** A file with a right checksum, whatever is in it. */
async function forge(tensors: ReadonlyMap<string, degelo.Tensor>, json: string | null): Promise<Uint8Array> {
  const zeros = '0'.repeat(64);
  const metadata = new Map([['sha256', zeros]]);
  if (json !== null) metadata.set('checkpoint', json);
  const bytes = encodeSafetensors(tensors, { metadata });
  const at = Buffer.from(bytes).indexOf(zeros);
  bytes.set(Buffer.from(await sha256(bytes)), at);
  return bytes;
}

async function refusal(bytes: Uint8Array): Promise<string> {
  const error: unknown = await decodeCheckpoint(bytes, { threads: 0 }, 'file').then(
    () => 'no error',
    (error) => error,
  );
  expect(error).toBeInstanceOf(FormatError);
  const { message } = error as FormatError;
  expect(message).toMatch(/^file: .*$/u);
  return message;
}

describe('a damaged file is refused in one line', () => {
  it('where it is cut, at any place', async () => {
    const { bytes } = await parts();
    for (let i = 0; i < 64; i++) {
      const length = Math.floor((bytes.length * i) / 64);
      expect(await refusal(bytes.subarray(0, length))).toContain('damaged');
    }
    for (const length of [0, 1, 7, 8, 9, 34, 35, 36, 98, 99, 100, bytes.length - 1]) {
      expect(await refusal(bytes.subarray(0, length))).toContain('damaged');
    }
  });

  it('where any one bit is flipped', async () => {
    const { bytes } = await parts();
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: 8 * bytes.length - 1 }), async (bit) => {
        const damaged = bytes.slice();
        damaged[bit >> 3] ^= 1 << (bit & 7);
        expect(await refusal(damaged)).toContain('damaged');
      }),
      { numRuns: 300, examples: [[0], [63], [8 * 34], [8 * 35], [8 * 99], [8 * bytes.length - 1]] },
    );
  });

  it('where something is added', async () => {
    const { bytes } = await parts();
    expect(await refusal(Uint8Array.of(...bytes, 0))).toContain('damaged');
  });
});

describe('a forged file, checksum and all, is refused in one line', () => {
  it.each([
    ['another format', { format: 'degelo-model' }, 'format must be "degelo-checkpoint", got "degelo-model"'],
    ['a later version', { formatVersion: 2 }, 'formatVersion must be 1, got 2'],
    ['a version that is none', { degelo: 1 }, 'degelo must be a string, got 1'],
    ['no layers', { network: { layers: null } }, 'network.layers must be a list, got null'],
    ['no position', { fit: 1 }, 'fit must be null or an object, got 1'],
    ['a negative epoch', { fit: { epoch: -1 } }, 'fit.epoch must be an integer ≥ 0, got -1'],
    [
      'an epoch far behind its history',
      { fit: { epoch: 1_000_000 } },
      'fit.history.epoch must be the epochs before epoch 1000000, one after another, got [0]',
    ],
    ['a metric said many times', { compile: { metrics: Array(70_000).fill('accuracy') } }, 'each once }'],
    ['half a batch', { fit: { batch: 0.5 } }, 'fit.batch must be an integer ≥ 0, got 0.5'],
    ['no sums', { fit: { sums: null } }, 'fit.sums must be an object, got null'],
    ['a sum that is none', { fit: { sums: { loss: 'x' } } }, 'fit.sums.loss must be a number, got "x"'],
    ['too many sums', { fit: { sums: { metrics: [1, 2] } } }, 'fit.sums.metrics must be a list of 1 numbers'],
    [
      'a short history',
      { fit: { history: { history: { loss: [] } } } },
      'loss must be a list of 1 numbers, got []',
    ],
    [
      'a history of words',
      { fit: { history: { history: { loss: ['a'] } } } },
      'loss[0] must be a number, got "a"',
    ],
    ['metadata that is a list', { metadata: [] }, 'metadata must be an object, got []'],
    [
      'an unknown optimizer',
      { compile: { optimizer: { name: 'x' } } },
      'optimizer must be one of adadelta, adagrad, adam, adamW, adamax, lion, nadam, rmsprop, sgd, got',
    ],
    [
      'another optimizer',
      { compile: { optimizer: { name: 'sgd', rho: undefined, epsilon: undefined } } },
      'tensors must be the model',
    ],
    ["another optimizer's name", { compile: { optimizer: { name: 'sgd' } } }, 'sgd: unknown option rho'],
    ['an unknown metric', { compile: { metrics: ['x'] } }, 'metric'],
    [
      'a layer of another size',
      { network: { layers: [{ config: { filters: 9 } }] } },
      'must be float32 of shape',
    ],
    ['frozen layers', { network: { layers: [{ config: { trainable: false } }] } }, 'arrays for each trained'],
  ])('%s', async (_name, change, message) => {
    const { tensors, json } = await parts();
    expect(await refusal(await forge(tensors, JSON.stringify(merge(json, change))))).toContain(message);
  });

  it('without its JSON, with a tensor too many, one too few, one of another shape', async () => {
    const { tensors, json } = await parts();
    const text = JSON.stringify(json);
    expect(await refusal(await forge(tensors, ''))).toContain('damaged JSON');
    expect(await refusal(await forge(tensors, null))).toContain('damaged JSON');
    const more = new Map([...tensors, ['weights/x', degelo.zeros([1])]]);
    expect(await refusal(await forge(more, text))).toContain(
      "tensors must be the model's or its optimizer's",
    );
    for (const name of ['weights/dense/bias', 'optimizer/dense/bias/accumulatedDelta']) {
      const fewer = new Map(tensors);
      fewer.delete(name);
      expect(await refusal(await forge(fewer, text))).toContain(`tensor "${name}" is missing`);
      const other = new Map(tensors).set(name, degelo.zeros([2]));
      expect(await refusal(await forge(other, text))).toContain(`tensor "${name}" must be float32 of shape`);
    }
    const weights = new Map([...tensors].filter(([name]) => name.startsWith('weights/')));
    expect(await refusal(await forge(weights, JSON.stringify({ ...json, compile: null })))).toContain(
      'fit.sums.metrics must be a list of 0 numbers',
    );
    for (const left of ['conv2d/', 'dense/bias/']) {
      const isLeft = (name: string) => !name.startsWith('optimizer/') || name.startsWith(`optimizer/${left}`);
      const some = new Map([...tensors].filter(([name]) => isLeft(name)));
      expect(await refusal(await forge(some, text))).toContain(
        'arrays for each trained parameter and no other',
      );
    }
  });
});

/** `change` over `base`, objects and lists entry by entry. */
function merge(base: unknown, change: unknown): unknown {
  if (typeof base !== 'object' || base === null || typeof change !== 'object' || change === null)
    return change;
  if (Array.isArray(change) && !change.some((entry) => typeof entry === 'object')) return change;
  const merged = Object.entries(change).map(([key, value]) => [key, merge(Reflect.get(base, key), value)]);
  const all = { ...base, ...Object.fromEntries(merged) };
  return Array.isArray(base) ? Object.values(all) : all;
}
