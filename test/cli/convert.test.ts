import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  activation,
  conv2d,
  dense,
  flatten,
  loadLayersModel,
  loadModel,
  saveLayersModel,
  saveWeights,
  sequential,
} from '../../src/index.ts';
import { temporaryFolder } from '../temporary.ts';
import { getWeightsFlat } from '../training/weights.ts';
import { degeloHere } from './degelo.ts';

const parent = temporaryFolder();
let folder: string;
let count = 0;
beforeEach(() => {
  folder = join(parent, String(count++));
  mkdirSync(folder);
});

const makeModel = (seed = 0) =>
  sequential({
    seed,
    layers: [
      conv2d({ filters: 2, kernelSize: 3, inputShape: [5, 5, 1], trainable: false }),
      flatten(),
      dense({ units: 3 }),
      activation('softmax'),
    ],
  });
const weights = getWeightsFlat(makeModel(7));

/** The same weights in every format. */
const given = (name: string): string => join(parent, 'given', name);
beforeAll(async () => {
  const model = makeModel(7);
  model.compile({ optimizer: 'adadelta', loss: 'categoricalCrossentropy', threads: 0 });
  await model.save(given('ours'));
  await saveLayersModel(model, given('theirs'));
  await saveWeights(model, given('w.npz'));
  await saveWeights(model, given('w.safetensors'));
  await makeModel(1).save(given('architecture'));
});

const at = (name: string): string => join(folder, name);

async function convert(...args: string[]): Promise<void> {
  expect(await degeloHere('convert', ...args)).toMatchObject({ code: 0, stderr: '' });
}

async function refused(code: 1 | 2, ...args: string[]): Promise<string> {
  const outcome = await degeloHere('convert', ...args);
  expect(outcome).toMatchObject({ code, stdout: '' });
  expect(outcome.stderr).toMatch(/^degelo: .*\n/);
  if (code === 1) expect(outcome.stderr).toMatch(/^.*\n$/);
  return outcome.stderr;
}

describe('degelo convert', () => {
  it('says what it wrote', async () => {
    const { stdout } = await degeloHere('convert', given('ours'), at('w.npz'));
    expect(stdout).toBe(`${given('ours')} (degelo) → ${at('w.npz')} (npz): 4 tensors, 77 parameters\n`);
    const other = await degeloHere('convert', given('ours'), at('w-pt.npz'), '--lang', 'pt');
    expect(other.stdout).toBe(
      `${given('ours')} (degelo) → ${at('w-pt.npz')} (npz): 4 tensores, 77 parâmetros\n`,
    );
  });

  it('says on stderr which numbers became float32', async () => {
    const header = JSON.stringify({ w: { dtype: 'BF16', shape: [2], data_offsets: [0, 4] } }).padEnd(64);
    const length = Buffer.alloc(8);
    length.writeUInt32LE(header.length);
    writeFileSync(at('half.safetensors'), Buffer.concat([length, Buffer.from(header), Buffer.alloc(4)]));
    const { code, stderr } = await degeloHere('convert', at('half.safetensors'), at('w.npz'));
    expect(stderr).toContain('1 tensor of BF16 became float32: every number is the same');
    expect(code).toBe(0);
  });

  it('goes round by every format and ends with the same bits', async () => {
    await convert(given('ours'), at('a'));
    expect(readdirSync(at('a')).sort()).toEqual(['model.json', 'weights.bin']);
    await convert(at('a/model.json'), at('b'));
    expect(readdirSync(at('b')).sort()).toEqual(['model.json', 'model.safetensors']);
    await convert(at('b'), at('c.npz'));
    await convert(at('c.npz'), at('d.safetensors'));
    await convert(at('d.safetensors'), at('e'), '--architecture', given('architecture'));
    await convert(at('e/model.json'), at('f'), '--to', 'degelo');
    expect(getWeightsFlat(await loadModel(at('f')))).toEqual(weights);
    for (const name of ['w.npz', 'w.safetensors']) {
      await convert(at('f'), at(name));
      expect(readFileSync(at(name))).toEqual(readFileSync(given(name)));
    }
    await convert(at('f'), at('g'));
    expect(readFileSync(at('g/model.json'), 'utf8')).toBe(readFileSync(given('theirs/model.json'), 'utf8'));
    expect(readFileSync(at('g/weights.bin'))).toEqual(readFileSync(given('theirs/weights.bin')));
  });

  it('takes one of several outputs, and says how where none is named', async () => {
    const heads = fileURLToPath(new URL('../../fixtures/keras-variants/heads.keras', import.meta.url));
    expect(await degeloHere('convert', heads, at('none'))).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('or degelo convert FROM TO --output "scores"'),
    });
    for (const output of ['box', '1']) {
      await convert(heads, at(output), '--output', output);
      expect((await loadModel(at(output))).outputShape).toEqual([4]);
    }
    const told = await degeloHere('convert', given('w.npz'), at('again.npz'), '--output', 'box');
    expect(told).toMatchObject({ code: 2, stderr: expect.stringContaining('is read for its weights') });
  });

  it('goes to .keras and back, and from Keras’ .h5 and .weights.h5', async () => {
    await convert(given('ours'), at('m.keras'));
    await convert(at('m.keras'), at('back'));
    expect(getWeightsFlat(await loadModel(at('back')))).toEqual(weights);
    const keras = (name: string) =>
      fileURLToPath(new URL(`../../fixtures/keras-files/${name}`, import.meta.url));
    const told = await degeloHere('convert', keras('sequential.h5'), at('whole.npz'));
    expect(told).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/^Note: what the file was compiled with/),
    });
    expect(told.stdout).toContain('(h5) → ');
    await degeloHere(
      'convert',
      keras('sequential.weights.h5'),
      at('w'),
      '--architecture',
      keras('sequential.keras'),
    );
    await convert(at('w'), at('again.npz'));
    expect(readFileSync(at('again.npz'))).toEqual(readFileSync(at('whole.npz')));
    const { stdout } = await degeloHere('summary', keras('functional.h5'));
    expect(stdout).toContain('a model of Keras in HDF5 (.h5), by Keras 3.15.1');
    expect(stdout).toContain('Total params: 215');
    const portuguese = await degeloHere('summary', keras('functional.h5'), '--lang', 'pt');
    expect(portuguese.stdout).not.toContain('NaN');
    expect(await degeloHere('summary', keras('functional.h5'), '--frozen')).toMatchObject({ code: 2 });
  });

  it('gives an architecture’s layers, seed and compile the new weights, and leaves the architecture as it was', async () => {
    const before = getWeightsFlat(await loadModel(given('ours')));
    await convert(given('w.npz'), at('m'), '--architecture', given('ours'));
    const model = await loadModel(at('m'));
    expect(model.seed).toBe(7);
    expect(model.compiled?.optimizer.name).toBe('adadelta');
    expect(model.layers[0].trainable).toBe(false);
    expect(getWeightsFlat(await loadModel(given('ours')))).toEqual(before);
    await convert(given('w.npz'), at('js'), '--to', 'tfjs', '--architecture', given('theirs'));
    expect(getWeightsFlat(await loadLayersModel(at('js')))).toEqual(weights);
  });

  it('takes the formats that it is told for names that say nothing', async () => {
    writeFileSync(at('weights'), readFileSync(given('w.npz')));
    await convert(at('weights'), at('out'), '--from', 'npz', '--to', 'safetensors');
    expect(readFileSync(at('out'))).toEqual(readFileSync(given('w.safetensors')));
  });

  it('replaces nothing without --force', async () => {
    writeFileSync(at('w.npz'), 'mine');
    mkdirSync(at('m'));
    writeFileSync(at('m/notes.txt'), 'mine');
    expect(await refused(1, given('ours'), at('w.npz'))).toBe(
      `degelo: convert: ${at('w.npz')} already exists (--force replaces it)\n`,
    );
    expect(await refused(1, given('ours'), at('m'))).toBe(
      `degelo: convert: folder must be new or empty: ${at('m')} holds notes.txt (--force replaces a model in it)\n`,
    );
    expect(readFileSync(at('w.npz'), 'utf8')).toBe('mine');
    expect(readdirSync(at('m'))).toEqual(['notes.txt']);
    await convert(given('ours'), at('w.npz'), '--force');
    await convert(given('ours'), at('m'), '--force');
    expect(readdirSync(at('m')).sort()).toEqual(['model.json', 'notes.txt', 'weights.bin']);
    mkdirSync(at('empty'));
    await convert(given('theirs'), at('empty'));
  });

  it('writes nothing where FROM is bad, and names the file', async () => {
    expect(await refused(1, at('nowhere'), at('new'))).toBe(
      `degelo: ${at('nowhere')}: no such file or folder\n`,
    );
    expect(await refused(1, at('nowhere.npz'), at('new.npz'))).toBe(
      `degelo: ${at('nowhere.npz')}: no such file\n`,
    );
    writeFileSync(at('bad.npz'), readFileSync(given('w.npz')).subarray(1));
    expect(await refused(1, at('bad.npz'), at('new.safetensors'))).toContain(`degelo: ${at('bad.npz')}: `);
    const json = readFileSync(given('theirs/model.json'), 'utf8');
    mkdirSync(at('theirs'));
    writeFileSync(at('theirs/weights.bin'), readFileSync(given('theirs/weights.bin')));
    writeFileSync(at('theirs/model.json'), json.replace('"Flatten"', '"LSTM"'));
    expect(await refused(1, at('theirs'), at('new'))).toContain(
      `${at('theirs/model.json')}: layer "flatten" (LSTM): isn't supported: expected one of Activation, Add, Average`,
    );
    writeFileSync(at('theirs/model.json'), json.replace('"channels_last"', '"channels_first"'));
    expect(await refused(1, at('theirs'), at('new'))).toContain('data_format must be "channels_last"');
    const other = sequential([dense({ units: 1, inputShape: [2] })]);
    await other.save(at('other'));
    expect(await refused(1, given('w.npz'), at('new'), '--architecture', at('other'))).toContain(
      `${given('w.npz')}: tensor "conv2d/kernel" belongs to no layer of the model`,
    );
    expect(existsSync(at('new'))).toBe(false);
    expect(existsSync(at('new.npz'))).toBe(false);
    expect(readdirSync(folder).sort()).toEqual(['bad.npz', 'other', 'theirs']);
  });

  it('reads TensorFlow Lite, says what was changed, and writes none', async () => {
    const file = fileURLToPath(new URL('../../fixtures/tflite/row-int8-input.tflite', import.meta.url));
    const { stdout, stderr } = await degeloHere('convert', file, at('m'));
    expect(stdout).toContain('(tflite)');
    expect(stderr).toContain('its weights (int32, int8) have become float32');
    expect(stderr).toContain('it takes pixels from 0 to 255');
    expect(getWeightsFlat(await loadModel(at('m')))).toEqual(getWeightsFlat(await loadModel(file)));
    expect(await refused(2, at('m'), at('x.tflite'))).toContain("(TensorFlow Lite) can't be written");
    expect(await refused(2, at('m'), at('x'), '--to', 'tflite')).toContain("'tflite' is invalid");
    expect((await degeloHere('summary', file)).stdout).toMatch(/a TensorFlow Lite network.*flat_1/s);
  });

  it('refuses FROM as TO, by any name', async () => {
    await convert(given('theirs'), at('m'), '--to', 'tfjs');
    for (const [from, to] of [
      ['m', 'm'],
      ['m/model.json', 'm/'],
      ['m', 'm/../m'],
    ]) {
      expect(await refused(1, at(from), at(to), '--force')).toContain('TO must be another place than FROM');
    }
    expect(readdirSync(at('m')).sort()).toEqual(['model.json', 'weights.bin']);
  });

  it.each(['model.h5', 'model.onnx', 'new/model.json'])('makes no folder called %s', async (name) => {
    const message = await refused(2, given('ours'), at(name));
    expect(message).toContain(
      `can't be written: expected a folder, .keras, .safetensors or .npz, got ${at(name)}`,
    );
    expect(message.includes('convert to .keras')).toBe(/h5/.test(name));
    expect(readdirSync(folder)).toEqual([]);
  });

  it('gives a file of open sizes the size that --size says, and refuses it where the file has its own, or no layers', async () => {
    const open = fileURLToPath(new URL('../../fixtures/keras-variants/open.keras', import.meta.url));
    expect(await refused(1, open, at('m'))).toContain('or --size 224 of degelo convert and finetune');
    const { code } = await degeloHere('convert', open, at('m'), '--size', '6x8');
    expect(code).toBe(0);
    expect((await loadModel(at('m'))).inputShape).toEqual([6, 8, 1]);
    expect(await refused(2, at('m'), at('n'), '--size', '9')).toContain(
      `convert: --size is for files that leave it open: ${at('m')} has input [6,8,1] of its own`,
    );
    expect(await refused(2, given('w.npz'), at('n.safetensors'), '--size', '9')).toContain(
      'convert: --size is for a network with layers, and',
    );
    expect(await refused(2, open, at('n'), '--size', '0')).toContain('Expected a number of pixels');
  });

  it('asks for an architecture where weights alone should become a model, and only there', async () => {
    expect(await refused(2, given('w.npz'), at('m'))).toContain(
      `convert: ${given('w.npz')} has only weights: add --architecture MODEL, the model that they belong to`,
    );
    expect(await refused(2, given('ours'), at('m'), '--architecture', given('ours'))).toContain(
      'convert: --architecture is for files that have only weights',
    );
    expect(await refused(2, given('w.npz'), at('m'), '--architecture', given('w.npz'))).toContain(
      '--architecture must be a model with layers',
    );
    expect(await refused(2, given('ours'), at('m'), '--to', 'onnx')).toContain("argument 'onnx' is invalid");
    expect(await refused(2, given('ours'))).toContain("missing required argument 'to'");
    expect(readdirSync(folder)).toEqual([]);
  });
});
