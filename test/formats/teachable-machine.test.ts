/** Models of Teachable Machine: names of classes and kind of images come from the metadata.json beside them. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { loadModelFiles } from '../../src/browser.ts';
import {
  conv2d,
  dense,
  globalAveragePooling2d,
  loadModel,
  saveLayersModel,
  sequential,
} from '../../src/index.ts';
import { temporaryFolder } from '../temporary.ts';

const PHOTOS = { content: 'photo', preprocessing: 'tf' };
const metadata = {
  tfjsVersion: '1.3.1',
  packageName: '@teachablemachine/image',
  modelName: 'tm-my-image-model',
  labels: ['cat', 'dog'],
  imageSize: 8,
};

/** A row of two rows, as Teachable Machine has it. */
const exported = () =>
  sequential([
    sequential([conv2d({ filters: 2, kernelSize: 3, inputShape: [8, 8, 3] }), globalAveragePooling2d()]),
    sequential([dense({ units: 3, inputShape: [2] }), dense({ units: 2, activation: 'softmax' })]),
  ]);

let folder: string;
beforeEach(async () => {
  folder = temporaryFolder();
  await saveLayersModel(exported(), folder);
});

const describeAs = (text: string) => writeFileSync(join(folder, 'metadata.json'), text);
const notesOf = async () => {
  const { classNames, imageInput } = await loadModel(folder);
  return { classNames, imageInput };
};
const NONE = { classNames: null, imageInput: null };

describe('a model of Teachable Machine', () => {
  it('has the names of its classes, takes photos from -1 to 1, and says whence that is known', async () => {
    describeAs(JSON.stringify(metadata));
    const model = await loadModel(folder);
    expect([model.classNames, model.imageInput]).toEqual([['cat', 'dog'], PHOTOS]);
    expect(model.origin?.remarks).toEqual([
      "names of classes, and photos in numbers from -1 to 1, are from Teachable Machine's metadata.json",
    ]);
  });

  it('comes from three chosen files too, in the order in which a page has them', async () => {
    describeAs(JSON.stringify(metadata));
    const files = ['metadata.json', 'model.json', 'weights.bin'].map(
      (name) => new File([readFileSync(join(folder, name))], name),
    );
    expect((await loadModelFiles(files)).classNames).toEqual(['cat', 'dog']);
  });

  it('has none where there is no such file, or it is another program’s', async () => {
    expect(await notesOf()).toEqual(NONE);
    const others = [
      '{',
      '[]',
      JSON.stringify({ ...metadata, packageName: 'mine' }),
      JSON.stringify({ ...metadata, labels: [1, 2] }),
    ];
    for (const other of others) {
      describeAs(other);
      expect(await notesOf()).toEqual(NONE);
    }
  });

  it('with as many names as it has no outputs is refused', async () => {
    describeAs(JSON.stringify({ ...metadata, labels: ['cat'] }));
    await expect(loadModel(folder)).rejects.toThrow("classNames: must be as many as the model's outputs");
  });

  it('keeps the names that its user gave it', async () => {
    const model = exported();
    model.classNames = ['left', 'right'];
    await saveLayersModel(model, folder);
    describeAs(JSON.stringify(metadata));
    expect((await loadModel(folder)).classNames).toEqual(['left', 'right']);
  });
});

it('another model isn’t asked for the file', async () => {
  await saveLayersModel(sequential([dense({ units: 2, inputShape: [8] })]), folder);
  describeAs(JSON.stringify(metadata));
  expect(await notesOf()).toEqual(NONE);
});
