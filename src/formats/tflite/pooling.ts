/** Means, maxima, minima and sums over windows of an image, and over all of it. */
import { reshape } from '../../layers/index.ts';
import type { Layer, LayerOptions, SymbolicTensor } from '../../layers/layer.ts';
import { activated } from './activations.ts';
import { behind, type Call } from './call.ts';
import { OPTIONS, paddingOf } from './options.ts';
import { reducing } from './rules.ts';

type Windows = {
  poolSize: readonly [number, number];
  strides: readonly [number, number];
  padding: 'same' | 'valid';
} & LayerOptions;

export function pooling(call: Call, make: (options: Windows) => Layer): SymbolicTensor {
  const options = call.options(OPTIONS.pool);
  const layer = make({
    ...call.own,
    poolSize: [options.int(4), options.int(3)],
    strides: [options.int(2), options.int(1)],
    padding: paddingOf(options),
  });
  return activated(call, call.put(layer, call.input(0)), options.byte(5));
}

/** A mean, or a maximum, over height, width, or both; along other dimensions by the rule for them. */
export function overSpace(
  call: Call,
  overWindows: (options: Windows) => Layer,
  overAll: (options: { keepdims: boolean } & LayerOptions) => Layer,
  rule: 'Mean' | 'Max',
): SymbolicTensor {
  const x = call.input(0);
  const rank = x.shape.length + 1;
  const axes = new Set(call.whole(1).map((axis) => (axis < 0 ? rank + axis : axis)));
  if (rank !== 4 || ![...axes].every((axis) => axis === 1 || axis === 2)) return reducing(call, rule);
  const keepdims = call.options(OPTIONS.reducer).flag(0);
  if (axes.size === 2) return call.put(overAll({ ...call.own, keepdims }), x);
  const [H, W] = x.shape;
  const poolSize = axes.has(1) ? ([H, 1] as const) : ([1, W] as const);
  const y = call.put(overWindows({ ...call.own, poolSize, strides: poolSize, padding: 'valid' }), x);
  const targetShape = x.shape.filter((_, d) => !axes.has(d + 1));
  return keepdims ? y : call.put(reshape({ ...behind(call, 'reshape'), targetShape }), y);
}
