import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { npyHeader, parseNpy } from '../../src/data/npy.ts';
import { bytesOf, dataError, npy } from './files.ts';

// The tests' machine is little-endian, as all that run them are, so a typed array's bytes are the file's.
const WRITERS = {
  '|u1': (values: number[]) => Uint8Array.from(values),
  '<u1': (values: number[]) => Uint8Array.from(values),
  '|i1': (values: number[]) => Int8Array.from(values),
  '<u2': (values: number[]) => Uint16Array.from(values),
  '<i2': (values: number[]) => Int16Array.from(values),
  '<u4': (values: number[]) => Uint32Array.from(values),
  '<i4': (values: number[]) => Int32Array.from(values),
  '<u8': (values: number[]) => BigUint64Array.from(values.map((value) => BigInt.asUintN(64, BigInt(value)))),
  '<i8': (values: number[]) => BigInt64Array.from(values.map(BigInt)),
  '<f4': (values: number[]) => Float32Array.from(values),
  '<f8': (values: number[]) => Float64Array.from(values),
};

/** As `numpy.save` (2.4) wrote numpy.array([[1, -2, 3]], dtype='<i2'). */
const FROM_NUMPY =
  'k05VTVBZAQB2AHsnZGVzY3InOiAnPGkyJywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDEsIDMpLCB9ICAgICAg' +
  'ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoBAP7/AwA=';

describe('parseNpy', () => {
  it('reads what NumPy wrote', () => {
    expect(parseNpy(Buffer.from(FROM_NUMPY, 'base64'), 'a.npy')).toStrictEqual({
      shape: [1, 3],
      descr: '<i2',
      data: Int16Array.of(1, -2, 3),
    });
  });

  const inFortranOrder = (shape: readonly number[]) => {
    const count = shape.reduce((product, size) => product * size, 1);
    const header = `{'descr': '|u1', 'fortran_order': True, 'shape': (${shape}), }`;
    const file = new Uint8Array(10 + header.length + count);
    file.set(Buffer.from(`\x93NUMPY\x01\x00${String.fromCharCode(header.length)}\0${header}`, 'latin1'));
    return file;
  };

  it('refuses more numbers in Fortran order than can be brought into the other in a second or two', () => {
    const count = 2 ** 26 + 2;
    expect(dataError(() => parseNpy(inFortranOrder([2, count / 2]), 'x.npy')).message).toBe(
      `x.npy: too large for Fortran's order: expected at most ${2 ** 26} numbers, got ${count} (numpy.ascontiguousarray gives the other one)`,
    );
  });

  it('refuses fewer of five dimensions or more, where those of 1 count as none, but as many as it says', () => {
    const long = 2 ** 18;
    const message = `expected at most ${2 ** 22} numbers, got ${2 ** 22 + 16}`;
    expect(dataError(() => parseNpy(inFortranOrder([2, 2, 2, 2, long + 1]), 'x.npy')).message).toContain(
      message,
    );
    for (const shape of [
      [2, 2, 2, 2, long],
      [2, 2, 1, 4, long + 1],
    ]) {
      expect(parseNpy(inFortranOrder(shape), 'x.npy').shape).toEqual(shape);
    }
  });

  it('gives row-major numbers of a file in Fortran order, whose first index changes fastest', () => {
    // numpy.asfortranarray(numpy.arange(24).reshape(2, 1, 3, 4)): element (a, 0, b, c) at a + 2·b + 6·c.
    const inFile = Array.from(
      { length: 24 },
      (_, at) => 12 * (at % 2) + 4 * (Math.floor(at / 2) % 3) + Math.floor(at / 6),
    );
    const rowMajor = Array.from({ length: 24 }, (_, i) => i);
    const shape = [2, 1, 3, 4];
    for (const [descr, write] of [
      ['|u1', WRITERS['|u1']],
      ['<f4', WRITERS['<f4']],
    ] as const) {
      const file = npy(descr, shape, bytesOf(write(inFile)), { fortran: true });
      expect(parseNpy(file, 'a.npy')).toStrictEqual({ shape, descr, data: write(rowMajor) });
    }
    const vector = npy('|u1', [3], Uint8Array.of(1, 2, 3), { fortran: true });
    expect([...parseNpy(vector, 'a.npy').data]).toEqual([1, 2, 3]);
    const manyDimensions = npy('|u1', Array(2000).fill(1), Uint8Array.of(7), { fortran: true });
    expect([...parseNpy(manyDimensions, 'a.npy').data]).toEqual([7]);
  });

  for (const [descr, write] of Object.entries(WRITERS)) {
    it(`reads what was written as ${descr}, in versions 1 to 3, aligned or not`, () => {
      fc.assert(
        fc.property(
          fc.array(fc.integer({ min: -(2 ** 31), max: 2 ** 32 - 1 }), { maxLength: 12 }),
          fc.constantFrom(1, 2, 3),
          fc.constantFrom(1, 16, 64),
          (integers, major, pad) => {
            // u8 wraps negative numbers to beyond 2^53, where doubles have gaps; elsewhere wrapping is exact.
            const values = write(descr === '<u8' ? integers.map(Math.abs) : integers);
            const parsed = parseNpy(npy(descr, [values.length], bytesOf(values), { major, pad }), 'a.npy');
            expect(parsed.shape).toEqual([values.length]);
            expect(parsed.descr).toBe(descr);
            expect(Array.from(parsed.data)).toEqual(Array.from(values, Number));
          },
        ),
        { numRuns: 50 },
      );
    });
  }

  it('keeps any shape, that of a scalar too', () => {
    for (const shape of [[], [0], [4], [2, 3], [1, 2, 3, 4]]) {
      const size = shape.reduce((product, d) => product * d, 1);
      expect(parseNpy(npy('|u1', shape, new Uint8Array(size)), 'a.npy').shape).toEqual(shape);
    }
  });

  it('does not copy bytes', () => {
    const file = npy('|u1', [3], Uint8Array.of(1, 2, 3));
    expect(parseNpy(file, 'a.npy').data.buffer).toBe(file.buffer);
  });

  it('refuses a file cut off at any byte, and one with a byte more', () => {
    const file = npy('<i4', [2, 2], new Uint8Array(16));
    for (let length = 0; length < file.length; length++) {
      const { message } = dataError(() => parseNpy(file.subarray(0, length), 'a.npy'));
      if (length >= 6) expect(message).toContain('a.npy: truncated: ');
      // The header's length is known from its first 12 bytes on.
      if (length >= 6 && length < 128)
        expect(message).toContain(`of ${length < 12 ? 12 : 128} bytes, got ${length} `);
    }
    expect(dataError(() => parseNpy(Uint8Array.from([...file, 0]), 'a.npy')).message).toBe(
      'a.npy: too long: header promises shape (2, 2) of <i4 (144 bytes), got 145 bytes',
    );
  });

  it('refuses sizes beyond all memory without allocating them', () => {
    const { message } = dataError(() => parseNpy(npy('<f8', [2 ** 40, 2 ** 40], new Uint8Array(8)), 'a.npy'));
    expect(message).toContain(
      'a.npy: truncated: header promises shape (1099511627776, 1099511627776) of <f8',
    );
    expect(dataError(() => parseNpy(npy('|u1', [10 ** 20], new Uint8Array(8)), 'a.npy')).message).toContain(
      'expected whole numbers as shape',
    );
  });

  it('refuses other files, versions, orders and types, in its own words', () => {
    const one = Uint8Array.of(1);
    const message = (bytes: Uint8Array) => dataError(() => parseNpy(bytes, 'a.npy')).message;
    expect(message(Buffer.from('PK\x03\x04 something else'))).toContain('wrong magic number');
    expect(message(npy('|u1', [1], one, { major: 4 }))).toBe(
      'a.npy: unknown NPY version: expected 1, 2 or 3, got 4',
    );
    for (const descr of ['>i4', '|O', '<f2', '|b1', '<U3', '<c8', 'toString', '__proto__']) {
      expect(message(npy(descr, [1], one))).toBe(
        `a.npy: element type must be |u1, |i1, <u2, <i2, <u4, <i4, <u8, <i8, <f4 or <f8: got "${descr}"`,
      );
    }
  });

  it('refuses a header without its three entries, and one longer than NumPy would read', () => {
    const structured = npy("|u1', 'x': '", [1], Uint8Array.of(1));
    expect(parseNpy(structured, 'a.npy').descr).toBe('|u1'); // unknown entries don't matter
    const text = (from: string, to: string) =>
      Buffer.from(
        Buffer.from(npy('|u1', [1], Uint8Array.of(1)))
          .toString('latin1')
          .replace(from, to),
        'latin1',
      );
    for (const key of ['descr', 'fortran_order', 'shape']) {
      const { message } = dataError(() => parseNpy(text(key, key.replace(/./g, 'x')), 'a.npy'));
      expect(message).toContain('a.npy: unreadable header: expected descr, fortran_order and shape');
    }
    const withHeaderOf = (size: number) => {
      const file = npy('|u1', [1], Uint8Array.of(1), { pad: 16384 });
      file[8] = size & 255;
      file[9] = size >> 8;
      return file.subarray(0, 10 + size + 1);
    };
    expect(parseNpy(withHeaderOf(10000), 'a.npy').shape).toEqual([1]);
    const long = npy('|u1', [1], Uint8Array.of(1), { pad: 16384 });
    expect(dataError(() => parseNpy(long, 'a.npy')).message).toBe(
      'a.npy: header too long: expected at most 10000 bytes, got 16374',
    );
  });
});

describe('npyHeader', () => {
  it('is what NumPy writes, to the byte, at least up to padding; the numbers begin at a multiple of 64', () => {
    const header = npyHeader('<i2', [1, 3]);
    expect(header).toEqual(new Uint8Array(Buffer.from(FROM_NUMPY, 'base64')).subarray(0, -6));
    fc.assert(
      fc.property(fc.array(fc.nat(5), { maxLength: 40 }), (shape) => {
        const start = npyHeader('<f4', shape);
        expect(start.length % 64).toBe(0);
        const count = shape.reduce((product, d) => product * d, 1);
        if (count > 1e4) return;
        const file = new Uint8Array(start.length + 4 * count);
        file.set(start);
        expect(parseNpy(file, 'a.npy')).toStrictEqual({ shape, descr: '<f4', data: new Float32Array(count) });
      }),
    );
  });
});
