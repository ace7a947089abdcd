/** What the page says of files that are of no use there: in its own words, in both languages, and none of a programmer's. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { dense, encodeKeras, input, model } from '../../src/index.ts';
import { english as first } from '../../src/page/messages/en.ts';
import { later } from '../../src/page/messages/later-en.ts';
import { portuguese } from '../../src/page/messages/pt.ts';
import type { Messages } from '../../src/page/messages.ts';
import { fileReason } from '../../src/page/parts/file-reasons.ts';
import { modelOfFiles } from '../../src/page/work/any-model.ts';
import { expectClassifier, OwnClasses } from '../../src/page/work/own-classes.ts';

const english = { ...first, ...later, text: portuguese.text } as Messages;
const fixture = (path: string) => readFileSync(new URL(`../../fixtures/${path}`, import.meta.url));
const flat = input({ shape: [4] });
const vector = encodeKeras(model({ inputs: flat, outputs: dense({ units: 3 }).apply(flat) }), 'flat.keras');
const photo = input({ shape: [8, 8, 3] });
const unsaid = encodeKeras(
  model({ inputs: photo, outputs: dense({ units: 3 }).apply(photo) }),
  'photo.keras',
);
const text = (value: unknown) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
const keras = fixture('keras-files/sequential.keras');
const h5 = fixture('keras-files/sequential.h5');
const lstm = { class_name: 'LSTM', config: { units: 3, name: 'l', batch_input_shape: [null, 5, 3] } };
const layers = {
  format: 'layers-model',
  modelTopology: { class_name: 'Sequential', config: { name: 's', layers: [lstm] } },
  weightsManifest: [],
};

type Made = readonly [name: string, bytes: Uint8Array];
/** Whether a file is to be tried, or to learn on. */
type Use = 'try' | 'base';

async function reasonOf(made: readonly Made[], use: Use): Promise<readonly string[]> {
  const files = made.map(([name, bytes]) => new File([Uint8Array.from(bytes)], name));
  try {
    const found = await modelOfFiles(files);
    if (use === 'base') OwnClasses.ofPhotos(found);
    else expectClassifier(found);
  } catch (error) {
    const words = fileReason(error, files, () => String(error));
    return [words(english), words(portuguese)];
  }
  return [];
}

describe('a file that is of no use to the page', () => {
  it.each<[why: string, made: readonly Made[], use: Use, en: RegExp, pt: RegExp]>([
    ['is empty', [['x.keras', text('')]], 'base', /no network that this page can read/, /não é uma rede/],
    ['is a photo', [['a.jpg', text('\xff\xd8\xff')]], 'base', /ends in \.keras/, /termine em \.keras/],
    ['is a page of a server', [['x.h5', text('<!doctype html>')]], 'try', /no network/, /não é uma rede/],
    ['is the half of a .keras', [['x.keras', keras.subarray(0, 9000)]], 'try', /cut short/, /cortado/],
    ['is the half of an .h5', [['x.h5', h5.subarray(0, 20_000)]], 'try', /cut short/, /cortado/],
    ['is broken JSON', [['model.json', text('{"a":')]], 'try', /damaged/, /danificado/],
    [
      'has only weights',
      [['w.h5', fixture('keras-files/sequential.weights.h5')]],
      'try',
      /without its/,
      /sem as/,
    ],
    ['has no layers', [['w.npz', fixture('exchange/numpy.npz')]], 'base', /whole network/, /rede inteira/],
    [
      'can’t learn',
      [['model.json', text({ format: 'graph-model', modelTopology: {} })]],
      'base',
      /only be run/,
      /só pode/,
    ],
    [
      'lacks others',
      [['model.json', fixture('exchange/tfjs/model.json')]],
      'try',
      /all of them at once/,
      /todos de/,
    ],
    [
      'has layers that degelo lacks',
      [['model.json', text(layers)]],
      'base',
      /can’t work with/,
      /não trabalha/,
    ],
    ['takes numbers', [['flat.keras', vector]], 'try', /flat\.keras takes neither/, /nem desenhos/],
    ['takes no photos', [['x.keras', keras]], 'base', /doesn’t take photos/, /não recebe fotos/],
    ['gives no classes', [['photo.keras', unsaid]], 'try', /doesn’t tell classes/, /não distingue/],
    ['says nothing of colours', [['photo.keras', unsaid]], 'base', /photo’s colours/, /cores de uma foto/],
  ])('that %s is told so, with what to do', async (_, made, use, en, pt) => {
    const said = await reasonOf(made, use);
    expect(said).toHaveLength(2);
    expect(said[0]).toMatch(en);
    expect(said[1]).toMatch(pt);
    for (const line of said) {
      expect(line).toContain(made[0][0]);
      expect(line).not.toMatch(/await|\w\(\w|\bdtype\b|got \[|expected \[/);
    }
  });

  it('is too large, or gone, where the browser says so', () => {
    const files = [{ name: 'big.h5' }];
    const said = (error: unknown) => fileReason(error, files, () => 'something else')(english);
    expect(said(new RangeError('Array buffer allocation failed'))).toMatch(/^big\.h5 needs more memory/);
    expect(said(new DOMException('The requested file could not be read', 'NotReadableError'))).toMatch(
      /again$/,
    );
    expect(said(new TypeError('error loading dynamically imported module'))).toBe('something else');
  });

  it('is called by the name of the one that says what the others are, where there are many', () => {
    const files = ['group1-shard1of2', 'group1-shard2of2', 'model.json'].map((name) => ({ name }));
    const error = new RangeError("darknet: this network doesn't say what it wants of pixels");
    expect(fileReason(error, files, () => '')(english)).toMatch(/^model\.json doesn’t say/);
  });
});
