/** Safetensors files: an edited header before numbers that mostly fit. */
import fc from 'fast-check';
import {
  concat,
  damaged,
  edited,
  lies,
  littleEndian,
  mostlyShallow,
  utf8,
  wildNumber,
} from '../arbitraries.ts';

const FILES: readonly (readonly [header: object, bytes: number])[] = [
  [{}, 0],
  [{ a: { dtype: 'F32', shape: [2, 3], data_offsets: [0, 24] } }, 24],
  [
    {
      __metadata__: { format: 'x', y: 'z' },
      a: { dtype: 'F64', shape: [], data_offsets: [0, 8] },
      b: { dtype: 'F32', shape: [0, 5], data_offsets: [8, 8] },
      'c/d': { dtype: 'F32', shape: [4], data_offsets: [8, 24] },
    },
    24,
  ],
  [
    {
      z: { dtype: 'F32', shape: [1], data_offsets: [4, 8] },
      y: { dtype: 'F32', shape: [1], data_offsets: [0, 4] },
    },
    8,
  ],
];

/** Files of any tensors. */
export const safetensors: fc.Arbitrary<Uint8Array> = fc.oneof(
  ...FILES.map(([header, bytes]) =>
    safetensorsOf(mostlyShallow(edited(JSON.stringify(header))), new Uint8Array(bytes).fill(0x3f)),
  ),
);

/** A file's header, and the numbers after it. */
export function partsOf(file: Uint8Array): { header: string; numbers: Uint8Array } {
  const end = 8 + Number(Buffer.from(file).readBigUInt64LE());
  return { header: Buffer.from(file.subarray(8, end)).toString(), numbers: file.slice(end) };
}

/** Files with one of these headers and, more or less, these numbers. */
export function safetensorsOf(header: fc.Arbitrary<string>, numbers: Uint8Array): fc.Arbitrary<Uint8Array> {
  const file = lies({
    length: wildNumber(8),
    padding: fc.nat(9),
    numbers: fc.constantFrom(
      numbers.slice(1),
      numbers.slice(4),
      concat(numbers, numbers),
      numbers.map(() => 0xff), // NaN
      numbers.map((_, i) => [0, 0, 0x80, 0x7f][i % 4]), // infinity in float32
    ),
  });
  return damaged(
    fc.tuple(header, file).map(([text, lie]) => {
      const json = utf8(text + ' '.repeat(lie.padding ?? 0));
      return concat(littleEndian(lie.length ?? json.length, 8), json, lie.numbers ?? numbers);
    }),
  );
}
