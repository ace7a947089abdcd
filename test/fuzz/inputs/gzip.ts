/** Gzip files (RFC 1952), field by field, bombs among them. */
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { concat, damaged, lies, littleEndian, mostly, wildNumber } from '../arbitraries.ts';

const HEADER = 10;
const TRAILER = 8;

interface Parts {
  readonly size: number;
  readonly body: Uint8Array;
  readonly crc: Uint8Array;
}

const parts = (content: Uint8Array): Parts => {
  const bytes = new Uint8Array(gzipSync(content));
  return { size: content.length, crc: bytes.slice(-TRAILER, -4), body: bytes.slice(HEADER, -TRAILER) };
};

const CONTENTS = [
  new Uint8Array(0),
  Uint8Array.of(1, 2, 3),
  Uint8Array.from({ length: 3000 }, (_, i) => (i * i) >> 3),
  new Uint8Array(60_000),
].map(parts);
/** Past the limit that the harness sets: by one byte, and by seven megabytes. */
const BOMBS = [new Uint8Array(2 ** 20 + 1), new Uint8Array(2 ** 23)].map(parts);

const fields = lies({
  magic: fc.constantFrom([0x1f, 0x8c], [0x1f], []),
  method: fc.nat(255),
  flags: fc.nat(255),
  rest: fc.array(fc.nat(255), { maxLength: 12 }),
  crc: fc.constant(Uint8Array.of(1, 2, 3, 4)),
  size: wildNumber(4),
});

const content = fc.oneof(
  { weight: 300, arbitrary: fc.constantFrom(...CONTENTS) },
  { weight: 1, arbitrary: fc.constantFrom(...BOMBS) },
);

const member: fc.Arbitrary<Uint8Array> = fc
  .tuple(content, fields)
  .map(([{ size, body, crc }, lie]) =>
    concat(
      Uint8Array.from(lie.magic ?? [0x1f, 0x8b]),
      Uint8Array.of(lie.method ?? 8, lie.flags ?? 0),
      Uint8Array.from(lie.rest ?? [0, 0, 0, 0, 0, 3]),
      body,
      lie.crc ?? crc,
      littleEndian(lie.size ?? size, 4),
    ),
  );

/** One member mostly, sometimes more after it, as the format allows. */
export const gzip: fc.Arbitrary<Uint8Array> = damaged(
  fc
    .tuple(member, mostly<Uint8Array[]>([], fc.array(member, { minLength: 1, maxLength: 2 })))
    .map(([first, others]) => concat(first, ...others)),
);
