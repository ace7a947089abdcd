import { describe, expect, it } from 'vitest';
import { type Conv2dTransposeOptions, conv2dTranspose } from '../../src/layers/conv2d-transpose.ts';
import { expectClose } from '../matchers.ts';
import { bench, expectGradients } from './harness.ts';

/** The definition: every pixel of x adds its patch to y, and then the bias comes. */
function transposed(
  x: ArrayLike<number>,
  [H, W, C]: readonly number[],
  w: ArrayLike<number>, // [KH, KW, OC, C]
  b: ArrayLike<number>,
  { KH, KW, SH, SW, DH, DW, padTop, padLeft, H: OH, W: OW, C: OC }: ReturnType<typeof geometryOf>,
): number[] {
  const y = Array.from({ length: OH * OW * OC }, (_, i) => b[i % OC] ?? 0);
  for (let h = 0; h < H; h++) {
    for (let v = 0; v < W; v++) {
      for (let kh = 0; kh < KH; kh++) {
        for (let kw = 0; kw < KW; kw++) {
          const [oh, ow] = [h * SH + kh * DH - padTop, v * SW + kw * DW - padLeft];
          if (oh < 0 || oh >= OH || ow < 0 || ow >= OW) continue;
          for (let oc = 0; oc < OC; oc++) {
            for (let c = 0; c < C; c++) {
              y[(oh * OW + ow) * OC + oc] += x[(h * W + v) * C + c] * w[((kh * KW + kw) * OC + oc) * C + c];
            }
          }
        }
      }
    }
  }
  return y;
}

const geometryOf = (layer: ReturnType<typeof conv2dTranspose>) => layer.geometry;

describe('conv2dTranspose', () => {
  // Output sizes as Keras 3 gives them: test/parity/keras.test.ts has its numbers too.
  it.each([
    [{ filters: 2, kernelSize: 3 }, [3, 2, 3], [5, 4, 2]],
    [{ filters: 2, kernelSize: 3, strides: 2, padding: 'same' }, [3, 2, 3], [6, 4, 2]],
    [{ filters: 3, kernelSize: 2, strides: 3 }, [2, 2, 1], [6, 6, 3]],
    [{ filters: 1, kernelSize: [3, 2], strides: 2, outputPadding: 1, useBias: false }, [2, 3, 2], [6, 7, 1]],
    [{ filters: 2, kernelSize: 3, strides: 2, padding: 'same', outputPadding: 0 }, [3, 3, 1], [5, 5, 2]],
    [{ filters: 2, kernelSize: 2, dilationRate: 2 }, [3, 2, 2], [5, 4, 2]],
  ] as const)('%j on an image of %j gives one of %j, patch by patch', (options, [H, W, C], output) => {
    const layer = conv2dTranspose(options);
    const test = bench(layer, [H, W, C], 2);
    expect(layer.outputShape).toEqual(output);
    const y = test.forward();
    const [w, b = []] = test.run.parameters;
    const size = H * W * C;
    const expected = [0, 1].flatMap((n) =>
      transposed(test.x.subarray(n * size, (n + 1) * size), [H, W, C], w, b, geometryOf(layer)),
    );
    expectClose(y, expected, { absolute: 1e-13 });
    expectGradients(test);
  });

  it('has the gradients of central differences with ReLU folded in', () => {
    const layer = conv2dTranspose({ filters: 2, kernelSize: 2, strides: 2 });
    expectGradients(bench(layer, [2, 3, 2], 2, null, { relu: true }));
    const noBias = conv2dTranspose({ filters: 2, kernelSize: 2, useBias: false });
    expectGradients(bench(noBias, [2, 3, 2], 2, null, { relu: true }));
  });

  it.each([true, false])('cuts off every output where ReLU6 is folded in, with a bias: %s', (useBias) => {
    const forward = (relu: number | false) =>
      bench(conv2dTranspose({ filters: 2, kernelSize: 2, useBias }), [2, 3, 2], 2, null, { relu }).forward();
    expect(forward(0.4)).toEqual(forward(false).map((y) => Math.min(Math.max(y, 0), 0.4)));
  });

  it.each([
    [{ kernelSize: 3 }, /conv2dTranspose: filters must be/],
    [
      { filters: 1, kernelSize: 3, outputPadding: 1 },
      /outputPadding must be less than the stride: expected below 1, got 1/,
    ],
    [{ filters: 1, kernelSize: 3, outputPadding: [0, 0, 0] }, /outputPadding must be one number or two/],
    [{ filters: 1, kernelSize: 3, outputPadding: -1 }, /outputPadding must be an integer ≥ 0, got -1/],
  ])('refuses %j', (options, message) => {
    expect(() => conv2dTranspose(options as unknown as Conv2dTransposeOptions)).toThrow(message);
  });

  it('has no geometry before it is built', () => {
    expect(() => conv2dTranspose({ filters: 1, kernelSize: 3 }).geometry).toThrow(/isn't built yet/);
  });
});
