import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MODEL_FORMATS } from '../../src/formats/format-names.ts';
import {
  dense,
  encodeKeras,
  encodeLayersModel,
  FormatError,
  loadLayersModel,
  loadModel,
  loadWeights,
  saveCheckpoint,
  saveLayersModel,
  saveWeights,
  sequential,
} from '../../src/index.ts';
import { MODEL_KINDS } from '../../src/training/saved/kinds.ts';
import { temporaryFolder } from '../temporary.ts';
import { getWeightsFlat } from '../training/weights.ts';

let folder: string;
let server: Server;
let address: string;
const at = (name: string): string => join(folder, name);

const make = () => sequential({ seed: 3, layers: [dense({ units: 2, inputShape: [3] })] });
const weights = getWeightsFlat(make());

beforeAll(async () => {
  folder = temporaryFolder();
  await make().save(at('ours'));
  await saveLayersModel(make(), at('theirs'));
  server = createServer(({ url = '' }, response) => {
    const path = url.replace(/\?.*/, '');
    if (path === '/silent') return void response.destroy();
    try {
      response.end(readFileSync(folder + path));
    } catch {
      response.writeHead(404).end('<!doctype html>');
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

async function refusal(...given: Parameters<typeof loadModel>): Promise<string> {
  const error = await loadModel(...given).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(FormatError);
  expect((error as Error).message).toMatch(/^.*$/u);
  return (error as Error).message;
}

it.each([
  'exchange/tfjs',
  'keras-files/functional.h5',
  'keras-files/functional.keras',
  'keras-files/keras2-sequential.h5',
  'tflite/row-float32.tflite',
])('%s: a model from elsewhere has made no step here, and its masks begin with the first', async (name) => {
  const model = await loadModel(new URL(`../../fixtures/${name}`, import.meta.url));
  expect(model.step).toBe(0);
});

describe('loadModel', () => {
  it('has one reader a format', () => {
    expect(MODEL_KINDS.map(({ format }) => format)).toEqual(MODEL_FORMATS);
  });

  it.each([
    ['ours', 'degelo', 'degelo'],
    ['theirs', 'tfjs', 'TensorFlow.js'],
  ])(
    'reads %s from a folder, its model.json and an address, and says what it found',
    async (name, format, word) => {
      for (const place of [at(name), at(`${name}/model.json`), `${address}/${name}/model.json?token=1`]) {
        const model = await loadModel(place);
        expect(getWeightsFlat(model)).toEqual(weights);
        expect(model.origin).toMatchObject({ format, remarks: [] });
        expect(model.origin?.description).toContain(word);
      }
      expect(make().origin).toBeNull();
    },
  );

  it('takes addresses as URL objects, also in loadLayersModel', async () => {
    const url = new URL('theirs/model.json', `${address}/`);
    expect(getWeightsFlat(await loadModel(url))).toEqual(weights);
    expect(getWeightsFlat(await loadLayersModel(url))).toEqual(weights);
  });

  it('says in one line what a server answers, and takes no more bytes than it may', async () => {
    expect(await refusal(`${address}/nowhere.json`)).toBe(
      `${address}/nowhere.json: can't be downloaded: HTTP status 404`,
    );
    expect(await refusal(`${address}/silent`)).toMatch(/silent: can't be downloaded: .+/);
    expect(await refusal(`${address}/theirs/model.json`, { maxBytes: 99 })).toContain(
      "model.json: can't be downloaded: too large: expected at most 99 bytes, got more",
    );
    const [json] = [readFileSync(at('theirs/model.json'), 'utf8')];
    mkdirSync(at('torn'));
    writeFileSync(at('torn/model.json'), json);
    expect(await refusal(`${address}/torn/model.json`)).toBe(
      `${address}/torn/weights.bin: can't be downloaded: HTTP status 404`,
    );
    expect(await refusal(at('torn'))).toBe(`${at('torn/weights.bin')}: no such file`);
  });

  it('says of bytes alone what stands beside them', async () => {
    const { json } = encodeLayersModel(make());
    expect(await refusal(new TextEncoder().encode(json))).toContain(
      'this model needs a second file, weights.bin',
    );
    expect(await refusal(new ArrayBuffer(0))).toContain('no model that is known: expected');
    expect(await refusal(new ArrayBuffer(0))).toContain('got an empty file');
  });

  it.each([
    ['{"format": "graph-model"}', 'this is a TensorFlow.js GraphModel'],
    ['{"class_name": "Sequential", "config": {}}', "this is Keras' description of layers alone"],
    ['{"format": 3}', 'got JSON with format 3'],
    ['[]', 'JSON must be an object'],
    ['{"format": ', 'damaged JSON'],
    ['<!DOCTYPE html><p>404', 'got an HTML page (a download that went wrong'],
    ['version https://git-lfs.github.com/spec/v1', 'got a pointer of Git LFS'],
    ['PK\u0003\u0004', 'not a zip archive, or truncated: expected an end record at its end, found none'],
    ['\b\b\u0012\u0007pytorch', 'this is an ONNX model: save the network from the library that made it'],
    ['\b\b:\u0009', 'this is an ONNX model'],
    ['\b\u0001\u0012\u0007', "this is TensorFlow's graph: save it from Keras with"],
    ['\n\u0010\n\u0001x\u0012\u000bPlaceholder', "this is TensorFlow's graph"],
    [
      'model_checkpoint_path: "model-1"',
      'this is a TensorFlow checkpoint, which holds weights and no layers',
    ],
    ['\u001f?', 'got other bytes'],
    ['BZh9', 'got a bzip2 file (unpack it, and name what was in it)'],
    ['what', 'got other bytes'],
  ])('says what %j is, if no model', async (text, message) => {
    writeFileSync(at('some.json'), text);
    expect(await refusal(at('some.json'))).toContain(message);
  });

  it('and loadWeights likewise, of an archive that is cut off', async () => {
    const model = make();
    const whole = encodeKeras(model);
    const cut = whole.subarray(0, whole.length - 1);
    const message = 'bytes: not a zip archive, or truncated: expected an end record at its end, found none';
    expect(await refusal(cut)).toBe(message);
    await expect(loadWeights(model, cut)).rejects.toThrow(message);
  });

  it('says what to do with weights alone, a checkpoint, and a SavedModel', async () => {
    await saveWeights(make(), at('w.npz'));
    await saveWeights(make(), at('w.safetensors'));
    await saveCheckpoint(make(), at('c'));
    expect(await refusal(at('w.npz'))).toContain(
      "NumPy's .npz, which holds weights and no layers: make the model",
    );
    expect(await refusal(at('w.safetensors'))).toContain('weights and no layers: make the model');
    expect(await refusal(at('c'))).toBe(
      `${at('c')}: this is a checkpoint of degelo: loadCheckpoint reads it`,
    );
    mkdirSync(at('tf'));
    writeFileSync(at('tf/checkpoint'), '');
    const table = Uint8Array.of(0, 0x57, 0xfb, 0x80, 0x8b, 0x24, 0x75, 0x47, 0xdb);
    writeFileSync(at('tf/model-1.index'), table);
    expect(await refusal(at('tf'))).toContain(
      'got a TensorFlow checkpoint, which holds weights and no layers',
    );
    expect(await refusal(table)).toContain(
      'this is a TensorFlow checkpoint, which holds weights and no layers',
    );
    mkdirSync(at('saved'));
    writeFileSync(at('saved/saved_model.pb'), '');
    expect(await refusal(at('saved'))).toContain(
      "got a TensorFlow SavedModel: in the program that made it, model.save('model.keras')",
    );
  });

  it('says what to do with a folder of checkpoints, and with one that has a model in it', async () => {
    mkdirSync(at('run'));
    await saveCheckpoint(make(), at('run/checkpoint-000003.safetensors'));
    expect(await refusal(at('run'))).toContain(
      'got checkpoints: (await loadCheckpoint(folder)).model is their model',
    );
    await make().save(at('outer/model'));
    expect(await refusal(at('outer'))).toContain(`got a folder that has one in it: ${at('outer/model')}`);
    mkdirSync(at('empty'));
    expect(await refusal(at('empty'))).toMatch(
      /expected a folder with a model of degelo, TensorFlow.js or Keras$/,
    );
  });

  it('refuses a format that it was told and isn’t there, and options that aren’t known', async () => {
    expect(await refusal(at('ours'), { format: 'tfjs' })).toContain("degelo's own format");
    expect(await refusal(at('theirs'), { format: 'degelo' })).toContain('TensorFlow.js model');
    // As JavaScript calls it.
    const options = (given: object): object => given;
    await expect(loadModel(at('ours'), options({ formt: 'tfjs' }))).rejects.toThrow('did you mean format');
    for (const format of ['onnx', '', null]) {
      await expect(loadModel(at('ours'), options({ format }))).rejects.toThrow(
        /format must (be one of|not be null)/,
      );
    }
    await expect(loadModel(at('ours'), options({ output: 1n }))).rejects.toThrow('got 1n');
    await expect(loadModel(at('ours'), { maxBytes: 0 })).rejects.toThrow('maxBytes must be above 0, got 0');
    await expect(loadModel(3 as unknown as string)).rejects.toThrow(
      'loadModel: expected a path or a file: URL, got 3',
    );
  });
});
