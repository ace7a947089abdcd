/**
 * Convolution forward, directly on the image: no im2col is written.
 *
 * A block is four output pixels × 8 channels: eight sums in registers while (kh, kw, c) ascends. In NHWC a row of a
 * patch is KW·C consecutive floats, so the innermost loop walks the image and the weights by one step each:
 *   sums[p][oc … oc+8] += x[pixel p's patch, (kh, kw, c)] · w[(kh, kw, c), oc … oc+8]
 * The pixels' patches are at fixed distances, which are immediate offsets of one pointer. Weights are packed into
 * panels [⌈OC/8⌉, K, 8] once per call (for predictions once, by `conv2dPanels`), so that the walk reads them without gaps.
 *
 * The four pixels are neighbours in a row, or, with a 2×2 pooling behind, one window: then bias, ReLU, maximum and its
 * position are found while the four values are in registers, and only the maximum is stored.
 *
 * Sums are rounded as in the plain kernels: from +0, ascending, the bias last.
 *
 * Measured (bench/kernels.mjs, Node 20, one thread, a batch of 128): the experiment's second layer with its pooling in
 * 26 ms, 51 GFLOP/s, 95 % of what registers alone give; the first, whose sums have nine terms, in 1.2 ms, 78 %.
 */
import type { Conv2dGeometry, PoolGeometry } from '../geometry.ts';
import type { ConvolutionPanels, Kernels, Rectifier } from '../kernels.ts';
import { LONGEST } from '../long/blocks.ts';
import { plainInARow } from '../plain/common.ts';
import type { FunctionBuilder, Local, ModuleBuilder } from './assembler.ts';
import { emitFirstMaximum, FLOAT, loadAll, overlappingBlocks, VECTOR, zeroAll } from './blocks.ts';
import type { MulAdd, SimdCompiler } from './compiler.ts';
import { convolveByProduct, hasFewRows, hasManyZeros, isDilated, isProduct } from './conv2d-product.ts';
import { forwardByLists } from './dense-sparse.ts';
import { i8x16, i16x8, i32, type Value, v128 } from './instructions.ts';
import { finish } from './matmul.ts';
import { isUnpadded, paddedGeometry, paddedSize, padImage } from './padding.ts';
import { pack, packedSize, panelSize, panels } from './panels.ts';

type ForwardKernels = Pick<Kernels, 'conv2dForward' | 'conv2dPanels' | 'conv2dPoolForward'>;

/** Elements of scratch: [ packed weights | with padding, one padded sample | unfused pooling: one sample's output ]. */
export function forwardScratch(g: Conv2dGeometry, pool: PoolGeometry | null): number {
  const output = pool === null || canFuse(g, pool) ? 0 : g.P * g.OC;
  return workSize(g) + output;
}

/** What the convolution itself needs. */
function workSize(g: Conv2dGeometry): number {
  return packedSize(g) + (isDilated(g) ? g.P * g.K : paddedSize(g));
}

export function conv2dForwardKernels(
  simd: SimdCompiler,
  maxPool2dForward: Kernels['maxPool2dForward'],
): ForwardKernels {
  /** Convolution, unfused, of w, and of its panels where they are there; scratch is [ packed weights | padded sample ]. */
  const forward: ConvolutionPanels['forward'] = (g, N, x, w, panels, b, relu, y, scratch) => {
    if (hasManyZeros(g, N, x)) {
      // A list takes less scratch than packed weights would.
      return forwardByLists(simd, [N * g.P, g.C, g.OC], x, w, b, relu, y, scratch);
    }
    if (hasFewRows(g)) return convolveByProduct(simd, g, N, x, w, b, relu, y, scratch);
    const weights = panels ?? scratch;
    const packed = simd.address(weights);
    if (!panels) pack(simd, g)(simd.address(w), packed);
    if (isProduct(g)) return convolveByProduct(simd, g, N, x, weights, b, relu, y, scratch);
    const unpadded = paddedGeometry(g);
    const kernel = simd.kernel(`conv2dForward ${geometryKey(unpadded)} ${relu}`, (module) =>
      emitForward(module, simd.mulAdd, unpadded, relu),
    );
    const [xAt, bAt, yAt] = [simd.address(x), simd.address(b), simd.address(y)];
    if (isUnpadded(g)) return kernel(N, xAt, packed, bAt, yAt);
    const image = scratch.subarray(packedSize(g), packedSize(g) + paddedSize(g));
    for (let n = 0; n < N; n++) {
      padImage(g, x, n, image, n > 0);
      kernel(1, simd.address(image), packed, bAt, yAt + n * g.P * g.OC * FLOAT);
    }
  };

  const conv2dForward: Kernels['conv2dForward'] = (g, N, x, w, b, relu, y, scratch) => {
    if (g.OC < 4) plainInARow.conv2dForward(g, N, x, w, b, relu, y, scratch);
    else forward(g, N, x, w, null, b, relu, y, scratch);
  };

  return {
    conv2dForward,

    conv2dPanels: {
      size: (g) => (g.OC < 4 || hasFewRows(g) || g.K > LONGEST ? 0 : panelSize(g)),
      pack: (g, w, packed) => pack(simd, g)(simd.address(w), simd.address(packed)),
      forward,
    },

    conv2dPoolForward(g, pool, N, x, w, b, relu, y, choice, scratch) {
      if (!canFuse(g, pool)) {
        // One sample at a time: its convolution's output stays in the cache.
        const at = workSize(g);
        const convolved = scratch.subarray(at, at + g.P * g.OC);
        const [inputSize, outputSize] = [g.H * g.W * g.C, pool.OH * pool.OW * pool.C];
        for (let n = 0; n < N; n++) {
          const sample = x.subarray(n * inputSize, (n + 1) * inputSize);
          const [from, to] = [n * outputSize, (n + 1) * outputSize];
          conv2dForward(g, 1, sample, w, b, relu, convolved, scratch);
          maxPool2dForward(pool, 1, convolved, y.subarray(from, to), choice.subarray(from, to));
        }
        return;
      }
      const packed = simd.address(scratch);
      pack(simd, g)(simd.address(w), packed);
      const kernel = simd.kernel(`conv2dPoolForward ${geometryKey(g)} ${relu}`, (module) =>
        emitPoolForward(module, simd.mulAdd, g, pool, relu),
      );
      const [xAt, bAt, yAt] = [simd.address(x), simd.address(b), simd.address(y)];
      kernel(N, xAt, packed, bAt, yAt, simd.address(choice));
    },
  };
}

/** What a convolution kernel's code depends on. */
export function geometryKey(g: Conv2dGeometry): string {
  return [g.H, g.W, g.C, g.KH, g.KW, g.SH, g.SW, g.OH, g.OW, g.OC].join(' ');
}

/** Pooling is fused where its windows are 2×2 without overlap, on an image without padding, 8 channels at a time. */
function canFuse(g: Conv2dGeometry, pool: PoolGeometry): boolean {
  const isTwoByTwo = pool.KH === 2 && pool.KW === 2 && pool.SH === 2 && pool.SW === 2;
  return isTwoByTwo && isUnpadded(g) && !isDilated(g) && g.OC >= 8;
}

// ---- kernels -------------------------------------------------------------------------------------------------------

/** kernel(N, x, packed, bias, y): x [N, H, W, C] → y [N, OH, OW, OC]. */
function emitForward(module: ModuleBuilder, mulAdd: MulAdd, g: Conv2dGeometry, relu: Rectifier): void {
  const { H, W, C, SH, SW, OH, OW, OC, K } = g;
  const { width } = panels(g);
  const pixels = Math.min(4, OW);
  const signature = { samples: 'i32', x: 'i32', packed: 'i32', bias: 'i32', y: 'i32' } as const;
  module.func('kernel', signature, (f, { samples, x, packed, bias, y }) => {
    const block = new ConvolutionBlock(
      f,
      mulAdd,
      g,
      width,
      range(pixels).map((p) => p * SW * C * FLOAT),
    );
    const row = f.local('i32');
    const xRow = f.local('i32');
    const panel = f.local('i32');
    const column = f.local('i32');
    const channel = f.local('i32');
    const yRow = f.local('i32');
    const yPixel = f.local('i32');
    const biasBlock = f.local('i32');
    // for each sample, row: for each panel of channels: for each block of pixels
    f.while(samples, () => {
      xRow.set(x);
      yRow.set(y);
      f.for(row, 0, OH, 1, () => {
        panel.set(packed);
        overlappingBlocks(f, channel, { count: OC, size: width, bytes: FLOAT }, () => {
          biasBlock.set(i32.add(bias, channel));
          // column counts pixels, which are SW·C floats apart in x and OC floats in y
          overlappingBlocks(f, column, { count: OW, size: pixels, bytes: 1 }, () => {
            block.sum(i32.add(xRow, i32.mul(column, SW * C * FLOAT)), panel);
            yPixel.set(i32.add(i32.add(yRow, channel), i32.mul(column, OC * FLOAT)));
            block.sums.forEach((sums, p) => {
              sums.forEach((sum, v) => {
                const value = finish(relu, sum, biasBlock, v * VECTOR);
                f.store(yPixel, p * OC * FLOAT + v * VECTOR, value);
              });
            });
          });
          panel.advance(K * width * FLOAT);
        });
        xRow.advance(SH * W * C * FLOAT);
        yRow.advance(OW * OC * FLOAT);
      });
      x.advance(H * W * C * FLOAT);
      y.advance(OH * OW * OC * FLOAT);
      samples.advance(-1);
    });
  });
}

/** kernel(N, x, packed, bias, y, choice): x [N, H, W, C] → y, choice [N, PH, PW, OC]. */
function emitPoolForward(
  module: ModuleBuilder,
  mulAdd: MulAdd,
  g: Conv2dGeometry,
  pool: PoolGeometry,
  relu: boolean,
): void {
  const { H, W, C, SH, SW, OC, K } = g;
  const { width } = panels(g);
  const signature = {
    samples: 'i32',
    x: 'i32',
    packed: 'i32',
    bias: 'i32',
    y: 'i32',
    choice: 'i32',
  } as const;
  module.func('kernel', signature, (f, { samples, x, packed, bias, y, choice }) => {
    // The window's four pixels in the order of `choice`.
    const window = [0, SW * C, SH * W * C, (SH * W + SW) * C].map((offset) => offset * FLOAT);
    const block = new ConvolutionBlock(f, mulAdd, g, width, window);
    const row = f.local('i32');
    const xRow = f.local('i32');
    const xWindow = f.local('i32');
    const column = f.local('i32');
    const panel = f.local('i32');
    const channel = f.local('i32');
    const out = f.local('i32'); // index of y's and choice's element
    const outRow = f.local('i32');
    const biasBlock = f.local('i32');
    const best = f.local('v128');
    const better = f.local('v128');
    const value = f.local('v128');
    const positions = f.locals('v128', 2);
    // for each sample, row of windows: for each panel of channels: for each window
    outRow.set(0);
    f.while(samples, () => {
      xRow.set(x);
      f.for(row, 0, pool.OH, 1, () => {
        panel.set(packed);
        overlappingBlocks(f, channel, { count: OC, size: width, bytes: 1 }, () => {
          biasBlock.set(i32.add(bias, i32.mul(channel, FLOAT)));
          xWindow.set(xRow);
          out.set(i32.add(outRow, channel));
          f.for(column, 0, pool.OW, 1, () => {
            block.sum(xWindow, panel);
            for (let v = 0; v < 2; v++) {
              const values = block.sums.map((sums) => finish(relu, sums[v], biasBlock, v * VECTOR));
              emitFirstMaximum(values, { best, better, value, position: positions[v] });
              f.store(i32.add(y, i32.mul(out, FLOAT)), v * VECTOR, best);
            }
            // choice = both vectors' positions as bytes
            const words = i16x8.narrow(positions[0], positions[1]);
            f.storeLow(8, i32.add(choice, out), 0, i8x16.narrow(words, words));
            xWindow.advance(2 * SW * C * FLOAT);
            out.advance(OC);
          });
          panel.advance(K * width * FLOAT);
        });
        xRow.advance(2 * SH * W * C * FLOAT);
        outRow.advance(pool.OW * OC);
      });
      x.advance(H * W * C * FLOAT);
      samples.advance(-1);
    });
  });
}

/** The registers and the loops that sum one block: some pixels × `width` channels. */
class ConvolutionBlock {
  /** [pixels][vectors] */
  readonly sums: readonly (readonly Local<'v128'>[])[];
  readonly #f: FunctionBuilder;
  readonly #mulAdd: MulAdd;
  readonly #g: Conv2dGeometry;
  readonly #offsets: readonly number[];
  readonly #weights: readonly Local<'v128'>[];
  readonly #factor: Local<'v128'>;
  readonly #x: Local<'i32'>;
  readonly #w: Local<'i32'>;
  readonly #end: Local<'i32'>;
  readonly #kh: Local<'i32'>;

  /** `offsets`: how far each pixel's patch is from the block's first, in bytes. */
  constructor(
    f: FunctionBuilder,
    mulAdd: MulAdd,
    g: Conv2dGeometry,
    width: number,
    offsets: readonly number[],
  ) {
    this.#f = f;
    this.#mulAdd = mulAdd;
    this.#g = g;
    this.#offsets = offsets;
    this.#weights = f.locals('v128', width / 4);
    this.sums = offsets.map(() => f.locals('v128', width / 4));
    this.#factor = f.local('v128');
    this.#x = f.local('i32');
    this.#w = f.local('i32');
    this.#end = f.local('i32');
    this.#kh = f.local('i32');
  }

  /** sums = Σ over (kh, kw, c) ascending of x · w; `patch` is the first pixel's patch, `panel` the packed weights. */
  sum(patch: Value<'i32'>, panel: Value<'i32'>): void {
    const f = this.#f;
    const { W, C, KH, KW } = this.#g;
    const [x, w, end, kh] = [this.#x, this.#w, this.#end, this.#kh];
    zeroAll(this.sums.flat());
    x.set(patch);
    w.set(panel);
    kh.set(KH);
    f.doWhile(() => {
      end.set(i32.add(x, KW * C * FLOAT));
      // for (kw, c): one row of the patches
      f.doWhile(() => {
        loadAll(this.#weights, w);
        this.sums.forEach((sums, p) => {
          this.#factor.set(v128.load32Splat(x, this.#offsets[p]));
          sums.forEach((sum, v) => {
            sum.set(this.#mulAdd(sum, this.#factor, this.#weights[v]));
          });
        });
        w.advance(this.#weights.length * VECTOR);
        x.advance(FLOAT);
        return i32.ne(x, end);
      });
      x.advance((W - KW) * C * FLOAT);
      kh.advance(-1);
      return kh;
    });
  }
}

function range(length: number): number[] {
  return Array.from({ length }, (_, i) => i);
}
