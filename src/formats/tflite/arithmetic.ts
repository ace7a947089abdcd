/** Sums, products and their like, of tensors, and of tensors and constant numbers. */
import { dense, rescaling, subtract } from '../../layers/index.ts';
import type { Layer, LayerOptions } from '../../layers/layer.ts';
import type { SymbolicTensor } from '../../layers/symbolic.ts';
import { type Shape, Tensor } from '../../tensor/tensor.ts';
import { activated } from './activations.ts';
import { behind, type Call } from './call.ts';
import { OPTIONS } from './options.ts';
import { quotient } from './rules.ts';

/** Of two tensors; or of one and constant numbers, one for all or one a channel, which makes it a rescaling. */
export function merge(
  call: Call,
  type: number,
  make: (options: LayerOptions) => Layer,
  withConstant: (numbers: number | number[]) => { scale: number | number[]; offset?: number | number[] },
): SymbolicTensor {
  const fused = call.options(type).byte(0);
  const at = [0, 1].find((i) => call.constant(i)) ?? -1;
  const constant = at < 0 ? null : call.constant(at);
  const y = constant
    ? scaled(call, 1 - at, constant, withConstant)
    : call.put(make(call.own), [call.input(0), call.input(1)]);
  return activated(call, y, fused);
}

/** a − b = a + (−1)·b, which has the same bits. */
export function subtraction(call: Call): SymbolicTensor {
  const fused = call.options(OPTIONS.sub).byte(0);
  const [first, second] = [call.constant(0), call.constant(1)];
  if (second) {
    return activated(
      call,
      scaled(call, 0, second, (c) => ({ scale: 1, offset: mapped(c, (v) => 0 - v) })),
      fused,
    );
  }
  if (first)
    return activated(
      call,
      scaled(call, 1, first, (c) => ({ scale: -1, offset: c })),
      fused,
    );
  return activated(call, call.put(subtract(call.own), [call.input(0), call.input(1)]), fused);
}

/** By constant numbers a product; else a·(1/b). */
export function division(call: Call): SymbolicTensor {
  const divisor = call.constant(1);
  if (!divisor) return quotient(call);
  const fused = call.options(OPTIONS.div).byte(0);
  return activated(
    call,
    scaled(call, 0, divisor, (c) => ({ scale: mapped(c, (v) => 1 / v) })),
    fused,
  );
}

/** The larger, or smaller, of two tensors; or of one and constant numbers, which are 0·x + c then: a tensor of the same shape. */
export function extreme(call: Call, make: (options: LayerOptions) => Layer): SymbolicTensor {
  const at = [0, 1].find((i) => call.constant(i));
  if (at === undefined) return call.put(make(call.own), [call.input(0), call.input(1)]);
  const constant = call.constant(at) as Tensor; // it was just found
  const numbers = { ...call, own: behind(call, 'numbers') };
  const c = scaled(numbers, 1 - at, constant, (offset) => ({ scale: 0, offset }));
  return call.put(make(call.own), [call.input(1 - at), c]);
}

function scaled(
  call: Call,
  i: number,
  constant: Tensor,
  options: (numbers: number | number[]) => { scale: number | number[]; offset?: number | number[] },
): SymbolicTensor {
  const x = call.input(i);
  const { shape, data, size } = constant;
  const C = x.shape.at(-1) ?? 1;
  const isRow = size > 1 && shape.at(-1) === size;
  if (C === 1 && isRow) return widened(call, x, size, options(Array.from(data)));
  const isVector = size === 1 || (size === C && isRow);
  if (!isVector) {
    throw new RangeError(
      `constant numbers must be one for all, or one a channel (${C}), got shape [${shape}]`,
    );
  }
  return call.put(rescaling({ ...call.own, ...options(size === 1 ? data[0] : Array.from(data)) }), x);
}

/** One number at each place becomes one a channel, x·scale + offset: what a dense layer of one input does. */
function widened(
  call: Call,
  x: SymbolicTensor,
  units: number,
  { scale, offset = 0 }: { scale: number | number[]; offset?: number | number[] },
): SymbolicTensor {
  const row = (numbers: number | number[], shape: Shape): Tensor =>
    new Tensor(
      typeof numbers === 'number' ? new Float32Array(units).fill(numbers) : Float32Array.from(numbers),
      shape,
    );
  return call.put(dense({ ...call.own, units }), x, [row(scale, [1, units]), row(offset, [units])]);
}

function mapped(numbers: number | number[], f: (value: number) => number): number | number[] {
  return typeof numbers === 'number' ? f(numbers) : numbers.map(f);
}
