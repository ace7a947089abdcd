/** What isn't said of a layer is the same here and in Keras, in a model that is written and in one that is read (`fixtures/make-keras-defaults.py`). */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { fieldReader } from '../../src/formats/fields.ts';
import { LAYERS } from '../../src/formats/keras-layer-table.ts';
import { readKerasLayer, toKeras } from '../../src/formats/keras-layers.ts';
import * as degelo from '../../src/index.ts';

const { layers } = JSON.parse(
  readFileSync(new URL('../../fixtures/keras-defaults.json', import.meta.url), 'utf8'),
) as { layers: Record<string, { given: Record<string, unknown>; config: Record<string, unknown> }> };

const camel = (name: string): string => name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());

/** Ours, where only what must be given is. */
function ours(className: string, given: Record<string, unknown>): degelo.Layer {
  const Class = Reflect.get(degelo, className) as new (options: object) => degelo.Layer;
  return new Class(Object.fromEntries(Object.entries(given).map(([name, value]) => [camel(name), value])));
}

/** Initializers are objects there and, where they are the default, nothing here; what is drawn has no default. */
const isPlain = (value: unknown): boolean =>
  typeof value !== 'object' || value === null || Array.isArray(value);

/** No axes, and one alone, as one or as a list. */
const plain = (value: unknown): unknown =>
  Array.isArray(value) && value.length < 2 ? (value[0] ?? null) : value;

/** Of Keras 2, which writes it of all convolutions. */
const ELSEWHERE: Readonly<Record<string, unknown>> = { groups: 1 };
const SHAPES: Readonly<Record<string, readonly number[]>> = {
  Permute: [4, 2],
  GroupNormalization: [4, 4, 64],
};

describe('a layer of which only what must be given is', () => {
  it.each(Object.entries(layers))('%s: is written as Keras writes it', (className, { given, config }) => {
    const layer = ours(className, given);
    const written = toKeras({ className, config: layer.getConfig() }, null).config as Record<string, unknown>;
    const { name: _, trainable, dtype, alpha, ...others } = written;
    expect([trainable, dtype]).toEqual([true, 'float32']);
    const all = { ...others, ...(alpha !== undefined && { negative_slope: alpha }) };
    const said = Object.entries(all).filter(
      ([field, value]) => value !== undefined && isPlain(value) && !Object.hasOwn(given, field),
    );
    const theirs = said.map(([field]) => [field, plain(field in config ? config[field] : ELSEWHERE[field])]);
    expect(Object.fromEntries(said.map(([field, value]) => [field, plain(value)]))).toEqual(
      Object.fromEntries(theirs),
    );
  });

  it.each(Object.entries(layers))('%s: is read as ours', (className, { given, config }) => {
    const layer = { class_name: className, config: { name: 'it', trainable: true, ...config } };
    const read = readKerasLayer(layer, SHAPES[className] ?? [4, 4, 2], true, 'it', fieldReader('x'));
    const { name: _, ...own } = ours(className, given).getConfig();
    const { name: __, ...theirs } = ours(read.className, read.config).getConfig();
    expect(theirs).toEqual(own);
  });

  /** What Keras could do otherwise, and we can't. */
  const fixed = LAYERS.flatMap(({ className, keras = className, fixed = {}, only = {} }) =>
    keras in layers ? Object.keys({ ...fixed, ...only }).map((field) => [keras, field] as const) : [],
  );

  it.each(fixed)('%s: is refused where its %s is another than we have', (className, field) => {
    const shape = SHAPES[className] ?? [4, 4, 2];
    for (const value of ['other', -2, 99, { a: 1 }]) {
      const config = { name: 'it', trainable: true, ...layers[className].config, [field]: value };
      const read = () =>
        readKerasLayer({ class_name: className, config }, shape, true, 'it', fieldReader('x'));
      expect(read).toThrow(new RegExp(`^x: .*${field}`));
    }
  });
});
