/** Layers that change the shape of a sample, and those that only scale it. */
import { describe, expect, it } from 'vitest';
import * as library from '../../src/index.ts';
import { cropping2d } from '../../src/layers/cropping2d.ts';
import { permute } from '../../src/layers/permute.ts';
import { rescaling } from '../../src/layers/rescaling.ts';
import { reshape } from '../../src/layers/reshape.ts';
import { type ResizingOptions, resizing } from '../../src/layers/resizing.ts';
import { upSampling2d } from '../../src/layers/up-sampling2d.ts';
import { expectClose } from '../matchers.ts';
import { bench, expectGradients } from './harness.ts';

/** A layer of each kind. */
const every = (Object.entries(library) as [string, unknown][]).flatMap(([name, Class]) => {
  if (typeof Class !== 'function' || !(Class.prototype instanceof library.Layer)) return [];
  if (['Predictor', 'Sequential'].includes(name)) return [];
  const options = {
    ...{ Activation: { activation: 'relu' }, Dense: { units: 2 }, InputLayer: { shape: [2] } },
    ...{ Conv2D: { filters: 2, kernelSize: 3 }, Conv2DTranspose: { filters: 2, kernelSize: 3 } },
    ...{ DepthwiseConv2D: { kernelSize: 3 }, SeparableConv2D: { filters: 2, kernelSize: 3 } },
    ...{ Dropout: { rate: 0.5 }, SpatialDropout2D: { rate: 0.5 }, GaussianNoise: { stddev: 1 } },
    ...{ Elementwise: { operation: 'sqrt' }, Permute: { dims: [1, 2, 3] }, Reshape: { targetShape: [-1] } },
    ...{ Rescaling: { scale: 1 }, Resizing: { height: 2, width: 2 }, RandomZoom: { heightFactor: 0.1 } },
    ...{
      RandomBrightness: { factor: 0.1 },
      RandomContrast: { factor: 0.1 },
      RandomRotation: { factor: 0.1 },
    },
    RandomTranslation: { heightFactor: 0.1, widthFactor: 0.1 },
  } as Readonly<Record<string, object>>;
  return [[name, Reflect.construct(Class, [options[name] ?? {}]) as library.Layer] as const];
});

describe('computeOutputShape', () => {
  const wrong = [
    undefined,
    null,
    'abc',
    5,
    {},
    [null, 28, 28, 1],
    [-1, 4, 4, 3],
    [28, '28', 1],
    [[28, 28, 1]],
    [1.5, 2, 2],
  ];

  it.each(every)(
    'of %s refuses what is no shape of one sample, Keras’ with the batch among them',
    (name, layer) => {
      for (const shape of wrong) {
        const message = new RegExp(`^${name}\\.computeOutputShape: inputShape must `);
        expect(() => layer.computeOutputShape(shape as never), JSON.stringify(shape)).toThrow(message);
      }
      expect(() => layer.computeOutputShape([4, 4, 3], [4] as never, null as never)).toThrow(/, got null$/);
    },
  );

  it('is for layers of all kinds', () => {
    expect(every.length).toBeGreaterThan(45);
  });

  it('of a model is that of its last layer, for the shape that it is built for', () => {
    const model = library.sequential([
      library.dense({ units: 3, inputShape: [4] }),
      library.reshape({ targetShape: [1, -1] }),
    ]);
    expect(model.computeOutputShape([4])).toEqual([1, 3]);
    expect(() => model.computeOutputShape([5])).toThrow('one input sample must have shape [4], got [5]');
    expect(() => model.computeOutputShape([null, 4] as never)).toThrow(/known sizes, and none for the batch/);
    expect(() => library.sequential([library.flatten()]).computeOutputShape([4])).toThrow(/not built yet/);
  });
});

describe('reshape', () => {
  it('changes the shape alone; −1 is what is left over', () => {
    const layer = reshape({ targetShape: [3, -1] });
    layer.build([2, 6]);
    expect(layer.outputShape).toEqual([3, 4]);
    expect(layer.isIdentity()).toBe(true);
  });

  it.each([
    [{ targetShape: 4 }, /reshape: targetShape must be an array of sizes, got 4/],
    [{ targetShape: [-1, -1] }, /integers ≥ 1, and −1 at most once, got \[-1, -1\]/],
    [{ targetShape: [0, 4] }, /integers ≥ 1/],
  ])('refuses %j', (options, message) => {
    expect(() => reshape(options as { targetShape: number[] })).toThrow(message);
  });

  it('refuses a shape of other numbers', () => {
    const message = /targetShape \[3,5\] must hold the 12 numbers of an input of shape \[2,6\]/;
    expect(() => reshape({ targetShape: [3, 5] }).build([2, 6])).toThrow(message);
    expect(() => reshape({ targetShape: [5, -1] }).build([2, 6])).toThrow(/must hold the 12 numbers/);
  });
});

describe('permute', () => {
  it('moves each number to its new place, and its gradient back', () => {
    const test = bench(permute({ dims: [3, 1, 2] }), [2, 3, 4], 2);
    expect(test.run.stage.outputShape).toEqual([4, 2, 3]);
    const y = test.forward();
    for (let n = 0; n < 2; n++) {
      for (let a = 0; a < 2; a++) {
        for (let b = 0; b < 3; b++) {
          for (let c = 0; c < 4; c++) {
            expect(y[n * 24 + (c * 2 + a) * 3 + b]).toBe(test.x[n * 24 + (a * 3 + b) * 4 + c]);
          }
        }
      }
    }
    expectGradients(test);
    // So that neither is kept for the backward pass.
    expect(permute({ dims: [2, 1] }).backwardReads()).toEqual({ inputs: false, output: false });
    expect(permute({ dims: [1, 2] }).isIdentity()).toBe(true);
  });

  it.each([
    [{ dims: 2 }, /permute: dims must be an array of dimensions, got 2/],
    [{ dims: [0, 1] }, /the numbers from 1 to 2, each once, got \[0, 1\]/],
    [{ dims: [1, 1] }, /each once/],
    [{ dims: [] }, /each once/],
  ])('refuses %j', (options, message) => {
    expect(() => permute(options as { dims: number[] })).toThrow(message);
  });

  it('refuses a sample of more dimensions', () => {
    expect(() => permute({ dims: [2, 1] }).build([2, 3, 4])).toThrow(
      /every dimension of a sample: expected 3, got 2/,
    );
  });
});

describe('cropping2d', () => {
  it.each([
    [1, [2, 3, 2]],
    [
      [
        [1, 0],
        [2, 1],
      ],
      [3, 2, 2],
    ],
  ] as const)('of %j leaves an image of %j', (cropping, output) => {
    const test = bench(cropping2d({ cropping }), [4, 5, 2], 2);
    expect(test.run.stage.outputShape).toEqual(output);
    const [[top], [left]] = (test.run.stage.layer as ReturnType<typeof cropping2d>).cropping;
    const [OH, OW, C] = output;
    const y = test.forward();
    for (let i = 0; i < y.length; i++) {
      const [c, ow] = [i % C, Math.floor(i / C) % OW];
      const [oh, n] = [Math.floor(i / (C * OW)) % OH, Math.floor(i / (C * OW * OH))];
      expect(y[i]).toBe(test.x[((n * 4 + top + oh) * 5 + left + ow) * C + c]);
    }
    expectGradients(test);
  });

  it('of nothing is no pass, and of everything is refused', () => {
    expect(cropping2d().isIdentity()).toBe(true);
    expect(() => cropping2d({ cropping: 2 }).build([4, 5, 1])).toThrow(
      /something of the image must be left: expected more than 4 rows and 4 columns, got 4 and 5/,
    );
    expect(() => cropping2d({ cropping: -1 })).toThrow(/cropping2d: cropping must be an integer ≥ 0, got -1/);
  });
});

describe('upSampling2d', () => {
  it('repeats pixels', () => {
    const test = bench(upSampling2d({ size: [2, 3] }), [1, 2, 1], 1);
    test.x.set([5, 7]);
    expect([...test.forward()]).toEqual([5, 5, 5, 7, 7, 7, 5, 5, 5, 7, 7, 7]);
    expectGradients(test);
  });

  it('interpolates between the centres of pixels, as Keras does', () => {
    const test = bench(upSampling2d({ interpolation: 'bilinear' }), [1, 2, 1], 1);
    test.x.set([0, 4]);
    expectClose(test.forward(), [0, 1, 3, 4, 0, 1, 3, 4], { absolute: 1e-15 });
    expectGradients(bench(upSampling2d({ size: [3, 2], interpolation: 'bilinear' }), [3, 2, 2], 2));
  });

  it('refuses other ways and what is no image', () => {
    const other = (interpolation: string) => ({ interpolation }) as unknown as { interpolation: 'bilinear' };
    expect(() => upSampling2d(other('cubic'))).toThrow(
      /interpolation must be one of nearest, bilinear, bicubic, lanczos3, lanczos5, got 'cubic'/,
    );
    expect(() => upSampling2d(other('area'))).toThrow(
      "lanczos5, got 'area': use 'bilinear' with antialias: true",
    );
    expect(() => upSampling2d({ size: 0 })).toThrow(/size must be an integer ≥ 1/);
    expect(() => upSampling2d().build([4])).toThrow(/upSampling2d: input of one sample/);
  });
});

describe('rescaling', () => {
  it('multiplies and adds, by one number or by one a channel', () => {
    const test = bench(rescaling({ scale: 0.5, offset: [1, 2, 3] }), [2, 3], 1);
    test.x.set([2, 4, 6, 8, 10, 12]);
    expect([...test.forward()]).toEqual([2, 4, 6, 5, 7, 9]);
    expectGradients(test);
    expectGradients(bench(rescaling({ scale: [1, -2] }), [3, 2], 2));
    const grey = bench(rescaling({ scale: [2], offset: 1 }), [3, 1], 1);
    grey.x.set([0.5, -1, 3]);
    expect([...grey.forward()]).toEqual([2, -1, 7]);
    expectGradients(bench(rescaling({ scale: 2, offset: [1] }), [3, 1], 2));
  });

  it.each([
    [{}, /rescaling: scale must be a number, got undefined/],
    [{ scale: Infinity }, /scale must be finite, got Infinity/],
    [{ scale: [] }, /scale must hold numbers/],
    [{ scale: 1, offset: ['1'] }, /offset must be a number, got '1'/],
  ])('refuses %j', (options, message) => {
    expect(() => rescaling(options as { scale: number })).toThrow(message);
  });

  it('refuses another number of channels', () => {
    expect(() => rescaling({ scale: [1, 2] }).build([2, 3])).toThrow(
      /scale must have a number per channel: expected 3, got 2/,
    );
  });
});

describe('resizing', () => {
  /** By the definition: between the four pixels around a place, or the one next to it. */
  const expected = (
    x: ArrayLike<number>,
    [H, W, C]: readonly number[],
    [height, width]: readonly number[],
    isNearest: boolean,
  ): number[] => {
    const at = (h: number, w: number, c: number): number =>
      x[(Math.min(Math.max(h, 0), H - 1) * W + Math.min(Math.max(w, 0), W - 1)) * C + c];
    const y: number[] = [];
    for (let oh = 0; oh < height; oh++) {
      for (let ow = 0; ow < width; ow++) {
        const [p, q] = [((oh + 0.5) * H) / height, ((ow + 0.5) * W) / width];
        const [h, w] = [Math.floor(p - 0.5), Math.floor(q - 0.5)];
        const [a, b] = [p - 0.5 - h, q - 0.5 - w];
        for (let c = 0; c < C; c++) {
          const top = (1 - b) * at(h, w, c) + b * at(h, w + 1, c);
          const bottom = (1 - b) * at(h + 1, w, c) + b * at(h + 1, w + 1, c);
          y.push(isNearest ? at(Math.floor(p), Math.floor(q), c) : (1 - a) * top + a * bottom);
        }
      }
    }
    return y;
  };

  it.each([
    ['bilinear', [3, 7]],
    ['bilinear', [9, 2]],
    ['nearest', [7, 3]],
    ['nearest', [2, 9]],
  ] as const)('%s, from 4×5 to %j: what the definition says', (interpolation, [height, width]) => {
    const test = bench(resizing({ height, width, interpolation }), [4, 5, 2], 2);
    const y = test.forward();
    for (const n of [0, 1]) {
      const image = test.x.subarray(n * 40, (n + 1) * 40);
      const right = expected(image, [4, 5, 2], [height, width], interpolation === 'nearest');
      expectClose(y.subarray(n * right.length, (n + 1) * right.length), right, { absolute: 1e-6 });
    }
    expectGradients(test);
  });

  it.each([
    [{ alignCorners: true }, [0, 1, 2, 3, 4, 5, 6].map((o) => (o * 3) / 6)],
    [{ halfPixelCenters: false }, [0, 1, 2, 3, 4, 5, 6].map((o) => (o * 4) / 7)],
  ])('%j: the other places of older networks', (places, rows) => {
    const test = bench(resizing({ height: 7, width: 1, ...places }), [4, 1, 1], 2);
    test.x.set([10, 20, 30, 40, 0, 1, 0, 0]);
    const y = test.forward();
    expectClose(
      y.subarray(0, 7),
      rows.map((p) => 10 + 10 * Math.min(p, 3)),
      { absolute: 1e-5 },
    );
    expectGradients(test);
    const nearest = resizing({ height: 7, width: 1, interpolation: 'nearest', ...places });
    const places2 = bench(nearest, [4, 1, 1], 1);
    places2.x.set([10, 20, 30, 40]);
    const isRounded = 'alignCorners' in places;
    expect([...places2.forward()]).toEqual(
      rows.map((p) => 10 + 10 * (isRounded ? Math.round(p) : Math.floor(p))),
    );
    expectGradients(places2);
    expect(nearest.getConfig()).toMatchObject(places);
  });

  it('one pixel of corners is the first', () => {
    const test = bench(resizing({ height: 1, width: 1, alignCorners: true }), [3, 2, 1], 1);
    expect([...test.forward()]).toEqual([test.x[0]]);
  });

  it('with antialias half the size is a mean that weighs 1, 3, 3, 1', () => {
    const test = bench(resizing({ height: 1, width: 2, antialias: true }), [1, 4, 1], 1);
    const [a, b, c, d] = test.x;
    const y = test.forward();
    expectClose(y, [(3 * a + 3 * b + c) / 7, (b + 3 * c + 3 * d) / 7], { absolute: 1e-6 });
    expectGradients(test);
  });

  it.each(['bicubic', 'lanczos3', 'lanczos5'] as const)(
    '%s keeps even images as they are, and is as upSampling2d is',
    (interpolation) => {
      for (const antialias of [false, true]) {
        const even = bench(resizing({ height: 7, width: 2, interpolation, antialias }), [4, 5, 1], 1);
        even.x.fill(3);
        expectClose(even.forward(), new Array(14).fill(3), { absolute: 1e-6 });
      }
      const test = bench(resizing({ height: 8, width: 15, interpolation }), [4, 5, 2], 2);
      const same = bench(upSampling2d({ size: [2, 3], interpolation }), [4, 5, 2], 2);
      same.x.set(test.x);
      expect(same.forward()).toEqual(test.forward());
      expectGradients(test);
      expectGradients(same);
    },
  );

  it('bicubic lies beyond what bilinear reaches, where an edge is', () => {
    const test = bench(resizing({ height: 1, width: 8, interpolation: 'bicubic' }), [1, 4, 1], 1);
    test.x.set([0, 0, 1, 1]);
    // Weights of 0.25 beside a pixel: those outside are left out, and the others divided by their sum.
    const [far, near, next, last] = [-0.0703125, 0.8671875, 0.2265625, -0.0234375];
    const left = [0, last / (near + next + last), far / (next + near + far), next + last];
    const right = left.map((value) => 1 - value).reverse();
    expectClose(test.forward(), [...left, ...right], { absolute: 1e-7 });
  });

  it('cuts the middle to the proportions of the result', () => {
    const layer = resizing({ height: 2, width: 2, interpolation: 'nearest', cropToAspectRatio: true });
    const test = bench(layer, [2, 5, 1], 1);
    expect([...test.forward()]).toEqual([1, 2, 6, 7].map((i) => test.x[i]));
    expectGradients(test);
    const config = layer.getConfig();
    expect([config.cropToAspectRatio, 'antialias' in config, layer.work()]).toEqual([true, false, 'copy']);
  });

  it.each<[object, RegExp]>([
    [{ height: 2 }, /resizing: width must be/],
    [{ height: 0, width: 2 }, /resizing: height must be/],
    [{ height: 2, width: 2, interpolation: 'cubic' }, /interpolation must be one of bilinear, nearest/],
    [{ height: 2, width: 2, interpolation: 'mitchellcubic' }, /got 'mitchellcubic': use 'bicubic'/],
    [{ height: 2, width: 2, antialias: 1 }, /antialias must be true or false/],
    [{ height: 2, width: 2, size: 3 }, /resizing: unknown option size/],
    [{ height: 2, width: 2, alignCorners: 1 }, /alignCorners must be true or false/],
    [
      { height: 2, width: 2, alignCorners: true, halfPixelCenters: true },
      /alignCorners has no halfPixelCenters/,
    ],
    [
      { height: 2, width: 2, alignCorners: true, interpolation: 'bicubic' },
      /alignCorners true, or halfPixelCenters false, must have interpolation bilinear or nearest, without antialias/,
    ],
    [{ height: 2, width: 2, halfPixelCenters: false, antialias: true }, /must have .* without antialias/],
  ])('refuses %j', (options, message) => {
    expect(() => resizing(options as ResizingOptions)).toThrow(message);
  });
});
