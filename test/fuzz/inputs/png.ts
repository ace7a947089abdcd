/** PNG files, chunk by chunk: headers and palettes that lie, rows with other filters, bombs. */
import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { chunk, imageData, SIGNATURE } from '../../data/png-writer.ts';
import { bigEndian, concat, damaged, lies, mostly, wildNumber } from '../arbitraries.ts';

/** A dark stroke on light ground, of each colour type; it may not be of the depth that the header then says. */
const IMAGES = [
  { type: 0, depth: 1, ink: [0], paper: [1] },
  { type: 0, depth: 8, ink: [9], paper: [240] },
  { type: 0, depth: 16, ink: [900], paper: [65000] },
  { type: 2, depth: 8, ink: [1, 2, 3], paper: [250, 240, 230] },
  { type: 3, depth: 2, ink: [1], paper: [0] },
  { type: 4, depth: 8, ink: [0, 255], paper: [255, 128] },
  { type: 6, depth: 8, ink: [0, 0, 9, 255], paper: [0, 0, 0, 0] },
].flatMap(({ ink, paper, ...kind }) =>
  [false, true].map((interlaced) => {
    const samples = Array.from({ length: 30 }, (_, i) =>
      i % 5 === 2 && i > 5 && i < 24 ? ink : paper,
    ).flat();
    return { ...kind, interlaced, data: imageData({ width: 5, height: 6, ...kind, samples, interlaced }) };
  }),
);
/** Two megabytes that pack into two kilobytes. */
const BOMB = new Uint8Array(2 ** 21);

/** Exif, up to the lower byte of its orientation. */
const EXIF = [0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0];

const fields = lies({
  width: wildNumber(4),
  height: wildNumber(4),
  depth: fc.constantFrom(0, 1, 2, 3, 4, 8, 16, 255),
  type: fc.nat(7),
  method: fc.nat(2),
  filter: fc.nat(2),
  interlaced: fc.nat(2),
  palette: fc.uint8Array({ maxLength: 12 }),
  transparency: fc.uint8Array({ maxLength: 8 }),
  exif: fc.oneof(
    fc.uint8Array({ maxLength: 30 }),
    fc.nat(9).map((orientation) => Uint8Array.from([...EXIF, orientation, 0, 0])),
  ),
  other: fc.constantFrom('IHDR', 'PLTE', 'XxXx', 'iCCP', 'tEXt', '\u0000\n\u001b[', 'IEND'),
  packed: fc.uint8Array({ maxLength: 20 }),
  zeros: fc.nat(5),
});

const file: fc.Arbitrary<Uint8Array> = fc
  .record({
    image: fc.constantFrom(...IMAGES),
    lie: fields,
    row: fc.tuple(fc.nat(200), fc.nat(255)),
    isBomb: mostly(false, fc.constant(true), 300),
  })
  .map(({ image, lie, row: [at, byte], isBomb }) => {
    const { type, depth, interlaced } = image;
    const data = isBomb ? BOMB : concat(image.data, new Uint8Array(lie.zeros ?? 0));
    if (!isBomb && at < data.length) data[at] = byte;
    const rest = [lie.depth ?? depth, lie.type ?? type, lie.method ?? 0, lie.filter ?? 0];
    const header = concat(
      bigEndian(lie.width ?? 5, 4),
      bigEndian(lie.height ?? 6, 4),
      Uint8Array.from([...rest, lie.interlaced ?? Number(interlaced)]),
    );
    return concat(
      SIGNATURE,
      chunk('IHDR', header),
      ...(lie.other === undefined ? [] : [chunk(lie.other, [1, 2, 3])]),
      ...(type === 3 || lie.palette ? [chunk('PLTE', lie.palette ?? [255, 255, 255, 0, 0, 0])] : []),
      ...(lie.transparency ? [chunk('tRNS', lie.transparency)] : []),
      ...(lie.exif ? [chunk('eXIf', lie.exif)] : []),
      chunk('IDAT', lie.packed ?? deflateSync(data)),
      chunk('IEND', []),
    );
  });

export const png: fc.Arbitrary<Uint8Array> = damaged(file);
