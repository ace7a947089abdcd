/** What a model says of the images that it takes. */
import { describe, expect, it } from 'vitest';
import {
  decodeModel,
  dense,
  encodeModel,
  flatten,
  type ImageInput,
  type Model,
  preprocessingOf,
  sequential,
} from '../../src/index.ts';

function forImages(channels: number, name = 'mine'): Model {
  const layers = [flatten({ inputShape: [2, 2, channels] }), dense({ units: 2 })];
  return sequential({ name, layers });
}

describe('imageInput', () => {
  it('is kept in the file, and says how photos are preprocessed, whatever the name says', async () => {
    const model = forImages(3, 'mobilenet');
    expect([model.imageInput, preprocessingOf(model)]).toEqual([null, 'tf']);
    model.imageInput = { content: 'photo', preprocessing: 'caffe' };
    const { json, weights } = await encodeModel(model);
    const loaded = await decodeModel(json, weights);
    expect(loaded.imageInput).toEqual({ content: 'photo', preprocessing: 'caffe' });
    expect(preprocessingOf(loaded)).toBe('caffe');
    model.imageInput = null;
    expect((await encodeModel(model)).json).not.toContain('imageInput');
  });

  it('may be said before the model is built', () => {
    const model = sequential([dense({ units: 2 })]);
    model.imageInput = { content: 'digit', preprocessing: 'torch' };
    expect(model.imageInput.content).toBe('digit');
  });

  it.each([
    [1, 'photo', TypeError, "expected { content: 'photo'"],
    [1, { content: 'foto', preprocessing: 'unit' }, RangeError, "must be one of photo, digit, got 'foto'"],
    [1, { content: 'photo', preprocessing: 'raw' }, RangeError, 'preprocessing must be one of none, unit'],
    [1, { content: 'photo' }, RangeError, 'preprocessing must be one of none, unit'],
    [1, { content: 'photo', preprocessing: 'unit', size: 3 }, RangeError, "got 'size'"],
    [1, { content: 'photo', preprocessing: 'torch' }, RangeError, 'is for colour images'],
    [3, { content: 'digit', preprocessing: 'unit' }, RangeError, "content 'digit' is for grey images"],
  ])('of %i channels is refused as %j', async (channels, wrong, kind, message) => {
    const model = forImages(channels);
    const set = (): void => {
      model.imageInput = wrong as ImageInput;
    };
    expect(set).toThrow(kind);
    expect(set).toThrow(message);
    const { json, weights } = await encodeModel(model);
    const damaged = JSON.stringify({ ...JSON.parse(json), imageInput: wrong });
    await expect(decodeModel(damaged, weights)).rejects.toThrow(/^model\.json: imageInput/);
  });
});
