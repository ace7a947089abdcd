/** Arrays of another realm, as iframes, test runners and edge runtimes hand them in: alike, though `instanceof` doesn't know them. */
import { createContext, runInContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import {
  ByteImages,
  decodeSafetensors,
  dense,
  encodeCheckpoint,
  encodeKeras,
  encodeSafetensors,
  fitDigit,
  fromPixels,
  loadModel,
  resizeImage,
  sequential,
  setNamedWeights,
  Tensor,
  tensor,
  weightsSha256,
} from '../../src/index.ts';
import { fromNdarray } from '../../src/ndarray.ts';

const realm = createContext({});
/** The value of a program in the other realm. */
const there = (program: string) => runInContext(program, realm);

const FLOATS = 'new Float32Array([0.5, 1, 1.5, 2])';
const PIXELS =
  'new Uint8ClampedArray([...Array(400).keys()].map((i) => i % 4 === 3 || i < 200 || i > 260 ? 255 : 0))';

/** A model of two weights that reads what `there` is. */
const model = () => sequential({ seed: 1, layers: [dense({ units: 1, inputShape: [2] })] });

describe('arrays of another realm', () => {
  it('are none of this one', () => expect(there(FLOATS)).not.toBeInstanceOf(Float32Array));

  it('make tensors on the same memory, of their own kind', () => {
    for (const [program, dtype] of [
      [FLOATS, 'float32'],
      ['new Float64Array([0.5, 1, 1.5, 2])', 'float64'],
    ]) {
      const data = there(program);
      const made = new Tensor(data, [2, 2]);
      expect(made.dtype).toBe(dtype);
      made.set(7, 0, 1);
      expect(data[1]).toBe(7);
    }
  });

  it.each(['Float32Array', 'Float64Array', 'Int8Array', 'Uint8Array', 'Uint16Array', 'Int32Array'])(
    'of kind %s are numbers',
    (kind) => expect(Array.from(tensor(there(`new ${kind}([1, 2, 3])`), [3]).data)).toEqual([1, 2, 3]),
  );

  it('train, weigh and predict as ours do', async () => {
    const [x, y, sampleWeight] = ['[1, 2, 3, 4]', '[1, 2]', '[1, 3]'];
    const trained = async (make: (numbers: string) => Float32Array) => {
      const it = model();
      it.compile({ optimizer: 'sgd', loss: 'mse', threads: 0 });
      await it.fit(tensor(make(x), [2, 2]), make(y), { epochs: 1, sampleWeight: make(sampleWeight) });
      const { data } = await it.predict([make('[1, 2]')]);
      return [await weightsSha256(it), data[0]];
    };
    const ours = await trained((numbers) => new Float32Array(JSON.parse(numbers)));
    expect(await trained((numbers) => there(`new Float32Array(${numbers})`))).toEqual(ours);
  });

  it('are weights', () => {
    const [kernel, bias] = [
      new Tensor(there('new Float32Array([1, 2])'), [2, 1]),
      new Tensor(there('new Float32Array([3])'), [1]),
    ];
    const layer = model().layers[0];
    layer.setWeights([kernel, bias]);
    expect(layer.getWeights().map(({ data }) => Array.from(data))).toEqual([[1, 2], [3]]);
    const it = model();
    setNamedWeights(
      it,
      new Map([
        ['dense/kernel', kernel],
        ['dense/bias', bias],
      ]),
    );
    expect(it.layers[0].getWeights().map(({ data }) => Array.from(data))).toEqual([[1, 2], [3]]);
  });

  it('are bytes of files, as arrays, buffers and shared buffers', async () => {
    const file = encodeSafetensors(new Map([['a', tensor([1, 2])]]));
    for (const program of ['new Uint8Array(bytes)', 'new Uint8Array(bytes).buffer', 'shared()']) {
      Object.assign(realm, { bytes: Array.from(file) });
      runInContext(
        'globalThis.shared = () => { const s = new SharedArrayBuffer(bytes.length); new Uint8Array(s).set(bytes); return s; }',
        realm,
      );
      expect(Array.from(decodeSafetensors(there(program)).tensors.get('a')?.data ?? [])).toEqual([1, 2]);
    }
    Object.assign(realm, { bytes: Array.from(await encodeKeras(model())) });
    expect(await weightsSha256(await loadModel(there('new Uint8Array(bytes)')))).toBe(
      await weightsSha256(model()),
    );
  });

  it('are images', () => {
    const image = { width: 10, height: 10, data: there(PIXELS) };
    const own = { width: 10, height: 10, data: new Uint8ClampedArray(image.data) };
    for (const read of [fitDigit, fromPixels, (i: typeof own) => resizeImage(i, { size: [2, 2] })]) {
      expect(read(image).data).toEqual(read(own).data);
    }
    expect(new ByteImages(there('new Uint8Array([1, 2])'), [1, 2]).data).toBeInstanceOf(Uint8Array);
  });

  it('are those of an ndarray', () => {
    const array = { data: there(FLOATS), shape: [2, 2], stride: [2, 1], offset: 0, dtype: 'float32' };
    expect(fromNdarray(array as unknown as Parameters<typeof fromNdarray>[0]).dtype).toBe('float32');
  });

  it('are weights of samples, and memory for a checkpoint; what is neither is refused as ours are', async () => {
    const trained = (sampleWeight: unknown) => {
      const net = model();
      net.compile({ optimizer: 'sgd', loss: 'mse', threads: 0 });
      return net.trainOnBatch(
        [
          [1, 2],
          [3, 4],
        ],
        [[1], [2]],
        { sampleWeight: sampleWeight as number[] },
      );
    };
    const loss = await trained([0.5, 2]);
    for (const program of ['new Float64Array([0.5, 2])', 'new Float32Array([0.5, 2])']) {
      expect(await trained(there(program))).toEqual(loss);
    }
    await expect(trained(there('new DataView(new ArrayBuffer(2))'))).rejects.toThrow(
      /sampleWeight must be .*DataView/,
    );
    const net = model();
    net.compile({ optimizer: 'sgd', loss: 'mse', threads: 0 });
    const memory = there('new ArrayBuffer(100_000)');
    const [here, inMemory] = [await encodeCheckpoint(net), await encodeCheckpoint(net, {}, memory)];
    expect(inMemory.buffer).toBe(memory);
    expect(Array.from(inMemory)).toEqual(Array.from(here));
    for (const wrong of ['new SharedArrayBuffer(8)', 'new Uint8Array(8)', '({ byteLength: 8 })']) {
      await expect(encodeCheckpoint(net, {}, there(wrong))).rejects.toThrow(
        'memory must be an ArrayBuffer or null, got',
      );
    }
  });

  it('whose memory was given away say so', () => {
    const buffer = there('new ArrayBuffer(8)');
    structuredClone(buffer, { transfer: [buffer] });
    expect(() => decodeSafetensors(buffer)).toThrow(/its memory was given away/);
  });

  it('of BigInts, and DataViews, are refused as ours are', () => {
    for (const [program, right] of [
      ['new BigInt64Array(2)', 'Int32Array.from(values, Number)'],
      ['new DataView(new ArrayBuffer(8))', 'got a DataView of 8 bytes'],
    ]) {
      expect(() => tensor(there(program))).toThrow(right);
      expect(() => tensor(there(program))).toThrow(TypeError);
      expect(() => new Tensor(there(program), [2])).toThrow(
        'Tensor: data must be a Float32Array or a Float64Array',
      );
    }
  });
});
