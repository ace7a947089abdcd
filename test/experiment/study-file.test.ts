import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { indexOfFile } from '../../src/experiment/cells.ts';
import { cellFile, encodeCell, encodeStudy, parseCell, parseStudy } from '../../src/experiment/study-file.ts';
import { FormatError } from '../../src/formats/errors.ts';
import { cellOf, STUDY } from './study-cells.ts';

const record = cellOf(STUDY, 13);
const bytes = await encodeCell(record);
const text = new TextDecoder().decode(bytes);
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

/** With the checksum made again. */
function signed(text: string): Uint8Array {
  const zeros = text.replace(/"sha256": "[0-9a-f]{64}"/, `"sha256": "${'0'.repeat(64)}"`);
  const digits = createHash('sha256').update(zeros).digest('hex');
  return utf8(zeros.replace('0'.repeat(64), digits));
}

async function messageOf(file: Uint8Array): Promise<string> {
  const error: unknown = await parseCell(file, 'file').catch((error) => error);
  expect(error).toBeInstanceOf(FormatError);
  return (error as FormatError).message;
}

describe('a cell’s file', () => {
  it('gives the cell back, diverged trainings too', async () => {
    expect(await parseCell(bytes, 'file')).toEqual(record);
    const { figures } = record;
    const conditions = { ...figures.conditions, scratch: { diverged: true } } as const;
    const diverged = { ...record, figures: { ...figures, source: { diverged: true }, conditions } } as const;
    expect(await parseCell(await encodeCell(diverged), 'file')).toEqual(diverged);
  });

  it('is refused with any bit changed and at any length but its own', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(8 * bytes.length - 1), fc.nat(bytes.length - 1), async (bit, length) => {
        const flipped = bytes.slice();
        flipped[bit >> 3] ^= 1 << (bit & 7);
        expect(await messageOf(flipped)).toMatch(/^file: damaged/);
        expect(await messageOf(bytes.subarray(0, length))).toMatch(/^file: damaged/);
      }),
    );
  });

  it.each([
    ['"degelo-study-cell"', '"other"', 'format must be "degelo-study-cell", got "other"'],
    ['"formatVersion": 1', '"formatVersion": 2', 'formatVersion must be 1, got 2'],
    ['"index": 13', '"index": 16', 'cell.index must be an integer below 16, got 16'],
    ['"index": 13', '"index": 12', 'cell.samples_per_digit must be "all", got 3'],
    ['"direction": "reverse"', '"direction": "forward"', 'cell.direction must be "reverse", got "forward"'],
    ['"kernel": "strict"', '"kernel": "x"', 'study.kernel must be "strict" or "fma", got "x"'],
    ['"seeds": 2', '"seeds": 0', 'study.seeds must be an integer ≥ 1, got 0'],
    ['"seeds": 2', '"seeds": 1e15', 'study.cells must be at most 1000000, got 8000000000000000'],
    ['"forward",', '"up",', 'study.directions must be a list of directions, got ["up","reverse"]'],
    ['"all",', '"some",', 'study.samples must be a list of numbers and "all", got ["some",3]'],
    [
      '"source_classes": [',
      '"source_classes": [0,',
      'study.targetClasses: must be as many as sourceClasses, since the classifier stays: expected 6, got 5',
    ],
    [
      '"target_classes": [',
      '"target_classes": [-1,',
      'study.target_classes must be a list of classes, got [-1,0,1,2,3,4]',
    ],
    ['"epochs": 1', '"epochs": "1"', 'study.epochs must be an integer ≥ 0, got "1"'],
    ['"steps": 4', '"steps": -4', 'figures.steps must be an integer ≥ 0, got -4'],
    ['"accuracy": 0.06', '"accuracy": 6', 'figures.source.accuracy must be a number from 0 to 1, got 6'],
    [
      '"scratch": {\n        "test"',
      '"scratches": {\n        "test"',
      'figures.conditions.scratch must be an object, got nothing',
    ],
    ['"threads": 1', '"threads": null', 'origin.threads must be an integer ≥ 0, got null'],
    ['"source": 13', '"source": -13', 'origin.seconds.source must be a number ≥ 0, got -13'],
  ])('with %s made %s is refused', async (from, to, message) => {
    expect(text).toContain(from);
    expect(await messageOf(signed(text.replace(from, to)))).toBe(`file: ${message}`);
  });

  it('has a name from which its cell is known', () => {
    expect(cellFile(17)).toBe('cell-000017.json');
    expect(indexOfFile(cellFile(999_999))).toBe(999_999);
    for (const name of ['cell-17.json', 'cell-000017.json~', '.cell-000017.json.x.partial', 'study.json']) {
      expect(indexOfFile(name)).toBe(null);
    }
  });
});

describe('study.json', () => {
  it('gives the study back', () => {
    expect(parseStudy(utf8(encodeStudy(STUDY)), 'study.json')).toEqual(STUDY);
  });

  it.each([
    ['{', /^study\.json: damaged JSON/],
    ['{}', /^study\.json: data must be an object, got nothing$/],
    [encodeStudy({ ...STUDY, samples: [] }), /^study\.json: samples must hold one value at least, got none$/],
  ])('is refused where it is %s', (text, message) => {
    expect(() => parseStudy(utf8(text), 'study.json')).toThrow(message);
  });
});
