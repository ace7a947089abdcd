/** A fine-tuning's result and details, read from files that may come from anywhere. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseFinetuneDetails } from '../../src/experiment/finetune/read-details.ts';
import { parseFinetuneResult } from '../../src/experiment/finetune/read-result.ts';
import { readFinetuning } from '../../src/experiment/finetune/saved.ts';
import { FormatError } from '../../src/formats/errors.ts';
import { degeloHere } from '../cli/degelo.ts';
import { temporaryFolder } from '../temporary.ts';
import { photoFolder, tinyBase } from './photos.ts';

type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };
type Place = readonly (string | number)[];

const folder = temporaryFolder();
const out = join(folder, 'run');
/** What the command wrote, as objects. */
let saved: { readonly 'result.json': Json; readonly 'details.json': Json };

beforeAll(async () => {
  const images = photoFolder(join(folder, 'fruit'), { apple: 5, plum: 5 });
  writeFileSync(join(images, 'plum', 'notes.jpg'), 'no photo');
  const base = join(folder, 'base');
  await tinyBase().save(base);
  // At such a rate it learns nothing: there are mistakes to show.
  const args = ['--epochs', '1', '--threads', '1', '--learning-rate', '1e-9', '--skip-bad'];
  const { code } = await degeloHere(
    ...['finetune', '--base', base, '--images', images, '--out', out],
    ...[...args, '--thaw', 'two', '--thaw-epochs', '1', '--thaw-learning-rate', '1e-9'],
  );
  expect(code).toBe(0);
  const read = (file: string): Json => JSON.parse(readFileSync(join(out, file), 'utf8'));
  saved = { 'result.json': read('result.json'), 'details.json': read('details.json') };
});

const bytesOf = (value: Json): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
const parseResult = (value: Json) => parseFinetuneResult(bytesOf(value), 'result.json');
const parseDetails = (value: Json) =>
  parseFinetuneDetails(bytesOf(value), 'details.json', parseResult(saved['result.json']));

/** Every place in a value, and what is there. */
function* placesIn(value: Json, place: Place = []): Generator<Place> {
  if (place.length > 0) yield place;
  if (value === null || typeof value !== 'object') return;
  for (const [name, part] of Object.entries(value)) {
    yield* placesIn(part, [...place, Array.isArray(value) ? Number(name) : name]);
  }
}

/** A copy with something else at a place. */
function changed(value: Json, [name, ...rest]: Place, to: Json): Json {
  const copy = structuredClone(value) as Record<string | number, Json>;
  copy[name] = rest.length === 0 ? to : changed(copy[name], rest, to);
  return copy;
}

describe('a saved fine-tuning', () => {
  it('is read as it was written', async () => {
    const { result, details } = await readFinetuning(out);
    expect(result).toEqual(saved['result.json']);
    expect(details).toEqual(saved['details.json']);
    expect(details.mistakes.length).toBeGreaterThan(0);
    expect(details.skipped).toHaveLength(1);
  });

  it('has no second phase where nothing was thawed', () => {
    const alone = changed(saved['result.json'], ['thawed'], null);
    expect(parseResult(alone).thawed).toBe(null);
    const details = changed(saved['details.json'], ['confusion', 'thawed'], null);
    expect(parseFinetuneDetails(bytesOf(details), 'd', parseResult(alone)).confusion.thawed).toBe(null);
  });

  it.each([
    ['result.json', parseResult],
    ['details.json', parseDetails],
  ] as const)('%s: a wrong kind of value anywhere is refused, with the file and the place', (file, parse) => {
    const places = [...placesIn(saved[file])];
    expect(places.length).toBeGreaterThan(40);
    for (const place of places) {
      const wrong = changed(saved[file], place, { wrong: true });
      const [first] = place;
      expect(() => parse(wrong), place.join('.')).toThrow(FormatError);
      expect(() => parse(wrong), place.join('.')).toThrow(file);
      if (first !== 'command') expect(() => parse(wrong), place.join('.')).toThrow(String(first));
    }
  });

  it.each<[keyof typeof saved, Place, Json, string]>([
    ['result.json', ['command'], 'transfer', 'this is not a result of degelo finetune'],
    ['result.json', ['classes'], ['apple'], 'classes must be a list of names, two or more'],
    ['result.json', ['data', 'skipped'], -1, 'data.skipped must be a number ≥ 0'],
    ['result.json', ['samples_by_class', 'test'], [1], 'must be a list of 2 integers ≥ 0'],
    ['result.json', ['options', 'thaw'], -1, 'options.thaw must be null, a number or a name'],
    ['result.json', ['options', 'epochs'], 7, 'head'],
    ['details.json', ['confusion', 'head'], [[1, 1]], 'confusion.head must be 2 rows of 2 integers'],
    ['details.json', ['confusion', 'head', 0], [1], 'confusion.head must be 2 rows of 2 integers'],
    ['details.json', ['finished'], 'yesterday or so', 'finished must be a time'],
    ['details.json', ['weights_sha256'], 'other', "weights_sha256 must be the result's"],
    ['details.json', ['mistakes', 0, 'label'], 2, 'mistakes[0].label must be a class'],
    ['details.json', ['mistakes', 0, 'probabilities'], [1, 2], 'must be 2 numbers from 0 to 1'],
    ['details.json', ['mistakes', 0, 'probabilities'], [1], 'must be 2 numbers from 0 to 1'],
    ['details.json', ['mistakes', 0, 'width'], 2000, 'must be an integer from 0 to 1024'],
    ['details.json', ['mistakes', 0, 'height'], -1, 'must be an integer from 0 to 1024'],
    ['details.json', ['mistakes', 0, 'pixels'], 'AAAA', 'pixels in base64'],
  ])('%s: %j may not be %j', (file, place, value, message) => {
    const parse = file === 'result.json' ? parseResult : parseDetails;
    expect(() => parse(changed(saved[file], place, value))).toThrow(message);
  });
});
