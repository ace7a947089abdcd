/**
 * PRELU, whose slope is one number for all, or one per channel: y = max(x, 0) + a·min(x, 0). degelo has no layer for the second; three of
 * those that it has give the same bits, with slopes that stay as they are when the rest is trained:
 *
 *   x ─→ relu ────────────────────────────→ add → y
 *   └──→ ·(−1) → relu → ·(−a) ─────────────↗          relu(−x) = −min(x, 0)
 *
 * Source: tensorflow/lite/kernels/internal/reference/prelu.h.
 */
import { activation, add, leakyReLU, rescaling } from '../../layers/index.ts';
import type { SymbolicTensor } from '../../layers/layer.ts';
import { behind, type Call } from './call.ts';

/** @throws RangeError for slopes that aren't constant, or are other than one per channel. */
export function parametricReLU(call: Call): SymbolicTensor {
  const x = call.input(0);
  const slopes = call.constant(1);
  if (!slopes) throw new RangeError('slopes must be constant, got what an operator gives');
  const [first, ...others] = slopes.data;
  if (others.every((slope) => slope === first) && first >= 0) {
    return call.put(leakyReLU({ ...call.own, negativeSlope: first }), x);
  }
  const C = x.shape.at(-1);
  if (slopes.size !== 1 && (slopes.size !== C || slopes.shape.at(-1) !== C)) {
    throw new RangeError(
      `slopes must be one for all, or one per channel (${C}), got shape [${slopes.shape}]`,
    );
  }
  const positive = call.put(activation({ ...behind(call, 'positive'), activation: 'relu' }), x);
  const minus = call.put(rescaling({ ...behind(call, 'minus'), scale: -1 }), x);
  const negative = call.put(activation({ ...behind(call, 'negative'), activation: 'relu' }), minus);
  const scale = Array.from(slopes.data, (slope) => -slope);
  const sloped = call.put(
    rescaling({ ...behind(call, 'slopes'), scale: scale.length === 1 ? scale[0] : scale }),
    negative,
  );
  return call.put(add(call.own), [positive, sloped]);
}
