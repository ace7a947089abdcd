/** JPEG files, segment by segment: frames that lie, tables of others, scans too many, bytes that mean nothing. */
import fc from 'fast-check';
import { fixtures, fromBase64 } from '../../data/photos/fixtures.ts';
import { bigEndian, concat, damaged, lies, mostly, wildNumber } from '../arbitraries.ts';

/** What follows a marker: its length and its bytes; for a scan the coded bytes too. */
interface Segment {
  readonly code: number;
  readonly data: Uint8Array;
  readonly coded: Uint8Array;
}

const NONE = new Uint8Array(0);
const SOS = 0xda;
const isFrame = (code: number): boolean => code >= 0xc0 && code <= 0xc2;

/** The segments of a whole file, between its two ends. */
function segmentsOf(file: Uint8Array): Segment[] {
  const segments: Segment[] = [];
  for (let at = 2; file[at + 1] !== 0xd9; ) {
    const code = file[at + 1];
    const length = (file[at + 2] << 8) | file[at + 3];
    const data = file.subarray(at + 4, at + 2 + length);
    at += 2 + length;
    const begin = at;
    if (code === SOS) {
      while (file[at] !== 0xff || file[at + 1] === 0 || (file[at + 1] & 0xf8) === 0xd0) at++;
    }
    segments.push({ code, data, coded: file.subarray(begin, at) });
  }
  return segments;
}

const FILES = fixtures.jpegs.map(({ file }) => segmentsOf(fromBase64(file)));
const ALL = FILES.flat();

const fields = lies({
  width: wildNumber(2),
  height: wildNumber(2),
  precision: fc.constantFrom(0, 1, 8, 12, 16, 255),
  frame: fc.integer({ min: 0xc0, max: 0xcf }),
  components: fc.constantFrom(0, 1, 2, 3, 4, 5, 255),
  sampling: fc.constantFrom(0x00, 0x11, 0x12, 0x14, 0x21, 0x22, 0x41, 0x44, 0x51, 0xff),
  orientation: fc.nat(255),
  length: wildNumber(2),
  other: fc.constantFrom(...ALL),
  place: fc.nat(30),
  removed: fc.nat(30),
  scans: fc.constantFrom(2, 3, 40, 100),
  restart: fc.constantFrom(0, 1, 2, 65535),
});

const file: fc.Arbitrary<Uint8Array> = fc
  .record({ segments: fc.constantFrom(...FILES), lie: fields, end: mostly(0xd9, fc.nat(255), 40) })
  .map(({ segments, lie, end }) => {
    const made = segments.flatMap((segment): Segment[] => {
      const { code, data } = segment;
      const bytes = data.slice();
      if (code === 0xe1 && lie.orientation !== undefined) bytes[bytes.length - 3] = lie.orientation;
      if (isFrame(code)) {
        if (lie.height !== undefined) bytes.set(bigEndian(lie.height, 2), 1);
        if (lie.width !== undefined) bytes.set(bigEndian(lie.width, 2), 3);
        bytes[0] = lie.precision ?? bytes[0];
        bytes[5] = lie.components ?? bytes[5];
        bytes[7] = lie.sampling ?? bytes[7];
        return [{ ...segment, code: lie.frame ?? code, data: bytes }];
      }
      return new Array<Segment>(code === SOS ? (lie.scans ?? 1) : 1).fill({ ...segment, data: bytes });
    });
    if (lie.removed !== undefined) made.splice(lie.removed % made.length, 1);
    if (lie.other) made.splice((lie.place ?? 0) % (made.length + 1), 0, lie.other);
    if (lie.restart !== undefined) {
      made.unshift({ code: 0xdd, data: bigEndian(lie.restart, 2), coded: NONE });
    }
    return concat(
      Uint8Array.of(0xff, 0xd8),
      ...made.flatMap(({ code, data, coded }, i) => {
        const length = i === lie.place && lie.length !== undefined ? lie.length : data.length + 2;
        return [Uint8Array.of(0xff, code), bigEndian(length, 2), data, coded];
      }),
      Uint8Array.of(0xff, end),
    );
  });

export const jpeg: fc.Arbitrary<Uint8Array> = damaged(file);
