/** The names of classes, and which images a model takes, in the files of Keras and of TensorFlow.js. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readZip } from '../../src/data/zip.ts';
import { unpacker } from '../../src/formats/unpacker-node.ts';
import {
  decodeLayersModel,
  dense,
  encodeKeras,
  encodeLayersModel,
  flatten,
  loadModel,
  sequential,
} from '../../src/index.ts';
import { temporaryFolder } from '../temporary.ts';

const folder = temporaryFolder();

const PHOTO = { content: 'photo', preprocessing: 'unit' } as const;

function named() {
  const made = sequential([flatten({ inputShape: [2, 2, 3] }), dense({ units: 2, activation: 'softmax' })]);
  made.classNames = ['cat', 'dog'];
  made.imageInput = PHOTO;
  return made;
}

/** metadata.json of a .keras file. */
async function metadataOf(bytes: Uint8Array): Promise<unknown> {
  const [metadata] = readZip(bytes, ['metadata.json'], 'x', unpacker, 1e6);
  return JSON.parse(new TextDecoder().decode(metadata));
}

describe('names of classes and the images that a model takes', () => {
  it('come back from a .keras file', async () => {
    await named().save(join(folder, 'named.keras'));
    const loaded = await loadModel(join(folder, 'named.keras'));
    expect([loaded.classNames, loaded.imageInput]).toEqual([['cat', 'dog'], PHOTO]);
  });

  it('come back from a LayersModel of TensorFlow.js', () => {
    const { json, weights } = encodeLayersModel(named());
    expect(JSON.parse(json).userDefinedMetadata).toEqual({
      degelo: { classNames: ['cat', 'dog'], imageInput: PHOTO },
    });
    const decoded = decodeLayersModel(json, weights);
    expect([decoded.classNames, decoded.imageInput]).toEqual([['cat', 'dog'], PHOTO]);
  });

  it('leave nothing in the files of models of which nobody said anything', async () => {
    const plain = sequential([dense({ units: 2, inputShape: [3] })]);
    expect(await metadataOf(encodeKeras(plain))).toEqual({ keras_version: '3.15.1' });
    expect(encodeLayersModel(plain).json).not.toMatch(/userDefinedMetadata/);
    expect((await loadModel(encodeKeras(plain))).classNames).toBeNull();
  });

  it("pass over what other programs keep in TensorFlow.js' field", () => {
    const { json, weights } = encodeLayersModel(named());
    for (const userDefinedMetadata of ['text', null, [1], { labels: ['x'] }]) {
      const other = JSON.stringify({ ...JSON.parse(json), userDefinedMetadata });
      expect(decodeLayersModel(other, weights).classNames).toBeNull();
    }
  });

  it.each([
    [{ degelo: 1 }, 'userDefinedMetadata.degelo must be an object, got 1'],
    [
      { degelo: { classNames: [1, 2] } },
      'userDefinedMetadata.degelo.classNames must be a list of names, got [1,2]',
    ],
    [
      { degelo: { classNames: ['a'] } },
      "classNames: must be as many as the model's outputs: expected 2, got 1",
    ],
    [{ degelo: { imageInput: 3 } }, 'userDefinedMetadata.degelo.imageInput must be an object, got 3'],
  ])('are refused by name where %j is none', (userDefinedMetadata, message) => {
    const { json, weights } = encodeLayersModel(named());
    const other = JSON.stringify({ ...JSON.parse(json), userDefinedMetadata });
    expect(() => decodeLayersModel(other, weights)).toThrow(message);
  });
});
