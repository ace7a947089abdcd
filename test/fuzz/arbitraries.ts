/** How whole files become wrong ones: fields that lie, damaged bytes, JSON with another piece in it. */
import fc from 'fast-check';

/** `valid` so many times as often as something wild. */
export function mostly<T>(valid: T, wild: fc.Arbitrary<T>, weight = 12): fc.Arbitrary<T> {
  return fc.oneof({ weight, arbitrary: fc.constant(valid) }, { weight: 1, arbitrary: wild });
}

/** Other values for none of these fields, two times in three, or for one to three of them. */
export function lies<T extends object>(
  fields: { [K in keyof T]: fc.Arbitrary<T[K]> },
): fc.Arbitrary<Partial<T>> {
  // Object.entries forgets which value belongs to which key; each pair here is of its own field.
  const pairs = Object.entries<fc.Arbitrary<unknown>>(fields).map(([name, wild]) =>
    wild.map((value) => [name, value]),
  );
  const some = fc.array(fc.oneof(...pairs), { minLength: 1, maxLength: 3 });
  return mostly<unknown[][]>([], some, 2).map((chosen) => Object.fromEntries(chosen) as Partial<T>);
}

const LIMITS = [
  0,
  1,
  2,
  3,
  7,
  8,
  0x7f,
  0x80,
  0xff,
  0x100,
  0x7fff,
  0x8000,
  0xffff,
  0x10000,
  2 ** 28,
  2 ** 28 + 1,
];
const LARGE_LIMITS = [2 ** 31, 2 ** 32 - 1, 2 ** 32, 10 ** 10, 2 ** 53 - 1, 2 ** 53];

/** Numbers at which fields of so many bytes go wrong; of eight bytes only those that a number can hold. */
export function wildNumber(bytes: 1 | 2 | 4 | 8): fc.Arbitrary<number> {
  const most = Math.min(2 ** (8 * bytes), 2 ** 60) - 1;
  const limits = [...LIMITS, ...LARGE_LIMITS, most, most - 1, (most + 1) / 2].filter(
    (limit) => limit <= most,
  );
  return fc.oneof(fc.constantFrom(...limits), fc.nat(Math.min(most, 0x7fffffff)));
}

/** A whole number from 0 to 2^60 as so many bytes; higher ones are lost where it has more. */
export function littleEndian(value: number, bytes: number): Uint8Array {
  const field = new Uint8Array(bytes);
  for (let i = 0, rest = value; i < bytes; i++, rest = Math.floor(rest / 256)) field[i] = rest % 256;
  return field;
}

export function bigEndian(value: number, bytes: number): Uint8Array {
  return littleEndian(value, bytes).reverse();
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  // Out of the Buffer that it is, which shares its memory with others.
  return new Uint8Array(Buffer.concat(parts));
}

export function utf8(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text));
}

export function latin1(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'latin1'));
}

/** A file; one time in five with one to three accidents. */
export function damaged(file: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Uint8Array> {
  const accidents = fc.array(accident, { minLength: 1, maxLength: 3 });
  return fc
    .tuple(file, mostly<Accident[]>([], accidents, 4))
    .map(([bytes, happened]) => happened.reduce(afterAccident, bytes));
}

interface Accident {
  readonly kind: 'set' | 'flip' | 'cut' | 'append' | 'repeat' | 'remove' | 'swap';
  readonly at: number;
  readonly length: number;
  readonly byte: number;
}

const accident: fc.Arbitrary<Accident> = fc.record({
  kind: fc.constantFrom('set', 'flip', 'cut', 'append', 'repeat', 'remove', 'swap'),
  at: fc.nat(0xffffff),
  length: fc.oneof(fc.integer({ min: 1, max: 8 }), fc.nat(1000)),
  byte: fc.oneof(fc.constantFrom(0, 1, 0x7f, 0x80, 0xff), fc.nat(255)),
});

function afterAccident(bytes: Uint8Array, { kind, at, length, byte }: Accident): Uint8Array {
  const from = at % (bytes.length + 1);
  const before = bytes.subarray(0, from);
  const piece = bytes.subarray(from, from + length);
  const after = bytes.subarray(from + length);
  switch (kind) {
    case 'set':
      return concat(before, new Uint8Array(piece.length).fill(byte), after);
    case 'flip':
      return concat(
        before,
        piece.map((value) => value ^ (1 << (byte & 7))),
        after,
      );
    case 'cut':
      return before;
    case 'append':
      return concat(bytes, new Uint8Array(length).fill(byte));
    case 'repeat':
      return concat(before, piece, piece, after);
    case 'remove':
      return concat(before, after);
    case 'swap':
      return concat(before, after, piece);
  }
}

/** Names that are more than names somewhere. */
export const wildNames: readonly string[] = [
  ...['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'length'],
  ...['', '.', '..', '../x', '../../../../etc/passwd', '/etc/passwd', 'C:\\x', 'a/b'],
  ...['a\u0000b', 'a\nb\u001b[31m', 'Ⅹ\u202e\ud800', 'x'.repeat(5000)],
];

/** Pieces of JSON that aren't what a reader hopes for. */
const WILD_JSON: readonly string[] = [
  ...['null', 'true', 'false', '0', '-0', '1', '-1', '2', '3', '4', '5', '0.5', '-1e-9', '1e999', '1e308'],
  ...['1e15', '4294967295', '4294967296', '2147483648', '9007199254740991', '9007199254740992'],
  ...['9007199254740993', '18446744073709551616', '[]', '{}', '[0]', '[1]', '[-1]', '[0,0]', '[1,2,3]'],
  ...[
    '[[1]]',
    '[null]',
    '["1"]',
    '[1e15,1e15]',
    '[0,9007199254740991]',
    '[4294967295,4294967295,4294967295]',
  ],
  ...['{"length":3}', '{"name":1}', '{"toString":1,"valueOf":1}', '{"__proto__":{"polluted":1}}'],
  ...[
    '{"constructor":{"prototype":{"polluted":1}}}',
    'NaN',
    'Infinity',
    'undefined',
    "'x'",
    '01',
    '+1',
    '1.',
  ],
  ...['.5', '\u0000', '//', ',', ':', '{', '}', '[', ']', '"', '"\\', '"\\ud800"', '"\\u0000"', '\ufeff'],
  ...['['.repeat(31) + ']'.repeat(31), '['.repeat(40) + ']'.repeat(40), '{"a":'.repeat(40)],
  ...['"float32"', '"F32"', '"F64"', '"F16"', '"I64"', '"valid"', '"same"', '"relu"', '"softmax"', '"sgd"'],
  ...wildNames.map((name) => JSON.stringify(name)),
];

/** What a piece of JSON text can suffer. */
interface Edit {
  readonly kind: 'value' | 'number' | 'key' | 'twice' | 'drop' | 'insert';
  readonly at: number;
  readonly piece: string;
}

const edit: fc.Arbitrary<Edit> = fc.record({
  kind: fc.constantFrom('value', 'value', 'number', 'number', 'key', 'twice', 'drop', 'insert'),
  at: fc.nat(0xffff),
  piece: fc.oneof(
    { weight: 9, arbitrary: fc.constantFrom(...WILD_JSON) },
    { weight: 1, arbitrary: fc.integer().map(String) },
  ),
});

const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|[a-z]+|[{}[\],:]/g;

/**
 * JSON text; as often as not with one to three of its pieces replaced, renamed, left out or said twice.
 * @param weight times that it is as it was for each time that it isn't
 */
export function edited(json: string, weight = 1): fc.Arbitrary<string> {
  const tokens = json.match(TOKEN) ?? [];
  const where = (is: (token: string, next: string) => boolean): number[] =>
    [...tokens.keys()].filter((i) => is(tokens[i], tokens[i + 1] ?? ''));
  const keys = where((_, next) => next === ':');
  const all = where(() => true);
  const places: Readonly<Record<Edit['kind'], readonly number[]>> = {
    value: where((token, next) => next !== ':' && /^["\w-]/.test(token)),
    number: where((token) => /^-?\d/.test(token)),
    key: keys,
    twice: keys,
    drop: all,
    insert: all,
  };
  return mostly<Edit[]>([], fc.array(edit, { minLength: 1, maxLength: 3 }), weight).map((edits) => {
    if (edits.length === 0) return json;
    const text = [...tokens];
    for (const { kind, at, piece } of edits) {
      const choices = places[kind];
      if (choices.length === 0) continue;
      const place = choices[at % choices.length];
      if (kind === 'drop') text[place] = '';
      else if (kind === 'insert') text[place] += piece;
      else if (kind === 'twice') text[place] = `${text[place]}:${piece},${text[place]}`;
      else text[place] = piece;
    }
    return text.join('');
  });
}

/** Text that is nested deeper than any stack, in place of `json`: rarely, because it is long. */
export function mostlyShallow(json: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.oneof({ weight: 2000, arbitrary: json }, { weight: 1, arbitrary: abyss });
}

const abyss: fc.Arbitrary<string> = fc
  .tuple(
    fc.constantFrom(['[', ']'], ['{"a":', '}'], ['[{"a":', '}]'], ['{"__metadata__":', '}']),
    fc.constantFrom(1_000, 10_000, 50_000),
    fc.boolean(),
  )
  .map(([[open, close], levels, closed]) => `${open.repeat(levels)}1${closed ? close.repeat(levels) : ''}`);
