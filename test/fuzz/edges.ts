/**
 * Inputs at the readers' limits: as large, as many and as deep as they may be, and a little more. What takes long is packed
 * once; generators make one input at a time, because some have hundreds of megabytes.
 */
import { createHash } from 'node:crypto';
import { crc32, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { MAX_BYTES, MAX_PHOTO_PIXELS, MAX_PIXELS, MAX_SIDE } from '../../src/data/limits.ts';
import { encodeHdf5 } from '../../src/formats/hdf5/write.ts';
import { MAX_JSON } from '../../src/formats/json.ts';
import { MAX_MODEL_JSON } from '../../src/formats/model.ts';
import { Tensor } from '../../src/tensor/tensor.ts';
import { chunk, SIGNATURE } from '../data/png-writer.ts';
import { type FileSpec, type OperatorSpec, type Option, writeTflite } from '../formats/tflite-writer.ts';
import { bigEndian, concat, latin1, littleEndian, utf8 } from './arbitraries.ts';
import type { Input } from './harness.ts';
import { encodeNpy } from './inputs/npy.ts';
import { chainOf } from './inputs/tflite.ts';

const FAST = { level: 1 };
/** Sizes at which counting goes wrong. */
const SIZES = [0, 1, 2 ** 16 - 1, 2 ** 16, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1];

const idx = (shape: readonly number[], numbers: number): Uint8Array =>
  concat(
    Uint8Array.of(0, 0, 8, shape.length),
    ...shape.map((size) => bigEndian(size, 4)),
    new Uint8Array(numbers),
  );

/** Headers of every size, and the most images: of one pixel, and of none. */
export function* idxEdges(): Generator<Input> {
  for (const first of SIZES) for (const last of SIZES) yield [idx([first, 1, last], 1), idx([first], 1)];
  for (const size of SIZES.slice(2)) yield [idx([0, size, size], 0), idx([0], 0)];
  yield [idx([2 ** 24, 1, 1], 2 ** 24), idx([2 ** 24], 2 ** 24)];
  yield [idx([240_000, 28, 28], 240_000 * 784), idx([240_000], 240_000)];
}

/** Bombs just below, at and above `limit`, and thousands of members in one file. */
export function* gzipEdges(limit: number): Generator<Input> {
  for (const size of [limit - 1, limit, limit + 1]) yield [gzipSync(new Uint8Array(size), FAST)];
  const empty = gzipSync(new Uint8Array(0));
  yield [concat(...new Array<Uint8Array>(2 ** 16).fill(empty))];
}

/**
 * An array of at most `bytes` bytes with its header, in either order: of one dimension, of two that are equal or nearly so, or of
 * as many dimensions of 2 as there is room for, which is the most that reordering can have to do.
 */
function npyOf(
  type: string,
  elementBytes: number,
  order: 'True' | 'False',
  bytes: number,
  dimensions: 'one' | 'two' | 'many' = order === 'True' ? 'many' : 'one',
): Uint8Array {
  const power = Math.floor(Math.log2((bytes - 512) / elementBytes));
  const count = dimensions === 'one' ? Math.floor((bytes - 512) / elementBytes) : 2 ** power;
  const half = 2 ** (power >> 1);
  const shape = {
    one: `(${count},)`,
    two: `(${half}, ${count / half})`,
    many: `(${'2, '.repeat(power)})`,
  }[dimensions];
  const header = encodeNpy([0], '|u1', 0, { type, order, shape });
  const whole = new Uint8Array(header.length + count * elementBytes);
  whole.set(header);
  return whole;
}

const KINDS = [
  ['|u1', 1],
  ['<f4', 4],
  ['<f8', 8],
  ['<i8', 8],
] as const;

export function* npyEdges(): Generator<Input> {
  for (const [type, size] of KINDS) {
    yield [npyOf(type, size, 'False', 2 ** 26)];
    for (const bytes of [2 ** 22, 2 ** 23]) yield [npyOf(type, size, 'True', bytes * size)];
    yield [npyOf(type, size, 'True', 2 ** 26 + 1024, 'two')];
  }
  for (const size of [...SIZES, 2 ** 32, 2 ** 53 - 1, 2 ** 53]) {
    for (const shape of [`(${size},)`, `(0, ${size}, ${size})`, `(${size}, ${size})`]) {
      for (const order of ['False', 'True'] as const) yield [encodeNpy([0], '|u1', 0, { shape, order })];
    }
  }
  yield [encodeNpy([1], '|u1', 0, { shape: `(${'1, '.repeat(3000)})`, order: 'True' })];
}

/** An archive of deflated members, each of which may be there several times. */
function zipOf(
  members: readonly (readonly [name: string, data: Uint8Array, packed?: Uint8Array])[],
): Uint8Array {
  const contents: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let at = 0;
  for (const [name, data, packed = new Uint8Array(deflateRawSync(data, FAST))] of members) {
    const common = concat(
      ...[littleEndian(0, 2), littleEndian(8, 2), littleEndian(0, 4), littleEndian(crc32(data), 4)],
      ...[littleEndian(packed.length, 4), littleEndian(data.length, 4), littleEndian(name.length, 2)],
      littleEndian(0, 2),
    );
    const local = concat(littleEndian(0x04034b50, 4), littleEndian(20, 2), common, latin1(name), packed);
    const place = concat(new Uint8Array(10), littleEndian(at, 4));
    directory.push(
      concat(
        littleEndian(0x02014b50, 4),
        littleEndian(20, 2),
        littleEndian(20, 2),
        common,
        place,
        latin1(name),
      ),
    );
    contents.push(local);
    at += local.length;
  }
  const listing = concat(...directory);
  const count = littleEndian(members.length, 2);
  return concat(
    ...[...contents, listing, littleEndian(0x06054b50, 4), littleEndian(0, 4), count, count],
    ...[littleEndian(listing.length, 4), littleEndian(at, 4), littleEndian(0, 2)],
  );
}

/** Members at most that one may have, alone and all four. */
export function* npzEdges(): Generator<Input> {
  const labels = encodeNpy([2], '|u1', 0);
  for (const [type, size] of KINDS) {
    for (const order of ['False', 'True'] as const) {
      const images = npyOf(type, size, order, MAX_BYTES - 2048, order === 'True' ? 'two' : 'one');
      const packed = new Uint8Array(deflateRawSync(images, FAST));
      const archive = (count: number): Uint8Array =>
        zipOf(
          ['x_train.npy', 'y_train.npy', 'x_test.npy', 'y_test.npy'].map((name, i) =>
            i < count ? [name, images, packed] : [name, labels],
          ),
        );
      yield [archive(1)];
      if (order === 'False') yield [archive(4)];
    }
  }
  for (const size of [MAX_BYTES, MAX_BYTES + 1]) {
    const names = ['x_train.npy', 'y_train.npy', 'x_test.npy', 'y_test.npy'];
    yield [zipOf(names.map((name, i) => [name, i === 0 ? new Uint8Array(size) : labels]))];
  }
}

/** The largest arrays, and the most of them. */
export function* weightsNpzEdges(): Generator<Input> {
  for (const [type, size] of KINDS.slice(1, 3)) {
    for (const order of ['False', 'True'] as const) {
      yield [zipOf([['a.npy', npyOf(type, size, order, MAX_BYTES, order === 'True' ? 'two' : 'one')]])];
    }
  }
  const one = encodeNpy([1], '<f4', 0);
  const packed = new Uint8Array(deflateRawSync(one));
  for (const count of [2 ** 14, 2 ** 14 + 1, 2 ** 16 - 1]) {
    yield [zipOf(Array.from({ length: count }, (_, i) => [`layer${i}/kernel.npy`, one, packed]))];
  }
}

const ADAM7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
];

/** A PNG with ink in its middle third, each row filtered by `filter`. */
function pngOf(
  width: number,
  height: number,
  { type, depth, channels, interlaced = false, filter = 0, uneven = false }: PngKind,
): Uint8Array {
  const rows: Uint8Array[] = [];
  for (const [x0, y0, dx, dy] of interlaced ? ADAM7 : [[0, 0, 1, 1]]) {
    const columns = Math.ceil((width - x0) / dx);
    const count = columns > 0 ? Math.ceil((height - y0) / dy) : 0;
    const length = 1 + Math.ceil((columns * channels * depth) / 8);
    const pass = new Uint8Array(Math.max(0, count) * length);
    for (let j = 0; j < count; j++) {
      if (uneven) pass.fill(255 - Math.floor((j * 120) / count), j * length, (j + 1) * length);
      pass[j * length] = filter;
      // Of a palette only its first two colours.
      const ink = type === 3 ? 1 : uneven ? 0 : 255;
      if (j * 3 > count && j * 3 < 2 * count) {
        pass.fill(
          ink,
          j * length + 1 + Math.floor(length / 3),
          j * length + 1 + Math.floor((2 * length) / 3),
        );
      }
    }
    rows.push(pass);
  }
  const header = concat(
    bigEndian(width, 4),
    bigEndian(height, 4),
    Uint8Array.of(depth, type, 0, 0, Number(interlaced)),
  );
  return concat(
    SIGNATURE,
    chunk('IHDR', header),
    ...(type === 3 ? [chunk('PLTE', [255, 255, 255, 0, 0, 0])] : []),
    ...(type === 0 && depth === 8 ? [chunk('tRNS', [0, 0])] : []),
    chunk('IDAT', deflateSync(concat(...rows), FAST)),
    chunk('IEND', []),
  );
}

/** Grey images without a stroke, of the sizes at the limits; as many scans as there may be, and one more. */
export function* jpegEdges(): Generator<Input> {
  for (const [width, height] of [
    [MAX_SIDE, MAX_PHOTO_PIXELS / MAX_SIDE],
    [MAX_PHOTO_PIXELS / MAX_SIDE, MAX_SIDE],
    [MAX_SIDE, MAX_PHOTO_PIXELS / MAX_SIDE + 1],
    [MAX_SIDE + 1, 1],
    [1, MAX_SIDE],
    [0, 1],
    [65535, 65535],
  ]) {
    for (const coded of [0, Math.ceil((width * height) / 64 / 4), MAX_PHOTO_PIXELS / 64]) {
      yield [blankJpeg(width, height, coded, 1, false)];
    }
  }
  for (const scans of [16, 17, 18, 64, 65, 10_000]) {
    yield [blankJpeg(4096, 4096, MAX_PIXELS / 64, scans, true)];
    yield [blankJpeg(256, 256, 4096, scans, true)];
  }
  for (const scans of [1, 10, 11]) yield [blankJpeg(8192, 8192, MAX_PHOTO_PIXELS / 64, scans, true)];
}

/** A grey image of bytes 0 for its code: each block's two codes are a bit long. Progressive, its scans repeat the first. */
export function blankJpeg(
  width: number,
  height: number,
  coded: number,
  scans: number,
  progressive: boolean,
): Uint8Array {
  const segment = (code: number, ...data: number[]): Uint8Array =>
    Uint8Array.from([0xff, code, (data.length + 2) >> 8, (data.length + 2) & 255, ...data]);
  const table = (kind: number): Uint8Array => segment(0xc4, kind, 1, ...new Array(15).fill(0), 0);
  const size = [height >> 8, height & 255, width >> 8, width & 255];
  const scan = (i: number): Uint8Array =>
    progressive && i > 0
      ? segment(0xda, 1, 1, 0, 1, 63, 0)
      : segment(0xda, 1, 1, 0, 0, progressive ? 0 : 63, 0);
  return concat(
    Uint8Array.of(0xff, 0xd8),
    segment(0xdb, 0, ...new Array(64).fill(1)),
    segment(progressive ? 0xc2 : 0xc0, 8, ...size, 1, 1, 0x11, 0),
    table(0x00),
    table(0x10),
    ...Array.from({ length: scans }, (_, i) => concat(scan(i), new Uint8Array(i === 0 ? coded : 8))),
    Uint8Array.of(0xff, 0xd9),
  );
}

interface PngKind {
  readonly type: number;
  readonly depth: number;
  readonly channels: number;
  readonly interlaced?: boolean;
  readonly filter?: number;
  /** Dark ink on paper in a shadow. */
  readonly uneven?: boolean;
}

/** Images of the most pixels, of every kind; sides about the limit; a gzip bomb; many small chunks; many IDX images. */
export function* pngEdges(): Generator<Input> {
  const grey: PngKind = { type: 0, depth: 1, channels: 1 };
  for (const [width, height] of [
    [MAX_SIDE, MAX_PIXELS / MAX_SIDE],
    [MAX_PIXELS / MAX_SIDE, MAX_SIDE],
    [MAX_SIDE, MAX_PIXELS / MAX_SIDE + 1],
    [MAX_SIDE + 1, 1],
    [1, MAX_SIDE + 1],
    [1, MAX_SIDE],
    [MAX_SIDE - 1, 1],
    [2 ** 31 - 1, 1],
    [1, 2 ** 31 - 1],
  ]) {
    if (width * height < 2 ** 28) yield [pngOf(width, height, grey)];
    yield [
      concat(
        pngOf(1, 1, grey).subarray(0, 8),
        chunk('IHDR', concat(bigEndian(width, 4), bigEndian(height, 4), Uint8Array.of(8, 0, 0, 0, 0))),
        chunk('IDAT', []),
        chunk('IEND', []),
      ),
    ];
  }
  const side = Math.sqrt(MAX_PIXELS);
  for (const [type, channels, depths] of [
    [0, 1, [1, 8, 16]],
    [2, 3, [8, 16]],
    [3, 1, [2, 8]],
    [4, 2, [8, 16]],
    [6, 4, [8, 16]],
  ] as const) {
    for (const depth of depths) {
      for (const interlaced of [false, true]) {
        yield [pngOf(side, side, { type, channels, depth, interlaced, filter: depth === 16 ? 4 : 0 })];
      }
    }
  }
  yield [pngOf(side, side, { type: 4, channels: 2, depth: 8, uneven: true })];
  yield* gzipEdges(MAX_BYTES);
  yield [
    gzipSync(
      idx([Math.floor((MAX_BYTES - 16) / 784), 28, 28], Math.floor((MAX_BYTES - 16) / 784) * 784),
      FAST,
    ),
  ];
  const start = concat(
    SIGNATURE,
    chunk('IHDR', concat(bigEndian(9, 4), bigEndian(9, 4), Uint8Array.of(8, 0, 0, 0, 0))),
  );
  for (const name of ['IDAT', 'tEXt']) {
    const empty = chunk(name, []);
    const chunks = new Uint8Array(empty.length * 2 ** 21);
    for (let i = 0; i < 2 ** 21; i++) chunks.set(empty, i * empty.length);
    yield [concat(start, chunks, chunk('IDAT', deflateSync(new Uint8Array(90))), chunk('IEND', []))];
  }
}

/** Texts of JSON at the limits on length, depth, objects, keys and values, with `{` in front. */
function* jsonEdges(longest: number): Generator<string> {
  const list = (piece: string, count: number): string => new Array<string>(count).fill(piece).join(',');
  const fitting = (piece: string, most: number): number =>
    Math.min(most, Math.floor((longest - 20) / (piece.length + 1)));
  for (const more of [-1, 0, 1]) {
    yield `{"a":"${'x'.repeat(longest - 8 + more)}"}`;
    yield `${'{"a":'.repeat(32 + more)}1${'}'.repeat(32 + more)}`;
    for (const piece of ['[]', '{}', '""', '0']) {
      const most = (piece === '0' || piece === '""' ? 2 ** 21 : 2 ** 16) - 2 + more;
      yield `{"a":[${list(piece, fitting(piece, most))}]}`;
    }
    const keys = Array.from({ length: fitting('"1234567":0', 2 ** 17 + more) }, (_, i) => `"${i}":0`);
    yield `{${keys.join(',')}}`;
    yield `{"a":{${keys
      .map((key) => key.replace('"', '"k'))
      .slice(1)
      .join(',')}}}`;
  }
  yield `{"a":"${'\\\\'.repeat(longest / 2 - 8)}"}`;
  yield `{"a":"${'\\"'.repeat(longest / 2 - 8)}"}`;
  yield `{"a":"${'\\u0000'.repeat(Math.floor(longest / 6) - 8)}"}`;
  yield `{"a":"${'\\u0001'.repeat(Math.floor(longest / 6) - 8)}`;
  yield `{"a":"${'\\'.repeat(longest - 8)}`;
}

const safetensorsWith = (header: string, numbers = new Uint8Array(0)): Uint8Array => {
  const json = utf8(header);
  return concat(littleEndian(json.length, 8), json, numbers);
};

export function* safetensorsEdges(): Generator<Input> {
  for (const json of jsonEdges(MAX_JSON)) {
    yield [safetensorsWith(json)];
    yield [safetensorsWith(json.replace('"a"', '"__metadata__"'))];
  }
  const tensor = (shape: string, end: number, begin = 0): string =>
    `{"dtype":"F32","shape":${shape},"data_offsets":[${begin},${end}]}`;
  const many = Array.from({ length: 21_000 }, (_, i) => `"t${i}":${tensor('[1]', 4 * i + 4, 4 * i)}`);
  yield [safetensorsWith(`{${many.join(',')}}`, new Uint8Array(4 * many.length))];
  yield [safetensorsWith(`{"a":${tensor(`[${'1,'.repeat(2_000_000)}1]`, 4)}}`, new Uint8Array(4))];
  yield [safetensorsWith(`{"a":${tensor(`[${2 ** 24}]`, 2 ** 26)}}`, new Uint8Array(2 ** 26))];
  for (const size of [0, 1, 2 ** 16, 2 ** 31 - 1, 2 ** 32, 2 ** 53 - 1]) {
    for (const shape of [`[${size}]`, `[0,${size},${size}]`, `[${size},${size}]`]) {
      yield [safetensorsWith(`{"a":${tensor(shape, 0)}}`)];
      yield [safetensorsWith(`{"a":${tensor(shape, size * 4)}}`)];
    }
  }
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** model.json as long as it may be, of the most layers, and layers of every size. */
export function* modelEdges(): Generator<Input> {
  const weights = safetensorsWith('{}');
  for (const json of jsonEdges(MAX_MODEL_JSON)) yield [utf8(json), weights];
  const describe = (layers: readonly string[], inputShape = '[1]', file = weights): Input => [
    utf8(
      `{"format":"degelo-model","formatVersion":1,"network":{"name":"m","seed":0,"inputShape":${inputShape},` +
        `"layers":[${layers.join(',')}]},"step":0,"compile":null,"weights":{"file":"model.safetensors","sha256":"${sha256(file)}"}}`,
    ),
    file,
  ];
  const layer = (className: string, name: string, config = ''): string =>
    `{"className":"${className}","config":{"name":"${name}","trainable":true${config}}}`;
  const flat = Array.from({ length: 14_500 }, (_, i) => layer('Flatten', `${i}`));
  yield describe(flat);
  yield describe([...flat, ...flat.slice(0, 3000)]);
  yield describe(flat.map(() => layer('Flatten', 'same')));
  for (const size of [0, 1, 2 ** 16, 2 ** 31 - 1, 2 ** 32, 2 ** 53 - 1]) {
    for (const shape of [`[${size}]`, `[${size},${size},1]`, `[0,${size},1]`]) {
      yield describe([layer('Flatten', 'f')], shape);
      const dense = layer('Dense', 'd', `,"units":${size},"activation":"linear","useBias":true`);
      yield describe([layer('Flatten', 'f'), dense], shape);
      const pool = `,"poolSize":[${size},${size}],"strides":[1,1],"padding":"valid"`;
      yield describe([layer('MaxPooling2D', 'p', pool)], shape);
    }
  }
}

/** TensorFlow.js' models: the most layers, the most weights, and sizes of every kind. */
export function* layersModelEdges(): Generator<Input> {
  const none = new Uint8Array(0);
  for (const json of jsonEdges(MAX_MODEL_JSON)) yield [utf8(json), none];
  const describe = (layers: readonly string[], weights: readonly string[]): Input => [
    utf8(
      `{"format":"layers-model","modelTopology":{"class_name":"Sequential","config":{"name":"m","layers":[${layers.join(',')}]}},` +
        `"weightsManifest":[{"paths":["w.bin"],"weights":[${weights.join(',')}]}]}`,
    ),
    none,
  ];
  const first = (shape: string): string =>
    `{"class_name":"Flatten","config":{"name":"first","batch_input_shape":[null,${shape}]}}`;
  const flat = Array.from({ length: 16_000 }, (_, i) => `{"class_name":"Flatten","config":{"name":"${i}"}}`);
  yield describe([first('1'), ...flat], []);
  const weight = (name: string, shape: string): string =>
    `{"name":"${name}","shape":${shape},"dtype":"float32"}`;
  yield describe(
    [first('1')],
    Array.from({ length: 18_000 }, (_, i) => weight(`${i}`, '[0]')),
  );
  yield describe([first('1')], [weight('a/'.repeat(400_000), '[0]')]);
  for (const size of [0, 1, 2 ** 16, 2 ** 31 - 1, 2 ** 32, 2 ** 53 - 1]) {
    for (const shape of [`${size}`, `${size},${size}`, `0,${size}`]) {
      yield describe([first(shape)], [weight('a', `[${shape}]`)]);
    }
  }
}

/** Whole texts as their reader takes them. */
export function* textEdges(longest: number): Generator<Input> {
  for (const json of jsonEdges(longest)) yield [utf8(json)];
}

/** The most operators, the most inputs of one, many tables in one place, large weights, and one buffer of many tensors. */
export function* tfliteEdges(): Generator<Input> {
  for (const count of [4096, 4097]) yield [writeTflite(chainOf(count, { code: 21 }, [1, 1]))];
  yield [writeTflite({ ...chainOf(1, { code: 2, type: 10 }, [1, 1]), operators: [concatenation(40_000)] })];
  yield [writeTflite({ ...chainOf(1, { code: 0 }, [1, 1]), operators: [concatenation(2)] })];
  const weights = (bytes: number, tensors: number): FileSpec => ({
    inputs: [0],
    outputs: [tensors],
    tensors: [
      ...Array.from({ length: tensors + 1 }, () => ({ shape: [1, 512] })),
      ...Array.from({ length: tensors }, (_, i) => ({
        ...{ shape: [512, 512], type: 9, scales: [1], like: tensors + 1 },
        ...(i === 0 && { data: new Uint8Array(bytes) }),
      })),
    ],
    operators: Array.from({ length: tensors }, (_, i) => ({
      ...{ code: 9, inputs: [i, tensors + 1 + i], outputs: [i + 1] },
    })),
  });
  for (const tensors of [1, 4, 5, 64, 2000]) yield [writeTflite(weights(2 ** 18, tensors))];
  const large = 2 ** 23;
  yield [
    writeTflite({
      inputs: [0],
      outputs: [1],
      tensors: [
        { shape: [1, 1024] },
        { shape: [1, large / 1024] },
        { shape: [large / 1024, 1024], type: 9, scales: [1], data: new Uint8Array(large) },
      ],
      operators: [{ code: 9, inputs: [0, 2], outputs: [1] }],
    }),
  ];
  for (const size of [0, 1, 2 ** 16, 2 ** 31 - 1]) {
    for (const shape of [
      [1, size, size, 3],
      [1, size],
      [size, 1, 1, 1],
      [1, size, size, size],
    ]) {
      yield [writeTflite(chainOf(2, { code: 17, type: 5, options: POOL }, shape))];
      yield [writeTflite(chainOf(2, { code: 22 }, shape))];
    }
  }
  // A vector of tables that all are in one place.
  const whole = writeTflite(chainOf(1, { code: 21 }, [1, 1]));
  const pointers = new Uint8Array(2 ** 22);
  yield [concat(whole, pointers)];
  const view = new DataView(pointers.buffer);
  view.setUint32(0, pointers.length / 4 - 1, true);
  for (let at = 4; at < pointers.length; at += 4) view.setUint32(at, 2 ** 32 - at - 100, true);
  yield [concat(whole, pointers)];
}

const POOL: Option[] = [1, 2, 3, 4].map((field) => [field, 'int32', 1]);

/** The one tensor, so many times. */
function concatenation(count: number): OperatorSpec {
  return {
    code: 2,
    type: 10,
    options: [[0, 'int32', 1]],
    inputs: new Array<number>(count).fill(0),
    outputs: [1],
  };
}

/** Many groups, many arrays, and one large one; a chain of groups that ends at its beginning. */
export function* hdf5Edges(): Generator<Input> {
  const many = new Map(
    Array.from({ length: 20_000 }, (_, i) => [`w${i}`, new Tensor(Float32Array.of(i), [1])] as const),
  );
  yield [encodeHdf5({ members: many }, 'many')];
  const large = new Map([['w', new Tensor(new Float32Array(2 ** 22), [2 ** 22])]]);
  yield [encodeHdf5({ members: large }, 'large')];
  // Every header's link leads to the same tree, which has a hundred entries, each of which does so again.
  const wide = encodeHdf5(
    { members: new Map(Array.from({ length: 100 }, (_, i) => [`g${i}`, { members: new Map() }] as const)) },
    'wide',
  );
  const view = new DataView(wide.buffer);
  const root = view.getBigUint64(64, true);
  const text = Buffer.from(wide).toString('latin1');
  for (let at = text.indexOf('SNOD'); at >= 0; at = text.indexOf('SNOD', at + 1)) {
    for (let i = 0; i < 8; i++) view.setBigUint64(at + 8 + 40 * i + 8, root, true);
  }
  yield [wide];
}
