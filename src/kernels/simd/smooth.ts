/**
 * Activations made of exponentials, in SIMD: two elements at a time, in float64, rounded once when they are stored, as kernels/smooth.ts
 * has them, whose formulas these are. Those of its functions that need none, few networks have; they are left to it.
 */
import type { Kernels } from '../kernels.ts';
import {
  CUBIC,
  NORMAL_PEAK,
  ROOT_TWO_OVER_PI,
  SELU_ALPHA,
  SELU_SCALE,
  type SmoothName,
  smoothBackward,
  smoothForward,
} from '../smooth.ts';
import type { FunctionBuilder, Local } from './assembler.ts';
import { FLOAT } from './blocks.ts';
import type { Kernel, SimdCompiler } from './compiler.ts';
import { addresses } from './elementwise.ts';
import { i32, i32x4, v128 } from './instructions.ts';
import { erfc } from './pair-erf.ts';
import { both, exp, keep, type Pair, zeroBelow } from './pair-exp.ts';
import { f64x2 } from './pair-instructions.ts';
import { expMinusOne, sigmoids, softplus, tanh } from './pair-sigmoid.ts';
import {
  type Bounded,
  type Quick,
  quickGelu,
  quickGeluSlope,
  quickSigmoid,
  quickSwish,
  quickSwishSlope,
  stayCertain,
} from './quick.ts';

/** Code that computes a function of two numbers. */
type Emit = (f: FunctionBuilder, x: Pair) => Pair;

const { add, div, gt, mul, neg, sub } = f64x2;

/** x > 0 ? a : b */
const wherePositive = (x: Pair, a: Pair, b: Pair): Pair => v128.bitselect(a, b, gt(x, both(0)));

const normalShare: Emit = (f, x) => keep(f, div(erfc(f, keep(f, mul(neg(x), both(Math.SQRT1_2)))), both(2)));

/** x + 0.044715·x³, times √(2/π) */
const inner: Emit = (f, x) =>
  keep(f, mul(both(ROOT_TWO_OVER_PI), add(x, mul(mul(mul(both(CUBIC), x), x), x))));

/** f(x), exactly as plain code has it. */
const value: Partial<Record<SmoothName, Emit>> = {
  elu: (f, x) => wherePositive(x, x, expMinusOne(f, x)),
  selu: (f, x) => mul(both(SELU_SCALE), wherePositive(x, x, mul(both(SELU_ALPHA), expMinusOne(f, x)))),
  gelu: (f, x) => zeroBelow(-40, x, mul(x, normalShare(f, x))),
  geluApproximate: (f, x) => zeroBelow(-40, x, mul(div(x, both(2)), add(both(1), tanh(f, inner(f, x))))),
  swish: (f, x) => zeroBelow(-745, x, mul(x, sigmoids(f, x).of)),
  softplus,
  mish: (f, x) => zeroBelow(-745, x, mul(x, tanh(f, softplus(f, x)))),
  exponential: exp,
  logSigmoid: (f, x) => neg(softplus(f, keep(f, neg(x)))),
  tanhShrink: (f, x) => sub(x, tanh(f, x)),
};

/** f′(x), likewise. */
const slope: Partial<Record<SmoothName, Emit>> = {
  elu: (f, x) => wherePositive(x, both(1), exp(f, x)),
  selu: (f, x) => wherePositive(x, both(SELU_SCALE), mul(both(SELU_SCALE * SELU_ALPHA), exp(f, x))),
  gelu(f, x) {
    const density = exp(f, div(mul(neg(x), x), both(2)));
    return zeroBelow(-40, x, add(normalShare(f, x), mul(mul(x, both(NORMAL_PEAK)), density)));
  },
  geluApproximate(f, x) {
    const t = tanh(f, inner(f, x));
    const share = div(add(both(1), t), both(2));
    const factor = mul(div(x, both(2)), sub(both(1), mul(t, t)));
    const innerSlope = add(both(1), mul(mul(both(3 * CUBIC), x), x));
    const found = keep(f, add(share, mul(mul(factor, both(ROOT_TWO_OVER_PI)), innerSlope)));
    return zeroBelow(-40, x, v128.bitselect(both(1), found, gt(x, both(40))));
  },
  swish(f, x) {
    const { of, ofMinus } = sigmoids(f, x);
    return zeroBelow(-745, x, mul(of, add(both(1), mul(x, ofMinus))));
  },
  softplus: (f, x) => sigmoids(f, x).of,
  mish(f, x) {
    const t = tanh(f, softplus(f, x));
    const found = add(t, mul(mul(x, sub(both(1), mul(t, t))), sigmoids(f, x).of));
    return zeroBelow(-745, x, found);
  },
  exponential: exp,
  logSigmoid: (f, x) => sigmoids(f, x).ofMinus,
  tanhShrink(f, x) {
    const t = tanh(f, x);
    return mul(t, t);
  },
};

/** Those that can be estimated for less (quick.ts). */
const quickValue: Partial<Record<SmoothName, Quick>> = { swish: quickSwish, gelu: quickGelu };
const quickSlope: Partial<Record<SmoothName, Quick<Bounded>>> = {
  swish: quickSwishSlope,
  gelu: quickGeluSlope,
};

/**
 * Pairs at a time: each waits for its own chain of operations, and side by side they fill the processor. Measured with swish: 2.5 ns an
 * element with two pairs, 2.0 with four, 1.8 with six and with eight, and 32 in plain (Node 20, Zen 4, one thread).
 */
const PAIRS = 6;
/** Of gelu, whose error function takes more registers, more pairs are no faster: 6.8 ns with two, 7.0 with four, and 82 in plain. */
const FEW_PAIRS = 2;

/** How each two elements are computed: exactly, and quickly where that is certain to give the same; null: only exactly. */
interface Body {
  readonly exact: (...elements: Local<'v128'>[]) => Pair;
  readonly quick: ((...elements: Local<'v128'>[]) => ReturnType<Quick>) | null;
}

/** for (; count ≥ 2·pairs; count −= 2·pairs) so many pairs; then the elements that are left, one by one. to = body(from), in float64. */
function forEachPair(
  f: FunctionBuilder,
  pairs: number,
  count: Local<'i32'>,
  from: readonly Local<'i32'>[],
  to: Local<'i32'>,
  { exact, quick }: Body,
): void {
  const advance = (elements: number): void => {
    for (const pointer of [...from, to]) pointer.advance(elements * FLOAT);
    count.advance(-elements);
  };
  const at = Array.from({ length: pairs }, (_, p) => 2 * p * FLOAT);
  f.while(i32.geU(count, 2 * pairs), () => {
    const numbers = at.map((offset) =>
      from.map((pointer) => keep(f, f64x2.promoteLow(v128.load64Zero(pointer, offset)))),
    );
    const store = (results: readonly Pair[]): void => {
      for (const [p, result] of results.entries()) f.storeLow(8, to, at[p], f64x2.demoteZero(result));
    };
    const exactly = () => store(numbers.map((elements) => keep(f, exact(...elements))));
    if (quick) {
      const sure = keep(f, v128.const(-1, -1, -1, -1));
      const estimates = numbers.map((elements) => quick(...elements));
      for (let p = 0; p < pairs; p += 2) stayCertain(f, sure, estimates.slice(p, p + 2), from[0], at[p]);
      f.if(i32.eq(i32x4.bitmask(sure), 15), () => store(estimates.map(({ value }) => value)), exactly);
    } else exactly();
    advance(2 * pairs);
  });
  f.while(count, () => {
    const numbers = from.map((pointer) => keep(f, f64x2.promoteLow(v128.load32Zero(pointer))));
    f.storeLow(4, to, 0, f64x2.demoteZero(exact(...numbers)));
    advance(1);
  });
}

export function smoothKernels(
  simd: SimdCompiler,
): Pick<Kernels, 'smoothForward' | 'smoothBackward' | 'sigmoidForward' | 'tanhForward'> {
  const at = addresses(simd);

  const pairsOf = (name: string): number => (name === 'gelu' ? FEW_PAIRS : PAIRS);

  /** kernel(count, x, y): y = emit(x) */
  const forward = (name: string, emit: Emit, quick?: Quick): Kernel =>
    simd.kernel(`${name}Forward`, (module) =>
      module.func('kernel', { count: 'i32', x: 'i32', y: 'i32' }, (f, { count, x, y }) =>
        forEachPair(f, pairsOf(name), count, [x], y, {
          exact: (element) => emit(f, element),
          quick: quick ? (element) => quick(f, element) : null,
        }),
      ),
    );

  /** kernel(count, x, dy, dx): dx = dy·emit(x) */
  const backward = (name: string, emit: Emit, quick?: Quick<Bounded>): Kernel =>
    simd.kernel(`${name}Backward`, (module) =>
      module.func('kernel', { count: 'i32', x: 'i32', dy: 'i32', dx: 'i32' }, (f, { count, x, dy, dx }) =>
        forEachPair(f, pairsOf(name), count, [x, dy], dx, {
          exact: (element, gradient) => mul(gradient, emit(f, element)),
          quick: quick
            ? (element, gradient) => {
                const { value, error } = quick(f, element);
                return { value: keep(f, mul(gradient, value)), error: mul(f64x2.abs(gradient), error) };
              }
            : null,
        }),
      ),
    );

  return {
    sigmoidForward(size, x, y) {
      forward('sigmoid', (f, element) => sigmoids(f, element).of, quickSigmoid)(size, at(x, 0), at(y, 0));
    },

    tanhForward(size, x, y) {
      forward('tanh', tanh)(size, at(x, 0), at(y, 0));
    },

    smoothForward(name, size, x, y) {
      const emit = value[name];
      if (emit) forward(name, emit, quickValue[name])(size, at(x, 0), at(y, 0));
      else smoothForward(name, size, x, y);
    },

    smoothBackward(name, size, x, dy, dx) {
      const emit = slope[name];
      if (emit) backward(name, emit, quickSlope[name])(size, at(x, 0), at(dy, 0), at(dx, 0));
      else smoothBackward(name, size, x, dy, dx);
    },
  };
}
