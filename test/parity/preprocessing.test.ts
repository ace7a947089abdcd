/** What networks want of pixels, as Keras' applications say it (fixtures/make-preprocessing-fixtures.py). */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  decodeTflite,
  dense,
  flatten,
  type Preprocessing,
  preprocess,
  preprocessingOf,
  rescaling,
  sequential,
  Tensor,
} from '../../src/index.ts';

interface Stored {
  readonly shape: readonly number[];
  readonly values: string;
}
interface Fixture {
  readonly pixels: Stored;
  readonly formulas: Readonly<Record<'tf' | 'torch' | 'caffe', Stored>>;
  readonly networks: readonly {
    readonly name: string;
    readonly first: string;
    readonly mode: Preprocessing;
  }[];
}

const file = (name: string): URL => new URL(`../../fixtures/${name}`, import.meta.url);
const fixture: Fixture = JSON.parse(readFileSync(file('preprocessing.json'), 'utf8'));
const tensorOf = ({ shape, values }: Stored): Tensor =>
  new Tensor(new Float32Array(new Uint8Array(Buffer.from(values, 'base64')).buffer), shape);
const pixels = tensorOf(fixture.pixels);

/** A model of that name which begins with a layer that doesn't rescale. */
const named = (name: string) =>
  sequential({ name, layers: [flatten({ inputShape: [2, 2, 3] }), dense({ units: 1 })] });

describe('preprocess', () => {
  it.each(['tf', 'torch', 'caffe'] as const)('%s has the same bits as Keras’ preprocess_input', (mode) => {
    const before = pixels.data.slice();
    const got = preprocess(pixels, mode);
    expect(got.shape).toEqual(pixels.shape);
    expect(got.data).toEqual(tensorOf(fixture.formulas[mode]).data);
    expect(pixels.data).toEqual(before);
  });

  it('none copies, unit divides by 255, whatever the shape', () => {
    const x = new Tensor(Float32Array.of(0, 51, 255), [1, 3, 1]);
    expect(preprocess(x, 'none')).toEqual(x);
    expect(preprocess(x, 'none').data).not.toBe(x.data);
    expect(Array.from(preprocess(x, 'unit').data)).toEqual([0, Math.fround(0.2), 1]);
  });

  it('knows a formula by other capitals too, as all that is chosen by name', () => {
    expect(preprocess(pixels, 'Caffe' as Preprocessing)).toEqual(preprocess(pixels, 'caffe'));
  });

  it('refuses other formulas, other things, and grey photos where it has a number a channel', () => {
    const grey = new Tensor(new Float32Array(4), [2, 2, 1]);
    expect(() => preprocess(grey, 'caffe')).toThrow(
      'caffe is for red, green and blue: expected [height, width, 3]',
    );
    expect(() => preprocess(pixels, 'cafe' as Preprocessing)).toThrow(
      "kind must be one of none, unit, tf, torch, caffe, got 'cafe' (did you mean 'caffe'?)",
    );
    expect(() => preprocess([1] as unknown as Tensor, 'tf')).toThrow('images must be a tensor, got');
  });
});

describe('preprocessingOf', () => {
  it.each(fixture.networks)(
    'knows $name, which Keras gives $mode ($first first)',
    ({ name, first, mode }) => {
      const rescales = /^(Rescaling|Normalization|Sequential)$/.test(first);
      expect(rescales).toBe(mode === 'none');
      if (!rescales) expect(preprocessingOf(named(name))).toBe(mode);
    },
  );

  it('knows those that rescale by themselves, whatever they are called, and what they want where they don’t', () => {
    const first = rescaling({ scale: 1 / 127.5, offset: -1, inputShape: [2, 2, 3] });
    expect(preprocessingOf(sequential({ name: 'vgg16', layers: [first, flatten()] }))).toBe('none');
    expect(preprocessingOf(decodeTflite(readFileSync(file('tflite/row-int8-input.tflite'))))).toBe('none');
    expect(preprocessingOf(named('MobileNetV3Small'))).toBe('tf');
    expect(preprocessingOf(named('efficientnetv2-b0'))).toBe('tf');
  });

  it('looks into the model that another begins with', () => {
    const base = named('resnet50');
    expect(preprocessingOf(sequential({ name: 'mine', layers: [base, dense({ units: 2 })] }))).toBe('caffe');
  });

  it('says nothing of others', () => {
    expect(preprocessingOf(named('sequential'))).toBeUndefined();
    expect(preprocessingOf(named('efficientnetb0'))).toBeUndefined();
    expect(() => preprocessingOf('vgg16' as never)).toThrow('preprocessingOf: expected a model, got');
  });
});
